"""A list: which rows, which page of them, and what the answer says about the query."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import orjson
from flask import Response, request

from api.formats.sparse import shown
from api.http.problems import Problem, at
from api.http.responses import Body, answer, versioned
from api.query.parser import Query, encoded
from api.v1.records import Path, body_of, redirect_or_refuse
from models.base import Dataset, database
from models.cache import Remembered
from models.database.row_page import Page
from models.queries.compiled import Shape, bind, shape
from models.queries.compiled import page as page_of
from models.queries.compiled import total as total_of
from models.queries.facets import Facet, facet
from models.queries.filter_kinds import Choice
from models.record_table import Thing
from models.search import countries
from models.search.names import MATCHES_AT_MOST, MATCHES_SHOWN, Asked, Match, Resolved, resolve

# what a claim can have several of
MANY = ("topic", "position", "about", "addressee", "source")


def page(model: type[Thing], query: Query, **fixed: Path) -> Response:
    """One page of the records that match; `fixed` are the filters that the path fixes."""
    path = versioned(request)
    return answer(lambda dataset: listing(model, query, fixed, path, dataset), query.canonical)


def array(parent: Path, name: str, query: Query) -> Response:
    """One page of a list within a record's document, in its order."""
    path = versioned(request)

    def build(dataset: Dataset) -> Body:
        items = orjson.loads(body_of(parent))[name]
        binding = bound_to(query, path, dataset)
        start, _ = decode(query.cursor, binding) if query.cursor else (0, 0)
        end = start + query.limit
        cursor = encode((end, 0), binding) if end < len(items) else None
        meta: dict[str, Any] = {
            "total": len(items),
            "next_cursor": cursor,
            "dataset": name_of(dataset),
            "resolved": {},
            "facets": {},
        }
        content = orjson.dumps({"data": items[start:end], "included": {}, "meta": meta})
        return Body(content, query.at(cursor) if cursor else None)

    return answer(build, query.canonical)


class Understood(NamedTuple):
    """What a query asks for, as one version of the dataset understands it."""

    # None: nothing can match
    form: Shape | None
    # for the slots of the statements
    values: Mapping[str, Any]
    # how each name was understood, as JSON
    resolved: bytes

    def walk(self, model: type[Thing]) -> tuple:
        """What tells these rows from others, whatever the words that asked for them."""
        lists = [(name, value) for name, value in self.values.items() if name.endswith("[]")]
        return model, self.form, tuple(sorted(lists))


class Known(NamedTuple):
    """What is known of a page that was answered before, in one version of the dataset.

    Its rows and documents are found again; what the answer says beside them stays.
    """

    # as in `Understood`, but for the limit and the cursor
    form: Shape | None
    values: Mapping[str, Any]
    meta: bytes
    next_query: str | None


def listing(
    model: type[Thing], query: Query, fixed: Mapping[str, Path], path: str, dataset: Dataset
) -> Body:
    asked = (dataset.state, path, query.canonical)
    known = FOUND.get(asked)
    if known:
        documents = fetched(model, known.form, query, known.values, placed=False).content
    else:
        known, documents = first(model, query, fixed, path, dataset)
        FOUND.put(asked, known)
    documents, included = shown(model._meta.table_name, documents, query)
    # joined, where % would take four times as long
    content = b"".join(
        (
            b'{"data":[',
            documents,
            b'],"included":',
            orjson.dumps(included),
            b',"meta":',
            known.meta,
            b"}",
        )
    )
    return Body(content, known.next_query)


def first(
    model: type[Thing], query: Query, fixed: Mapping[str, Path], path: str, dataset: Dataset
) -> tuple[Known, bytes]:
    """A page that was not asked for before, and its documents."""
    binding = bound_to(query, path, dataset)
    understood = remembered((dataset.state, binding), lambda: understand(model, query, fixed))
    values = {**understood.values, "limit": query.limit + 1}
    if query.cursor:
        values["after"], values["after.tie"] = decode(query.cursor, binding)
    page = fetched(model, understood.form, query, values, placed=True)
    more = len(page.ties) > query.limit
    whole = None if more or query.cursor else len(page.ties)
    total, facets = counts(model, query, understood, dataset, whole)
    cursor = None
    if more:
        last = query.limit - 1
        cursor = encode((page.sorts[last], page.ties[last]), binding)
    meta = {
        "total": total,
        "next_cursor": cursor,
        "dataset": name_of(dataset),
        "resolved": orjson.Fragment(understood.resolved),
        "facets": facets,
    }
    next_query = query.at(cursor) if cursor else None
    values["limit"] = query.limit
    known = Known(understood.form, values, orjson.dumps(meta), next_query)
    return known, page.first(query.limit)


