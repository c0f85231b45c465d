"""GraphML: networks for Gephi, networkx and igraph, with plain typed keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from api.formats.atom import clean
from api.formats.base import NetworkFormat
from api.formats.page import Address, NetworkAnswer
from models.networks.measure import ONE_MODE

# the types of the properties of nodes; `label` is what Gephi shows
NODE_KEYS = {
    "label": "string", "type": "string", "kind": "string", "organization": "string",
    "country": "string", "claims": "int", "degree": "int", "weighted_degree": "double",
    "community": "int",
}  # fmt: skip
EDGE_KEYS = {
    True: {"weight": "double", "congruence": "int", "conflict": "int"},
    False: {"weight": "double", "support": "int", "oppose": "int"},
}


class GraphMLFormat(NetworkFormat):
    """`application/graphml+xml`; attributes of records are keys `attribute_NAME`."""

    name = "graphml"
    media_type = "application/graphml+xml"
    refused = frozenset({"window", "step", "shape", "layout", "color"})

    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            *keys(answer),
            '<graph edgedefault="undirected">',
            *elements(answer),
            "</graph>",
            "</graphml>",
            "",
        ]
        return "\n".join(lines).encode()


def attribute_names(answer: NetworkAnswer) -> list[str]:
    return sorted({name for node in answer.network["nodes"] for name in node["attributes"]})


def keys(answer: NetworkAnswer) -> Iterator[str]:
    """The declarations of all properties."""
    attributes = {f"attribute_{name}": "string" for name in attribute_names(answer)}
    edges = EDGE_KEYS[answer.mode == ONE_MODE]
    for owner, types in (("node", NODE_KEYS | attributes), ("edge", edges)):
        for name, type in types.items():
            id, text = quoteattr(f"{owner}_{clean(name)}"), quoteattr(clean(name))
            yield f'<key id={id} for="{owner}" attr.name={text} attr.type="{type}"/>'


def elements(answer: NetworkAnswer) -> Iterator[str]:
    """The nodes and edges."""
    for node in answer.network["nodes"]:
        organization = node["organization"]
        values = node | {
            "label": node["name"],
            "organization": organization and organization["name"],
            **{f"attribute_{name}": text for name, text in node["attributes"].items()},
        }
        names = [*NODE_KEYS, *(f"attribute_{name}" for name in node["attributes"])]
        yield f"<node id={quoteattr(node['id'])}>"
        yield from data("node", values, names)
        yield "</node>"
    for edge in answer.network["edges"]:
        yield f"<edge source={quoteattr(edge['source'])} target={quoteattr(edge['target'])}>"
        yield from data("edge", edge, EDGE_KEYS[answer.mode == ONE_MODE])
        yield "</edge>"


def data(owner: str, values: Mapping[str, Any], names: Any) -> Iterator[str]:
    """The properties that have a value."""
    for name in names:
        if values[name] is not None:
            key = quoteattr(f"{owner}_{clean(name)}")
            yield f"<data key={key}>{escape(clean(str(values[name])))}</data>"
