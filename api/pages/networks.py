"""The page of a network: its form, communities, edges and windows, each with its links."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from api.pages import lists
from api.pages.links import PAGE_ALONE, PageAddress, Pair
from api.pages.network_words import METHOD_WORDS, TWO_MODE_METHOD_WORDS
from models.networks.bounds import MAX_DRAWN_NODES
from models.networks.measure import (
    COLUMNS,
    NORMALIZATIONS,
    ONE_MODE,
    ONE_MODE_ITEMS,
    ONE_MODE_NODES,
    ROWS,
    SCOPES,
    TWO_MODE,
    TWO_MODE_NORMALIZATIONS,
)

Documents = Mapping[str, Any]

# nodes of a drawing on a page
MAX_INLINE_NODES = 60
# edges that are shown, and those behind a click
MAX_STRONGEST, MAX_EDGES_SHOWN = 15, 100
MAX_NODES_SHOWN = 200
MAX_COMMUNITIES, MAX_MEMBERS, MAX_STANDPOINTS = 8, 12, 5
# who agrees with whom; more nodes than these have no drawing
START = (
    ("nodes", "organization"),
    ("method", "subtract"),
    ("normalization", "average"),
    ("top", str(MAX_INLINE_NODES)),
)
# values of a filter
MAX_VALUES = 50
# characters of the address of a community's claims
MAX_ADDRESS = 1000

VARIABLES = {ONE_MODE: ("nodes", "via"), TWO_MODE: ("rows", "columns")}
WORDS = {
    ONE_MODE: {
        "nodes": ONE_MODE_NODES,
        "via": ONE_MODE_ITEMS,
        "method": METHOD_WORDS,
        "normalization": NORMALIZATIONS,
        "duplicates": SCOPES,
    },
    TWO_MODE: {
        "rows": ROWS,
        "columns": COLUMNS,
        "method": TWO_MODE_METHOD_WORDS,
        "normalization": TWO_MODE_NORMALIZATIONS,
        "duplicates": SCOPES,
    },
}
LIMITS = ("min_weight", "min_claims", "min_items", "top")
# parameters that decide how a network is shown, and not which statements enter
SHOWING = ("color", "isolates", "layout", "min_weight", "shape")
# parameters that name nodes and items
ENDS = ("a", "b", "node", "item")
# parameters that formats do not take
REFUSED = {
    "csv": ("color", "layout"),
    "matrix": ("color", "layout", "step", "window"),
    "graphml": ("color", "layout", "step", "window"),
    "svg": ("step", "window"),
    "json": (),
}


class Standpoint(NamedTuple):
    """A position, with the statements of a community for and against it."""

    id: str
    text: str
    # the counts, each with the list of these claims if there is one
    sides: tuple[tuple[int, str], ...]


class Community(NamedTuple):
    id: int
    members: list[Documents]
    standpoints: list[Standpoint]


class ShownEdge(NamedTuple):
    """An edge with its nodes, and the page that opens it."""

    edge: Documents
    source: Documents
    target: Documents
    href: str


def mode_of(address: PageAddress) -> str:
    """Whether a network, or the list of its statements, has one mode or two."""
    if address.path.startswith(f"/networks/{TWO_MODE}"):
        return TWO_MODE
    return TWO_MODE if address.values("rows") or address.values("columns") else ONE_MODE


def options_of(address: PageAddress) -> Mapping[str, str]:
    """The parameters of a network besides filters, defaults included."""
    defaults = {name: next(iter(words)) for name, words in WORDS[mode_of(address)].items()}
    names = (*defaults, *LIMITS, "window")
    return {name: (address.values(name) or [defaults.get(name, "")])[0] for name in names}


def start_href(address: PageAddress, *filters: Pair) -> str:
    """The network that most readers want first."""
    return address.href(f"/networks/{ONE_MODE}", *START, *filters)


def network_filters(address: PageAddress, meta: Documents) -> list[lists.FilterInForce]:
    """The filters and limits of a network, each with the network without it."""
    measure = {*WORDS[mode_of(address)], *SHOWING, *ENDS, "step"} - {*LIMITS}
    return [
        filter
        for filter in lists.filters_in_force(address, meta)
        if filter.name.replace(" ", "_") not in measure
    ]


def in_format(address: PageAddress, format: str) -> str:
    """The network in another format; `matrix` is a shape of CSV."""
    name = "csv" if format == "matrix" else format
    add = [("format", name), *([("shape", "matrix")] if format == "matrix" else [])]
    return address.changed(add, drop=REFUSED[format])


def statement_pairs(address: PageAddress) -> Sequence[Pair]:
    """The parameters that decide which statements enter; the variables are always among them."""
    options = options_of(address)
    variables = [(name, options[name]) for name in VARIABLES[mode_of(address)]]
    own = {*VARIABLES[mode_of(address)], *SHOWING, *ENDS, *PAGE_ALONE, "limit"}
    return variables + [pair for pair in address.pairs if pair[0] not in own]


def statements_href(address: PageAddress, *pairs: Pair) -> str:
    """The statements of a network."""
    return address.href("/networks/statements", *pairs, *statement_pairs(address))


def edge_href(address: PageAddress, source: str, target: str) -> str:
    """The page that opens an edge.

    An edge of a two-mode network opens to the statements of its row on its column.
    """
    if mode_of(address) == TWO_MODE:
        return statements_href(address, ("node", source), ("item", target))
    ends = [("a", source), ("b", target)]
    return address.href(f"/networks/{ONE_MODE}/edge", *ends, *statement_pairs(address))


def other_mode_href(address: PageAddress) -> str:
    """The network of the other mode, with the same filters."""
    mode = mode_of(address)
    own = {*WORDS[mode], *SHOWING, *PAGE_ALONE} - {"duplicates"}
    options = options_of(address)
    claimant = options[VARIABLES[mode][0]]
    other = TWO_MODE if mode == ONE_MODE else ONE_MODE
    variable = VARIABLES[other][0]
    pairs = [(variable, claimant)] if claimant in WORDS[other][variable] else []
    # under the method that counts all, other items need none
    pairs += [("method", "subtract")] if options["method"] == "subtract" else []
    kept = [pair for pair in address.pairs if pair[0] not in own]
    return address.href(f"/networks/{other}", *pairs, *kept)


def edge_counts(options: Mapping[str, str], mode: str) -> list[Pair]:
    """The counts of stances that edges have, each with its word."""
    if "position" not in [options[name] for name in VARIABLES[mode]]:
        return []
    if mode == TWO_MODE:
        return [("support", "for"), ("oppose", "against")]
    return [("congruence", "equal"), ("conflict", "opposite")]


def strongest_edges(address: PageAddress, network: Documents) -> list[ShownEdge]:
    """The edges of most weight, whatever its sign."""
    nodes = nodes_by_id(network)
    edges = heapq.nsmallest(
        MAX_EDGES_SHOWN,
        network["edges"],
        key=lambda edge: (-abs(edge["weight"]), edge["source"], edge["target"]),
    )
    return [
        ShownEdge(
            edge,
            nodes[edge["source"]],
            nodes[edge["target"]],
            edge_href(address, edge["source"], edge["target"]),
        )
        for edge in edges
    ]


def can_be_drawn(network: Documents) -> bool:
    """Whether the network has an SVG."""
    return 0 < len(network["nodes"]) <= MAX_DRAWN_NODES


def nodes_by_id(network: Documents) -> dict[str, Documents]:
    return {node["id"]: node for node in network["nodes"]}


def node_href(address: PageAddress, node: Documents) -> str:
    """The page of the record that is a node."""
    return address.record(node["type"], node["id"].rpartition(":")[2])


def busiest_nodes(network: Documents) -> list[Documents]:
    """The nodes with most claims."""
    return heapq.nsmallest(
        MAX_NODES_SHOWN, network["nodes"], key=lambda node: (-node["claims"], node["id"])
    )


def communities(address: PageAddress, network: Documents) -> list[Community]:
    """The communities of several nodes, the largest first."""
    nodes = nodes_by_id(network)
    return [
        Community(
            community["id"],
            sorted(
                (nodes[id] for id in community["members"]),
                key=lambda node: (-node["claims"], node["id"]),
            ),
            [
                standpoint(address, community, position)
                for position in community["positions"][:MAX_STANDPOINTS]
            ],
        )
        for community in network["communities"]
        if len(community["members"]) > 1
    ][:MAX_COMMUNITIES]


def standpoint(address: PageAddress, community: Documents, position: Documents) -> Standpoint:
    """A position of a community, with its claims for and against."""
    sides = tuple(
        (
            position[stance],
            claims_href(address, community["members"], position["id"], stance)
            if position[stance]
            else "",
        )
        for stance in ("support", "oppose")
    )
    return Standpoint(position["id"], position["text"], sides)


def claims_href(address: PageAddress, members: Sequence[str], position: str, stance: str) -> str:
    """The list of as many claims as members have statements on a position; empty if none has.

    Statements are claims unless some of them do not count.
    """
    options = options_of(address)
    claimant = options[VARIABLES[mode_of(address)][0]]
    is_exact = (
        claimant != "position"
        and options["duplicates"] == "include"
        and not options["window"]
        and len(members) <= MAX_VALUES
        and not (address.values("match") and address.values("position"))
    )
    replaced = {claimant, "position", "stance"}
    own = {*WORDS[mode_of(address)], *LIMITS, *SHOWING, *PAGE_ALONE, "step"}
    filters = [
        (name, value)
        for name, value in address.pairs
        if name not in own and (name not in replaced or value.startswith("!"))
    ]
    named = [(claimant, member.partition(":")[2]) for member in members]
    href = address.href("/claims", ("position", position), ("stance", stance), *named, *filters)
    return href if is_exact and len(href) <= MAX_ADDRESS else ""


class WindowRow(NamedTuple):
    """The network of a window, and its own page."""

    first: str
    last: str
    nodes: int
    edges: int
    modularity: float | None
    href: str


def window_rows(address: PageAddress, network: Documents) -> list[WindowRow]:
    """A row for each window of a network."""
    rows = []
    for window in network.get("windows", ()):
        first, end = window["from_date"], datetime.date.fromisoformat(window["to_date"])
        last = (end - datetime.timedelta(days=1)).isoformat()
        dates = [("from_date", first), ("to_date", last)]
        href = address.changed(dates, drop=["from_date", "to_date", "window", "step"])
        counts = len(window["nodes"]), len(window["edges"])
        rows.append(WindowRow(first, last, *counts, window["modularity"], href))
    return rows
