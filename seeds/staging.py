"""Files → validated records, kept aside in a temporary table until all are known.

Staging writes nothing to the dataset and takes no lock; memory does not grow with the files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
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
from seeds.fast_validation import QUICK
from seeds.parallel.chunks import Piece, pieces, processes
from seeds.parallel.processes import working
from seeds.problems import Place, Problem, Problems, nearest
from seeds.reader import LINE, Raw, files, printed, read, read_lines
from seeds.schemas import ID, SCHEMAS, UNKNOWN, complaints

BATCH = 1000
# the states of records: new, as far as is known, and not right: these go no further
ADDED, BAD = "added", "bad"
STAGED = (
    "seq", "type", "id", "hash", "body", "place", "claimant", "date_key", "state", "file",
)  # fmt: skip
FORMER = ("type", "former", "id")
# for the type, which a line of an export has beside the record
ROOM = 100


def begin() -> None:
    database.temporary(
        "staged",
        "seq INTEGER PRIMARY KEY, type TEXT, id TEXT, hash BLOB, body BLOB, place BLOB,"
        " claimant TEXT, date_key INTEGER, key INTEGER, state TEXT, file INTEGER",
    )
    database.temporary("staged_former", "type TEXT, former TEXT, id TEXT")


@dataclass
class Files:
    """What became of the files: those left unread, as they are known, and those read.

    Of these the digest, None where it is not sure, and how many records they hold.
    """

    kept: dict[str, LoadedFile] = field(default_factory=dict)
    read: list[tuple[str | None, int]] = field(default_factory=list)


def stage(
    paths: Iterable[str | Path],
    problems: Problems,
    progress: Callable[[int, int], Any],
    known: Mapping[str, LoadedFile],
) -> Files:
    """Read, validate and keep all records of the files, but for those that are known."""
    begin()
    found = files(paths, problems)
    size = sum(path.stat().st_size for path in found if path.exists())
    read_so_far = 0

    def done(length: int) -> None:
        nonlocal read_so_far
        read_so_far += length
        progress(read_so_far, size)

    with ThreadPoolExecutor() as pool:
        digests = dict(zip(found, pool.map(content_digest, found), strict=True))
    # the same content twice is a problem, to be found by reading it
    repeated = {one for one, times in Counter(digests.values()).items() if times > 1}
    taken = Files()
    unknown = []
    for path, content in digests.items():
        if content and content in known and content not in repeated:
            taken.kept[content] = known[content]
            done(path.stat().st_size)
        else:
            unknown.append(path)
    batch: list[tuple] = []
    formers: list[tuple] = []
    count = 0
    for number, (path, records) in enumerate(by_file(unknown, problems, done)):
        before = count
        for row, former_ids in records:
            count += 1
            batch.append((count, *row, number))
            formers += [(row[0], former, row[1]) for former in former_ids]
            if len(batch) == BATCH:
                keep(batch, formers)
        # a file that someone wrote to meanwhile is not known by what it was
        content = digests[path]
        sure = content not in repeated and content == content_digest(path)
        taken.read.append((content if sure else None, count - before))
    keep(batch, formers)
    database.index("staged_id", "staged (type, id)")
    database.index("staged_former_id", "staged_former (type, former)")
    twice(problems)
    return taken


# type, id, hash, body, place, claimant, number of the date and state; the former ids
Prepared = tuple[tuple, list[str]]


def by_file(
    paths: list[Path], problems: Problems, done: Callable[[int], Any]
) -> Iterator[tuple[Path, Iterator[Prepared]]]:
    """The records of each file, to be taken in this order; of many bytes by several processes."""
    count = processes(paths)
    if not count:
        for path in paths:
            yield path, prepared(read(path, problems, done), problems)
        return
    with working(part, count) as read_pieces:
        parts = read_pieces(piece for path in paths for piece in pieces(path))
        for path, of_file in groupby(parts, key=attrgetter("path")):
            yield path, joined(of_file, problems, done)


class Part(NamedTuple):
    """What a piece of a file holds."""

    path: Path
    size: int
    records: list[Prepared]
    problems: Problems


def part(piece: Piece) -> Part:
    problems = Problems()

    def done(length: int) -> None:
        pass

    if piece.lines is None:
        raws = read(piece.path, problems, done)
    else:
        name = printed(piece.path)
        raws = read_lines(BytesIO(piece.lines), name, problems, done, piece.line - 1)
    return Part(piece.path, piece.size, list(prepared(raws, problems)), problems)


def joined(
    parts: Iterable[Part], problems: Problems, done: Callable[[int], Any]
) -> Iterator[Prepared]:
    """The records of the parts of one file."""
    for one in parts:
        problems.extend(one.problems)
        done(one.size)
        yield from one.records


def prepared(raws: Iterable[Raw], problems: Problems) -> Iterator[Prepared]:
    """Records as they are staged, each with its former ids."""
    for raw in raws:
        record = validated(raw, problems)
        id = record["id"] if record else id_of(raw)
        if id is None:
            problems.lost = True
            continue
        hash, body = packed(raw.type, record or {})
        if len(body) > LINE - ROOM:
            problems.add(Problem(raw.place(), f"is larger than {LINE:,} bytes"))
        state = ADDED if record else BAD
        row = (raw.type, id, hash, body, place_of(raw), *beside(raw.type, record), state)
        yield row, formers_of(record or raw.data)


def beside(type: str, record: dict | None) -> tuple[str, int]:
    """What claims that are kept beside each other share, the newest first; others come before."""
    if type != "claim" or record is None:
        return "", 0
    return record.get("actor") or record["organization"], date_key(record.get("date"))


def content_digest(path: Path) -> str | None:
    """SHA-256 of a file's content, and of its suffix, which says how it is read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file_digest(file, lambda: sha256(path.suffix.encode())).hexdigest()
    except OSError:
        return None


