"""Records as rows of a table: one row a record, as CSV has them.

A cell of many values joins them by ` | `; a backslash escapes `|` and itself there. A cell that a
spreadsheet would run as a formula begins with an apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import orjson

from models import RECORD_TYPES
from models.base import Reference
from models.claim import STANCES
from models.database.connection import database, fetch_all

SEPARATOR = " | "
# spreadsheets run a text as a formula if it begins so; some skip white space first. Apostrophes
# before it are part of the pattern, so that `unguard` is the inverse of `guard`.
FORMULA = re.compile(r"'*(?![+-]?[0-9]+([.,][0-9]+)?%?\Z)([\t\r\n]|\s*[=+\-@＝＋－＠])")
# the first characters of all texts that the pattern may match
RISKY = frozenset("'=+-@＝＋－＠\t\r\n ") | frozenset(
    character for character in map(chr, range(0x10000)) if character.isspace()
)
# in place of an absent publisher
NOBODY = {"id": "", "name": ""}
VALUE = re.compile(r"\\[\\|]| \| ")

Document = dict[str, Any]
# gives a column's value of a document
CellValue = Callable[[Document], str]


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text[:1] in RISKY and FORMULA.match(text) else text


def unguard(cell: str) -> str:
    """The text of a cell that `guard` made."""
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell, 1) else cell


def join_values(values: Sequence[str | None]) -> str:
    """The cell of many values; empty if all of them are."""
    texts = [value or "" for value in values]
    cell = texts[0] if len(texts) == 1 else SEPARATOR.join(texts)
    if "\\" in cell or cell.count("|") >= max(len(texts), 1):
        escaped = [text.replace("\\", r"\\").replace("|", r"\|") for text in texts]
        return SEPARATOR.join(escaped)
    return cell if any(texts) else ""


def split_values(cell: str) -> list[str]:
    """The values of a cell that `join_values` made; a backslash before others stays."""
    if not cell:
        return []
    values, start = [""], 0
    for match in VALUE.finditer(cell):
        values[-1] += cell[start : match.start()]
        start = match.end()
        if match[0] == SEPARATOR:
            values.append("")
        else:
            values[-1] += match[0][1]
    values[-1] += cell[start:]
    return values


def column_names(type: str) -> tuple[str, ...]:
    """The names of the columns of one type of record."""
    return tuple(columns_of_type(type))


def rows_of(type: str, documents: list[Document], names: Sequence[str]) -> Iterator[list[str]]:
    """A row of cells for each document, with the columns of these names."""
    if type == "claim":
        prepare_claims(documents)
    elif type == "statement":
        share_claims(documents)
    columns = columns_of_type(type)
    values = [columns[name] for name in names]
    for document in documents:
        cells = [value(document) for value in values]
        yield [guard(cell) if cell[:1] in RISKY else cell for cell in cells]


def prepare_claims(documents: list[Document]) -> None:
    """Give claims their own quotes, and the list of their sources.

    A source of several reports is there once, so that the columns of sources have one order.
    """
    show_own_quotes(documents)
    for document in documents:
        reports = document["reports"]
        if len(reports) > 1:
            reports = {report["source"]["id"]: report for report in reports}.values()
        document["sources"] = [report["source"] for report in reports]
        document["publishers"] = [report["publisher"] or NOBODY for report in reports]


def share_claims(statements: list[Document]) -> None:
    """Prepare the claims of statements; those of one claim share it."""
    claims: dict[str, Document] = {}
    for statement in statements:
        claim = statement["claim"]
        statement["claim"] = claims.setdefault(claim["id"], claim)
    prepare_claims(list(claims.values()))


def show_own_quotes(documents: Iterable[Document]) -> None:
    """Put the claims' own quotes in place of those that are the words of a report."""
    doubtful = {
        document["id"]: document for document in documents if document["quote"] in direct(document)
    }
    rows = fetch_all(
        f"SELECT record.id, claim.quote FROM {database.packed_rows(id='text')} AS doubtful"
        " CROSS JOIN record JOIN claim ON claim.key = record.key"
        " WHERE record.type = 'claim' AND record.id = doubtful.id",
        database.pack({"id": id} for id in doubtful),
    )
    for id, quote in rows:
        doubtful[id]["quote"] = quote


def direct(claim: Document) -> list[str]:
    """The exact words of a claim's direct reports."""
    return [
        report["exact"]
        for report in claim["reports"]
        if report["exact"] and report["attribution"] == "direct"
    ]


