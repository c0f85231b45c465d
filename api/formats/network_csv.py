"""CSV of networks: a list of edges, or a matrix."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from api.formats.base import NetworkFormat
from api.formats.page import Address, NetworkAnswer
from models.networks.measure import EDGE_COUNTS, ONE_MODE
from models.records.columns import guard


class NetworkTableFormat(NetworkFormat):
    """`text/csv` (RFC 4180); with windows, the edges of each window follow those of the whole."""

    name = "csv"
    media_type = "text/csv; charset=utf-8"
    refused = frozenset({"embed", "layout", "color"})

    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        text = StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        rows = matrix(answer) if answer.options["shape"] == "matrix" else edge_rows(answer)
        writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row]
                         for row in rows)  # fmt: skip
        return text.getvalue().encode()


def edge_rows(answer: NetworkAnswer) -> Iterator[list[Any]]:
    """A row for each edge, with the names of both ends."""
    names = {node["id"]: node["name"] for node in answer.network["nodes"]}
    counts = EDGE_COUNTS[answer.mode]
    windows = answer.network.get("windows")
    dates = [] if windows is None else ["from_date", "to_date"]
    yield ["source", "target", "weight", *counts, "source_name", "target_name", *dates]
    networks = [(answer.network, ["", ""] if dates else [])]
    networks += [(window, [window["from_date"], window["to_date"]]) for window in windows or ()]
    for network, period in networks:
        for edge in network["edges"]:
            ends = edge["source"], edge["target"]
            numbers = [edge["weight"], *(edge[count] for count in counts)]
            yield [*ends, *numbers, *(names[end] for end in ends), *period]


def matrix(answer: NetworkAnswer) -> Iterator[list[Any]]:
    """A row for each node; the columns are the nodes again, or the items of a two-mode network."""
    nodes = answer.network["nodes"]
    ids = [node["id"] for node in nodes]
    columns = rows = ids
    weights = {(edge["source"], edge["target"]): edge["weight"] for edge in answer.network["edges"]}
    if answer.mode == ONE_MODE:
        weights |= {(target, source): weight for (source, target), weight in weights.items()}
    else:
        rows = [node["id"] for node in nodes if node["community"] is not None]
        columns = [node["id"] for node in nodes if node["community"] is None]
    yield ["", *columns]
    for row in rows:
        yield [row, *(weights.get((row, column), 0) for column in columns)]
