"""Pages of rows that are made from statements: the claims behind a row, and headings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from api.pages.links import DISPLAY, PageAddress, Pair
from api.pages.lists import FilterInForce, SortView, excludes, filters_in_force
from api.pages.words import amount, plain

Row = Mapping[str, Any]

# parameters that say how rows are made from claims
ROW_OPTIONS = ("of", "by", "all", "explicit")
# parameters that lists of claims do not share with rows; `match` chooses claims
NOT_OF_CLAIMS = {*DISPLAY, *ROW_OPTIONS} - {"match"}
CLAIMANT_FILTERS = ("claimant", "actor", "organization")
# filters of which contradictions need one
BOUNDING_FILTERS = (*CLAIMANT_FILTERS, "position")
FOLLOWED = {
    "claimant": "by claimant",
    "actor": "by actor",
    "organization": "by organization",
}
# of a comparison
VERDICTS = {
    "agree": "agree",
    "disagree": "disagree",
    "mixed": "partly",
    "one": "only one speaks",
}
OVERALL_STANCES = {
    "support": "for",
    "oppose": "against",
    "neutral": "neutral",
    "mixed": "for and against",
}
# the parameters that say which claims are paired
PAIRINGS = {
    "": "the last claims of each",
    "all": "all claims",
    "explicit": "claims noted as contradicting",
}
SORTS_OF_STANCES = {
    "-claims": "most claims first",
    "-last": "latest claim first",
    "name": "by name",
}


class RowLinks(NamedTuple):
    """The lists behind a row: its claims, its reversals, and the claims of its own side."""

    claims: str = ""
    reversals: str = ""
    own_side: str = ""


class ClaimsBehind(NamedTuple):
    """The claims of which rows are made: their filters, and who is followed."""

    address: PageAddress
    # of the list of claims
    path: str
    # the filter that the path fixes, with its value
    fixed: tuple[Pair, ...]
    # claimant, actor or organization
    of: str
    filters: tuple[Pair, ...]

    def links(self, row: Row) -> RowLinks:
        """The lists behind a row; empty if no list has just its claims."""
        filters = self.filters_of(row)
        if not filters:
            return RowLinks()
        encoded = urlencode(filters)
        of = [("of", self.of)] if self.of != "claimant" else []
        return RowLinks(
            f"{self.address.href(self.path)}?{encoded}",
            self.address.href("/reversals", *self.fixed, *filters, *of) if row["reversals"] else "",
            self.own_side(row, filters) if row["own_side"] else "",
        )

    def stances(self) -> str:
        """The list of the stances of the record that the path names."""
        path = f"{self.path.removesuffix('/claims')}/stances"
        return self.address.href(path, *([("of", self.of)] if self.of != "claimant" else []))

    def own_side(self, row: Row, filters: Iterable[Pair]) -> str:
        """The list of the claims of others on behalf of the organization of a row."""
        claimant, organization = row["claimant"], row["own_side"]["organization"]
        return self.address.href(
            "/claims",
            *(pair for pair in self.fixed if pair[0] == "position"),
            *(pair for pair in filters if pair[0] not in CLAIMANT_FILTERS),
            ("organization", organization["id"]),
            ("claimant", f"!{claimant['type']}:{claimant['id']}"),
        )

    def filters_of(self, row: Row) -> list[Pair]:
        """The filters of the claims of a row; none if no list has just these claims."""
        positions = self.wanted("position")
        if self.address.has_long_filters() or (
            # a stance would have to hold on all of them
            len(positions) > 1 and ("match", "all") in self.filters
        ):
            return []
        own = [] if self.fixes_position else [("position", str(row["position"]["id"]))]
        if not self.fixes_claimant:
            own.append((self.of, self.claimant_value(row["claimant"])))
        replaced = {name for name, _ in own}
        return [
            *(pair for pair in self.filters if pair[0] not in replaced or excludes(pair[1])),
            *own,
        ]

    def claimant_value(self, claimant: Row) -> str:
        """A claimant as its filter takes it."""
        if self.of == "claimant":
            return f"{claimant['type']}:{claimant['id']}"
        return str(claimant["id"])

    def wanted(self, name: str) -> list[str]:
        return [value for key, value in self.filters if key == name and not excludes(value)]

    @property
    def fixes_position(self) -> bool:
        return "position" in dict(self.fixed)

    @property
    def fixes_claimant(self) -> bool:
        """Whether all rows have one claimant, whom the path names."""
        fixed = dict(self.fixed)
        return self.of in fixed or (self.of == "claimant" and "actor" in fixed)


def claims_behind(address: PageAddress, of: str = "") -> ClaimsBehind:
    """The claims behind the rows of a list, or of the page of one record."""
    _, resource, *rest = address.path.split("/")
    filters = tuple(pair for pair in address.pairs if pair[0] not in NOT_OF_CLAIMS)
    of = of or [*address.values("of"), "claimant"][0]
    if not rest:
        return ClaimsBehind(address, "/claims", (), of, filters)
    fixed = ((resource.removesuffix("s"), rest[0]),)
    return ClaimsBehind(address, f"/{resource}/{rest[0]}/claims", fixed, of, filters)


def relation_filters(
    address: PageAddress, meta: Row, needed_filters: Container[str] = (), needed: int = 0
) -> list[FilterInForce]:
    """The filters of a list of rows.

    The list needs some values of `needed_filters`: no link removes one if there are no more.
    """
    values = [
        name for name, value in address.filters() if name in needed_filters and not excludes(value)
    ]
    return [
        filter._replace(without="")
        if filter.name in values and not filter.exclude and len(values) <= needed
        else filter
        for filter in filters_in_force(address, meta)
        if filter.name not in ROW_OPTIONS
    ]


def is_bounded(address: PageAddress) -> bool:
    """Whether contradictions may be asked for without `explicit`."""
    return any(
        name in BOUNDING_FILTERS and not excludes(value) for name, value in address.filters()
    )


def pairings(address: PageAddress) -> list[SortView]:
    """Which claims are paired; contradictions that no filter bounds have no others."""
    current = next((name for name in ("all", "explicit") if address.values(name)), "")
    return [
        SortView(
            label, address.changed([(name, "true")] if name else [], drop=PAIRINGS), name == current
        )
        for name, label in PAIRINGS.items()
        if name == current or is_bounded(address)
    ]


def narrowed_to_positions(address: PageAddress, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The positions of rows, if there are several, each with the list of its rows alone."""
    texts = {row["position"]["id"]: row["position"]["text"] for row in rows if row["position"]}
    if len(texts) < 2 or address.has_long_filters():
        return []
    return [
        (text, address.changed([("position", id)], drop=["position"])) for id, text in texts.items()
    ]


