"""`meta.query`: the query of a list as an English sentence."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from api.query.phrases import PHRASES, SORTS
from api.query.sentence import MAX_SENTENCE
from models import RECORD_TYPES
from models.queries.lists import LISTS
from tests.api import list_parameters
from tests.api.world import pages

# (path and query, sentence)
SENTENCES = [
    (
        "claims",
        "Claims, newest first",
    ),
    (
        "claims?sort=date",
        "Claims, oldest first",
    ),
    (
        "claims?sort=-updated_at&limit=1&count=none&facet=topic",
        "Claims, last changed first",
    ),
    (
        "claims?q=five+-rutte&sort=relevance",
        "Claims matching “five -rutte”, most relevant first",
    ),
    (
        "claims?actor=rutte",
        "Claims by Mark Rutte, newest first",
    ),
    (
        "claims?actor=Erdogan&topic=defence&position=five-percent&stance=oppose&from_date=2024",
        "Claims by Recep Tayyip Erdoğan, on Defence or narrower, that oppose “Allies should spend "
        "five percent of GDP on defence.”, from 2024, newest first",
    ),
    (
        "claims?actor=rutte&actor=Erdogan&actor=Nobody",
        "Claims by Recep Tayyip Erdoğan, “Nobody” (unknown) or Mark Rutte, newest first",
    ),
    (
        "claims?actor=!rutte&actor=!Kaya",
        "Claims not by Deniz Kaya or Mark Rutte, newest first",
    ),
    (
        "claims?actor=rutte&actor=!Nobody",
        "Claims by Mark Rutte, not by “Nobody” (unknown), newest first",
    ),
    (
        "claims?actor=%20No%0A%0Abody%20",
        "Claims by “No body” (unknown), newest first",
    ),
    (
        "claims?actor=Işık",
        "Claims by Ayşe Işık (2), newest first",
    ),
    (
        "claims?claimant=actor:rutte&organization=NATO",
        "Claims made by Mark Rutte, on behalf of NATO, newest first",
    ),
    (
        "claims?organization=!turkish-mfa",
        "Claims not on behalf of Ministry of Foreign Affairs, newest first",
    ),
    (
        "claims?event=summit&place=The Hague&country=Turkey&country=!NO",
        "Claims at The Summit, at a place named “The Hague”, made in Türkiye, not made in Norway, "
        "newest first",
    ),
    (
        "claims?topic=defence&topic=energy",
        "Claims on Defence or Energy or narrower, newest first",
    ),
    (
        "claims?topic=defence&topic=energy&match=all",
        "Claims on Defence and Energy or narrower, newest first",
    ),
    (
        "claims?topic=energy&match=all",
        "Claims on Energy or narrower, newest first",
    ),
    (
        "claims?about=Ministry&about=Işık&about=rutte&match=all",
        "Claims about Ayşe Işık (2), Ministry of Foreign Affairs and Mark Rutte, newest first",
    ),
    (
        "claims?about=!nato&addressee=erdogan",
        "Claims not about NATO, addressed to Recep Tayyip Erdoğan, newest first",
    ),
    (
        "claims?position=join",
        "Claims that take a stance on “Ukraine will join.”, newest first",
    ),
    (
        "claims?position=!join&stance=oppose",
        "Claims that take no stance on “Ukraine will join.”, that oppose a position, newest first",
    ),
    (
        "claims?position=join&position=!pipelines&stance=neutral",
        "Claims that are neutral on “Ukraine will join.”, that take no stance on “Pipelines "
        "should be closed.”, newest first",
    ),
    (
        "claims?stance=oppose&stance=support",
        "Claims that oppose or support a position, newest first",
    ),
    (
        "claims?source=aa&publisher=anadolu&attribution=direct&attribution=mixed",
        "Claims reported in “Interview with Rutte”, published by Anadolu Agency, reported in "
        "direct or mixed speech, newest first",
    ),
    (
        "claims?form=written-statement&form=vote&role=secretary general",
        "Claims in the role “secretary general”, of the form vote or written statement, newest "
        "first",
    ),
    (
        "claims?reviewer=Fact Check&rating=Half true!&verdict=mostly-true",
        "Claims reviewed by Fact Check, rated “Half true!”, with the verdict mostly true, newest "
        "first",
    ),
    (
        "claims?language=en&language=!en-GB",
        "Claims quoted in en, not quoted in en-GB, newest first",
    ),
    (
        "claims?attribute=salience:high&attribute=salience:low&attribute=mood:grim",
        "Claims with mood “grim” and salience “high” or “low”, newest first",
    ),
    (
        "claims?status=draft&status=withdrawn&coder=ann",
        "Claims coded by “ann”, with the status draft or withdrawn, newest first",
    ),
    (
        "claims?has=quote,event&has=!review,!about",
        "Claims with an event and a quote, without an object or a review, newest first",
    ),
    (
        "claims?date=2024&date=2025-05&date=2025-05-14",
        "Claims dated 2024, May 2025 or 14 May 2025, newest first",
    ),
    (
        "claims?from_date=0950&to_date=2024-12",
        "Claims from 950, up to December 2024, newest first",
    ),
    (
        "claims?id=spend&identifier=coding:17&updated_since=2026-01-02",
        "Claims with the id spend, with the identifier coding:17, changed since 2 January 2026, "
        "newest first",
    ),
    (
        "claims?updated_since=2026-01-02T03:04:05%2B05:30",
        "Claims changed since 21:34:05 UTC on 1 January 2026, newest first",
    ),
    (
        "claims?id=a&id=b&id=c&id=d&id=e&id=f",
        "Claims with the id a, b, c or 3 others, newest first",
    ),
    (
        "actors",
        "Actors, by name",
    ),
    (
        "actors?organization=NATO&role=Deputy&as_of=2024-06&kind=person",
        "Actors of the kind person, with a membership in NATO, with a role as “Deputy”, with a "
        "membership as of June 2024, by name",
    ),
    (
        "actors?organization=!nato&topic=!energy&sort=-claim_count",
        "Actors without a membership in NATO, without claims on Energy or narrower, most claims "
        "first",
    ),
    (
        "actors?position=join&stance=support&source=aa&event=summit",
        "Actors at The Summit, with claims that support “Ukraine will join.”, with claims "
        "reported in “Interview with Rutte”, by name",
    ),
    (
        "actors?position=!join&attribute=gender:m&sort=-name",
        "Actors without claims that take a stance on “Ukraine will join.”, with gender “m”, by "
        "name from Z to A",
    ),
    (
        "organizations?kind=state&kind=media&country=TR&sort=claim_count",
        "Organizations of the kind media or state, of Türkiye, fewest claims first",
    ),
    (
        "organizations?parent=!norway&actor=!Kaya",
        "Organizations not directly under Norway, without Deniz Kaya as a member, by name",
    ),
    (
        "events?country=!NO&date=2025&parent=summit&sort=-date",
        "Events not in Norway, that are part of The Summit, within 2025, newest first",
    ),
    (
        "events?actor=rutte&organization=nato&from_date=2025-05&kind=press-conference&place=hague",
        "Events of the kind press conference, at a place named “hague”, with Mark Rutte, with "
        "NATO, from May 2025, by name",
    ),
    (
        "sources?publisher=anadolu&origin=!anadolu&language=de&to_date=2025-05-14&sort=id",
        "Sources published by Anadolu Agency, that repeat no report of Anadolu Agency, in the "
        "language de, up to 14 May 2025, by id",
    ),
    (
        "sources?actor=rutte&organization=nato&event=summit&topic=defence&position=join",
        "Sources with claims by Mark Rutte, with claims on behalf of NATO, with claims made at "
        "The Summit, with claims on Defence or narrower, with claims that take a stance on "
        "“Ukraine will join.”, by name",
    ),
    (
        "topics?parent=defence&actor=rutte&organization=nato&event=summit&sort=-id",
        "Topics directly under Defence, of claims by Mark Rutte, of claims on behalf of NATO, of "
        "claims made at The Summit, by id from Z to A",
    ),
    (
        "positions?topic=energy&actor=rutte&organization=!nato",
        "Positions on Energy or narrower, on which Mark Rutte took a stance, on which no claims "
        "on behalf of NATO take a stance, by name",
    ),
    (
        "actors/rutte/claims?topic=spending&stance=support",
        "Claims by Mark Rutte, on Defence Spending or narrower, that support a position, newest "
        "first",
    ),
    (
        "actors/rutte/events",
        "Events with Mark Rutte, by name",
    ),
    (
        "actors/rutte/organizations",
        "Organizations with Mark Rutte as a member, by name",
    ),
    (
        "actors/rutte/positions",
        "Positions on which Mark Rutte took a stance, by name",
    ),
    (
        "actors/rutte/topics?sort=updated_at",
        "Topics of claims by Mark Rutte, least recently changed first",
    ),
    (
        "organizations/nato/sources",
        "Sources published by NATO, by name",
    ),
    (
        "organizations/norway/suborganizations",
        "Organizations directly under Norway, by name",
    ),
    (
        "organizations/nato/actors?as_of=2020",
        "Actors with a membership in NATO, with a membership as of 2020, by name",
    ),
    (
        "events/summit/subevents",
        "Events that are part of The Summit, by name",
    ),
    (
        "events/summit/claims?country=TR",
        "Claims at The Summit, made in Türkiye, newest first",
    ),
    (
        "topics/defence/subtopics",
        "Topics directly under Defence, by name",
    ),
    (
        "topics/defence/claims?match=all&about=nato",
        "Claims about NATO, on Defence or narrower, newest first",
    ),
    (
        "positions/join/claims?stance=oppose",
        "Claims that oppose “Ukraine will join.”, newest first",
    ),
    (
        "positions/join/actors",
        "Actors with claims that take a stance on “Ukraine will join.”, by name",
    ),
    (
        "positions/five-percent/organizations?stance=support",
        "Organizations with claims that support “Allies should spend five percent of GDP on "
        "defence.”, by name",
    ),
    (
        "sources/aa/claims",
        "Claims reported in “Interview with Rutte”, newest first",
    ),
    (
        "sources/aa/actors",
        "Actors with claims reported in “Interview with Rutte”, by name",
    ),
    (
        "actors/rutte/memberships",
        "Memberships of Mark Rutte",
    ),
    (
        "claims/spend/reports",
        "Reports of “Rutte asks for five percent.”",
    ),
    (
        "claims/spend/relations?limit=1",
        "Relations of “Rutte asks for five percent.”",
    ),
    (
        "claims/spend/reviews",
        "Reviews of “Rutte asks for five percent.”",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("url", "sentence"), SENTENCES, ids=[url for url, _ in SENTENCES])
def test_a_list_reads_its_query_back(world: FlaskClient, url: str, sentence: str):
    response = world.get(f"/v1/{url}")
    assert response.status_code == 200, response.text
    assert response.json["meta"]["query"] == sentence


def test_all_pages_have_the_same_sentence(world: FlaskClient):
    fetched = pages(world, "/v1/claims?actor=rutte&actor=erdogan", 1)
    assert len(fetched) == 3
    assert {page["meta"]["query"] for page in fetched} == {
        "Claims by Recep Tayyip Erdoğan or Mark Rutte, newest first"
    }


LONG = "of a long list of names that no record of the dataset has"
LONG_QUERIES = [
    (
        [("actor", f"No. {n:02} {LONG}") for n in range(12)],
        f"Claims by “No. 00 {LONG}” (unknown), “No. 01 {LONG}” (unknown), “No. 02 {LONG}” "
        "(unknown) or 9 others, newest first",
    ),
    (
        [(name, f"{name} {LONG}") for name in ("actor", "organization", "event", "about")],
        "Claims by “actor of a long list of names that no r…” (unknown), on behalf of "
        "“organization of a long list of names th…” (unknown), at “event of a long list of "
        "names that no r…” (unknown), about “about of a long list of names that no r…” (unknown), "
        "newest first",
    ),
    (
        [(name, f"{n} {LONG}") for name in ("actor", "organization", "event", "about", "topic")
         for n in range(3)] + [("form", "vote"), ("coder", "x" * 200)],
        "Claims by “0 of a long list of names that no recor…” (unknown) or 2 others, on behalf of "
        "“0 of a long list of names that no recor…” (unknown) or 2 others, at “0 of a long list of "
        "names that no recor…” (unknown) or 2 others, and 4 more filters, newest first",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "sentence"), LONG_QUERIES, ids=["names", "filters", "both"])
def test_a_long_sentence_is_cut(world: FlaskClient, query: list, sentence: str):
    shown = world.get(f"/v1/claims?{urlencode(query)}").json["meta"]["query"]
    assert shown == sentence
    assert len(shown) <= MAX_SENTENCE


@pytest.mark.parametrize("section", list_parameters.LISTS)
def test_each_filter_and_sort_has_a_phrase(section: str):
    model = RECORD_TYPES[section.removesuffix("s")]
    filters = {*list_parameters.FILTERS[section], *(["has"] if section == "claims" else [])}
    assert PHRASES[model].keys() == filters
    assert SORTS.keys() >= set(LISTS[model].sort_names)


def test_the_values_of_a_query_are_plain_text(world: FlaskClient):
    url = "/v1/claims?coder=%7B0%7D%3Cb%3E&place=%7Bstance%7D&actor=%7B%7D%25s%01"
    assert world.get(url).json["meta"]["query"] == (
        "Claims by “{}%s\x01” (unknown), at a place named “{stance}”, coded by “{0}<b>”, "
        "newest first"
    )
