"""The kinds of pages: the template of each route, and the further documents that it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from api.pages.further_queries import (
    changes_of_dataset,
    changes_on_lanes,
    claims_on_lanes,
    newest_changes,
    opponents_on_lanes,
)
from api.pages.links import MAX_FILTERS

# facets that a list counts, by type of record
FACETS = {
    "claim": ("actor", "organization", "topic", "position", "stance", "year", "event", "publisher"),
    "actor": ("organization", "kind"),
    "organization": ("kind", "parent"),
    "event": ("kind",),
    "source": ("kind", "publisher"),
    "topic": ("parent",),
    "position": ("topic",),
}
# facets that a list counts on demand: they read the claims of all its records, or its page would
# become too large
FACETS_ON_DEMAND = {
    "claim": ("about",),
    "actor": ("topic",),
    "organization": ("topic",),
    "event": ("actor", "topic"),
    "source": ("topic",),
    "topic": ("actor", "organization"),
    "position": ("actor", "organization"),
}
# a list of more records that have words counts its facets on demand: words have no index of facets
MAX_COUNTED_MATCHES = 10_000
# lists whose name is not that of their type
TYPES_OF_LISTS = {"subtopics": "topic", "subevents": "event", "suborganizations": "organization"}
# the filters that facets of another name set
FILTER_OF_FACET = {"year": "date", "month": "date"}


class FurtherDocument(NamedTuple):
    """A document that a page shows beside the one of its own URL."""

    route: str
    query: str = ""
    # a longer list is shown without it
    max_total: float = math.inf


class DependentDocument(NamedTuple):
    """A further document whose query follows from another one of its page."""

    route: str
    # the name of the other document
    source: str
    # its query; empty: the page has no such document
    query: Callable[[Mapping[str, Any]], str]


class PageKind(NamedTuple):
    """The template of a page, and its further documents by name."""

    template: str
    further: Mapping[str, FurtherDocument] = {}
    dependent: Mapping[str, DependentDocument] = {}


def record_page(type: str, facets: str, claims_query: str = "limit=10") -> PageKind:
    """The page of a record with its claims, their facets and their years."""
    route = f"/v1/{type}s/<id>/claims"
    return PageKind(
        f"{type}.html",
        {
            "claims": FurtherDocument(route, f"{claims_query}&facet={facets}&facet_limit=10"),
            "years": FurtherDocument(route, "limit=1&facet=year&facet_limit=1000"),
        },
    )


def with_further(kind: PageKind, **further: FurtherDocument) -> PageKind:
    return kind._replace(further={**kind.further, **further})


def sides_of_position() -> dict[str, FurtherDocument]:
    """The claims that take each stance, with who makes them most often."""
    return {
        stance: FurtherDocument(
            "/v1/positions/<id>/claims",
            f"stance={stance}&limit=1&facet=actor,organization&facet_limit=10",
        )
        for stance in ("support", "neutral", "oppose")
    }


def lanes(type: str, lane: str, filters: str) -> dict[str, DependentDocument]:
    """The claims of lanes, each of which stands for a position or a claimant, and their changes.

    `filters` choose the statements of the record.
    """
    claims, changes = claims_on_lanes(lane), changes_on_lanes(lane, filters)
    return {
        "lane_claims": DependentDocument(f"/v1/{type}s/<id>/claims", "stances", claims),
        "lane_changes": DependentDocument("/v1/reversals", "stances", changes),
    }


def claimant_page(type: str, facets: str, filters: str) -> PageKind:
    """The page of a record that makes claims: with its stances, and who contradicts it."""
    stances = FurtherDocument("/v1/stances", f"{filters}&limit=12")
    opponents = DependentDocument("/v1/contradictions", "stances", opponents_on_lanes(filters))
    kind = with_further(record_page(type, facets), stances=stances)
    return kind._replace(dependent={**lanes(type, "position", filters), "opponents": opponents})


def position_page() -> PageKind:
    """The page of a position: with its most frequent claimants, and who changed."""
    filters = "position=<id>"
    stances = FurtherDocument("/v1/stances", f"{filters}&limit=5")
    changes = DependentDocument("/v1/reversals", "stances", newest_changes(filters))
    kind = with_further(record_page("position", "topic"), **sides_of_position(), stances=stances)
    return kind._replace(dependent={**lanes("position", "claimant", filters), "changes": changes})


PAGES = {
    "/v1": PageKind(
        "home.html",
        {
            "claims": FurtherDocument("/v1/claims", "limit=10"),
            "years": FurtherDocument("/v1/claims", "limit=1&facet=year&facet_limit=1000"),
            "topics": FurtherDocument("/v1/topics", "sort=-claim_count&limit=24"),
            "positions": FurtherDocument("/v1/positions", "sort=-claim_count&limit=6"),
        },
        {"changes": DependentDocument("/v1/reversals", "claims", changes_of_dataset)},
    ),
    "/v1/search": PageKind("search.html"),
    "/v1/stances": PageKind("stances.html"),
    "/v1/actors/<id>/stances": PageKind("stances.html"),
    "/v1/organizations/<id>/stances": PageKind("stances.html"),
    "/v1/positions/<id>/stances": PageKind("stances.html"),
    "/v1/compare": PageKind("compare.html"),
    "/v1/reversals": PageKind("reversals.html"),
    "/v1/contradictions": PageKind("contradictions.html"),
    "/v1/problems/<code>": PageKind("problem_code.html"),
    "/v1/networks/one-mode": PageKind("network.html"),
    "/v1/networks/two-mode": PageKind("network.html"),
    "/v1/networks/one-mode/edge": PageKind("edge.html"),
    "/v1/networks/statements": PageKind("statements.html"),
    "/v1/graph": PageKind("graph.html"),
    "/v1/claims/<id>": PageKind(
        "claim.html",
        {"version": FurtherDocument("/v1/claims/<id>/reports", "limit=1")},
    ),
    "/v1/actors/<id>": claimant_page("actor", "topic,event", "actor=<id>"),
    "/v1/organizations/<id>": with_further(
        claimant_page("organization", "topic,actor", "of=organization&organization=<id>"),
        members=FurtherDocument("/v1/organizations/<id>/actors", "sort=-claim_count&limit=50"),
        parts=FurtherDocument("/v1/organizations/<id>/suborganizations", "limit=50"),
    ),
    "/v1/events/<id>": with_further(
        PageKind(
            "event.html",
            {
                "claims": FurtherDocument(
                    "/v1/events/<id>/claims", "sort=date&limit=50&facet=actor,topic&facet_limit=10"
                )
            },
        ),
        parts=FurtherDocument("/v1/events/<id>/subevents", "sort=date&limit=50"),
        sources=FurtherDocument("/v1/events/<id>/sources", "sort=date&limit=50"),
    ),
    "/v1/sources/<id>": PageKind(
        "source.html",
        {
            "claims": FurtherDocument(
                "/v1/sources/<id>/claims", "sort=date&limit=200&facet=actor,topic&facet_limit=10"
            )
        },
    ),
    "/v1/topics/<id>": with_further(
        record_page("topic", "actor,organization"),
        narrower=FurtherDocument("/v1/topics/<id>/subtopics", "sort=-claim_count&limit=50"),
        positions=FurtherDocument("/v1/topics/<id>/positions", "sort=-claim_count&limit=20"),
    ),
    "/v1/positions/<id>": position_page(),
}  # fmt: skip


def type_of_list(route: str) -> str:
    """The type of the records that a route lists."""
    name = route.rpartition("/")[2]
    return TYPES_OF_LISTS.get(name) or name.removesuffix("s")


def offered_facets(type: str) -> tuple[str, ...]:
    """The facets of a list, in the order of its page."""
    return FACETS[type] + FACETS_ON_DEMAND[type]


def page_kind(
    route: str, parameters: Container[str], filters: str, wanted: Container[str]
) -> PageKind:
    """The kind of a route's page; a list has the facets that narrow it down.

    The route takes `parameters`. `filters` is the query of the filters in force. The filters in
    `wanted` ask for values; the others only exclude some.
    """
    if route in PAGES:
        return PAGES[route]
    facets = []
    for name in FACETS[type_of_list(route)]:
        parameter = FILTER_OF_FACET.get(name, name)
        # narrower topics are topics, too
        if parameter in parameters and (parameter == "topic" or parameter not in wanted):
            facets.append(name)
    if not facets or len(filters) > MAX_FILTERS:
        return PageKind("list.html")
    query = "&".join(filter(None, (filters, f"limit=1&facet={','.join(facets)}&facet_limit=10")))
    max_total = MAX_COUNTED_MATCHES if "q" in wanted else math.inf
    return PageKind("list.html", {"facets": FurtherDocument(route, query, max_total)})
