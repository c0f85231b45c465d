"""Atom feeds, read by feedparser and by an XML parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.formats.lists_in_formats import list_paths
from tests.api.http.problems import problem_of
from tests.api.v1.follower import CLAIM, ORGANIZATION
from tests.api.world import LATER, LOADED

ATOM = "{http://www.w3.org/2005/Atom}"
UUID = "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"


def feed_of(client: FlaskClient, url: str, **headers: str) -> Any:
    """A feed as feedparser reads it, after a check by RFC 4287."""
    response = client.get(url, headers=headers)
    assert (response.status_code, response.content_type) == (200, "application/atom+xml")
    check_feed(ElementTree.fromstring(response.data))
    feed = feedparser.parse(response.data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def check_feed(feed: ElementTree.Element) -> None:
    """The rules of RFC 4287 for the elements that we write."""
    assert feed.tag == f"{ATOM}feed"
    check_element(feed, {"title", "id", "updated"})
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for relation in ("self", "alternate"):
        (link,) = feed.findall(f"{ATOM}link[@rel='{relation}']")
        assert link.get("href", "").startswith("/v1/")
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        check_element(entry, {"title", "id", "updated", "published"})
        (alternate,) = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert re.fullmatch("/v1/[a-z]+/[a-z0-9-]+", alternate.get("href", ""))
        assert len(entry.findall(f"{ATOM}summary")) <= 1


def check_element(element: ElementTree.Element, names: set[str]) -> None:
    """Each of these children is there once; ids and dates are valid."""
    texts = {}
    for name in names:
        (child,) = element.findall(f"{ATOM}{name}")
        assert child.text
        texts[name] = child.text
    assert re.fullmatch(UUID, texts["id"])
    for name in names & {"updated", "published"}:
        assert re.fullmatch(TIMESTAMP, texts[name])


def urls_in(feed: Any) -> list[str]:
    return [link.href for entry in feed.entries for link in entry.links if link.rel == "alternate"]


def test_every_list_has_the_records_of_the_json(app: Flask, world: FlaskClient):
    for path in list_paths(app):
        feed = feed_of(world, f"{path}?format=atom")
        page = world.get(f"{path}?sort=-updated_at").json["data"]
        section = "claims" if path.endswith("claims") else None
        ids = [url.rpartition("/")[2] for url in urls_in(feed)]
        assert ids == [record["id"] for record in page], path
        assert section is None or all("/claims/" in url for url in urls_in(feed))
        times = [entry.updated for entry in feed.entries]
        assert times == [record["updated_at"] for record in page] == sorted(times, reverse=True)


def test_an_entry_of_a_claim(world: FlaskClient):
    (entry,) = feed_of(world, "/v1/claims?format=atom&id=spend").entries
    assert entry.title == "Rutte asks for five percent."
    assert entry.author == "Mark Rutte"
    assert (entry.published, entry.updated) == (LOADED, LATER)
    assert entry.summary == (
        "2025-05-14, Mark Rutte, NATO, Antalya Interview\n“five percent, now - or never & ever”"
    )
    assert [(tag.term, tag.label, tag.scheme) for tag in entry.tags] == [
        ("spending", "Defence Spending", "/v1/topics")
    ]
    assert [(link.rel, link.href, link.get("type")) for link in entry.links] == [
        ("alternate", "/v1/claims/spend", "application/json"),
        ("via", "https://example.org/daily#top", "text/html"),
        ("via", "https://example.org/aa", "text/html"),
    ]


@pytest.mark.parametrize(
    ("url", "title", "summary", "author"),
    [
        ("actors?id=rutte", "Mark Rutte", "A Dutch politician.", None),
        ("events?id=session", "Opening Session", "2025-06-24, World Forum, The Hague", None),
        ("sources?id=aa", "Interview with Rutte", "2025-05-14", None),
        ("topics?id=defence", "Defence", "Armies and arms.", None),
        ("positions?id=join", "Ukraine will join.", None, None),
        ("claims?id=communique", "The allies declare.",
         "2025-06-25, NATO, The Summit\n“We declare.”", "NATO"),
        ("claims?id=loose", "One Işık posts.", "Ayşe Işık, Antalya Harbour", "Ayşe Işık"),
    ],
)  # fmt: skip
def test_entries(world: FlaskClient, url: str, title: str, summary: str | None, author: str | None):
    feed = feed_of(world, f"/v1/{url}&format=atom")
    (entry,) = feed.entries
    assert (entry.title, entry.get("summary"), entry.get("author")) == (title, summary, author)
    assert feed.feed.author == "Claimbase"


def test_the_head_of_a_feed(world: FlaskClient):
    feed = feed_of(world, "/claims?topic=defence&actor=Rutte&format=atom&limit=1").feed
    page = world.get("/v1/claims?topic=defence&actor=Rutte&sort=-updated_at").json
    assert feed.title == page["meta"]["query"]
    assert feed.updated == LATER
    links = {link.rel: link.href for link in feed.links}
    query = "actor=Rutte&format=atom&limit=1&sort=-updated_at&topic=defence"
    assert links["self"] == f"/v1/claims?{query}"
    assert links["alternate"] == "/v1/claims?actor=Rutte&limit=1&sort=-updated_at&topic=defence"
    assert re.fullmatch(r"/v1/claims\?actor=Rutte&cursor=[\w-]+&format=atom&.*", links["next"])


def test_pages_follow_each_other_and_belong_to_one_feed(world: FlaskClient):
    whole = feed_of(world, "/v1/claims?format=atom&limit=200")
    url: str | None = "/v1/claims?format=atom&limit=2"
    urls: list[str] = []
    ids = set()
    while url:
        feed = feed_of(world, url)
        urls += urls_in(feed)
        ids.add(feed.feed.id)
        links = {link.rel: link.href for link in feed.feed.links}
        response = world.get(url)
        assert response.headers.get("Link", "").partition(">")[0].lstrip("<") == links.get(
            "next", ""
        )
        url = links.get("next")
    assert urls == urls_in(whole)
    assert len(ids) == 1


def test_a_feed_has_50_entries_the_last_changed_first(client: FlaskClient, load: Callable):
    for n in range(3):
        claims = [{**CLAIM, "id": f"c-{n}-{i}"} for i in range(30)]
        load(organizations=[ORGANIZATION], claims=claims, time=f"2026-01-0{n + 1}T00:00:00.000000Z")
    feed = feed_of(client, "/v1/claims?format=atom")
    assert urls_in(feed) == [f"/v1/claims/c-2-{i}" for i in range(30)] + [
        f"/v1/claims/c-1-{i}" for i in range(20)
    ]
    assert feed.feed.updated == "2026-01-03T00:00:00.000000Z"
    in_order = feed_of(client, "/v1/claims?format=atom&sort=-date")
    assert urls_in(in_order)[0] == "/v1/claims/c-0-0"


def test_an_empty_feed(world: FlaskClient):
    feed = feed_of(world, "/v1/claims?actor=nobody&format=atom")
    assert (feed.entries, feed.feed.updated) == ([], "1970-01-01T00:00:00Z")


def test_ids_stay_and_differ(world: FlaskClient):
    claims = feed_of(world, "/v1/claims?format=atom")
    by_date = feed_of(world, "/v1/claims?format=atom&sort=date")
    nested = feed_of(world, "/v1/actors/rutte/claims?format=atom")
    ids = {entry.links[0].href: entry.id for entry in claims.entries}
    for feed in (by_date, nested):
        for entry in feed.entries:
            assert ids[entry.links[0].href] == entry.id
    assert len({feed.feed.id for feed in (claims, by_date, nested)}) == 3
    topics = feed_of(world, "/v1/topics?format=atom")
    assert not {entry.id for entry in topics.entries} & set(ids.values())


NASTY = "a<b>&amp;\"'\n]]>\u202e\ufffe🙂"


def test_text_survives_xml(client: FlaskClient, load: Callable):
    url = "https://example.org/?a=1&b=é'|%20"
    load(
        organizations=[ORGANIZATION],
        topics=[{"id": "t", "name": NASTY}],
        sources=[{"id": "s", "title": NASTY, "kind": "post", "url": url}],
        claims=[{**CLAIM, "text": NASTY, "quote": NASTY, "topics": ["t"],
                 "reports": [{"source": "s"}]}],
    )  # fmt: skip
    document = ElementTree.fromstring(client.get("/v1/claims?format=atom").data)
    entry = document.find(f"{ATOM}entry")
    assert entry is not None
    expected = NASTY.replace("\ufffe", "\ufffd")
    assert entry.findtext(f"{ATOM}title") == expected
    category, via = entry.find(f"{ATOM}category"), entry.find(f"{ATOM}link[@rel='via']")
    assert category is not None
    assert via is not None
    assert category.get("label") == expected
    assert via.get("href") == "https://example.org/?a=1&b=%C3%A9'%7C%20"


@pytest.mark.parametrize(
    "query",
    [
        "include=actor",
        "facet=topic",
        "fields=text",
        "bom=true",
        "q=x&highlight=true",
        "limit=201",
        "limit=0",
    ],
)
def test_parameters_that_a_feed_does_not_take(world: FlaskClient, query: str):
    problem = problem_of(world.get(f"/v1/claims?format=atom&{query}"), "invalid-value")
    assert problem["errors"][0]["parameter"] in query


def test_a_cursor_continues_its_own_order(world: FlaskClient):
    cursor = world.get("/v1/claims?limit=1").json["meta"]["next_cursor"]
    problem_of(world.get(f"/v1/claims?format=atom&cursor={cursor}"), "bad-cursor")
    url = f"/v1/claims?format=atom&sort=-date&limit=2&cursor={cursor}"
    page = world.get(f"/v1/claims?limit=2&cursor={cursor}").json["data"]
    assert urls_in(feed_of(world, url)) == [f"/v1/claims/{record['id']}" for record in page]


def test_single_records_are_no_feeds(world: FlaskClient):
    problem_of(world.get("/v1/claims/spend?format=atom"), "invalid-value")
    accept = {"Accept": "application/atom+xml"}
    problem_of(world.get("/v1/claims/spend", headers=accept), "not-acceptable")


def test_a_mount_point_is_part_of_the_addresses(world: FlaskClient):
    response = world.get("/v1/topics?format=atom", environ_overrides={"SCRIPT_NAME": "/api"})
    feed = feedparser.parse(response.data)
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["alternate"] == "/api/v1/topics?sort=-updated_at"
    assert feed.entries[0].links[0].href.startswith("/api/v1/topics/")
