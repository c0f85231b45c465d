"""Whole lists as streams, beside `sqlite3 -csv` and Datasette."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.contestants import CONTESTANTS, REQUEST_TIMEOUT, BenchError, Server, serving

TURNS = 3
CHUNK_BYTES = 1 << 16


def joined(value: str, rows: str) -> str:
    """The values of a claim's list in one cell."""
    return f"(SELECT group_concat({value}, ' | ') FROM {rows} claim = own.key)"


def named(table: str, column: str, value: str) -> str:
    """A value of each record that a list names."""
    type = {"publisher": "organization"}.get(column, column)
    return joined(f"{type}.{value}", f"{table} JOIN {type} ON {type}.key = {column} WHERE")


def ids(table: str, column: str) -> str:
    """The id of each record that a list names."""
    return joined("record.id", f"{table} JOIN record ON record.key = {column} WHERE")


def party_names(table: str) -> str:
    parties = (
        f"{table} LEFT JOIN actor ON actor.key = party"
        " LEFT JOIN organization ON organization.key = party WHERE"
    )
    return joined("coalesce(actor.name, organization.name)", parties)


def party_ids(table: str) -> str:
    parties = f"{table} JOIN record ON record.key = party WHERE"
    return joined("record.type || ':' || record.id", parties)


# the columns of Claimbase's CSV, in its order
JOIN = f"""
SELECT claim.text AS claim, actor.name AS actor, organization.name AS organization, claim.date,
  claim.quote, {named("claim_position", "position", "text")} AS position,
  {joined("stance", "claim_position WHERE")} AS stance,
  {named("claim_topic", "topic", "name")} AS topic, {named("report", "source", "title")} AS source,
  {named("report", "source", "url")} AS url, own.id, claim.role,
  {named("report", "publisher", "name")} AS publisher, event.name AS event, claim.place,
  claim.form, {party_names("about")} AS about, {party_names("addressee")} AS addressee,
  claim.status, claim.coder, claim.language, claim.attributes, own_actor.id AS actor_id,
  own_organization.id AS organization_id, own_event.id AS event_id,
  {ids("claim_topic", "topic")} AS topic_ids, {ids("claim_position", "position")} AS position_ids,
  {ids("report", "source")} AS source_ids, {ids("report", "publisher")} AS publisher_ids,
  {party_ids("about")} AS about_ids, {party_ids("addressee")} AS addressee_ids
FROM claim JOIN record AS own ON own.key = claim.key
  LEFT JOIN actor ON actor.key = claim.actor
  LEFT JOIN record AS own_actor ON own_actor.key = claim.actor
  LEFT JOIN organization ON organization.key = claim.organization
  LEFT JOIN record AS own_organization ON own_organization.key = claim.organization
  LEFT JOIN event ON event.key = claim.event
  LEFT JOIN record AS own_event ON own_event.key = claim.event
WHERE claim.listed = 1 ORDER BY claim.date_key, claim.seq
"""


def measure_streams(path: Path) -> dict[str, float]:
    """Rows a second of each stream of all claims, the medians of turns."""
    names = [name for name in ("claimbase", "datasette") if CONTESTANTS[name].installed]
    rates: dict[str, list[float]] = {}
    with serving(names, {"claims": path}, workers=1, threads=1) as servers:
        claimbase = servers["claimbase"]
        streams: dict[str, Callable[[], int]] = {
            "CSV": lambda: count_rows(claimbase, "/v1/claims?format=csv"),
            "JSON Lines": lambda: count_rows(claimbase, "/v1/claims?format=jsonl"),
        }
        if shutil.which("sqlite3"):
            streams["sqlite3 -csv, a join of the same columns"] = lambda: sqlite_rows(path)
        if "datasette" in servers:
            url = f"/{path.stem}/claim.csv?_stream=1&_size=max"
            streams["Datasette 0.65, the table of claims alone"] = lambda: count_rows(
                servers["datasette"], url
            )
        for _ in range(TURNS):
            for name, count in streams.items():
                start = perf_counter()
                rows = count()
                rates.setdefault(name, []).append(rows / (perf_counter() - start))
    return {name: median(stream_rates) for name, stream_rates in rates.items()}


def count_rows(server: Server, path: str) -> int:
    """Read a stream to its end; return the number of its lines."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=REQUEST_TIMEOUT)
    connection.request("GET", path)
    response = connection.getresponse()
    if response.status != 200:
        raise BenchError(f"{server.name}: {path} answers {response.status}")
    rows = 0
    while chunk := response.read(CHUNK_BYTES):
        rows += chunk.count(b"\n")
    connection.close()
    return rows


def sqlite_rows(path: Path) -> int:
    """Run the join; return the number of its lines."""
    command = ["sqlite3", "-csv", "-header", "-readonly", str(path), JOIN]
    rows = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while chunk := process.stdout.read(CHUNK_BYTES):  # type: ignore[union-attr]
            rows += chunk.count(b"\n")
    if process.returncode:
        raise BenchError(f"sqlite3 ends with {process.returncode}")
    return rows
