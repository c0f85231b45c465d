"""Networks of exported records by plain loops, and those that are served."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask.testing import FlaskClient

from tests.api.plain_records import days
from tests.models.networks.naive import Statement

Records = list[dict[str, Any]]


def exported(client: FlaskClient) -> Records:
    """All records in seed form, in the order in which they entered the dataset."""
    with client.get("/v1/export") as response:
        lines = [json.loads(line) for line in response.text.splitlines()]
    return [line for line in lines if line["type"] != "end"]


def values(claim: dict[str, Any], name: str) -> list[tuple[str, str | None]]:
    """The values of a variable of a claim, each with its stance if it is a position."""
    if name in ("actor", "organization", "event"):
        return [(f"{name}:{claim[name]}", None)] if claim.get(name) else []
    if name == "position":
        return [(f"position:{p['position']}", p["stance"]) for p in claim.get("positions", [])]
    if name == "topic":
        return [(f"topic:{topic}", None) for topic in claim.get("topics", [])]
    if name == "source":
        sources = dict.fromkeys(report["source"] for report in claim.get("reports", []))
        return [(f"source:{source}", None) for source in sources]
    return [
        (f"{type}:{id}", None) for party in claim.get("about", []) for type, id in party.items()
    ]


def plain_statements(
    records: Records, nodes: str, items: str, stance: str | None = None
) -> list[Statement]:
    """The statements of listed claims, the earliest first and the undated last."""
    claims = [record for record in records if record["type"] == "claim"]
    listed = [claim for claim in claims if claim.get("status", "coded") in ("coded", "verified")]
    # 2025 comes before 2025-03, and that before its days; the sort is stable
    listed.sort(key=lambda claim: (claim.get("date", "9999-99-99") + "-00-00")[:10])
    statements = []
    for claim in listed:
        first, last = days(claim["date"]) if "date" in claim else (None, None)
        reports = claim.get("reports", [])
        source = reports[0]["source"] if reports else None
        for node, node_stance in values(claim, nodes):
            for item, item_stance in values(claim, items):
                taken = node_stance or item_stance
                if stance in (None, taken):
                    entry = (node, item, taken or "neutral", claim["id"], first, last, source)
                    statements.append(Statement(*entry))
    return statements


def windows_of(
    first: datetime.date, last: datetime.date, length: int, step: int
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Windows of whole days: the first day, and the day after the last."""
    start = first
    while start <= last:
        yield start, start + datetime.timedelta(length)
        start += datetime.timedelta(step)


def within(
    statements: Iterable[Statement], start: datetime.date, end: datetime.date
) -> list[Statement]:
    return [s for s in statements if s.first and s.last and start <= s.first and s.last < end]


def served_edges(network: dict[str, Any]) -> dict[tuple[str, str], float]:
    """The weights of a network's edges by their ends."""
    return {(edge["source"], edge["target"]): edge["weight"] for edge in network["edges"]}


def served_statements(client: FlaskClient, query: dict[str, Any]) -> list[Statement]:
    """The statements that `/networks/statements` streams, in any order."""
    with client.get(
        "/v1/networks/statements", query_string={**query, "format": "jsonl"}
    ) as response:
        assert response.status_code == 200, response.text
        rows = [json.loads(line) for line in response.text.splitlines()]
    return [
        Statement(
            *(f"{row[end]['type']}:{row[end]['id']}" for end in ("node", "item")),
            row["stance"] or "neutral",
            row["claim"]["id"],
        )
        for row in rows
    ]
