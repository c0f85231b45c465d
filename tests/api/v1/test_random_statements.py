"""Stances, reversals, contradictions and comparisons of random claims, against plain Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.plain_statements import STANCES, Party, Statements
from tests.api.world import pages
from tests.engines import EXAMPLES

ACTORS = [
    {"id": "ann", "name": "Ann"},
    {"id": "bob", "name": "Bob"},
    {"id": "crowd", "name": "Crowd", "kind": "unnamed"},
]
ORGANIZATIONS = [{"id": id, "name": id.upper(), "kind": "party"} for id in ("acme", "union")]
POSITIONS = [{"id": id, "text": f"Text {id}"} for id in ("close", "join")]
DATES = ["2024", "2025", "2025-03", "2025-03-01", "2025-03-02", "2025-04", "2026-01-01", None]
KINDS = ["contradicts", "qualifies", "responds-to"]


@st.composite
def claims(draw: st.DrawFn) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for number in range(draw(st.sampled_from([0, 4, 9, 14, 18]), label="claims")):
        actor = draw(st.sampled_from(["ann", "bob", "crowd", None]))
        organization = draw(st.sampled_from(["acme", "union", None if actor else "acme"]))
        stances = {
            "join": draw(
                st.sampled_from(["support", "oppose", "support", "oppose", *STANCES, None])
            ),
            "close": draw(st.sampled_from([*STANCES, None])),
        }
        related = draw(st.lists(st.sampled_from(range(number)), max_size=2)) if number else []
        record = {
            "id": f"c{number}",
            "text": f"Claim {number}",
            "actor": actor,
            "organization": organization,
            "date": draw(st.sampled_from(DATES)),
            "status": draw(st.sampled_from(["coded", "coded", "coded", "verified", "draft"])),
            "positions": [{"position": id, "stance": stances[id]} for id in stances if stances[id]],
            "relations": [
                {"kind": kind, "claim": f"c{target}"}
                for target, kind in dict.fromkeys(
                    (target, draw(st.sampled_from(KINDS))) for target in related
                )
            ],
        }
        records.append({name: value for name, value in record.items() if value})
    return records


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "actor": st.sampled_from([["ann"], ["ann", "bob"], ["crowd"]]),
        "organization": st.sampled_from([["acme"], ["acme", "union"]]),
        "claimant": st.sampled_from([["actor:ann"], ["actor:ann", "organization:acme"]]),
        "position": st.sampled_from([["join"], ["close", "join"]]),
        "from_date": st.sampled_from([["2025"], ["2025-03-02"]]),
    },
)
OF = st.sampled_from(["claimant", "actor", "organization"])
SORTS = st.sampled_from(["-claims", "-last", "name"])


class Check:
    """Compares answers with plain Python over the exported records."""

    def __init__(self, client: FlaskClient):
        self.client = client
        lines = map(json.loads, client.get("/v1/export").text.splitlines())
        records = [line for line in lines if line["type"] != "end"]
        self.entry = {(record["type"], record["id"]): n for n, record in enumerate(records)}
        self.plain = Statements(records)

    def get(self, path: str, query: dict, limit: int, **more: str) -> tuple[list[dict], dict]:
        """All rows of a list, page by page, and the `meta` of its pages."""
        url = f"/v1/{path}?{urlencode({**query, **more}, doseq=True)}"
        fetched = pages(self.client, url, limit)
        counted = [{n: page["meta"].get(n) for n in ("total", "left_out")} for page in fetched]
        assert all(numbers == counted[0] for numbers in counted)
        rows = [row for page in fetched for row in page["data"]]
        assert counted[0]["total"] == len(rows), url
        return rows, counted[0]

    def stances(self, query: dict, of: str, by: str, sort: str, limit: int) -> None:
        rows, _ = self.get("stances", query, limit, of=of, by=by, sort=sort)
        shown = {(party(row["claimant"]), row["position"]["id"]): shown_stance(row) for row in rows}
        expected = self.plain.stances(of, by, query)
        assert shown == expected
        order = [
            (sort_value(sort, row), self.entry[party(row["claimant"])],
             self.entry["position", row["position"]["id"]])
            for row in rows
        ]  # fmt: skip
        assert order == sorted(order)
        for row in rows:
            self.opens(query, of, row)

    def opens(self, query: dict, of: str, row: dict) -> None:
        """The claims behind the numbers of a row are as many as it says."""
        type, id = party(row["claimant"])
        claims_query = {**query, of: f"{type}:{id}" if of == "claimant" else id}
        claims_query["position"] = row["position"]["id"]
        for stance in STANCES:
            url = f"/v1/claims?{urlencode({**claims_query, 'stance': stance}, doseq=True)}"
            assert self.client.get(url).json["meta"]["total"] == row[stance], url

    def reversals(self, query: dict, of: str, limit: int) -> None:
        rows, numbers = self.get("reversals", query, limit, of=of)
        expected, left_out = self.plain.reversals(of, query)
        assert {
            (row["from"]["id"], row["to"]["id"], row["position"]["id"], row["relation"])
            for row in rows
        } == {(a.id, b.id, a.position, self.plain.tie(a, b)) for a, b in expected}
        assert (len(rows), numbers["left_out"]) == (len(expected), left_out)
        dates = [row["to"]["date"] for row in rows]
        assert dates == sorted(dates, reverse=True)

    def contradictions(self, query: dict, of: str, limit: int) -> None:
        stated, _ = self.get("contradictions", query, limit, of=of, explicit="true")
        pairs = [
            (*sorted((row["a"]["id"], row["b"]["id"])), row["position"] and row["position"]["id"])
            for row in stated
        ]
        assert sorted(pairs, key=repr) == sorted(self.plain.stated(of, query), key=repr)
        for row in stated:
            sides = (row["a"]["stance"], row["b"]["stance"])
            assert sides in (("support", "oppose"), ("oppose", "support"), (None, None))
        if not query.keys() & {"actor", "organization", "claimant", "position"}:
            return
        for every in (False, True):
            contradictions, _ = self.get(
                "contradictions", query, limit, of=of, **({"all": "true"} if every else {})
            )
            rows = [
                (row["a"]["id"], row["b"]["id"], row["position"]["id"], row["relation"])
                for row in contradictions
            ]
            expected = self.plain.contradictions(of, query, all=every)
            assert sorted(rows, key=repr) == sorted(expected, key=repr)
            places = [(row["a"]["date"] or "", row["b"]["date"] or "") for row in contradictions]
            assert [a for a, _ in places] == sorted((a for a, _ in places), reverse=True)

    def comparison(self, query: dict, of: str, by: str, limit: int) -> None:
        compared = ["ann", "bob", "crowd"] if of == "actor" else ["acme", "union"]
        rest = {name: query[name] for name in query if name in ("position", "from_date")}
        url = f"/v1/compare?{urlencode({**rest, of: compared, 'by': by}, doseq=True)}"
        full = self.client.get(f"{url}&limit=200").json
        expected = self.plain.stances(of, by, {**rest, of: compared})
        cells = {
            ((of, id), row["position"]["id"]): shown_stance(cell)
            for row in full["positions"]
            for id, cell in zip(compared, row["cells"], strict=True)
            if cell
        }
        assert cells == expected
        assert [
            (pair["a"]["id"], pair["b"]["id"], *(pair[name] for name in PAIR_NUMBERS))
            for pair in full["pairs"]
        ] == self.plain.agreements(of, compared, {**rest, of: compared})
        positions = [row["position"]["id"] for row in full["positions"]]
        assert positions == sorted({position for _, position in expected})
        assert full["meta"]["total"] == len(positions)
        fetched = pages(self.client, url, limit)
        assert [row for page in fetched for row in page["positions"]] == full["positions"]


PAIR_NUMBERS = ("shared", "agree", "disagree", "share")


def party(claimant: dict) -> Party:
    return claimant["type"], claimant["id"]


def shown_stance(row: dict) -> dict[str, Any]:
    """A row without its claimant and position, with the ids of claims and organizations."""
    shown = {name: row[name] for name in row if name not in ("claimant", "position")}
    shown["first"], shown["last"] = row["first"]["id"], row["last"]["id"]
    if row["own_side"]:
        organization = row["own_side"]["organization"]["id"]
        shown["own_side"] = {**row["own_side"], "organization": organization}
    return shown


def sort_value(sort: str, row: dict) -> Any:
    if sort == "-claims":
        return -sum(row[stance] for stance in STANCES)
    if sort == "name":
        return row["claimant"]["name"].lower()
    date = row["last"]["date"]
    # the newest first, undated last
    return (date is None, [-ord(character) for character in (date or "").ljust(10)])


@settings(
    max_examples=int(60 * EXAMPLES),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_random_statements(load: Callable, client: FlaskClient, data: st.DataObject) -> None:
    records = data.draw(claims(), label="claims")
    load(
        prune=True, actors=ACTORS, organizations=ORGANIZATIONS, positions=POSITIONS, claims=records
    )
    check = Check(client)
    for _ in range(3):
        query = data.draw(QUERIES, label="query")
        of, sort = data.draw(OF, label="of"), data.draw(SORTS, label="sort")
        by = data.draw(st.sampled_from(["year", "month"]), label="by")
        limit = data.draw(st.integers(1, 5), label="limit")
        check.stances(query, of, by, sort, limit)
        check.reversals(query, of, limit)
        check.contradictions(query, of, limit)
        check.comparison(query, data.draw(st.sampled_from(["actor", "organization"])), by, limit)
