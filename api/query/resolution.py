"""A validated query in one dataset version: names become keys, with an explanation of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from api.http.problems import HTTPProblem, parameter_error
from api.query.parser import Query, encode_query
from api.query.path import PathRecord, missing_record_error
from api.query.sentence import ListQuestion
from models.queries.compiled import QueryShape, bind_values, query_shape
from models.queries.defaults import spell_out, with_listed_claims
from models.queries.lists import filter_names
from models.queries.slots import FilterValues
from models.record_table import RecordTable, type_of
from models.search.countries import resolve_country
from models.search.names import MAX_MATCHES, NameMatch, NameQuery, ResolvedName
from models.search.resolution import resolve_names
from models.values.countries import COUNTRY_CODES

# filters of which a claim can have several values, so that `match=all` makes sense
MULTI_VALUED = ("topic", "position", "about", "addressee", "source")
MAX_SHOWN_MATCHES = 20


class ResolvedQuery(NamedTuple):
    """The rows that a query asks for, in one version of the dataset."""

    # None: no row can match
    shape: QueryShape | None
    # for the placeholders of compiled queries
    bound: Mapping[str, Any]
    # `meta.resolved` as JSON
    explanation: bytes
    # `meta.query`
    sentence: str
    # a key of the rows for the cache of totals and facets
    rows_key: tuple
    # the records that the values of each filter stand for
    names: Mapping[str, list[ResolvedName]]


def resolve_query(
    model: type[RecordTable], query: Query, path_filters: Mapping[str, PathRecord]
) -> ResolvedQuery:
    """Resolve the names of a query. Raises HTTPProblem, RecordMoved.

    `path_filters` are the filters that the path fixes.
    """
    path_matches, resolved = resolve_all(query, path_filters)
    refuse_too_broad(resolved)
    taken = filter_names(model) - path_filters.keys()
    explanation = {
        name: [explain(name, value, taken) for value in values] for name, values in resolved.items()
    }
    filters = {
        **query.values,
        **{name: keys_of_names(name, values, query.match_all) for name, values in resolved.items()},
        **{name: FilterValues((match.key,)) for name, match in path_matches.items()},
    }
    filters = spell_out(model, filters)
    shape: QueryShape | None = None
    bound: dict[str, Any] = {}
    if not any(values.any_of == () for values in filters.values()):
        filters = with_listed_claims(model, filters)
        shape, bound = query_shape(filters), bind_values(filters)
    lists = sorted((name, value) for name, value in bound.items() if name.endswith("[]"))
    match_all = MULTI_VALUED if query.match_all else ()
    question = ListQuestion(model, query, path_matches, resolved, match_all)
    rows_key = (type_of(model), shape, *lists)
    return ResolvedQuery(
        shape, bound, orjson.dumps(explanation), question.sentence(), rows_key, resolved
    )


def resolve_all(
    query: Query, path_filters: Mapping[str, PathRecord]
) -> tuple[dict[str, NameMatch], dict[str, list[ResolvedName]]]:
    """The records of the path's filters, and the resolved names of the others."""
    names = {name: query.names[name] for name in sorted(query.names)}
    name_queries = [
        NameQuery(path.id, (path.type,), id_only=True) for path in path_filters.values()
    ]
    name_queries += [
        value
        for name, values in names.items()
        for value in values
        if not is_country_code(name, value)
    ]
    results = iter(resolve_names(name_queries))
    path_matches = {name: path_match(path, next(results)) for name, path in path_filters.items()}
    resolved = {
        name: [
            ResolvedName(value) if is_country_code(name, value) else next(results)
            for value in values
        ]
        for name, values in names.items()
    }
    if "country" in resolved:
        resolved["country"] = [resolve_country(value) for value in resolved["country"]]
    return path_matches, resolved


def is_country_code(name: str, value: NameQuery) -> bool:
    """Whether a value of the filter `country` is a code, which needs no look-up."""
    return name == "country" and value.text.upper() in COUNTRY_CODES


def path_match(path: PathRecord, resolved: ResolvedName) -> NameMatch:
    """The record that a path names. Raises HTTPProblem, RecordMoved."""
    if not (resolved.matches and resolved.matches[0].id == path.id):
        raise missing_record_error(path)
    return resolved.matches[0]


def keys_of_names(name: str, values: list[ResolvedName], match_all: bool) -> FilterValues:
    """The keys (of countries, the codes) that the names of one filter stand for."""
    wanted = [value for value in values if not value.query.exclude]
    any_of = dict.fromkeys(filter_value(match) for value in wanted for match in value.matches)
    none_of = tuple(
        dict.fromkeys(
            filter_value(match)
            for value in values
            if value.query.exclude
            for match in value.matches
        )
    )
    if match_all and name in MULTI_VALUED and wanted:
        groups = tuple(tuple(map(filter_value, value.matches)) for value in wanted)
        return FilterValues(None, none_of, groups) if all(groups) else FilterValues((), none_of)
    return FilterValues(tuple(any_of) if wanted else None, none_of)


def filter_value(match: NameMatch) -> int | str:
    return match.id if match.type == "country" else match.key


def refuse_too_broad(resolved: Mapping[str, list[ResolvedName]]) -> None:
    """Refuse names that match too many records. Raises HTTPProblem."""
    errors = [
        parameter_error(name, f"matches more than {MAX_MATCHES} records", value.query.text)
        for name, values in resolved.items()
        for value in values
        if value.too_broad
    ]
    if errors:
        raise HTTPProblem(
            "too-broad",
            f"{errors[0]['value']!r} matches more than {MAX_MATCHES} records: "
            "use more words, or an id.",
            errors,
        )


def explain(name: str, resolved: ResolvedName, taken: set[str]) -> dict[str, Any]:
    """How one value of a filter was understood; `taken` are the filters that the path takes."""
    suggestions = [
        {**brief(match), "query": query}
        for match in resolved.suggestions
        if (query := query_for(name, resolved.query, match, taken))
    ]
    return {
        "asked": resolved.query.text,
        "exclude": resolved.query.exclude,
        "tier": resolved.tier,
        "count": len(resolved.matches),
        "matches": [brief(match) for match in resolved.matches[:MAX_SHOWN_MATCHES]],
        "suggestions": suggestions,
    }


def brief(match: NameMatch) -> dict[str, str]:
    return {"type": match.type, "id": match.id, "name": match.name}


def query_for(name: str, query: NameQuery, match: NameMatch, taken: set[str]) -> str | None:
    """The parameter that would find a suggestion on this list; None if there is none."""
    exclude = "!" if query.exclude else ""
    if match.type == "country":
        return encode_query({name: [exclude + match.id]})
    if match.type in query.types:
        pin = f"{match.type}:" if len(query.types) > 1 else ""
        return encode_query({name: [f"{exclude}{pin}{match.id}"]})
    if match.type in taken:
        return encode_query({match.type: [exclude + match.id]})
    return None