def fetched(
    model: type[Thing], form: Shape | None, query: Query, values: Mapping[str, Any], *, placed: bool
) -> Page:
    """The rows of a page; where each stands only if `placed`."""
    if form is None:
        return Page()
    place = model.SORTS[query.sort].place(values["after"]) if "after" in values else None
    engine: Any = type(database.obj)
    statement = page_of(engine, model, form, query.sort, place, placed)
    return database.paged(statement.rows(values))


def counts(
    model: type[Thing], query: Query, asked: Understood, dataset: Dataset, whole: int | None
) -> tuple[int | None, dict[str, Any]]:
    """How many rows there are in all, `whole` if that is known, and the facets."""
    form = asked.form
    if form is None:
        nothing = {"groups": 0, "missing": 0, "values": []}
        return 0 if query.counted else None, dict.fromkeys(query.facet, nothing)

    engine: Any = type(database.obj)

    # what was counted for one page serves the others
    def count(name: str | None, counted: Callable[[], Any]) -> Any:
        return remembered((dataset.state, *asked.walk(model), name), counted)

    def total() -> int:
        if whole is not None:
            return whole
        return count(None, lambda: total_of(engine, model, form).rows(asked.values)[0][0])

    def spread(name: str) -> dict[str, Any]:
        of = partial(facet, model, name, engine, form, asked.values)
        return count(name, lambda: counted(of(total())))

    return total() if query.counted else None, {name: spread(name) for name in query.facet}


# its objects take about twice the bytes of their letters
FOUND: Remembered[Any] = Remembered(16 << 20, lambda *one: 2 * len(repr(one)))


def remembered(key: tuple, find: Callable[[], Any]) -> Any:
    """What was found under this key, or is now. The key holds the dataset's state."""
    found = FOUND.get(key)
    if found is None:
        found = find()
        FOUND.put(key, found)
    return found


def counted(facet: Facet) -> dict[str, Any]:
    return {
        "groups": facet.groups,
        "missing": facet.missing,
        "values": [{"id": id, "name": name, "count": count} for id, name, count in facet.values],
    }


def understand(model: type[Thing], query: Query, fixed: Mapping[str, Path]) -> Understood:
    keys, resolved = resolve_names(query, fixed)
    refuse_too_broad(resolved)
    filters = model.filter_names() - fixed.keys()
    explanation = {
        name: [explained(name, one, filters) for one in values] for name, values in resolved.items()
    }
    choices = {
        **query.choices,
        **{name: choice(name, values, query.every) for name, values in resolved.items()},
        **{name: Choice((key,)) for name, key in keys.items()},
    }
    choices = model.spelled_out(choices)
    form, values = None, {}
    if not any(one.having == () for one in choices.values()):
        choices = model.with_defaults(choices)
        form, values = shape(choices), bind(choices)
    return Understood(form, values, orjson.dumps(explanation))


def resolve_names(
    query: Query, fixed: Mapping[str, Path]
) -> tuple[dict[str, int], dict[str, list[Resolved]]]:
    """The keys of what the path fixes, and what the names of the query stand for, in its order."""
    names = {name: query.names[name] for name in sorted(query.names)}
    asked = [Asked(path.id, (path.type,), exact=True) for path in fixed.values()]
    asked += [one for name, values in names.items() for one in values if not is_code(name, one)]
    found = iter(resolve(asked))
    keys = {name: key_of(path, next(found)) for name, path in fixed.items()}
    resolved = {
        name: [Resolved(one) if is_code(name, one) else next(found) for one in values]
        for name, values in names.items()
    }
    if "country" in resolved:
        resolved["country"] = [countries.understand(one) for one in resolved["country"]]
    return keys, resolved


