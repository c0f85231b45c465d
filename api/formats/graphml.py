"""GraphML: networks for Gephi, networkx and igraph, with plain typed keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from api.formats.atom import clean
from api.formats.base import NetworkFormat
from api.formats.page import Address, NetworkAnswer
from models.networks.measure import EDGE_COUNTS

# the types of the properties of nodes; `label` is what Gephi shows
NODE_PROPERTIES = {
    "label": "string", "type": "string", "kind": "string", "organization": "string",
    "country": "string", "claims": "int", "degree": "int", "weighted_degree": "double",
    "community": "int",
}  # fmt: skip

Properties = Mapping[str, str]


class GraphMLFormat(NetworkFormat):
    """`application/graphml+xml`; attributes of records are keys `attribute_NAME`."""

    name = "graphml"
    media_type = "application/graphml+xml"
    refused = frozenset({"embed", "window", "step", "shape", "layout", "color"})

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


def node_properties(answer: NetworkAnswer) -> Properties:
    """The properties of nodes, with their types."""
    return NODE_PROPERTIES | {f"attribute_{name}": "string" for name in attribute_names(answer)}


def edge_properties(answer: NetworkAnswer) -> Properties:
    return {"weight": "double", **dict.fromkeys(EDGE_COUNTS[answer.mode], "int")}


def keys(answer: NetworkAnswer) -> Iterator[str]:
    """The declarations of all properties; their ids are numbered, as names may have spaces."""
    for owner, properties in (("node", node_properties(answer)), ("edge", edge_properties(answer))):
        for n, (name, type) in enumerate(properties.items()):
            text = quoteattr(clean(name))
            yield f'<key id="{owner}{n}" for="{owner}" attr.name={text} attr.type="{type}"/>'


def elements(answer: NetworkAnswer) -> Iterator[str]:
    """The nodes and edges."""
    of_nodes, of_edges = node_properties(answer), edge_properties(answer)
    for node in answer.network["nodes"]:
        organization = node["organization"]
        values = node | {
            "label": node["name"],
            "organization": organization and organization["name"],
            **{f"attribute_{name}": text for name, text in node["attributes"].items()},
        }
        yield f"<node id={quoteattr(node['id'])}>"
        yield from data("node", values, of_nodes)
        yield "</node>"
    for edge in answer.network["edges"]:
        yield f"<edge source={quoteattr(edge['source'])} target={quoteattr(edge['target'])}>"
        yield from data("edge", edge, of_edges)
        yield "</edge>"


def data(owner: str, values: Mapping[str, Any], properties: Properties) -> Iterator[str]:
    """The properties that have a value."""
    for n, name in enumerate(properties):
        if values.get(name) is not None:
            yield f'<data key="{owner}{n}">{escape(clean(str(values[name])))}</data>'
