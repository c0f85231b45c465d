"""Staging: files to validated records, in temporary tables.

Staging writes nothing to the dataset and takes no lock; memory does not grow with the files.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from marshmallow import ValidationError

from models.database.connection import database, fetch_all
from models.records.canonical import record_hash
from models.seed_file import LoadedFile
from models.values.dates import date_key
from seeds.fast_validation import FAST_VALIDATORS
from seeds.fields import ID_PATTERN
from seeds.file_state import content_digest, file_state, is_gone
from seeds.formats.jsonl import MAX_LINE_BYTES, EndLines, read_lines
from seeds.parallel.chunks import Chunk, reader_count, split_file
from seeds.parallel.processes import worker_pool
from seeds.problems import MAX_OF_KIND, Place, SeedProblem, SeedProblems, nearest_word, problem_kind
from seeds.raw_record import RawRecord
from seeds.reader import find_files, printable_path, read_file
from seeds.schemas import SCHEMAS, UNKNOWN_FIELD, schema_errors

BATCH_RECORDS = 1000
# the place of records that no file has
IN_DATASET = "in the dataset"
# the states of staged records: new, unless the dataset has them; invalid records go no further
ADDED, BAD = "added", "bad"
STAGED_COLUMNS = (
    "seq", "type", "id", "hash", "body", "place", "claimant", "date_key", "state", "file",
)  # fmt: skip
FORMER_ID_COLUMNS = ("type", "former", "id")
# a line of an export has the type beside the record
TYPE_BYTES = 100

# a row of `staged` without seq and file, and the record's former ids
PreparedRecord = tuple[tuple, list[str]]


@dataclass
class StagedFiles:
    """The files of a load: unchanged files, which are not read, and the files that are."""

    # by digest
    unchanged: dict[str, LoadedFile] = field(default_factory=dict)
    # (digest, number of records); the digest is None if several files have it
    read: list[tuple[str | None, int]] = field(default_factory=list)


def stage(
    paths: Iterable[str | Path],
    problems: SeedProblems,
    progress: Callable[[int, int], Any],
    loaded: Mapping[str, LoadedFile],
    *,
    replace_control: bool = False,
) -> StagedFiles:
    """Read, validate and stage the records of all files, except of unchanged `loaded` files.

    `replace_control` puts a space in place of each control character.
    """
    with database.staging():
        return stage_files(find_files(paths, problems), problems, progress, loaded, replace_control)


def stage_files(
    files: list[Path],
    problems: SeedProblems,
    progress: Callable[[int, int], Any],
    loaded: Mapping[str, LoadedFile],
    replace_control: bool,
) -> StagedFiles:
    create_staging_tables()
    states = {path: file_state(path) for path in files}
    size = sum(state.size for state in states.values() if state)
    bytes_read = 0

    def done(length: int) -> None:
        nonlocal bytes_read
        bytes_read += length
        progress(bytes_read, size)

    with ThreadPoolExecutor() as pool:
        digests = dict(zip(files, pool.map(content_digest, files), strict=True))
    # files of the same content have the same ids: reading them reports the duplicates
    repeated = {digest for digest, count in Counter(digests.values()).items() if count > 1}
    staged_files = StagedFiles()
    to_read = []
    for path, digest in digests.items():
        if digest and digest in loaded and digest not in repeated:
            staged_files.unchanged[digest] = loaded[digest]
            state = states[path]
            done(state.size if state else 0)
        else:
            to_read.append(path)
    rows: list[tuple] = []
    former_rows: list[tuple] = []
    count = 0
    by_file = records_by_file(to_read, problems, done, replace_control)
    for number, (path, records) in enumerate(by_file):
        count_before = count
        for row, former_ids in records:
            count += 1
            rows.append((count, *row, number))
            type, id = row[:2]
            former_rows += [(type, former, id) for former in former_ids]
            if len(rows) == BATCH_RECORDS:
                insert_staged(rows, former_rows)
        digest = digests[path]
        certain = digest not in repeated and not is_gone(path, states[path], digest, problems)
        staged_files.read.append((digest if certain else None, count - count_before))
    insert_staged(rows, former_rows)
    database.index("staged_id", "staged (type, id)")
    database.index("staged_former_id", "staged_former (type, former)")
    report_duplicate_ids(problems)
    return staged_files


def create_staging_tables() -> None:
    database.temporary(
        "staged",
        "seq INTEGER PRIMARY KEY, type TEXT, id TEXT, hash BLOB, body BLOB, place BLOB,"
        " claimant TEXT, date_key INTEGER, key INTEGER, state TEXT, file INTEGER",
    )
    database.temporary("staged_former", "type TEXT, former TEXT, id TEXT")


def insert_staged(rows: list[tuple], former_rows: list[tuple]) -> None:
    """Insert and empty both lists."""
    # one transaction for all; only this connection sees the tables, so it takes no lock
    with database.atomic():
        database.insert("staged", STAGED_COLUMNS, rows)
        database.insert("staged_former", FORMER_ID_COLUMNS, former_rows)
    rows.clear()
    former_rows.clear()


def replace_records(updates: list[tuple[bytes, bytes, int]]) -> None:
    """Replace staged records, given (hash, body, seq): their files have them otherwise."""
    param = database.param
    sql = f"UPDATE staged SET hash = {param}, body = {param}, file = NULL WHERE seq = {param}"
    database.many(sql, updates)


def records_by_file(
    paths: list[Path], problems: SeedProblems, done: Callable[[int], Any], replace_control: bool
) -> Iterator[tuple[Path, Iterator[PreparedRecord]]]:
    """The records of each file, to be consumed in this order; several processes read much."""
    count = reader_count(paths)
    if not count:
        for path in paths:
            yield path, prepare(read_file(path, problems, done), problems, replace_control)
        return
    # a chunk has few problems: if all are reported, it brings all
    max_of_kind = sys.maxsize if problems.report else MAX_OF_KIND
    read = partial(read_chunk, max_of_kind=max_of_kind, replace_control=replace_control)
    with worker_pool(read, count) as read_chunks:
        results = read_chunks(chunk for path in paths for chunk in split_file(path))
        for path, chunks in groupby(results, key=attrgetter("path")):
            yield path, join_chunks(chunks, problems, done)


class ChunkRecords(NamedTuple):
    """The records and the problems of a chunk."""

    path: Path
    size: int
    records: list[PreparedRecord]
    problems: SeedProblems
    end_lines: EndLines


def read_chunk(
    chunk: Chunk, max_of_kind: int = MAX_OF_KIND, replace_control: bool = False
) -> ChunkRecords:
    problems, end_lines = SeedProblems(max_of_kind=max_of_kind), EndLines()

    def ignore(length: int) -> None:
        pass

    if chunk.lines is None:
        raw_records = read_file(chunk.path, problems, ignore)
    else:
        lines, name = BytesIO(chunk.lines), printable_path(chunk.path)
        raw_records = read_lines(lines, name, problems, ignore, chunk.first_line - 1, end_lines)
    records = list(prepare(raw_records, problems, replace_control))
    return ChunkRecords(chunk.path, chunk.size, records, problems, end_lines)


def join_chunks(
    chunks: Iterable[ChunkRecords], problems: SeedProblems, done: Callable[[int], Any]
) -> Iterator[PreparedRecord]:
    """The records of the chunks of one file."""
    since_end_line = 0
    for chunk in chunks:
        problems.extend(chunk.problems)
        name = printable_path(chunk.path)
        since_end_line = chunk.end_lines.check(name, problems, since_end_line)
        done(chunk.size)
        yield from chunk.records


def prepare(
    raw_records: Iterable[RawRecord], problems: SeedProblems, replace_control: bool = False
) -> Iterator[PreparedRecord]:
    """Validate records; invalid ones are staged by their ids, since others refer to them."""
    if replace_control:
        raw_records = map(RawRecord.replace_control, raw_records)
    for raw in raw_records:
        record = validate(raw, problems)
        id = record["id"] if record else valid_id(raw)
        if id is None:
            problems.records_lost = True
            continue
        hash, body = hash_and_body(raw.type, record or {})
        if len(body) > MAX_LINE_BYTES - TYPE_BYTES:
            message = f"is larger than {MAX_LINE_BYTES:,} bytes"
            problems.add(SeedProblem(raw.place(), message))
        place = orjson.dumps([raw.file, raw.line, list(raw.lines.items())])
        state = ADDED if record else BAD
        row = (raw.type, id, hash, body, place, *claim_order(raw.type, record), state)
        yield row, former_ids_of(record or raw.data)


def stored_row(type: str, record: dict) -> tuple:
    """The row of `staged`, without seq, for a record of the dataset."""
    hash, body = hash_and_body(type, record)
    place = orjson.dumps([IN_DATASET, None, []])
    return type, record["id"], hash, body, place, *claim_order(type, record), ADDED, None


def claim_order(type: str, record: dict | None) -> tuple[str, int]:
    """Claims get their keys in this order, by claimant and date; other records come before."""
    if type != "claim" or record is None:
        return "", 0
    return record.get("actor") or record["organization"], date_key(record.get("date"))


def hash_and_body(type: str, record: dict) -> tuple[bytes, bytes]:
    return record_hash(type, record), orjson.dumps(record)


def validate(raw: RawRecord, problems: SeedProblems) -> dict | None:
    """The record in canonical form; None, with its problems, if it is invalid."""
    try:
        return FAST_VALIDATORS[raw.type](raw.data)
    except ValidationError:
        pass
    try:
        return SCHEMAS[raw.type].load(raw.data)
    except ValidationError as error:
        errors = list(schema_errors(error.messages))
    # marshmallow reports unknown fields in no order
    unknown = sorted((path, message) for path, message in errors if message == UNKNOWN_FIELD)
    remaining = [(path, message) for path, message in errors if message != UNKNOWN_FIELD]
    for path, message in unknown + remaining:
        kind = problem_kind(raw.type, dotted(path), message)
        problems.add_lazily(kind, partial(field_problem, raw, path, message))
    return None


def dotted(path: tuple) -> str:
    """The path of a field as messages show it."""
    return ".".join(map(str, path))


def field_problem(raw: RawRecord, path: tuple, message: str) -> SeedProblem:
    value = raw.data
    for name in path:
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            value = None
    suggestion = None
    if message == UNKNOWN_FIELD:
        suggestion = nearest_word(path[-1], known_fields(raw.type, path))
    is_scalar = path and not isinstance(value, dict | list)
    return SeedProblem(
        raw.place(path), message, dotted(path), value if is_scalar else None, suggestion
    )


def known_fields(type: str, path: tuple) -> list[str]:
    """The fields of the object that the last name of a path belongs to."""
    schema: Any = SCHEMAS[type]
    for name in path[:-1]:
        if isinstance(name, str) and name in schema.fields:
            inner = getattr(schema.fields[name], "inner", schema.fields[name])
            schema = getattr(inner, "schema", schema)
    return list(schema.fields)


def valid_id(raw: RawRecord) -> str | None:
    """The id of an invalid record, if the id is valid."""
    try:
        return SCHEMAS[raw.type].fields["id"].deserialize(raw.data["id"])
    except (ValidationError, TypeError, KeyError):
        return None


def former_ids_of(record: dict) -> list[str]:
    """The valid former ids of a record, which itself may be invalid."""
    former_ids = record.get("former_ids")
    if not isinstance(former_ids, list):
        return []
    return [id for id in former_ids if isinstance(id, str) and ID_PATTERN.fullmatch(id)]


def report_duplicate_ids(problems: SeedProblems) -> None:
    """An id of several records is a problem; only the first record counts."""
    repeated = "SELECT type, id, MIN(seq) AS seq FROM staged GROUP BY type, id HAVING COUNT(*) > 1"
    duplicates = fetch_all(
        "SELECT duplicate.seq, duplicate.type, duplicate.id, first.place, duplicate.place"
        f" FROM ({repeated}) AS repeated JOIN staged AS first ON first.seq = repeated.seq"
        " JOIN staged AS duplicate"
        " ON duplicate.type = repeated.type AND duplicate.id = repeated.id"
        " AND duplicate.seq > repeated.seq ORDER BY duplicate.seq"
    )
    for _, type, id, first_place, place in duplicates:
        file, line, _ = json.loads(place)
        first_file, first_line, _ = json.loads(first_place)
        here, first = Place(file, line, f"{type} {id}"), str(Place(first_file, first_line))
        message = f"duplicate of the {type} in"
        problems.add(SeedProblem(here, message, "id", id, detail=first))
    if duplicates:
        sql = f"UPDATE staged SET state = '{BAD}' WHERE seq = {database.param}"
        database.many(sql, [(seq,) for seq, *_ in duplicates])


def is_staged(type: str, id: str) -> bool:
    param = database.param
    return bool(fetch_all(f"SELECT 1 FROM staged WHERE type = {param} AND id = {param}", type, id))


def last_staged(type: str, ids: Iterable[str]) -> str:
    """The id of the record that comes last in the files; at least one is staged."""
    param = database.param
    conditions = " OR ".join(f"id = {param}" for _ in ids)
    sql = f"SELECT id FROM staged WHERE type = {param} AND ({conditions}) ORDER BY seq DESC LIMIT 1"
    return fetch_all(sql, type, *ids)[0][0]


def staged_place(type: str, id: str, path: tuple = ()) -> Place:
    """The place of a staged record's field; any other record is in the dataset."""
    param = database.param
    sql = f"SELECT place FROM staged WHERE type = {param} AND id = {param}"
    rows = fetch_all(sql, type, id)
    if not rows:
        return Place(IN_DATASET, None, f"{type} {id}")
    file, line, lines = json.loads(rows[0][0])
    by_path = {tuple(field_path): field_line for field_path, field_line in lines}
    return RawRecord(type, {"id": id}, file, line, "", by_path).place(path)
