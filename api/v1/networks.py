"""Discourse networks: who shares positions with whom, and the statements behind it.

The models of networks are imported by the views' answers, since numpy takes as long to import as
all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from api.formats.page import (
    MakeAnswer,
    NetworkAnswer,
    Page,
    Records,
    RecordStream,
)
from api.http.problems import HTTPProblem, invalid_value, parameter_error
from api.openapi.blueprint import Blueprint
from api.openapi.schemas import PARTY_TYPES
from api.query.cursor import cursor_binding, decode_cursor, encode_cursor
from api.query.parser import Query
from api.query.resolution import ResolvedQuery
from api.v1 import network_schemas as schemas
from api.v1.lists import resolve
from api.v1.network_queries import (
    EdgeQuery,
    OneModeQuery,
    StatementQuery,
    TwoModeQuery,
    measure_of,
)
from models.claim import Claim
from models.dataset import Dataset, dataset_name
from models.networks.bounds import MAX_DRAWN_NODES, InvalidWindow, NetworkTooLarge, check_size
from models.networks.measure import Measure
from models.search.names import NameMatch, NameQuery
from models.search.resolution import resolve_names

blp = Blueprint(
    "networks", __name__, description="Discourse networks, and the statements that make them."
)


@contextmanager
def network_problems() -> Iterator[None]:
    """Turn failures of networks into problems."""
    try:
        yield
    except NetworkTooLarge as error:
        raise HTTPProblem("too-broad", f"This network is too large: {error}.") from None
    except InvalidWindow as error:
        detail = f"window {error}: take a shorter one."
        raise HTTPProblem(
            "invalid-value", detail, [parameter_error("window", str(error))]
        ) from None


def resolve_filters(query: Query, dataset: Dataset) -> ResolvedQuery:
    """The filters of claims with the keys of the records that they name."""
    return resolve(Claim, query, {}, dataset)


def network(query: Query) -> MakeAnswer:
    """The network that a query asks for."""
    measure = measure_of(query)

    def answer(dataset: Dataset) -> NetworkAnswer:
        from models.networks.network import build_network

        resolved = resolve_filters(query, dataset)
        with network_problems():
            content = build_network(measure, resolved.shape, resolved.bound)
            if query.options["format"] == "svg":
                advice = "use top, min_weight or another format"
                check_size("nodes", len(content["nodes"]), MAX_DRAWN_NODES, advice)
        content["meta"] |= {
            "dataset": dataset_name(dataset),
            "query": resolved.sentence,
            "resolved": orjson.Fragment(resolved.explanation),
        }
        return NetworkAnswer(content, measure.mode, query.options, query.filters())

    return answer


@blp.network_route(
    "/networks/one-mode",
    OneModeQuery(),
    schemas.OneModeNetworkSchema,
    sample="nodes=organization&method=subtract&normalization=average",
)
def get_one_mode_network(query: Query) -> MakeAnswer:
    """Get a network of nodes that make statements on the same items.

    The claims that pass the filters make statements. Communities are those of agreement less
    conflict, whatever the method. Every edge opens under `/networks/one-mode/edge`.
    """
    return network(query)


@blp.network_route(
    "/networks/two-mode",
    TwoModeQuery(),
    schemas.TwoModeNetworkSchema,
    sample="rows=organization&method=subtract",
)
def get_two_mode_network(query: Query) -> MakeAnswer:
    """Get a network of nodes and the items that they make statements on.

    The claims that pass the filters make statements. Communities are those of the rows.
    """
    return network(query)


class StatementList:
    """The statements that enter a network."""

    def __init__(self, query: Query):
        self.query = query
        self.measure = measure_of(query)

    def __call__(self, dataset: Dataset) -> Page:
        """One page of them."""
        from models.networks.statement_rows import RowPlace

        query = self.query
        rows, left_out, resolved = self.select(dataset)
        binding = cursor_binding(query, dataset)
        start = 0
        if query.cursor:
            (first, number), seq = decode_cursor(query.cursor, binding)
            start = rows.after(RowPlace(first, seq, number))
        end = start + query.limit
        cursor = None
        if end < len(rows):
            place = rows.place(end - 1)
            cursor = encode_cursor(((place.first, place.number), place.seq), binding)
        documents = rows.documents(start, end)
        meta = page_meta(len(rows), cursor, dataset, resolved) | {"left_out": left_out}
        next_query = query.with_cursor(cursor) if cursor else None
        return Page(Records(b",".join(documents)), meta, next_query=next_query)

    def stream(self, dataset: Dataset) -> RecordStream:
        """All of them."""
        rows, _, _ = self.select(dataset)
        batches = (
            Records(b",".join(documents), list(map(len, documents))) for documents in rows.batches()
        )
        return RecordStream("statement", batches, (), self.query.bom)

    def select(self, dataset: Dataset) -> tuple[Any, int, ResolvedQuery]:
        """All rows, how many claims are left out, and the resolved filters."""
        from models.networks.network import select
        from models.networks.statement_rows import StatementRows

        measure = self.measure
        records = named_records(self.query, {"node": measure.nodes, "item": measure.items})
        resolved = resolve_filters(self.query, dataset)
        with network_problems():
            selection = select(measure, resolved.shape, resolved.bound, in_time=True)
        statements = selection.statements
        if "node" in records:
            statements = statements.only(statements.node == records["node"].key)
        if "item" in records:
            statements = statements.only(statements.item == records["item"].key)
        has_stance = "position" in (measure.nodes, measure.items)
        return StatementRows(statements, has_stance=has_stance), selection.left_out, resolved


def page_meta(
    total: int, cursor: str | None, dataset: Dataset, resolved: ResolvedQuery
) -> dict[str, Any]:
    return {
        "total": total,
        "next_cursor": cursor,
        "dataset": dataset_name(dataset),
        "query": resolved.sentence,
        "resolved": orjson.Fragment(resolved.explanation),
    }


@blp.list_route(
    "/networks/statements",
    StatementQuery(),
    schemas.StatementPageSchema,
    sample="nodes=organization&via=position&limit=3",
)
def list_network_statements(query: Query) -> StatementList:
    """List the statements that enter a network, the latest first.

    Give the parameters of the network: nodes and via, or rows and columns. The statements are what
    remains after filters, duplicates, windows and limits. `node` and `item` open an edge of a
    two-mode network.
    """
    return StatementList(query)


@blp.list_route(
    "/networks/one-mode/edge",
    EdgeQuery(),
    schemas.EdgePageSchema,
    sample="a=actor:mark-rutte&b=actor:recep-tayyip-erdogan&limit=3",
)
def open_network_edge(query: Query) -> MakeAnswer:
    """Open an edge of a one-mode network: what each item adds to its weight.

    Give the parameters of the network, and two nodes as `a` and `b`. The contributions of all items
    sum to the weight.
    """
    measure = measure_of(query)

    def answer(dataset: Dataset) -> Page:
        from models.networks.network import select
        from models.networks.opened_edge import open_edge

        a, b = edge_nodes(query, measure)
        resolved = resolve_filters(query, dataset)
        with network_problems():
            selection = select(measure, resolved.shape, resolved.bound, in_time=True)
        edge = open_edge(selection.statements, measure, a.key, b.key)
        binding = cursor_binding(query, dataset)
        start = edge.after(decode_cursor(query.cursor, binding)[0]) if query.cursor else 0
        end = start + query.limit
        cursor = None
        if end < len(edge.items):
            cursor = encode_cursor((edge.place(end - 1), 0), binding)
        meta = page_meta(len(edge.items), cursor, dataset, resolved)
        meta |= {"a": brief_node(a), "b": brief_node(b), "weight": edge.weight}
        rows = Records(orjson.dumps(edge.rows(start, end))[1:-1])
        return Page(rows, meta, next_query=query.with_cursor(cursor) if cursor else None)

    return answer


def edge_nodes(query: Query, measure: Measure) -> tuple[NameMatch, NameMatch]:
    """The nodes that `a` and `b` name. Raises HTTPProblem: invalid-value."""
    nodes = named_records(query, {"a": measure.nodes, "b": measure.nodes})
    if nodes["a"].key == nodes["b"].key:
        raise invalid_value("b", "is the same node as a", query.options["b"])
    return nodes["a"], nodes["b"]


def named_records(query: Query, variables: Mapping[str, str]) -> dict[str, NameMatch]:
    """The nodes or items that parameters name, each by its variable. Raises HTTPProblem."""
    given = {name: query.options[name] for name in variables if query.options[name]}
    queries = [variable_query(text, variables[name]) for name, text in given.items()]
    records, errors = {}, []
    for (name, text), resolved in zip(given.items(), resolve_names(queries), strict=True):
        count = len(resolved.matches)
        if count == 1:
            records[name] = resolved.matches[0]
            continue
        message = f"names {count} of them" if count else f"names no {variables[name]}"
        nearest = resolved.suggestions or resolved.matches
        suggestion = f"{nearest[0].type}:{nearest[0].id}" if nearest else None
        errors.append(parameter_error(name, f"{message}: give its id", text, suggestion))
    if errors:
        detail = "; ".join(f"{error['parameter']} {error['message']}" for error in errors)
        raise HTTPProblem("invalid-value", f"{detail}.", errors)
    return records


def variable_query(text: str, variable: str) -> NameQuery:
    """The query for a node or an item by its id in a network, or by a name."""
    if variable == "about":
        return NameQuery(text.removeprefix("about:"), PARTY_TYPES)
    id = text.removeprefix(f"{variable}:")
    return NameQuery(id, (variable,), id_only=id != text)


def brief_node(match: NameMatch) -> dict[str, str]:
    return {"type": match.type, "id": match.id, "name": match.name}
