"""Full-text search over all types at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from api.formats.page import MakeAnswer, Page, SingleObject
from api.openapi import schemas
from api.openapi.blueprint import FAILURES, Blueprint
from api.query.display import (
    HighlightParameter,
    NumberParameter,
    ObjectQuery,
    WordListParameter,
)
from api.query.parameters import MAX_LENGTH, FullTextParameter
from api.query.parser import Query, encode_query, parse_query
from api.query.resolution import brief
from api.v1 import actors, claims, events, organizations, positions, sources, topics
from api.v1.autocomplete import told_apart
from api.v1.lists import list_page
from models.dataset import Dataset, dataset_name
from models.queries.fetch import fetch_documents_by_key
from models.queries.names import NAME_COLUMNS, NAMED_TABLES
from models.queries.sorting import RELEVANCE
from models.record_table import type_of
from models.search.completion import keys_of_name
from models.search.descriptions import describe
from models.search.highlights import find_highlights
from models.search.names import NameQuery
from models.search.resolution import resolve_names
from models.search.text_query import parse_text_query

MAX_RESULTS = 20
DEFAULT_RESULTS = 5
# in the order of the groups
RESOURCES = {
    type_of(resource.model): resource
    for resource in (
        actors.ACTORS, organizations.ORGANIZATIONS, events.EVENTS, topics.TOPICS,
        positions.POSITIONS, sources.SOURCES, claims.CLAIMS,
    )
}  # fmt: skip

blp = Blueprint("search", __name__, description="Full-text search over all types at once.")


class SearchQuery(ObjectQuery):
    q = FullTextParameter("Records with these words.", "defence spending", required=True)
    type = WordListParameter(
        "SearchType",
        RESOURCES,
        "Only records of these types. Commas and repetition both separate them.",
        ["claim"],
    )
    limit = NumberParameter("The most results of each type.", 3, 1, MAX_RESULTS, DEFAULT_RESULTS)
    highlight = HighlightParameter()


class SearchResultSchema(schemas.Schema):
    """A record that has the words."""

    id = schemas.text_field("Its id.")
    name = schemas.text_field("Its name; a source's title, a position's or a claim's text.")
    hint = schemas.text_field(
        "What tells it apart from namesakes, for display; a claim's claimant and date."
    )
    claim_count = schemas.number_field(
        "How many coded and verified claims its /claims route lists; null for a claim.",
        nullable=True,
    )


class SearchGroupSchema(schemas.Schema):
    """The records of one type that have the words."""

    type = schemas.enum_field("SearchType", RESOURCES, "The type.")
    total = schemas.number_field("How many there are: the total of the type's list with q.")
    results = schemas.objects_field(
        SearchResultSchema, "The best ones: first those whose whole name was asked for."
    )


class SearchMetaSchema(schemas.Schema):
    """The version of the dataset, and what else was probably meant."""

    dataset = schemas.text_field("Names the database and its version; opaque.")
    highlights = schemas.objects_field(
        schemas.HighlightSchema, "Where the words of q stand in the results, if asked for."
    )
    suggestions = schemas.objects_field(
        schemas.MatchSchema, "If nothing has the words: records that were probably meant."
    )


class SearchResultsSchema(schemas.Schema):
    """Results by type; types without any are left out."""

    data = schemas.objects_field(
        SearchGroupSchema,
        "The types with results. A type with a record of just this name comes first.",
    )
    meta = schemas.object_field(
        SearchMetaSchema,
        "The version of the dataset, and what else was probably meant.",
        nullable=False,
    )


class Group(NamedTuple):
    """The records of one type that have the words."""

    type: str
    total: int
    # the documents of the results
    documents: list[dict[str, Any]]
    # whether one of them has just this name
    is_named: bool


@blp.object_route(
    "/search", SearchResultsSchema, SearchQuery(), failures=(*FAILURES, 422), sample="q=antalya"
)
def search_records(query: Query) -> MakeAnswer:
    """Search the texts of all types at once.

    Results stand by type. Each type's list takes the same q and lists all of them.
    """
    (text,) = query.parameters["q"]
    asked = query.parameters.get("type", ("",))[0]
    types = [type for type in RESOURCES if not asked or type in asked.split(",")]

    def answer(dataset: Dataset) -> SingleObject:
        ids = named_ids(text, types)
        groups = [find_group(type, query, ids[type], dataset) for type in types]
        groups = [group for group in groups if group.total]
        groups.sort(key=lambda group: not group.is_named)
        document = {
            "data": [group_json(group) for group in groups],
            "meta": {
                "dataset": dataset_name(dataset),
                "highlights": result_highlights(groups, text) if query.highlighted else [],
                "suggestions": [] if groups else suggestions(text, types),
            },
        }
        return SingleObject(orjson.dumps(document))

    return answer


def named_ids(text: str, types: Collection[str]) -> defaultdict[str, list[str]]:
    """The ids of the records that have this name, by type."""
    named_types = [type for type in types if type in NAMED_TABLES]
    keys = keys_of_name(text, named_types, MAX_RESULTS)
    ids = defaultdict(list)
    for type, body in fetch_documents_by_key(keys):
        ids[type].append(orjson.loads(body)["id"])
    return ids


def find_group(type: str, query: Query, named: list[str], dataset: Dataset) -> Group:
    """The best records of a type: first the records of this name, then by relevance."""
    page = best_records(type, query, dataset, query.limit)
    first = list(best_records(type, query, dataset, MAX_RESULTS, named).records) if named else []
    first.sort(key=lambda document: named.index(document["id"]))
    documents = {document["id"]: document for document in (*first, *page.records)}
    shown = list(documents.values())[: query.limit]
    return Group(type, page.meta["total"], shown, is_named=bool(first))


def best_records(
    type: str, query: Query, dataset: Dataset, limit: int, ids: Sequence[str] = ()
) -> Page:
    """The first page of a type's list with the words, by relevance; only of these ids, if any."""
    parameters = {
        "q": query.parameters["q"], "id": ids, "sort": [RELEVANCE], "limit": [str(limit)],
    }  # fmt: skip
    resource = RESOURCES[type]
    query_string = encode_query(parameters).encode()
    list_query = parse_query(resource.query(), query_string, f"/v1/{type}s")
    return list_page(resource.model, list_query)(dataset)


def group_json(group: Group) -> dict[str, Any]:
    name = NAME_COLUMNS.get(group.type, "text" if group.type == "claim" else "name")
    results = [
        {
            "id": item["id"],
            "name": item[name],
            "hint": describe(group.type, item),
            "claim_count": item.get("claim_count"),
        }
        for item in group.documents
    ]
    return {"type": group.type, "total": group.total, "results": told_apart(results)}


def result_highlights(groups: Iterable[Group], text: str) -> list[dict[str, Any]]:
    """Where the words stand in the results."""
    words = parse_text_query(text)
    return [
        highlight._asdict()
        for group in groups
        for highlight in find_highlights(group.type, group.documents, words)
    ]


def suggestions(text: str, types: Collection[str]) -> list[dict[str, str]]:
    """Records whose names are similar to a text: of these types first, unless all are claims."""
    named_types = tuple(type for type in types if type in NAMED_TABLES)
    (name,) = resolve_names([NameQuery(text[:MAX_LENGTH], named_types or tuple(NAMED_TABLES))])
    return [brief(match) for match in name.suggestions]