def is_code(name: str, one: Asked) -> bool:
    """Whether a value of the filter by country is a code, which need not be looked up."""
    return name == "country" and one.text.upper() in countries.CODES


def key_of(path: Path, found: Resolved) -> int:
    if not (found.matches and found.matches[0].id == path.id):
        redirect_or_refuse(path)
    return found.matches[0].key


def choice(name: str, values: list[Resolved], every: bool) -> Choice:
    """The keys (of countries, the codes) to have and not to have."""
    sought = [one for one in values if not one.asked.exclude]
    having = dict.fromkeys(value_of(match) for one in sought for match in one.matches)
    without = dict.fromkeys(
        value_of(match) for one in values if one.asked.exclude for match in one.matches
    )
    if every and name in MANY and len(sought) > 1:
        groups = tuple(tuple(map(value_of, one.matches)) for one in sought)
        return Choice(None, tuple(without), groups) if all(groups) else Choice((), tuple(without))
    return Choice(tuple(having) if sought else None, tuple(without))


def value_of(match: Match) -> int | str:
    return match.id if match.type == "country" else match.key


def refuse_too_broad(resolved: Mapping[str, list[Resolved]]) -> None:
    errors = [
        at(name, f"matches more than {MATCHES_AT_MOST} records", one.asked.text)
        for name, values in resolved.items()
        for one in values
        if one.too_broad
    ]
    if errors:
        raise Problem(
            "too-broad",
            f"{errors[0]['value']!r} matches more than {MATCHES_AT_MOST} records: "
            "use more words, or an id.",
            errors,
        )


def explained(name: str, one: Resolved, filters: set[str]) -> dict[str, Any]:
    """How one value of a filter was understood, among the filters that the path takes."""
    suggestions = [
        {**brief(match), "query": query}
        for match in one.suggestions
        if (query := instead(name, one, match, filters))
    ]
    return {
        "asked": one.asked.text,
        "exclude": one.asked.exclude,
        "tier": one.tier,
        "count": len(one.matches),
        "matches": [brief(match) for match in one.matches[:MATCHES_SHOWN]],
        "suggestions": suggestions,
    }


def brief(match: Match) -> dict[str, str]:
    return {"type": match.type, "id": match.id, "name": match.name}


def instead(name: str, one: Resolved, match: Match, filters: set[str]) -> str | None:
    """The parameter that would find a suggestion on this list, if one does."""
    exclude = "!" if one.asked.exclude else ""
    if match.type == "country":
        return encoded({name: [exclude + match.id]})
    if match.type in one.asked.types:
        pin = f"{match.type}:" if len(one.asked.types) > 1 else ""
        return encoded({name: [f"{exclude}{pin}{match.id}"]})
    if match.type in filters:
        return encoded({match.type: [exclude + match.id]})
    return None


def name_of(dataset: Dataset) -> str:
    """The database and its version, for clients an opaque string."""
    return f"{dataset.id}-{dataset.version}"


def bound_to(query: Query, path: str, dataset: Dataset) -> bytes:
    """What a cursor is bound to: the database, the path, the filters as asked, and the sort."""
    return f"{dataset.secret}\n{path}\n{query.of_rows}".encode()


def encode(place: tuple[Any, int], binding: bytes) -> str:
    content = orjson.dumps(place)
    return base64.urlsafe_b64encode(signature(content, binding) + content).decode().rstrip("=")


def decode(cursor: str, binding: bytes) -> tuple[Any, int]:
    """The place that a cursor names: a sort value and a key. Raises Problem: bad-cursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except ValueError:
        raw = b""
    content = raw[8:]
    if not hmac.compare_digest(raw[:8], signature(content, binding)):
        raise Problem(
            "bad-cursor",
            "This cursor does not belong to this path, filters and sort: take it as it stands from "
            "meta.next_cursor, or start again without one.",
            [at("cursor", "is no cursor of this list", cursor[:200])],
        )
    value, key = orjson.loads(content)
    return value, key


def signature(content: bytes, binding: bytes) -> bytes:
    return hashlib.blake2b(content, key=hashlib.blake2b(binding).digest(), digest_size=8).digest()