@cache
def columns_of_type(type: str) -> dict[str, CellValue]:
    """The columns of one type of record, by name and in order."""
    if type in ("claim", "statement"):
        return CLAIM_COLUMNS if type == "claim" else STATEMENT_COLUMNS
    model = RECORD_TYPES[type]
    lists = {link.SECTION for link in model.LINKS}
    columns: dict[str, CellValue] = {}
    for name in ("id", *model.DOCUMENT, "identifiers", "former_ids", "created_at", "updated_at"):
        if name == "stances":
            columns |= {stance: stance_count(stance) for stance in STANCES}
        elif not (name in lists or isinstance(model._meta.fields.get(name), Reference)):
            columns[name] = CELL_VALUES.get(name) or scalar(name)
    return columns | REFERENCE_COLUMNS[type]


def scalar(name: str) -> CellValue:
    """The column of a field that is a text or a number."""

    def value(document: Document) -> str:
        value = document[name]
        return value if value.__class__ is str else "" if value is None else str(value)

    return value


def stance_count(stance: str) -> CellValue:
    return lambda document: str(document["stances"][stance])


def attributes(document: Document) -> str:
    """The attributes as JSON."""
    return orjson.dumps(document["attributes"]).decode() if document["attributes"] else ""


def values_of(field: str) -> CellValue:
    """The column of a list of texts."""
    return lambda document: join_values(document[field])


def identifiers(document: Document) -> str:
    return join_values(
        [f"{item['scheme']}:{item['identifier']}" for item in document["identifiers"]]
    )


def reference(field: str, member: str) -> CellValue:
    """The column of one member of a related record."""

    def value(document: Document) -> str:
        related = document[field]
        return related[member] if related else ""

    return value


def members(field: str, member: str) -> CellValue:
    """The column of one member of each item of a list."""

    def value(document: Document) -> str:
        items = document[field]
        return join_values([item[member] for item in items]) if items else ""

    return value


def related_ids(field: str, member: str) -> CellValue:
    """The column of the ids of the records that the items of a list name."""
    return lambda document: join_values(
        [item[member] and item[member]["id"] for item in document[field]]
    )


def party_ids(field: str) -> CellValue:
    """The column of actors and organizations as `type:id`."""
    return lambda document: join_values(
        [f"{party['type']}:{party['id']}" for party in document[field]]
    )


CELL_VALUES: dict[str, CellValue] = {
    "aliases": values_of("aliases"),
    "authors": values_of("authors"),
    "former_ids": values_of("former_ids"),
    "attributes": attributes,
    "identifiers": identifiers,
}
REFERENCE_COLUMNS: dict[str, dict[str, CellValue]] = {
    "organization": {"parent_id": reference("parent", "id")},
    "actor": {
        "organization_ids": related_ids("memberships", "organization"),
        "on_behalf_of_ids": related_ids("memberships", "on_behalf_of"),
    },
    "topic": {"parent_id": reference("parent", "id")},
    "position": {"topic_ids": members("topics", "id")},
    "event": {
        "parent_id": reference("parent", "id"),
        "organizer_ids": members("organizers", "id"),
        "participant_ids": party_ids("participants"),
    },
    "source": {
        "publisher_id": reference("publisher", "id"),
        "origin_id": reference("origin", "id"),
    },
}
CLAIM_COLUMNS: dict[str, CellValue] = {
    "claim": scalar("text"),
    "actor": reference("actor", "name"),
    "organization": reference("organization", "name"),
    "date": scalar("date"),
    "quote": scalar("quote"),
    "position": members("positions", "text"),
    "stance": members("positions", "stance"),
    "topic": members("topics", "name"),
    "source": members("sources", "title"),
    "url": members("sources", "url"),
    "id": scalar("id"),
    "role": scalar("role"),
    "publisher": members("publishers", "name"),
    "event": reference("event", "name"),
    "place": scalar("place"),
    "form": scalar("form"),
    "about": members("about", "name"),
    "addressee": members("addressees", "name"),
    "status": scalar("status"),
    "coder": scalar("coder"),
    "language": scalar("language"),
    "attributes": attributes,
    "actor_id": reference("actor", "id"),
    "organization_id": reference("organization", "id"),
    "event_id": reference("event", "id"),
    "topic_ids": members("topics", "id"),
    "position_ids": members("positions", "id"),
    "source_ids": members("sources", "id"),
    "publisher_ids": members("publishers", "id"),
    "about_ids": party_ids("about"),
    "addressee_ids": party_ids("addressees"),
}


def of_claim(value: CellValue) -> CellValue:
    """The column of a claim, of a statement that it makes."""
    return lambda statement: value(statement["claim"])


STATEMENT_COLUMNS: dict[str, CellValue] = {
    "node": reference("node", "name"),
    "item": reference("item", "name"),
    "stance": scalar("stance"),
    "node_type": reference("node", "type"),
    "node_id": reference("node", "id"),
    "item_type": reference("item", "type"),
    "item_id": reference("item", "id"),
    **{
        f"claim_{name}" if name in ("id", "stance") else name: of_claim(value)
        for name, value in CLAIM_COLUMNS.items()
    },
}
