"""The further answers of HTML pages: answers of other routes, from the same snapshot."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus

import marshmallow as ma

from api.formats.html import document_of
from api.formats.page import Answer, FurtherAnswer, MakeAnswer, Page, PageParts
from api.pages.kinds import FurtherDocument, page_kind
from api.query.parser import Query, parse_query
from models.dataset import Dataset

# the view and the parameters of each route with its version
ROUTES: dict[str, tuple[Callable[..., MakeAnswer], ma.Schema]] = {}


def with_parts(
    make_answer: MakeAnswer, route: str, query: Query, path: Mapping[str, str]
) -> MakeAnswer:
    """An answer with the parts of its page."""
    _, schema = ROUTES[route]
    wanted = {name for name, value in query.filters() if not value.startswith("!")}
    kind = page_kind(route, schema.fields, query.row_parameters, wanted)
    # facets that are asked for stand in the document of the page itself
    documents = {} if query.facet else kind.further
    further = {
        name: (part.max_total, *further_answer(part, path)) for name, part in documents.items()
    }

    def answer(dataset: Dataset) -> Answer:
        document = make_answer(dataset)
        total = list_total(document)
        parts = {
            name: FurtherAnswer(url, make(dataset))
            for name, (max_total, url, make) in further.items()
            if total <= max_total
        }
        for name, part in kind.dependent.items():
            if part_query := part.query(document_of(parts[part.source].answer)):
                url, make = further_answer(FurtherDocument(part.route, part_query), path)
                parts[name] = FurtherAnswer(url, make(dataset))
        return document._replace(parts=PageParts(kind.template, parts, schema.fields))

    return answer


def list_total(answer: Answer) -> float:
    """How many records a list has, infinitely many if they are not counted; 0 for an object."""
    if not isinstance(answer, Page):
        return 0
    total = answer.meta["total"]
    return math.inf if total is None else total


def further_answer(part: FurtherDocument, path: Mapping[str, str]) -> tuple[str, MakeAnswer]:
    """The URL of a further document as JSON, and a function that makes its answer."""
    view, schema = ROUTES[part.route]
    url, query_string = part.route, part.query
    for name, value in path.items():
        url = url.replace(f"<{name}>", value)
        query_string = query_string.replace(f"<{name}>", quote_plus(value))
    query = parse_query(schema, query_string.encode(), url)
    taken = path if "<" in part.route else {}
    # a browser would get a page, unless the route has no other format
    format = "format=json" if "format" in schema.fields else ""
    shown_query = "&".join(filter(None, (query_string, format)))
    return f"{url}?{shown_query}" if shown_query else url, view(query, **taken)
