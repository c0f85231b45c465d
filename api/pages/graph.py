"""The page of a graph around records: its nodes by type, and its edges in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.pages.links import PageAddress, Pair
from api.pages.network_words import PLURALS, of_claims
from api.pages.words import RELATIONS, STANCES, plain

Documents = Mapping[str, Any]

MAX_ROWS, MAX_MORE_ROWS = 25, 200
# of records in the heading
MAX_NAMES = 4
# what a claimant does to another record, in its claims
CLAIMANT_WORDS = {
    "made": "makes claims on",
    "at": "makes claims at",
    "about": "makes claims about",
    "addressed-to": "makes claims to",
    "takes-a-position-on": "takes a position on",
    "reported-by": "is reported in",
    "on-behalf-of": "speaks for",
    "member-of": "is a member of",
    "part-of": "is part of",
}
# what a claim in the graph does
CLAIM_WORDS = {
    "on": "is on",
    "at": "was made at",
    "about": "is about",
    "addressed-to": "is addressed to",
    "reported-by": "is reported in",
    "on-behalf-of": "was made on behalf of",
}
# kinds of edges that no claims make
LASTING = ("member-of", "part-of")
TYPES = {**PLURALS, "claim": "claims"}
# filters that find the claims of an edge from their claimant; those of topics and events also find
# narrower ones
FILTERS = {
    "about": "about",
    "addressed-to": "addressee",
    "reported-by": "source",
    "takes-a-position-on": "position",
    "on-behalf-of": "organization",
}


class ClaimCount(NamedTuple):
    """The claims that make an edge, or those of them with one stance."""

    # empty: of any stance
    stance: str
    number: int
    # empty if no list has just these claims
    href: str


class RelationRow(NamedTuple):
    """An edge in words, with the claims that make it."""

    source: Documents
    words: str
    target: Documents
    counts: list[ClaimCount]


def around(address: PageAddress, document: Documents) -> list[Documents]:
    """The records that the graph is around."""
    asked = address.values("around")
    # a former id is another one than that of its node
    return [node for node in document["nodes"] if node["id"] in asked] or document["nodes"][:1]


def graph_heading(address: PageAddress, document: Documents) -> str:
    """The records that the graph is around, and the claims that count."""
    names = [plain(node["name"]) for node in around(address, document)]
    if len(names) > MAX_NAMES:
        names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} others"]
    *before, last = names
    joined = f"{', '.join(before)} and {last}" if before else last
    return f"Network around {joined}{of_claims(document['meta']['query'])}"


def nodes_by_type(document: Documents) -> dict[str, list[Documents]]:
    """The records by the plural of their type, those with most claims first."""
    groups: dict[str, list[Documents]] = {}
    for type, plural in TYPES.items():
        nodes = [node for node in document["nodes"] if node["type"] == type]
        if nodes:
            groups[plural] = sorted(
                nodes, key=lambda node: (-(node["claim_count"] or 0), node["id"])
            )
    return groups


def relations(address: PageAddress, document: Documents) -> list[RelationRow]:
    """The edges in words, those of most weight first."""
    nodes = {node["id"]: node for node in document["nodes"]}
    edges = sorted(
        document["edges"],
        key=lambda edge: (-edge["weight"], edge["source"], edge["target"], edge["kind"]),
    )
    return [
        RelationRow(
            nodes[edge["source"]],
            edge_words(edge, nodes[edge["source"]], nodes[edge["target"]]),
            nodes[edge["target"]],
            edge_claims(address, edge),
        )
        for edge in edges
    ]


def edge_words(edge: Documents, source: Documents, target: Documents) -> str:
    """What the source does to the target."""
    kind = edge["kind"]
    if (kind, "out") in RELATIONS:
        return RELATIONS[kind, "out"]
    if target["type"] == "claim":
        return "makes"
    if source["type"] == "claim" and edge["stances"]:
        return next(STANCES[stance] for stance, count in edge["stances"].items() if count)
    return (CLAIM_WORDS if source["type"] == "claim" else CLAIMANT_WORDS)[kind]


def edge_claims(address: PageAddress, edge: Documents) -> list[ClaimCount]:
    """The claims of a claimant that make an edge, by stance if they have stances."""
    is_of_claim = "claim" in (edge["source"].partition(":")[0], edge["target"].partition(":")[0])
    if is_of_claim or edge["kind"] in LASTING:
        return []
    stances = edge["stances"] or {"": edge["weight"]}
    return [
        ClaimCount(stance, count, edge_claims_href(address, edge, stance))
        for stance, count in stances.items()
        if count
    ]


def edge_claims_href(address: PageAddress, edge: Documents, stance: str) -> str:
    """The list of the claims that make an edge, of one stance; empty if no list has just them."""
    name = FILTERS.get(edge["kind"])
    own = filter_pairs(address)
    # a second value of a filter would be an alternative
    if not name or {name, "claimant", "stance"} & {pair[0] for pair in own}:
        return ""
    target = edge["target"] if name in ("about", "addressee") else edge["target"].partition(":")[2]
    stances = [("stance", stance)] if stance else []
    return address.href("/claims", ("claimant", edge["source"]), (name, target), *stances, *own)


def filter_pairs(address: PageAddress) -> list[Pair]:
    """The filters of the graph's claims."""
    return [pair for pair in address.filters() if pair[0] != "around"]


def around_href(address: PageAddress, id: str) -> str:
    """The graph around one record, with the same filters."""
    return address.href("/graph", ("around", id), *filter_pairs(address))
