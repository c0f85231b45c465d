"""The pages of an edge and of statements: headings, and the statements behind each count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.pages.links import PageAddress, Pair
from api.pages.network_words import PLURALS, of_claims
from api.pages.networks import ENDS, LIMITS, VARIABLES, mode_of, options_of, statements_href
from api.pages.words import amount, plain

Documents = Mapping[str, Any]

# statements of a node or item of each type; {} is the name of one
OF_NODES = {
    "actor": "by {}",
    "organization": "on behalf of {}",
    "position": "on {}",
    "topic": "on {}",
    "event": "at {}",
    "source": "in {}",
    "about": "about {}",
}
SHARED_WORDS = {
    **{name: f"shared {plural}" for name, plural in PLURALS.items()},
    "about": "whom both speak about",
}
STANCES = ("support", "oppose", "neutral")
COUNTED_ITEMS = {**{name: (name,) for name in PLURALS}, "about": ("party", "parties")}
MAX_IDS = 5


class SideCount(NamedTuple):
    """The statements of one node on an item, with one stance."""

    # empty if statements on the item have no stance
    stance: str
    number: int
    claims: list[str]
    # the list of the statements
    href: str
    # whether the list has as many rows
    is_exact: bool


def side_counts(
    address: PageAddress, node: Documents, item: Documents, side: Documents
) -> list[SideCount]:
    """The statements of a node on an item by stance, without the stances that have none."""
    options = options_of(address)
    has_stance = "position" in [options[name] for name in VARIABLES[mode_of(address)]]
    ends = [("node", node_id(node)), ("item", node_id(item))]
    # limits drop none of the statements of an edge that is there
    whole = address._replace(pairs=without(address, (*LIMITS, "cursor")))
    counts = []
    for stance in STANCES:
        statements = side[stance]
        if not statements["count"]:
            continue
        if has_stance:
            of_stance = (*without(whole, ("stance",)), ("stance", stance))
            href = statements_href(whole._replace(pairs=of_stance), *ends)
        else:
            href = statements_href(whole, *ends)
        is_exact = not has_stance or keeps_counts(options)
        claims = statements["claims"]
        counts.append(
            SideCount(stance if has_stance else "", statements["count"], claims, href, is_exact)
        )
    return counts


def keeps_counts(options: Mapping[str, str]) -> bool:
    """Whether a filter by stance leaves the other statements of a network as they are."""
    drops_stances = options["method"] == "ignore" and options["duplicates"] != "include"
    return not (options["window"] or drops_stances)


def without(address: PageAddress, names: tuple[str, ...]) -> tuple[Pair, ...]:
    return tuple(pair for pair in address.pairs if pair[0] not in names)


def node_id(record: Documents) -> str:
    """The id of a record in a network."""
    return f"{record['type']}:{record['id']}"


def pairs_of_stances(item: Documents) -> dict[str, int]:
    """How many pairs of statements by both sides take equal and opposite stances."""
    a, b = ({stance: item[side][stance]["count"] for stance in STANCES} for side in ("a", "b"))
    return {
        "equal": a["support"] * b["support"] + a["oppose"] * b["oppose"],
        "opposite": a["support"] * b["oppose"] + a["oppose"] * b["support"],
        "all": sum(a.values()) * sum(b.values()),
    }


def network_href(address: PageAddress) -> str:
    """The network of an edge, or of statements."""
    pairs = without(address, (*ENDS, "cursor", "limit"))
    return address.href(f"/networks/{mode_of(address)}", *pairs)


def statements_heading(address: PageAddress, document: Documents) -> str:
    """The statements of a network as a sentence with their total."""
    options, meta = options_of(address), document["meta"]
    phrases = []
    for name, end in zip(VARIABLES[mode_of(address)], ("node", "item"), strict=True):
        shown = PLURALS[options[name]]
        if address.values(end):
            (asked,) = address.values(end)
            shown = plain(document["data"][0][end]["name"] if document["data"] else asked)
        phrases.append(OF_NODES[options[name]].format(shown))
    total = amount(meta["total"], "statement") if meta["total"] else "No statements"
    return f"{total} {' '.join(phrases)}{of_claims(meta['query'])}, the latest first"
