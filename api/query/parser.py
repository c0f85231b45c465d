"""The query string: parsed, validated, and written in its canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes, urlencode

import marshmallow as ma

from api.formats import FORMATS, Format
from api.http.problems import HTTPProblem, parameter_error
from api.query.display import DEFAULT_FACET_LIMIT, DEFAULT_LIMIT
from api.query.format_parameters import parameters_in
from api.query.hints import probable_parameter
from api.query.parameters import MAX_LENGTH, InvalidValue, NameParameter, OrderedParameters
from models.queries.slots import FilterValues
from models.queries.sorting import RELEVANCE
from models.search.names import NameQuery


@dataclass(frozen=True)
class Query:
    """A validated query: which rows, and how they are shown."""

    # the versioned path
    path: str = ""
    # which rows: filters that name records, and the others
    names: Mapping[str, tuple[NameQuery, ...]] = field(default_factory=dict)
    values: Mapping[str, FilterValues] = field(default_factory=dict)
    match_all: bool = False
    since: str | None = None
    # how they are shown
    sort: str = ""
    include: tuple[str, ...] = ()
    facet: tuple[str, ...] = ()
    facet_limit: int = DEFAULT_FACET_LIMIT
    fields: tuple[str, ...] = ()
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    counted: bool = True
    highlighted: bool = False
    bom: bool = False
    # the values of all parameters, defaults included
    options: Mapping[str, Any] = field(default_factory=dict)
    # the parameters in canonical form: sorted, without duplicates and defaults
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # where their order counts: as they were asked, without duplicates
    pairs: tuple[tuple[str, str], ...] = ()
    # filters and sort, to which a cursor is bound
    row_parameters: str = ""

    @cached_property
    def canonical(self) -> str:
        """The canonical query string."""
        return urlencode(self.pairs) or encode_query(self.parameters)

    def with_cursor(self, cursor: str) -> str:
        """The query string of another page; a cursor needs no quoting."""
        before, after = self._around_cursor
        return "&".join(filter(None, (before, f"cursor={cursor}", after)))

    def filters(self) -> list[tuple[str, str]]:
        """The names and values that choose the rows, as they were given."""
        return [(name, value) for name, value in parse_qsl(self.row_parameters) if name != "sort"]

    @cached_property
    def _around_cursor(self) -> tuple[str, str]:
        """The parameters before and after `cursor` in canonical order."""
        names = self.parameters.keys() - {"cursor"}
        return (
            encode_query({name: self.parameters[name] for name in names if name < "cursor"}),
            encode_query({name: self.parameters[name] for name in names if name > "cursor"}),
        )


def parse_query(
    schema: ma.Schema, query_string: bytes, path: str = "", format: Format = FORMATS[0]
) -> Query:
    """A query string of a path as the schema understands it, for an answer in a format.

    Raises HTTPProblem: unknown-parameter, repeated-parameter, bad-encoding, bad-cursor,
    invalid-value.
    """
    given: dict[str, list[str]] = {}
    pairs = decode_query(query_string)
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    refuse_unknown(schema, given)
    refuse_repeated(schema, given)
    if format.skips_empty:
        given = without_empty(given)
    fields = parameters_in(schema, format)
    # the canonical query names the format, and what follows from it
    if format is not FORMATS[0] and "format" in fields:
        given.setdefault("format", [format.name])
    for name in format.defaults.keys() & fields.keys():
        given.setdefault(name, [format.defaults[name]])
    loaded = load_parameters(fields, given)
    for name in format.ignored & given.keys():
        del given[name]
        loaded[name] = fields[name].load_default
    filters = {name: value for name, value in loaded.items() if fields[name].chooses_rows}
    parameters = {
        name: fields[name].canonical(values)
        for name, values in given.items()
        if not (fields[name].single and fields[name].load_default == loaded[name])
    }
    row_parameters = {
        name: values
        for name, values in parameters.items()
        if fields[name].chooses_rows or name in ("sort", "since")
    }
    return Query(
        path=path,
        names={
            name: value
            for name, value in filters.items()
            if isinstance(fields[name], NameParameter)
        },
        values={
            **{name: value for name, value in filters.items() if isinstance(value, FilterValues)},
            **(loaded.get("has") or {}),
        },
        match_all=loaded.get("match") == "all",
        since=loaded.get("since"),
        sort=loaded.get("sort", ""),
        include=loaded.get("include", ()),
        facet=loaded.get("facet", ()),
        facet_limit=loaded.get("facet_limit", DEFAULT_FACET_LIMIT),
        fields=loaded.get("fields", ()),
        limit=loaded.get("limit", DEFAULT_LIMIT),
        cursor=loaded.get("cursor"),
        counted=loaded.get("count") != "none",
        highlighted=loaded.get("highlight") == "true",
        bom=loaded.get("bom", False),
        options=loaded,
        parameters=parameters,
        pairs=tuple(dict.fromkeys(pairs)) if isinstance(schema, OrderedParameters) else (),
        row_parameters=encode_query(row_parameters),
    )


def without_empty(given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The parameters that have values; a form also sends the fields that a reader left empty."""
    kept = {name: [value for value in values if value.strip()] for name, values in given.items()}
    return {name: values for name, values in kept.items() if values}