def validated(raw: Raw, problems: Problems) -> dict | None:
    """The record in canonical form; None, and problems, where it is not right."""
    try:
        return QUICK[raw.type](raw.data)
    except ValidationError:
        pass
    try:
        return SCHEMAS[raw.type].load(raw.data)
    except ValidationError as error:
        found = list(complaints(error.messages))
        # marshmallow has them in no order
        unknown = sorted(one for one in found if one[1] == UNKNOWN)
        for path, message in [*unknown, *(one for one in found if one[1] != UNKNOWN)]:
            problems.add(problem(raw, path, message))
    return None


def formers_of(record: dict) -> list[str]:
    """The former ids of a record, also of one that is not right."""
    formers = record.get("former_ids")
    if not isinstance(formers, list):
        return []
    return [one for one in formers if isinstance(one, str) and ID.fullmatch(one)]


def id_of(raw: Raw) -> str | None:
    """The id of a record that is not right otherwise, so that others may refer to it."""
    try:
        return SCHEMAS[raw.type].fields["id"].deserialize(raw.data["id"])
    except (ValidationError, TypeError, KeyError):
        return None


def problem(raw: Raw, path: tuple, message: str) -> Problem:
    value = raw.data
    for name in path:
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            value = None
    suggestion = None
    if message == UNKNOWN:
        suggestion = nearest(path[-1], known_fields(raw.type, path))
    field = ".".join(map(str, path))
    shown = value if path and not isinstance(value, dict | list) else None
    return Problem(raw.place(path), message, field, shown, suggestion)


def known_fields(type: str, path: tuple) -> list[str]:
    """The names that could stand at the end of a path."""
    schema: Any = SCHEMAS[type]
    for name in path[:-1]:
        if isinstance(name, str) and name in schema.fields:
            inner = getattr(schema.fields[name], "inner", schema.fields[name])
            schema = getattr(inner, "schema", schema)
    return list(schema.fields)


def packed(type: str, record: dict) -> tuple[bytes, bytes]:
    return record_hash(type, record), orjson.dumps(record)


def place_of(raw: Raw) -> bytes:
    return orjson.dumps([raw.file, raw.line, list(raw.lines.items())])


def staged(type: str, id: str) -> bool:
    one = database.param
    return bool(fetch_all(f"SELECT 1 FROM staged WHERE type = {one} AND id = {one}", type, id))


def last_of(type: str, ids: Iterable[str]) -> str:
    """Which of these records comes last in the files; one of them does."""
    one = database.param
    conditions = " OR ".join(f"id = {one}" for _ in ids)
    sql = f"SELECT id FROM staged WHERE type = {one} AND ({conditions}) ORDER BY seq DESC LIMIT 1"
    return fetch_all(sql, type, *ids)[0][0]


def place(type: str, id: str, path: tuple = ()) -> Place:
    """Where a staged record's field stands; a record that is not staged is in the dataset."""
    found = fetch_all(
        f"SELECT place FROM staged WHERE type = {database.param} AND id = {database.param}",
        type, id,
    )  # fmt: skip
    if not found:
        return Place("in the dataset", None, f"{type} {id}")
    file, line, lines = json.loads(found[0][0])
    return Raw(type, {"id": id}, file, line, "", {tuple(p): n for p, n in lines}).place(path)


def keep(batch: list[tuple], formers: list[tuple]) -> None:
    # one transaction for all; it writes to what only this connection sees, and takes no lock
    with database.atomic():
        database.insert("staged", STAGED, batch)
        database.insert("staged_former", FORMER, formers)
    batch.clear()
    formers.clear()


def twice(problems: Problems) -> None:
    """Ids that several records have: only the first one counts."""
    several = "SELECT type, id, MIN(seq) AS seq FROM staged GROUP BY type, id HAVING COUNT(*) > 1"
    doubled = fetch_all(
        f"SELECT other.seq, other.type, other.id, first.place, other.place FROM ({several}) AS one"
        " JOIN staged AS first ON first.seq = one.seq"
        " JOIN staged AS other ON other.type = one.type AND other.id = one.id"
        " AND other.seq > one.seq ORDER BY other.seq"
    )
    for _, type, id, first, second in doubled:
        file, line, _ = json.loads(first)
        other, at, _ = json.loads(second)
        there = Place(other, at, f"{type} {id}")
        problems.add(Problem(there, f"has the id of the {type} in {Place(file, line)}", "id", id))
    bad = f"UPDATE staged SET state = '{BAD}' WHERE seq = {database.param}"
    database.many(bad, [(seq,) for seq, *_ in doubled])