def rows_heading(meta: Row, noun: str, plural: str) -> str:
    """The total of a list of rows, and their claims: `2 changes of stance in claims by Ann`."""
    total = meta["total"]
    claims = plain(meta["query"]).removeprefix("Claims")
    rows = amount(total, noun, plural) if total else f"No {plural}"
    if total is None:
        rows = plural.capitalize()
    return f"{rows} in claims{claims}" if claims else rows


def names_in_words(records: Sequence[Row]) -> str:
    """The names of records: `Ann, Bob and Cem`."""
    *before, last = (plain(record["name"]) for record in records)
    return f"{', '.join(before)} and {last}" if before else last


def statements_of(type: str, record: Row) -> list[Pair]:
    """The parameters of the statements of an actor or an organization."""
    of = [("of", type)] if type == "organization" else []
    return [*of, (type, str(record["id"]))]


def compared(type: str, records: Sequence[Row]) -> list[Pair]:
    """The parameters of a comparison."""
    return [(type, str(record["id"])) for record in records]


def opponents_of(further: Mapping[str, Row], type: str) -> list[Row]:
    """Actors or organizations that contradict the record of a page, each once."""
    rows = further["opponents"]["data"] if "opponents" in further else ()
    claimants = [row["b"]["claimant"] for row in rows]
    return list({item["id"]: item for item in claimants if item["type"] == type}.values())
