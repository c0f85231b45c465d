"""The parameters of each list, written from the contract: filters, `has`, facets and sorts.

A new filter, facet or sort needs its line here; the tests compare these tables with the API.
"""

from __future__ import annotations

from urllib.parse import urlencode

# a query string as pairs of parameter and value
Query = list[tuple[str, str]]

# the filters of each list; filters in one group must hold of the same row
GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "claims": (
        ("claimant",), ("actor",), ("organization",), ("event",), ("topic",), ("about",),
        ("addressee",),
        ("position", "stance"), ("source", "publisher", "attribution"), ("form",), ("language",),
        ("place",), ("country",), ("coder",), ("role",), ("min_publishers",),
        ("reviewer", "rating", "verdict"), ("attribute",), ("status",), ("date",),
        ("from_date",), ("to_date",),
    ),
    "actors": (
        ("organization", "role", "as_of"), ("kind",), ("attribute",),
    ),
    "organizations": (("kind",), ("country",), ("parent",), ("actor",), ("attribute",)),
    "events": (
        ("kind",), ("country",), ("place",), ("parent",), ("attribute",), ("date",), ("from_date",),
        ("to_date",),
    ),
    "sources": (
        ("kind",), ("publisher",), ("origin",), ("language",), ("date",), ("from_date",),
        ("to_date",),
    ),
    "topics": (("parent",),),
    "positions": (("topic",), ("attribute",)),
}  # fmt: skip
# the filters of each list that reach its records through claims: one listed claim must pass all
CLAIM_FILTERS: dict[str, tuple[str, ...]] = {
    "claims": (),
    "actors": ("event", "topic", "position", "stance", "source"),
    "organizations": ("event", "topic", "position", "stance", "source"),
    "events": ("actor", "organization", "topic", "position", "stance"),
    "sources": ("actor", "organization", "event", "topic", "position", "stance"),
    "topics": ("actor", "organization", "event"),
    "positions": ("actor", "organization"),
}
# those of them that taking part in an event passes, if no other is given
PARTICIPATION = {
    "actors": ("event",),
    "organizations": ("event",),
    "events": ("actor", "organization"),
}
# the filters that every list has
EVERYWHERE = (("q",), ("id",), ("identifier",), ("updated_since",))
LISTS = tuple(GROUPS)
FILTERS = {
    section: [
        *(name for group in groups for name in group),
        *CLAIM_FILTERS[section],
        *(name for group in EVERYWHERE for name in group),
    ]
    for section, groups in GROUPS.items()
}
# filters that take one value
SINGLE = ("q", "min_publishers", "from_date", "to_date", "as_of", "updated_since")
# the types of the records that a filter's values name; `parent` names the list's own type
TYPES: dict[str, tuple[str, ...]] = {
    "publisher": ("organization",),
    "reviewer": ("organization",),
    "origin": ("organization",),
    "about": ("actor", "organization"),
    "addressee": ("actor", "organization"),
    "claimant": ("actor", "organization"),
    **{type: (type,) for type in ("actor", "organization", "event", "source", "topic", "position")},
}
# filters whose values must all hold under match=all
MATCH_ALL = ("topic", "position", "about", "addressee", "source")
# the words of `has`
HAS = (
    "quote", "actor", "organization", "event", "date", "topic", "position", "about", "addressee",
    "report", "relation", "review",
)  # fmt: skip

FACETS: dict[str, tuple[str, ...]] = {
    "claims": (
        "actor", "organization", "event", "source", "publisher", "topic", "position", "about",
        "addressee", "form", "stance", "status", "language", "year", "month", "coder", "role",
        "reviewer", "rating", "verdict",
    ),
    "actors": ("organization", "event", "topic", "position", "source", "kind"),
    "organizations": ("parent", "actor", "event", "topic", "position", "source", "kind"),
    "events": ("parent", "actor", "organization", "topic", "position", "kind"),
    "sources": (
        "publisher", "origin", "actor", "organization", "event", "topic", "position", "kind",
    ),
    "topics": ("parent", "actor", "organization", "event"),
    "positions": ("topic", "actor", "organization"),
}  # fmt: skip
# the facets that are parts of a date, with the lengths of their values
PRECISION = {"year": 4, "month": 7}

BY_NAME = ("name", "claim_count", "updated_at", "id")
SORTS = {
    "claims": ("date", "independent_publishers", "updated_at", "id"),
    "events": ("name", "date", "claim_count", "updated_at", "id"),
    "sources": ("name", "date", "claim_count", "updated_at", "id"),
    **dict.fromkeys(("actors", "organizations", "topics", "positions"), BY_NAME),
}


def default_sort(section: str) -> str:
    return "-date" if section == "claims" else "name"


def types_of(section: str, name: str) -> tuple[str, ...]:
    """The types of the records that the values of a list's filter name."""
    return (section.removesuffix("s"),) if name == "parent" else TYPES[name]


def names_records(name: str) -> bool:
    """Whether the values of a filter name records."""
    return name in TYPES or name == "parent"


def excludes(name: str) -> bool:
    """Whether a leading ! excludes a value of the filter."""
    return names_records(name) or name in ("language", "country")


def url(section: str, query: Query) -> str:
    """The URL of a list with a query string."""
    return f"/v1/{section}?{urlencode(query)}".rstrip("?")
