"""A program that fills the relational contestant's database from a folder of seed files."""

from __future__ import annotations

import asyncio
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bench.relational_tables import (
    URL,
    Actor,
    ActorName,
    Base,
    Claim,
    Event,
    Mention,
    Organization,
    Position,
    Report,
    Source,
    Stance,
    Topic,
    claim_topic,
    engine,
    filed,
)


def fold(name: str) -> str:
    characters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in characters if not unicodedata.combining(char)).lower()


def fill(folder: Path) -> None:
    """Fill the database from seed files: claims last, file by file."""
    if engine.dialect.is_async:
        asyncio.run(fill_asynchronously(folder))
    else:
        with engine.begin() as connection:
            fill_tables(connection, folder)


async def fill_asynchronously(folder: Path) -> None:
    async with create_async_engine(URL).begin() as connection:
        await connection.run_sync(fill_tables, folder)


def fill_tables(connection: sa.Connection, folder: Path) -> None:
    keys: dict[tuple[str, str], int] = {}
    # of each topic: itself and all broader topics
    broader: dict[str, list[str]] = {}
    Base.metadata.create_all(connection)
    for name in ("organizations", "actors", "topics", "positions", "events", "sources"):
        insert(connection, record_rows(read(folder / f"{name}.jsonl"), keys, broader))
    for path in sorted((folder / "claims").iterdir()):
        insert(connection, claim_rows(read(path), keys, broader))
    connection.execute(sa.text("ANALYZE"))


# (table, row)
Rows = Iterator[tuple[Any, dict[str, Any]]]


def read(path: Path) -> Iterator[dict]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def insert(connection: sa.Connection, rows: Rows) -> None:
    tables = defaultdict(list)
    for table, row in rows:
        tables[table].append(row)
    # referred rows first: PostgreSQL checks each statement
    order = Base.metadata.sorted_tables
    for table in sorted(tables, key=lambda table: order.index(getattr(table, "__table__", table))):
        connection.execute(sa.insert(table), tables[table])


def record_rows(records: Iterator[dict], keys: dict, broader: dict) -> Rows:
    tables = {"organization": Organization, "actor": Actor, "topic": Topic, "position": Position}
    tables |= {"event": Event, "source": Source}
    for number, record in enumerate(records, 1):
        type, slug = record["type"], record["id"]
        keys[type, slug] = number
        name = record.get("name") or record.get("title") or record["text"]
        row = {"id": number, "slug": slug, "name": name}
        if type == "actor":
            row["kind"] = "person"
            for actor_name in (name, *record["aliases"]):
                yield ActorName, {"folded": fold(actor_name), "actor_id": number}
        elif type == "topic":
            row["folded"] = fold(name)
            broader[slug] = [slug, *broader.get(record.get("parent", ""), [])]
        elif type == "source":
            row |= {"date": record["date"], "url": record["url"]}
            row["publisher_id"] = keys["organization", record["publisher"]]
        yield tables[type], row


COLUMNS = ("text", "quote", "date", "status", "coder", "form", "language", "place")


def claim_rows(claims: Iterator[dict], keys: dict, broader: dict) -> Rows:
    for claim in claims:
        key = keys["claim", ""] = keys.get(("claim", ""), 0) + 1
        row = {name: claim.get(name) for name in COLUMNS}
        for name in ("actor", "organization", "event"):
            row[f"{name}_id"] = keys.get((name, claim.get(name)))
        yield Claim, {"id": key, "slug": claim["id"], "sorted": row["date"] or "", **row}
        for n, topic in enumerate(claim["topics"]):
            topic_id = keys["topic", topic]
            yield claim_topic, {"claim_id": key, "ordinal": n, "topic_id": topic_id}
        for ancestor in {ancestor for topic in claim["topics"] for ancestor in broader[topic]}:
            yield filed, {"claim_id": key, "topic_id": keys["topic", ancestor]}
        for stance in claim.get("positions", ()):
            position = keys["position", stance["position"]]
            yield Stance, {"claim_id": key, "position_id": position, "stance": stance["stance"]}
        for section, part in (("about", "about"), ("addressees", "addressee")):
            for party in claim.get(section, ()):
                ids = {
                    f"{name}_id": keys.get((name, party.get(name)))
                    for name in ("actor", "organization")
                }
                yield Mention, {"claim_id": key, "part": part, **ids}
        for report in claim["reports"]:
            quotation = {name: report.get(name) for name in ("exact", "attribution")}
            source_id = keys["source", report["source"]]
            yield Report, {"claim_id": key, "source_id": source_id, **quotation}


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
