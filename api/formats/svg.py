"""SVG: a network as a picture, in which every node and edge is a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from api.formats.atom import clean
from api.formats.base import NetworkFormat
from api.formats.page import Address, NetworkAnswer
from api.pages.picture import Picture
from models.networks.measure import ONE_MODE

SUPPORT, OPPOSE, NEUTRAL = "#0072B2", "#D55E00", "#767676"
# Okabe and Ito's colours, which people with any colour vision tell apart
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A800")
REST = "#767676"
MIN_STROKE, MAX_STROKE = 0.8, 5.0
STYLE = """
svg { background: var(--page); --page: #fff; --ink: #1a1a1a; font: 12px system-ui, sans-serif }
text { fill: var(--ink) }
.label { stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; paint-order: stroke }
.edge { fill: none; stroke-opacity: .45; stroke-linecap: round }
a:hover .edge, a:focus .edge { stroke-opacity: 1 }
.node { stroke: var(--page); stroke-width: 1.5px }
a:hover .node, a:focus .node { stroke: var(--ink) }
@media (prefers-color-scheme: dark) {
  svg { --page: #16181c; --ink: #ececec }
  .edge { stroke-opacity: .75 }
}
"""
LEGEND_ROW = 20
MAX_LEGEND_TEXT = 40


class LegendRow(NamedTuple):
    """A colour, and its meaning."""

    color: str
    text: str
    is_edge: bool = False


class NodePlace(NamedTuple):
    """The number of a node, and where it is drawn."""

    number: int
    drawn: Any


class SVGFormat(NetworkFormat):
    """`image/svg+xml`; its colours follow the reader's light or dark scheme."""

    name = "svg"
    media_type = "image/svg+xml"
    refused = frozenset({"embed", "window", "step", "shape"})

    def render_network(self, answer: NetworkAnswer, address: Address) -> bytes:
        return f"{draw_picture(answer, f'{address.root}/v1').svg}\n".encode()


def draw_picture(answer: NetworkAnswer, root: str, *, inline: bool = False) -> Picture:
    """The network as a picture, with links below the root.

    Inline, it has the styles of the page around it, and says which nodes each edge ties. Its edges
    are no stops of the tab key then, since they stand in a table of the page.
    """
    # imported late, since it needs networkx
    from models.networks.drawing import draw

    nodes = answer.network["nodes"]
    drawing = draw(nodes, answer.network["edges"])
    colors, legend = node_colors(nodes, answer.options["color"])
    places = {
        node["id"]: NodePlace(number, drawn)
        for number, (node, drawn) in enumerate(zip(nodes, drawing.nodes, strict=True))
    }
    rows = [*legend, *edge_legend(answer)]
    height = drawing.height + LEGEND_ROW * (len(rows) + 1)
    size = f'width="{drawing.width}" height="{height}" viewBox="0 0 {drawing.width} {height}"'
    if inline:
        # the links in an image would be none
        head = [f'<svg class="network" {size} role="group" aria-label={quoteattr(title(answer))}>']
    else:
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            text_element("title", title(answer)),
            f"<style>{STYLE}</style>",
        ]
    lines = [
        *head,
        *edges(drawing.edges, places, answer, root, inline=inline),
        *discs(nodes, places, colors, root, inline=inline),
        *labels(drawing.nodes),
        *legend_lines(rows, drawing.height),
        "</svg>",
    ]
    return Picture("\n".join(lines), {row.text: row.color for row in legend}, len(drawing.edges))


def text_element(name: str, text: str) -> str:
    return f"<{name}>{escape(clean(text))}</{name}>"


def title(answer: NetworkAnswer) -> str:
    network = answer.network
    counts = f"nodes: {len(network['nodes'])}, edges: {len(network['edges'])}"
    return f"{answer.mode.capitalize()} network, {counts}"


def node_colors(nodes: Sequence[dict], color: str) -> tuple[list[str], list[LegendRow]]:
    """The colour of each node, and the legend; rare values share the last colour."""
    values = [value_of(node, color) for node in nodes]
    counts = Counter(value for value in values if value)
    frequent = sorted(counts, key=lambda value: (-counts[value], value))[: len(PALETTE)]
    palette = dict(zip(frequent, PALETTE, strict=False))
    legend = [LegendRow(palette[value], value) for value in frequent]
    if any(value not in palette for value in values):
        legend.append(LegendRow(REST, "other, or none"))
    return [palette.get(value, REST) for value in values], legend


def value_of(node: dict, color: str) -> str:
    """The value of a node's property, in words."""
    kind, _, name = color.partition(":")
    if kind == "attribute":
        return node["attributes"].get(name, "")
    if kind == "community":
        return f"community {node['community']}" if node["community"] else ""
    return node[kind] or ""


def edge_legend(answer: NetworkAnswer) -> list[LegendRow]:
    """The legend of the colours of edges."""
    if answer.mode != ONE_MODE:
        meanings = {SUPPORT: "more support", OPPOSE: "more opposition", NEUTRAL: "neither"}
    else:
        meanings = {
            "ignore": {NEUTRAL: "shared items"},
            "congruence": {SUPPORT: "equal stances", NEUTRAL: "none"},
            "conflict": {OPPOSE: "opposite stances", NEUTRAL: "none"},
            "subtract": {SUPPORT: "more equal stances", OPPOSE: "more opposite stances",
                         NEUTRAL: "as many"},
        }[answer.options["method"]]  # fmt: skip
    return [LegendRow(color, f"edge: {text}", is_edge=True) for color, text in meanings.items()]


def edge_color(edge: dict, answer: NetworkAnswer) -> str:
    method = answer.options["method"]
    if answer.mode != ONE_MODE:
        sign = edge["support"] - edge["oppose"]
    elif method == "ignore":
        sign = 0
    else:
        sign = -edge["weight"] if method == "conflict" else edge["weight"]
    return SUPPORT if sign > 0 else OPPOSE if sign < 0 else NEUTRAL


def edges(
    drawn: Sequence[dict],
    places: Mapping[str, NodePlace],
    answer: NetworkAnswer,
    root: str,
    *,
    inline: bool,
) -> Iterator[str]:
    """The edges, each a link to what makes it."""
    names = {node["id"]: node["name"] for node in answer.network["nodes"]}
    most = max((abs(edge["weight"]) for edge in drawn), default=1) or 1
    for edge in drawn:
        (source, a), (target, b) = places[edge["source"]], places[edge["target"]]
        share = abs(edge["weight"]) / most
        stroke = round(MIN_STROKE + (MAX_STROKE - MIN_STROKE) * share, 1)
        line = (
            f'<line class="edge" x1="{a.x}" y1="{a.y}" x2="{b.x}" y2="{b.y}"'
            f' stroke="{edge_color(edge, answer)}" stroke-width="{stroke}"/>'
        )
        text = f"{names[edge['source']]} – {names[edge['target']]}: {edge['weight']:.6g}"
        attributes = f' tabindex="-1" data-ends="{source} {target}"' if inline else ""
        yield anchor(edge_url(edge, answer, root), text, line, attributes)


def edge_url(edge: dict, answer: NetworkAnswer, root: str) -> str:
    """The opened edge; of a two-mode network, the statements of its row on its column."""
    if answer.mode == ONE_MODE:
        path, ends = "one-mode/edge", [("a", edge["source"]), ("b", edge["target"])]
        query = [*answer.filters]
    else:
        path, ends = "statements", [("node", edge["source"]), ("item", edge["target"])]
        # without them, statements are of a one-mode network
        variables = [(name, answer.options[name]) for name in ("rows", "columns")]
        query = [pair for pair in answer.filters if pair not in variables] + variables
    return f"{root}/networks/{path}?{urlencode(ends + query)}"


def record_id(node_id: str) -> str:
    return node_id.rpartition(":")[2]


def discs(
    nodes: Sequence[dict],
    places: Mapping[str, NodePlace],
    colors: Sequence[str],
    root: str,
    *,
    inline: bool,
) -> Iterator[str]:
    """The nodes, each a link to its record."""
    for node, color in zip(nodes, colors, strict=True):
        number, drawn = places[node["id"]]
        url = f"{root}/{node['type']}s/{record_id(node['id'])}"
        disc = (
            f'<circle class="node" cx="{drawn.x}" cy="{drawn.y}" r="{drawn.radius}"'
            f' fill="{color}"/>'
        )
        attributes = f' data-node="{number}"' if inline else ""
        yield anchor(url, f"{node['name']}, claims: {node['claims']}", disc, attributes)


def labels(drawn: Sequence[Any]) -> Iterator[str]:
    for node in drawn:
        if node.label:
            text, x, y, anchor = node.label
            yield (
                f'<text class="label" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
                f' pointer-events="none">{escape(clean(text))}</text>'
            )


def legend_lines(rows: Sequence[LegendRow], top: int) -> Iterator[str]:
    for n, row in enumerate(rows):
        y = top + LEGEND_ROW * n
        thickness = 3 if row.is_edge else 12
        yield (
            f'<rect x="20" y="{y + 6 - thickness / 2}" width="12" height="{thickness}"'
            f' fill="{row.color}"/>'
        )
        shown = clean(row.text[:MAX_LEGEND_TEXT])
        yield f'<text x="40" y="{y + 10}">{escape(shown)}</text>'


def anchor(url: str, text: str, content: str, attributes: str) -> str:
    return f"<a href={quoteattr(url)}{attributes}>{text_element('title', text)}{content}</a>"
