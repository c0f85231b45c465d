"""A query: its string parsed and validated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

import marshmallow as ma
from rapidfuzz import process

from api.http.problems import Problem, at
from api.query.parameters import LENGTH, LIMIT, Names, Wrong
from models.queries.filter_kinds import Choice
from models.search.names import Asked


@dataclass(frozen=True)
class Query:
    """A validated query: which rows, and how they are shown.

    `written` is what was asked, sorted, without doubles and defaults, and `canonical` the one way
    to write that; `of_rows` is the part of it that a cursor is bound to.
    """

    names: Mapping[str, tuple[Asked, ...]] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    sort: str = ""
    include: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    limit: int = LIMIT
    cursor: str | None = None
    since: str | None = None
    counted: bool = True
    every: bool = False
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_rows: str = ""

    @cached_property
    def canonical(self) -> str:
        return encoded(self.written)

    def at(self, cursor: str) -> str:
        """The query of another page."""
        return encoded({**self.written, "cursor": (cursor,)})


def decoded(query: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string, strictly UTF-8 and without NUL."""
    pairs = []
    for part in filter(None, query.split(b"&")):
        name, _, value = part.partition(b"=")
        try:
            pair = tuple(
                unquote_to_bytes(text.replace(b"+", b" ")).decode() for text in (name, value)
            )
        except UnicodeDecodeError:
            raise bad_encoding(part) from None
        if "\x00" in pair[0] + pair[1]:
            raise bad_encoding(part)
        pairs.append((pair[0], pair[1]))
    return pairs


def bad_encoding(part: bytes) -> Problem:
    shown = part[:LENGTH].decode("ascii", "backslashreplace")
    detail = f"{shown!r} in the query is not percent-encoded UTF-8, or holds the character NUL."
    return Problem("bad-encoding", detail)


def parse(schema: ma.Schema, query: bytes) -> Query:
    """A query string as the schema understands it.

    Raises Problem: unknown-parameter, repeated-parameter, bad-encoding, bad-cursor, invalid-value.
    """
    given: dict[str, list[str]] = {}
    for name, value in decoded(query):
        given.setdefault(name, []).append(value)
    refuse_unknown(schema, given)
    refuse_repeated(schema, given)
    fields: dict[str, Any] = schema.fields
    loaded = {
        name: one.load_default for name, one in fields.items() if one.load_default is not ma.missing
    }
    errors = []
    for name, values in given.items():
        try:
            loaded[name] = fields[name].deserialize(values)
        except Wrong as error:
            shown = error.value and error.value[:LENGTH]
            errors.append(at(name, error.messages[0], shown, error.suggestion))
    if not errors:
        errors = contradictions(loaded)
    if errors:
        detail = "; ".join(f"{one['parameter']} {one['message']}" for one in errors)
        raise Problem("invalid-value", f"{detail}.", errors)
    written = {
        name: fields[name].canonical(values)
        for name, values in given.items()
        if not (fields[name].single and fields[name].load_default == loaded[name])
    }
    filters = {name: value for name, value in loaded.items() if fields[name].filters}
    return Query(
        names={name: value for name, value in filters.items() if isinstance(fields[name], Names)},
        choices={
            **{name: value for name, value in filters.items() if isinstance(value, Choice)},
            **(loaded.get("has") or {}),
        },
        every=loaded.get("match") == "all",
        sort=loaded.get("sort", ""),
        include=loaded.get("include", ()),
        facet=loaded.get("facet", ()),
        fields=loaded.get("fields", ()),
        limit=loaded.get("limit", LIMIT),
        cursor=loaded.get("cursor"),
        since=loaded.get("since"),
        counted=loaded.get("count") != "none",
        written=written,
        of_rows=encoded(
            {
                name: values
                for name, values in written.items()
                if fields[name].filters or name in ("sort", "since")
            }
        ),
    )


def contradictions(loaded: Mapping[str, Any]) -> list[dict]:
    start, end = loaded.get("from_date"), loaded.get("to_date")
    if start and end and end.having[0]["last"] < start.having[0]["first"]:
        return [at("to_date", "ends before from_date begins")]
    return []


def encoded(values: Mapping[str, Iterable[str]]) -> str:
    """A query string, its parameters in order."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value)}"
        for name in sorted(values)
        for value in values[name]
    )


def refuse_unknown(schema: ma.Schema, given: Mapping[str, Any]) -> None:
    unknown = [name for name in given if name not in schema.fields]
    if unknown:
        errors = []
        for name in unknown:
            found = process.extractOne(name[:LENGTH], list(schema.fields), score_cutoff=60)
            errors.append(
                at(name[:LENGTH], "is no parameter of this path", None, found and found[0])
            )
        near = errors[0]["suggestion"]
        hint = f"; did you mean {near!r}?" if near else ""
        taken = ", ".join(sorted(schema.fields)) or "none"
        raise Problem(
            "unknown-parameter",
            f"This path has no parameter {unknown[0][:LENGTH]!r}{hint or '.'} It takes: {taken}.",
            errors,
        )


def refuse_repeated(schema: ma.Schema, given: Mapping[str, list[str]]) -> None:
    fields: dict[str, Any] = schema.fields
    repeated = [name for name, values in given.items() if fields[name].single and len(values) > 1]
    if repeated:
        raise Problem(
            "repeated-parameter",
            f"The parameter {repeated[0]!r} takes one value, and was given more than once.",
            [at(name, "was given more than once", given[name][1][:LENGTH]) for name in repeated],
        )
