"""Networks of the claims that pass filters, in the node-link form of JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from models.networks.arrays import Integers, StatementArrays, as_arrays, paired, parted
from models.networks.bounds import (
    MAX_EDGES,
    MAX_ITEMS,
    MAX_NODES,
    check_product,
    check_size,
)
from models.networks.cells import Pair, fetch_statements
from models.networks.communities import SEED
from models.networks.duplicates import first_of_each
from models.networks.facts import Facts, fetch_facts, fetch_ids
from models.networks.graph import Graph, make_graph
from models.networks.measure import EDGE_COUNTS, ONE_MODE, Measure
from models.networks.projection import Cells
from models.networks.selection import Selection, count_claims, in_window, select_entering
from models.networks.standpoints import find_standpoints
from models.networks.windows import Window, date_of
from models.queries.compiled import QueryShape

Json = dict[str, Any]
Bound = Mapping[str, Any]
NODE_ADVICE = "use top or min_claims, or narrow the filters"
ITEM_ADVICE = "use min_items, or narrow the filters"
EDGE_ADVICE = "use top, min_items or fewer windows, or narrow the filters"


class Vertices(NamedTuple):
    """The nodes and items of a network, each in the order of their ids."""

    node_keys: list[int]
    item_keys: list[int]
    facts: Mapping[int, Facts]

    def cells(self, statements: StatementArrays) -> Cells:
        """The statements by the numbers of their node and item."""
        return Cells(
            numbers_of(self.node_keys, statements.node),
            numbers_of(self.item_keys, statements.item),
            statements.stance,
        )

    def with_ids(self, measure: Measure) -> list[tuple[str, Facts]]:
        """The vertices with their ids: nodes, and in two-mode networks also items.

        A record that claims are about has an id of its own there, since it may be a row, too.
        """
        pairs = [(self.facts[key].node_id, self.facts[key]) for key in self.node_keys]
        if measure.mode != ONE_MODE:
            prefix = "about:" if measure.items == "about" else ""
            items = [self.facts[key] for key in self.item_keys]
            pairs += [(f"{prefix}{facts.node_id}", facts) for facts in items]
        return pairs


def numbers_of(keys: list[int], values: Integers) -> Integers:
    """The places of values in a list of distinct keys."""
    order = np.argsort(keys)
    return order[np.searchsorted(keys, values, sorter=order)] if keys else values


def select(
    measure: Measure, shape: QueryShape | None, bound: Bound, *, in_time: bool = False
) -> Selection:
    """The statements that enter; `in_time`, with their dates and order.

    Raises InvalidWindow, NetworkTooLarge.
    """
    if shape is None:
        return Selection(as_arrays(node=[]), [], 0)
    pair = Pair(measure.nodes, measure.items)
    details = measure.details() | ({"place"} if in_time else set())
    statements = fetch_statements(pair, details, shape, bound)
    return select_entering(statements, measure, fetch_ids)


def build_network(measure: Measure, shape: QueryShape | None, bound: Bound) -> Json:
    """The network; `meta` lacks what depends on the request. Raises as `select`."""
    selection = select(measure, shape, bound)
    vertices = vertices_of(selection, measure)
    whole, *parts = graphs(selection, vertices, measure)
    shown = np.zeros(len(whole.communities), dtype=bool)
    for graph in (whole, *parts):
        shown[graph.source] = shown[graph.target] = True
    if measure.isolates:
        shown[:] = True
    records = vertices.with_ids(measure)
    ids = [id for id, _ in records]
    network = {
        "nodes": node_list(selection.statements, vertices, whole, shown, records),
        "edges": edge_list(ids, whole, measure),
        "communities": community_list(selection.statements, vertices, whole, shown, ids, measure),
        "meta": {
            "density": density(measure, int(shown[: len(vertices.node_keys)].sum()),
                               int(shown.sum()), len(whole.weight)),
            "modularity": whole.modularity,
            "left_out": selection.left_out,
            "statements": len(selection.statements.node),
            "seed": SEED,
        },
    }  # fmt: skip
    if measure.window:
        pairs = zip(selection.windows, parts, strict=True)
        network["windows"] = [window_json(window, graph, ids, measure) for window, graph in pairs]
    return network


def vertices_of(selection: Selection, measure: Measure) -> Vertices:
    """The nodes and items. Raises NetworkTooLarge."""
    nodes, items = (np.unique(keys) for keys in selection.statements[:2])
    check_size("nodes", len(nodes), MAX_NODES, NODE_ADVICE)
    check_size("items", len(items), MAX_ITEMS, ITEM_ADVICE)
    check_product(len(nodes), len(items), max(len(selection.windows), 1))
    node_keys, item_keys = nodes.tolist(), items.tolist()
    facts = fetch_facts(node_keys)
    if measure.mode != ONE_MODE:
        facts |= fetch_facts(item_keys)
        item_keys.sort(key=lambda key: facts[key].node_id)
    node_keys.sort(key=lambda key: facts[key].node_id)
    return Vertices(node_keys, item_keys, facts)


def graphs(selection: Selection, vertices: Vertices, measure: Measure) -> Iterator[Graph]:
    """The network of all statements, then that of each window. Raises NetworkTooLarge."""
    cells = vertices.cells(selection.statements)
    nodes, items = len(vertices.node_keys), len(vertices.item_keys)
    edges = 0
    for window in (None, *selection.windows):
        inside = cells.only(in_window(selection.statements, window)) if window else cells
        graph = make_graph(inside, nodes, items, measure)
        edges += len(graph.weight)
        check_size("edges", edges, MAX_EDGES, EDGE_ADVICE)
        yield graph.heavier(measure.min_weight)


def node_list(
    statements: StatementArrays,
    vertices: Vertices,
    graph: Graph,
    shown: np.ndarray,
    records: list[tuple[str, Facts]],
) -> list[Json]:
    """The nodes that are shown."""
    claims = claim_counts(vertices.node_keys, statements)
    by_actor = main_organizations(statements)
    organizations = [by_actor.get(key) for key in vertices.node_keys]
    if len(records) > len(claims):
        claims += claim_counts(vertices.item_keys, statements._replace(node=statements.item))
        organizations += [None] * len(vertices.item_keys)
    degree, weighted = (values.tolist() for values in graph.degrees())
    return [
        node_json(*records[n], organizations[n])
        | {
            "claims": claims[n],
            "degree": degree[n],
            "weighted_degree": weighted[n],
            "community": int(graph.communities[n]) or None,
        }
        for n in np.flatnonzero(shown).tolist()
    ]


def claim_counts(keys: list[int], statements: StatementArrays) -> list[int]:
    """How many claims each node has."""
    counts = dict(zip(*map(np.ndarray.tolist, count_claims(statements)), strict=True))
    return [counts[key] for key in keys]


def node_json(id: str, facts: Facts, organization: Facts | None) -> Json:
    """A node as JSON; an actor has the country of its organization."""
    return {
        "id": id,
        "type": facts.type,
        "name": facts.name,
        "kind": facts.kind,
        "organization": organization and {"id": organization.id, "name": organization.name},
        "country": organization.country if organization else facts.country,
        "attributes": facts.attributes,
    }


def main_organizations(statements: StatementArrays) -> dict[int, Facts]:
    """The organization on whose behalf an actor made most claims; of equal ones the first id."""
    rows = statements.organization > 0
    claims = paired(statements.claim[rows], statements.organization[rows])
    first = first_of_each(claims)
    pairs, counts = np.unique(
        paired(statements.node[rows], statements.organization[rows])[first], return_counts=True
    )
    actors, organizations = parted(pairs)
    facts = fetch_facts(np.unique(organizations).tolist())
    best: dict[int, tuple] = {}
    for actor, organization, count in zip(
        actors.tolist(), organizations.tolist(), counts.tolist(), strict=True
    ):
        candidate = (-count, facts[organization].id, organization)
        best[actor] = min(best.get(actor, candidate), candidate)
    return {actor: facts[organization] for actor, (_, _, organization) in best.items()}


def edge_list(ids: list[str], graph: Graph, measure: Measure) -> list[Json]:
    """The edges, in the order of their ends."""
    names = EDGE_COUNTS[measure.mode]
    order = np.lexsort((graph.target, graph.source))
    weights = graph.weight[order]
    if measure.normalization == "none":
        weights = weights.astype(np.int64)
    columns = (graph.source, graph.target, *graph.counts)
    return [
        {"source": ids[a], "target": ids[b], "weight": w, names[0]: m, names[1]: n}
        for a, b, m, n, w in zip(
            *(column[order].tolist() for column in columns), weights.tolist(), strict=True
        )
    ]


def community_list(
    statements: StatementArrays,
    vertices: Vertices,
    graph: Graph,
    shown: np.ndarray,
    ids: list[str],
    measure: Measure,
) -> list[Json]:
    """The communities of the nodes that are shown, with the positions that they take."""
    members = defaultdict(list)
    for n in np.flatnonzero(shown & (graph.communities > 0)).tolist():
        members[int(graph.communities[n])].append(ids[n])
    positions: dict[int, list[Json]] = {}
    if "position" in (measure.nodes, measure.items):
        community = graph.communities[numbers_of(vertices.node_keys, statements.node)]
        keys = statements.node if measure.nodes == "position" else statements.item
        positions = find_standpoints(community, keys, statements.stance)
    return [
        {"id": number, "members": members[number], "positions": positions.get(number, [])}
        for number in sorted(members)
    ]


def density(measure: Measure, nodes: int, vertices: int, edges: int) -> float:
    """The share of possible edges between shown vertices that are there; 0 where none can be."""
    pairs = nodes * (nodes - 1) // 2
    possible = pairs if measure.mode == ONE_MODE else nodes * (vertices - nodes)
    return edges / possible if possible else 0


def window_json(window: Window, graph: Graph, ids: list[str], measure: Measure) -> Json:
    """The network of one window."""
    degree, weighted = (values.tolist() for values in graph.degrees())
    shown = np.zeros(len(ids), dtype=bool)
    shown[graph.source] = shown[graph.target] = True
    if measure.isolates:
        shown |= graph.communities > 0
    return {
        "from_date": date_of(window.first),
        "to_date": date_of(window.end),
        "nodes": [
            {
                "id": ids[n],
                "degree": degree[n],
                "weighted_degree": weighted[n],
                "community": int(graph.communities[n]) or None,
            }
            for n in np.flatnonzero(shown).tolist()
        ],
        "edges": edge_list(ids, graph, measure),
        "modularity": graph.modularity,
    }
