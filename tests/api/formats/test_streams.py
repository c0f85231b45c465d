"""CSV, TSV and JSON Lines: the whole list, with the records of the JSON, from one snapshot."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import NamedTuple

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from api.v1.lists import BATCH
from models.records.columns import split_values, unguard
from tests.api.formats.lists_in_formats import (
    get_text,
    json_records,
    list_paths,
    read_lines,
    read_table,
)
from tests.api.http.problems import problem_of
from tests.api.list_parameters import SORTS
from tests.api.v1.follower import CLAIM, ORGANIZATION
from tests.api.world import LATER, load_sections
from tests.engines import scratch

STREAMS = {"csv": "text/csv; charset=utf-8",
           "tsv": "text/tab-separated-values; charset=utf-8",
           "jsonl": "application/jsonl"}  # fmt: skip
DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
}
DELIMITERS = {"csv": ",", "tsv": "\t"}
ORDERS = [
    (section, sign + key) for section, keys in SORTS.items() for key in keys for sign in ("", "-")
]


def ids_in(format: str, text: str) -> list[str]:
    records = read_lines(text) if format == "jsonl" else read_table(text, DELIMITERS[format])
    return [record["id"] for record in records]


@pytest.mark.parametrize("format", STREAMS)
def test_every_list_has_the_records_of_the_json(app: Flask, world: FlaskClient, format: str):
    paths = list_paths(app)
    assert len(paths) == 37
    for path in paths:
        records = json_records(world, path)
        text = get_text(world, f"{path}?format={format}")
        assert ids_in(format, text) == [record["id"] for record in records], path
        if format == "jsonl":
            assert read_lines(text) == records


@pytest.mark.parametrize("format", STREAMS)
@pytest.mark.parametrize(("section", "sort"), ORDERS)
def test_a_stream_has_the_order_of_the_list(
    crowded: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    section: str,
    sort: str,
    format: str,
):
    url = f"/v1/{section}?sort={sort}"
    expected = [record["id"] for record in json_records(crowded, url)]
    for batch in (3, len(expected), BATCH):
        monkeypatch.setattr("api.v1.lists.BATCH", batch)
        assert ids_in(format, get_text(crowded, f"{url}&format={format}")) == expected


@pytest.mark.parametrize(
    "query",
    ["topic=defence&topic=energy", "position=join&position=pipelines", "actor=nobody",
     "status=draft&status=withdrawn", "topic=!energy", "from_date=2025-05&sort=date",
     "about=NATO&has=report", "q=rutte", "q=five&sort=relevance", "q=-five&sort=relevance",
     "q=r*&sort=relevance&topic=defence", "id=spend&id=gas&sort=-id"],
)  # fmt: skip
@pytest.mark.parametrize("format", STREAMS)
def test_filters_choose_the_rows(
    world: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str, format: str
):
    monkeypatch.setattr("api.v1.lists.BATCH", 2)
    expected = [record["id"] for record in json_records(world, f"/v1/claims?{query}")]
    assert ids_in(format, get_text(world, f"/v1/claims?{query}&format={format}")) == expected


class TestColumns:
    def test_a_claim_has_literal_cells(self, world: FlaskClient):
        text = get_text(world, "/v1/claims?id=spend&format=csv")
        assert text.split("\r\n")[0] == (
            "claim,actor,organization,date,quote,position,stance,topic,source,url,id,role,"
            "publisher,event,place,form,about,addressee,status,coder,language,attributes,"
            "actor_id,organization_id,event_id,topic_ids,position_ids,source_ids,publisher_ids,"
            "about_ids,addressee_ids"
        )
        assert text.split("\r\n")[1:] == [
            "Rutte asks for five percent.,Mark Rutte,NATO,2025-05-14,,"
            "Allies should spend five percent of GDP on defence. | Ukraine will join.,"
            "support | neutral,Defence Spending,Reprint of the talk | Interview with Rutte,"
            "https://example.org/daily#top | https://example.org/aa,spend,,"
            "The Daily | Anadolu Agency,Antalya Interview,,interview,Türkiye,NATO,coded,ann,en,"
            '"{""salience"":""high""}",rutte,nato,interview,spending,five-percent | join,'
            "reprint | aa,daily | anadolu,organization:tuerkiye,organization:nato",
            "",
        ]

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            (
                "organizations?id=nato",
                {"id": "nato", "name": "NATO", "kind": "alliance",
                 "aliases": "North Atlantic Treaty Organization | Atlantic Alliance",
                 "description": "A military alliance.", "country": "",
                 "url": "https://www.nato.int/", "attributes": '{"founded":"1949"}',
                 "claim_count": "3", "identifiers": "wikidata:Q7184",
                 "former_ids": "north-atlantic-alliance",
                 "created_at": "2026-01-02T03:04:05.123456Z",
                 "updated_at": "2026-03-04T05:06:07.000001Z", "parent_id": ""},
            ),
            (
                "actors?id=rutte&fields=memberships",
                None,
            ),
            (
                "actors?id=rutte&fields=organization_ids,on_behalf_of_ids,attributes",
                {"id": "rutte", "attributes": '{"born":"1967","gender":"m"}',
                 "organization_ids": "nato | unity-party", "on_behalf_of_ids": "unity-party | "},
            ),
            (
                "events?id=summit&fields=organizer_ids,participant_ids,parent_id",
                {"id": "summit", "parent_id": "", "organizer_ids": "nato",
                 "participant_ids": "actor:rutte | organization:tuerkiye"},
            ),
            (
                "positions?id=five-percent&fields=support,oppose,neutral,topic_ids",
                {"id": "five-percent", "support": "2", "oppose": "1", "neutral": "0",
                 "topic_ids": "spending"},
            ),
            (
                "sources?id=reprint&fields=origin_id,publisher_id,authors",
                {"id": "reprint", "authors": "", "publisher_id": "daily", "origin_id": "anadolu"},
            ),
            ("topics?id=spending&fields=parent_id", {"id": "spending", "parent_id": "defence"}),
            (
                "claims?id=gas&fields=about,about_ids,source,publisher,source_ids,quote,role",
                {"id": "gas", "quote": "Niemals.", "role": "",
                 "about": "Mark Rutte | NATO", "about_ids": "actor:rutte | organization:nato",
                 "source": "Summit Declaration | Interview with Rutte",
                 "publisher": "NATO | Anadolu Agency", "source_ids": "declaration | aa"},
            ),
            (
                "claims?id=communique&fields=quote,actor,actor_id,addressee_ids,topic_ids",
                {"id": "communique", "quote": "", "actor": "", "actor_id": "",
                 "addressee_ids": "organization:tuerkiye | actor:erdogan",
                 "topic_ids": "defence | energy"},
            ),
            (
                "claims?id=oppose&fields=quote,role,place",
                {"id": "oppose", "quote": "No.", "role": "a guest", "place": "Oslo"},
            ),
        ],
    )  # fmt: skip
    def test_cells(self, world: FlaskClient, url: str, expected: dict[str, str] | None):
        for format, delimiter in DELIMITERS.items():
            response = world.get(f"/v1/{url}&format={format}")
            if expected is None:
                (error,) = problem_of(response, "invalid-value")["errors"]
                assert (error["parameter"], error["value"]) == ("fields", "memberships")
            else:
                (row,) = read_table(response.text, delimiter)
                assert row == expected

    def test_columns_keep_their_order(self, world: FlaskClient):
        for fields in ("date,claim", "claim,date", "claim&fields=date,id"):
            text = get_text(world, f"/v1/claims?id=gas&fields={fields}&format=csv")
            assert text == "claim,date,id\r\nErdoğan wants to keep pipelines.,2025,gas\r\n"

    def test_an_empty_list_has_its_header(self, world: FlaskClient):
        assert get_text(world, "/v1/topics?actor=nobody&format=tsv&fields=name") == "id\tname\r\n"
        assert get_text(world, "/v1/topics?actor=nobody&format=jsonl") == ""

    def test_fields_of_json_lines_are_those_of_the_documents(self, world: FlaskClient):
        (record,) = read_lines(get_text(world, "/v1/actors?id=kaya&fields=name&format=jsonl"))
        assert record == {"id": "kaya", "name": "Deniz Kaya"}

    def test_a_byte_order_mark_begins_the_file(self, world: FlaskClient):
        for format in DELIMITERS:
            url = f"/v1/claims?format={format}"
            with_mark = world.get(f"{url}&bom=true")
            assert with_mark.data == b"\xef\xbb\xbf" + world.get(f"{url}&bom=false").data
            assert with_mark.headers["ETag"] != world.get(url).headers["ETag"]

    def test_the_quote_is_the_claims_own(self, load: Callable, client: FlaskClient):
        source = {"id": "s", "title": "S", "kind": "article"}
        report = {"source": "s", "exact": "We will.", "attribution": "direct"}
        quotes = {"own": "I will.", "same": "We will.", "none": None}
        load(
            organizations=[ORGANIZATION],
            sources=[source],
            claims=[
                {**CLAIM, "id": id, "quote": quote, "reports": [report, report]}
                for id, quote in quotes.items()
            ],
        )
        documents = client.get("/v1/claims").json["data"]
        assert {document["quote"] for document in documents} == {"I will.", "We will."}
        rows = read_table(get_text(client, "/v1/claims?format=csv"))
        assert {row["id"]: row["quote"] or None for row in rows} == quotes
        # several reports in one source are one source
        assert {row["source_ids"] for row in rows} == {"s"}


# text that seeds may hold
TEXTS = (
    st.text(
        st.sampled_from("ab| \\,;'\"=+-@＝\t\n🙂\u202eש0")
        | st.characters(exclude_categories=("C",)),
        min_size=1,
    )
    .map(str.strip)
    .filter(bool)
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(names=st.lists(TEXTS, min_size=1, max_size=4, unique=True), quote=TEXTS)
def test_text_survives_tables(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, names: list[str], quote: str
):
    with scratch():
        records = {
            "organizations": [ORGANIZATION],
            "topics": [{"id": f"t-{n}", "name": f"{name}x"} for n, name in enumerate(names)],
            "claims": [{**CLAIM, "quote": quote, "topics": [f"t-{n}" for n in range(len(names))]}],
        }
        load_sections(tmp_path_factory.mktemp("seeds"), records, LATER)
        client = app.test_client()
        (claim,) = client.get("/v1/claims").json["data"]
        for format, delimiter in DELIMITERS.items():
            (row,) = read_table(get_text(client, f"/v1/claims?format={format}"), delimiter)
            assert unguard(row["quote"]) == claim["quote"]
            assert split_values(unguard(row["topic"])) == [
                topic["name"] for topic in claim["topics"]
            ]


class Answer(NamedTuple):
    """A response that was read to its end, so that its snapshot is closed."""

    status: int
    headers: Headers
    content: bytes


def fetch(client: FlaskClient, url: str, method: str = "GET", **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.open(url, method=method, headers=names) as response:
        return Answer(response.status_code, response.headers, response.get_data())


class TestHTTP:
    @pytest.mark.parametrize(("format", "media_type"), STREAMS.items())
    def test_headers(self, world: FlaskClient, format: str, media_type: str):
        for path in ("/v1/claims", "/claims"):
            headers = fetch(world, f"{path}?format={format}&topic=Energy").headers
            assert headers["Content-Type"] == media_type
            assert headers["Content-Disposition"] == (
                f'attachment; filename="claims-topic-energy.{format}"'
            )
            assert headers["Cache-Control"] == "public, no-cache"
            assert headers["Vary"] == "Accept, Accept-Encoding"
            assert "Content-Length" not in headers
            assert headers.get("Content-Location") == (
                None if path == "/v1/claims" else f"/v1/claims?format={format}&topic=Energy"
            )

    @pytest.mark.parametrize("format", STREAMS)
    def test_etag(self, world: FlaskClient, format: str):
        url = f"/v1/claims?format={format}"
        answer = fetch(world, url)
        tag = answer.headers["ETag"]
        for same in (url, f"{url}&sort=-date", f"/claims?format={format}"):
            assert fetch(world, same).headers["ETag"] == tag
            unchanged = fetch(world, same, If_None_Match=tag)
            assert (unchanged.status, unchanged.content) == (304, b"")
        other_urls = {f"/v1/claims?format={name}" for name in ("json", *STREAMS)} - {url}
        other_urls |= {"/v1/claims", f"{url}&sort=date", f"{url}&topic=energy", f"{url}&fields=id"}
        assert tag not in {fetch(world, other_url).headers["ETag"] for other_url in other_urls}
        by_accept = fetch(world, "/v1/claims", Accept=STREAMS[format].partition(";")[0])
        assert (by_accept.headers["ETag"], by_accept.content) == (tag, answer.content)

    @pytest.mark.parametrize("format", STREAMS)
    def test_head(self, world: FlaskClient, format: str):
        url = f"/v1/actors/rutte/claims?format={format}"
        head = fetch(world, url, "HEAD")
        assert (head.status, head.content) == (200, b"")
        headers = fetch(world, url, X_Request_ID="a").headers
        assert fetch(world, url, "HEAD", X_Request_ID="a").headers == headers
        for method in ("GET", "HEAD"):
            missing = fetch(world, f"/v1/actors/nobody/claims?format={format}", method)
            assert missing.status == 404
            moved = fetch(world, f"/v1/actors/m-rutte/claims?format={format}", method)
            assert (moved.status, moved.headers["Location"]) == (308, url)

    @pytest.mark.parametrize("coding", ["gzip", "zstd", "br"])
    def test_compression(self, world: FlaskClient, coding: str):
        url = "/v1/claims?format=csv"
        plain = fetch(world, url)
        compressed = fetch(world, url, Accept_Encoding=coding)
        assert compressed.headers["Content-Encoding"] == coding
        assert compressed.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"'
        assert DECODERS[coding](compressed.content) == plain.content

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("claims?format=csv", "claims.csv"),
            ("actors?format=jsonl&sort=-id", "actors.jsonl"),
            ("actors/rutte/claims?format=tsv", "claims-actors-rutte.tsv"),
            (
                "claims?topic=!Energy&actor=Işık&actor=rutte&format=csv&bom=true",
                "claims-actor-isik-actor-rutte-topic-not-energy.csv",
            ),
            ("claims?place=%22%0d%0a%20Антал%2f..%2f&format=csv", "claims-place-antal.csv"),
            (
                f"claims?actor={'x' * 150}&actor=rutte&format=csv",
                f"claims-actor-rutte-actor-{'x' * 75}.csv",
            ),
        ],
    )
    def test_file_name(self, world: FlaskClient, url: str, name: str):
        headers = fetch(world, f"/v1/{url}").headers
        assert headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("format", STREAMS)
@pytest.mark.parametrize(
    ("query", "parameter", "value"),
    [
        ("limit=10", "limit", "10"),
        ("limit=50", "limit", "50"),
        ("cursor=dBW9nXEaZ1JbIjIwMjUtMDUtMTQiLDEyXQ", "cursor", None),
        ("include=actor", "include", "actor"),
        ("include=actor&include=event", "include", "actor"),
        ("facet=topic", "facet", "topic"),
        ("q=five&highlight=true", "highlight", "true"),
        ("fields=text,clam", "fields", None),
        ("bom=yes", "bom", "yes"),
    ],
)
def test_parameters_of_pages_are_refused(
    world: FlaskClient, format: str, query: str, parameter: str, value: str | None
):
    problem = problem_of(world.get(f"/v1/claims?format={format}&{query}"), "invalid-value")
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    if parameter not in ("fields", "bom"):
        assert error["message"] == f"cannot be used with format={format}"
        assert value is None or error["value"] == value
    accept = {"Accept": STREAMS[format]}
    assert problem_of(world.get(f"/v1/claims?{query}", headers=accept), "invalid-value") == problem


def test_columns_that_are_misspelt_get_a_suggestion(world: FlaskClient):
    problem = problem_of(world.get("/v1/claims?format=csv&fields=topic_id"), "invalid-value")
    (error,) = problem["errors"]
    assert (error["value"], error["suggestion"]) == ("topic_id", "topic_ids")
    problem = problem_of(world.get("/v1/claims?format=jsonl&fields=topcs"), "invalid-value")
    assert problem["errors"][0]["suggestion"] == "topics"