def load_parameters(fields: Mapping[str, Any], given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The values of all parameters, defaults included. Raises HTTPProblem with all errors."""
    loaded = {
        name: field.load_default
        for name, field in fields.items()
        if field.load_default is not ma.missing
    }
    errors = []
    for name, values in given.items():
        try:
            loaded[name] = fields[name].deserialize(values)
        except InvalidValue as error:
            value = error.value and error.value[:MAX_LENGTH]
            errors.append(parameter_error(name, error.messages[0], value, error.suggestion))
    errors = errors or absent_parameters(fields, given) or contradictions(loaded)
    if errors:
        detail = "; ".join(f"{error['parameter']} {error['message']}" for error in errors)
        raise HTTPProblem("invalid-value", f"{detail}.", errors)
    return loaded


def absent_parameters(fields: Mapping[str, Any], given: Mapping[str, list[str]]) -> list[dict]:
    """Errors for required parameters that are not given."""
    return [
        parameter_error(name, "is required")
        for name, field in fields.items()
        if field.required and name not in given
    ]


def contradictions(loaded: Mapping[str, Any]) -> list[dict]:
    """Errors in values that are valid on their own."""
    start, end = loaded.get("from_date"), loaded.get("to_date")
    if start and end and end.any_of[0]["last"] < start.any_of[0]["first"]:
        return [parameter_error("to_date", "ends before from_date begins")]
    if loaded.get("sort") == RELEVANCE and "q" not in loaded:
        return [parameter_error("sort", "relevance needs the parameter q", RELEVANCE)]
    return []


def decode_query(query_string: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string, which must be UTF-8 without NUL. Raises HTTPProblem."""
    pairs = []
    for part in filter(None, query_string.split(b"&")):
        name, _, value = part.partition(b"=")
        try:
            name_text, value_text = (
                unquote_to_bytes(text.replace(b"+", b" ")).decode() for text in (name, value)
            )
        except UnicodeDecodeError:
            raise bad_encoding(part) from None
        if "\x00" in name_text + value_text:
            raise bad_encoding(part)
        pairs.append((name_text, value_text))
    return pairs


def encode_query(parameters: Mapping[str, Iterable[str]]) -> str:
    """A query string, its parameters in alphabetical order."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value)}"
        for name in sorted(parameters)
        for value in parameters[name]
    )


def bad_encoding(part: bytes) -> HTTPProblem:
    text = part[:MAX_LENGTH].decode("ascii", "backslashreplace")
    detail = f"{text!r} in the query is not percent-encoded UTF-8, or it holds NUL."
    return HTTPProblem("bad-encoding", detail)


def refuse_unknown(schema: ma.Schema, given: Mapping[str, Any]) -> None:
    """Refuse parameters that the path does not take, each with the one that was probably meant."""
    unknown = [name for name in given if name not in schema.fields]
    if not unknown:
        return
    errors = []
    for name in unknown:
        suggestion = probable_parameter(name[:MAX_LENGTH], schema.fields)
        errors.append(parameter_error(name[:MAX_LENGTH], "unknown parameter", None, suggestion))
    suggestion = errors[0]["suggestion"]
    hint = f"; did you mean {suggestion!r}?" if suggestion else "."
    taken = ", ".join(sorted(schema.fields)) or "none"
    raise HTTPProblem(
        "unknown-parameter",
        f"This path has no parameter {unknown[0][:MAX_LENGTH]!r}{hint} It takes: {taken}.",
        errors,
    )


def refuse_repeated(schema: ma.Schema, given: Mapping[str, list[str]]) -> None:
    fields: dict[str, Any] = schema.fields
    repeated = [name for name, values in given.items() if fields[name].single and len(values) > 1]
    if repeated:
        raise HTTPProblem(
            "repeated-parameter",
            f"The parameter {repeated[0]!r} takes one value, and was given more than once.",
            [
                parameter_error(name, "was given more than once", given[name][1][:MAX_LENGTH])
                for name in repeated
            ],
        )
