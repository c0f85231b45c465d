"""The page of a list besides its rows: filters, names, facets, orders."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from api.pages.kinds import FILTER_OF_FACET, offered_facets
from api.pages.links import PageAddress, Pair
from api.pages.words import unhyphenated

Documents = Mapping[str, Any]

# filters whose values may be excluded
EXCLUDABLE = (
    *("actor", "organization", "event", "source", "publisher", "topic", "position", "about"),
    *("addressee", "language", "reviewer", "parent", "claimant", "origin", "country"),
)
# filters of which a claim may have several values
MULTI_VALUED = ("topic", "position", "about", "addressee", "source")
FACET_LABELS = {
    "organization": "On behalf of",
    "publisher": "Published by",
    "parent": "Part of",
    "about": "About",
    "addressee": "Addressed to",
}
# the facets of other lists than claims
MEMBER_LABELS = {**FACET_LABELS, "organization": "Organization", "parent": "Part of"}
SORTS_OF_CLAIMS = {"-date": "newest first", "date": "oldest first", "-updated_at": "last changed"}
SORTS_OF_OTHERS = {
    "name": "by name",
    "-claim_count": "most claims first",
    "-updated_at": "last changed",
}
# filters that name actors or organizations
PARTY_FILTERS = ("about", "addressee", "claimant")
# parameters that need another one: without words no record is ranked by them
NEEDING: Mapping[str, Sequence[str | Pair]] = {"q": [("sort", "relevance")], "window": ["step"]}
DATED_TYPES = ("event", "source")
# the most values of a facet that a query may ask for
MAX_FACET_VALUES = 1000


class FilterInForce(NamedTuple):
    """A filter of a list, in words, and the list without it."""

    name: str
    text: str
    exclude: bool
    # empty: no link removes it
    without: str


class FacetValue(NamedTuple):
    name: str
    total: int
    narrowed: str
    # empty if the value cannot be excluded
    excluded: str


class FacetView(NamedTuple):
    """A facet, with the lists that its values narrow down to."""

    label: str
    values: list[FacetValue]
    groups: int
    # the list with all values of the facet; empty if all are shown
    all_values: str


class SortView(NamedTuple):
    """One word of a parameter such as `sort`."""

    label: str
    href: str
    current: bool


def filters_in_force(address: PageAddress, meta: Documents) -> list[FilterInForce]:
    """The filters of a list, each with the list without it, unless the filters are long."""
    is_long = address.has_long_filters()
    names = {
        (name, given(value)): value["matches"][0]["name"]
        for name, values in meta["resolved"].items()
        for value in values
        if value["count"] == 1
    }
    return [
        FilterInForce(
            "words" if name == "q" else unhyphenated(name),
            names.get((name, value)) or value.removeprefix("!"),
            excludes(value),
            "" if is_long else without,
        )
        for name, value, without in removable_values(address)
    ]


def removable_values(address: PageAddress) -> Iterator[tuple[str, str, str]]:
    """Each value of the filters, with the list without it; `has` holds several words."""
    for name, value in address.filters():
        pair = (name, value)
        words = value.split(",") if name == "has" else [value]
        for word in words:
            rest = ",".join(item for item in words if item != word)
            kept = [(name, rest)] if rest else []
            yield name, word, address.changed(kept, [pair, *NEEDING.get(name, ())])


def given(value: Documents) -> str:
    """A name of a query as its parameter has it: `!x` excludes x, and `!!x` asks for !x."""
    return f"!{value['asked']}" if value["exclude"] or value["asked"][0] == "!" else value["asked"]


def excludes(value: str) -> bool:
    return value.startswith("!") and not value.startswith("!!")


def facet_views(
    facets: Documents, address: PageAddress, type: str, parameters: Container[str]
) -> Iterator[FacetView]:
    """The facets of a list that narrow it down by the parameters that it takes."""
    whole_list = address.extensible()
    # the facets of the page in their order come before further facets of the query
    for name in sorted(facets, key=[*offered_facets(type), *facets].index):
        facet = facets[name]
        parameter = FILTER_OF_FACET.get(name, name)
        pairs = narrowing(name, address, type)
        if parameter not in parameters or pairs is None or not facet["values"]:
            continue
        if len(facet["values"]) == 1 and not facet["missing"]:
            continue
        narrowed = address.extensible(pairs)
        values = [
            FacetValue(
                unhyphenated(value["name"]) if value["name"] == value["id"] else value["name"],
                value["count"],
                f"{narrowed}{parameter}={quote_plus(value['id'])}",
                f"{whole_list}{name}=%21{quote_plus(value['id'])}" if name in EXCLUDABLE else "",
            )
            for value in facet["values"]
        ]
        shown = len(values) >= min(facet["groups"], MAX_FACET_VALUES)
        all_values = address.changed([("facet", name), ("facet_limit", str(MAX_FACET_VALUES))])
        yield FacetView(
            facet_label(name, type), values, facet["groups"], "" if shown else all_values
        )


def facet_links(
    facets: Container[str], address: PageAddress, type: str, parameters: Container[str]
) -> list[tuple[str, str]]:
    """The facets that the page of a list does not count: the label and the list with each."""
    return [
        (facet_label(name, type), address.changed([("facet", name)]))
        for name in offered_facets(type)
        if name not in facets
        and FILTER_OF_FACET.get(name, name) in parameters
        and narrowing(name, address, type) is not None
    ]


def facet_label(name: str, type: str) -> str:
    labels = FACET_LABELS if type == "claim" else MEMBER_LABELS
    return labels.get(name, unhyphenated(name).capitalize())


def narrowing(name: str, address: PageAddress, type: str) -> list[Pair] | None:
    """The parameters that a value of a facet needs beside it; None if a link cannot count so.

    A count is the total with the value added. Values of one filter are alternatives, so that a
    second one narrows the list only under `match=all`, and only where no filter has alternatives.
    """
    wanted = {
        filter: [value for value in address.values(filter) if not excludes(value)]
        for filter in (FILTER_OF_FACET.get(name, name), *MULTI_VALUED)
    }
    own = wanted[FILTER_OF_FACET.get(name, name)]
    if not own:
        return []
    if type != "claim" or name not in MULTI_VALUED:
        return None
    if "all" in address.values("match"):
        return []
    has_alternatives = any(len(values) > 1 for values in wanted.values())
    return None if has_alternatives else [("match", "all")]


def sort_views(address: PageAddress, type: str) -> list[SortView]:
    """The orders of a list."""
    sorts = dict(SORTS_OF_CLAIMS if type == "claim" else SORTS_OF_OTHERS)
    if type in DATED_TYPES:
        sorts["-date"] = "newest first"
    if address.values("q"):
        sorts["relevance"] = "most relevant first"
    return choices(address, "sort", sorts)


def choices(address: PageAddress, parameter: str, labels: Mapping[str, str]) -> list[SortView]:
    """The words of a parameter with their labels; the first one is its default."""
    default = next(iter(labels))
    current = [*address.values(parameter), default][0]
    return [
        SortView(
            label,
            address.changed([(parameter, word)] if word != default else [], drop=[parameter]),
            word == current,
        )
        for word, label in labels.items()
    ]


def names_to_explain(meta: Documents) -> list[tuple[str, Documents]]:
    """The names of a query that do not stand for just one record of that name or id."""
    return [
        (name, value)
        for name, values in meta["resolved"].items()
        for value in values
        if value["count"] != 1 or value["tier"] in ("spelling", "words")
    ]


def instead(address: PageAddress, name: str, asked: Documents, query: Iterable[Pair]) -> str:
    """The list with a suggestion in place of a name."""
    return address.changed(query, drop=[(name, given(asked))])


def list_of_match(address: PageAddress, name: str, asked: Documents, match: Documents) -> str:
    """The list with one of the records that a name stands for in place of the name."""
    # an id does not tell an actor from an organization
    id = match["id"] if name not in PARTY_FILTERS else f"{match['type']}:{match['id']}"
    return instead(address, name, asked, [(name, f"!{id}" if asked["exclude"] else id)])


def named_kind(name: str) -> str:
    """The kind of record that a filter names."""
    return "actor or organization" if name == "about" else unhyphenated(name)
