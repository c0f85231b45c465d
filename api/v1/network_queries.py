"""The parameters of networks, and what they measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from api.formats import FORMATS, NETWORK_FORMATS, OBJECT_FORMATS
from api.http.problems import HTTPProblem, parameter_error
from api.query.display import (
    CursorParameter,
    EmbedParameter,
    FlagParameter,
    FormatParameter,
    LimitParameter,
)
from api.query.network_parameters import (
    ChoiceParameter,
    ColorParameter,
    CountBoundParameter,
    DecimalParameter,
    DurationParameter,
    NodeParameter,
)
from api.query.parser import Query
from api.v1.claims import ClaimQuery
from models.networks.bounds import MAX_NODES, MAX_STATEMENTS
from models.networks.measure import (
    COLUMNS,
    METHODS,
    NORMALIZATIONS,
    ONE_MODE,
    ONE_MODE_ITEMS,
    ONE_MODE_NODES,
    ROWS,
    SCOPES,
    TWO_MODE,
    TWO_MODE_METHODS,
    TWO_MODE_NORMALIZATIONS,
    Measure,
)
from models.networks.windows import leaves_gaps

NODES = "The records that the nodes are."
VIA = "The items that tie two nodes which both make statements on them; other than `nodes`."
ROW_NODES = "The records that the rows are: nodes that make statements."
COLUMN_NODES = "The records that the columns are: the items of statements."
METHOD = (
    "How statements tie nodes: whatever their stance (`ignore`), by equal stances (`congruence`), "
    "by opposite ones (`conflict`), or by the difference of both (`subtract`). All but `ignore` "
    "need positions as nodes or items."
)
TWO_MODE_METHOD = (
    "How statements count: all of them (`ignore`), or support less opposition (`subtract`), which "
    "needs positions as columns."
)
NORMALIZATION = (
    "What weights are divided by: nothing, the average number of statements of both nodes, or the "
    "denominators of Jaccard's and of the cosine's similarity."
)
TWO_MODE_NORMALIZATION = (
    "The divisor of weights: none, the statements of the row (`activity`), or the "
    "statements of the column (`prominence`)."
)
CLAIM_FILTERS = {
    name: parameter
    for name, parameter in ClaimQuery._declared_fields.items()
    if getattr(parameter, "chooses_rows", False)
}


class CountingQuery(ma.Schema.from_dict(CLAIM_FILTERS)):  # type: ignore[misc]  # made here
    """How statements are counted, whatever the network."""

    duplicates = ChoiceParameter(
        "DuplicateScope",
        SCOPES,
        "Where a statement of the same node on the same item, with the same stance unless "
        "method=ignore, counts once: nowhere (`include`), within a source, an ISO week, a month, a "
        "year, or the whole `range`. The earliest stays.",
    )
    window = DurationParameter(
        "The length of moving windows of time, each of which makes a network of its own.", "P1M"
    )
    step = DurationParameter(
        "The time from the start of one window to that of the next; the window's length if it is "
        "not given. It needs `window`.",
        "P7D",
    )
    min_claims = CountBoundParameter("The fewest claims of a node.", 1, MAX_STATEMENTS, 1)
    min_items = CountBoundParameter("The fewest statements of an item.", 1, MAX_STATEMENTS, 1)
    top = CountBoundParameter(
        "Keep only this many nodes: the nodes with most statements.", 50, MAX_NODES, None
    )
    min_weight = DecimalParameter("The least absolute weight of an edge of a network.", 1)
    isolates = FlagParameter("Whether a network shows nodes without an edge.")


class NetworkQuery(CountingQuery):
    """The parameters of every network besides its nodes and items."""

    format = FormatParameter("NetworkFormat", NETWORK_FORMATS)
    shape = ChoiceParameter(
        "NetworkShape", ("edges", "matrix"), "Whether CSV lists edges, or is a matrix."
    )
    layout = ChoiceParameter("NetworkLayout", ("force",), "How an SVG places nodes.")
    color = ColorParameter()
    embed = EmbedParameter()


def one_mode_parameters() -> dict[str, Any]:
    return {
        "nodes": ChoiceParameter("NetworkNodes", ONE_MODE_NODES, NODES),
        "via": ChoiceParameter("NetworkItems", ONE_MODE_ITEMS, VIA),
        "method": ChoiceParameter("NetworkMethod", METHODS, METHOD),
        "normalization": ChoiceParameter("Normalization", NORMALIZATIONS, NORMALIZATION),
    }


class OneModeQuery(NetworkQuery.from_dict(one_mode_parameters())):  # type: ignore[misc]
    """A one-mode network."""


class TwoModeQuery(NetworkQuery):
    """A two-mode network."""

    rows = ChoiceParameter("NetworkRows", ROWS, ROW_NODES)
    columns = ChoiceParameter("NetworkColumns", COLUMNS, COLUMN_NODES)
    method = ChoiceParameter("TwoModeMethod", TWO_MODE_METHODS, TWO_MODE_METHOD)
    normalization = ChoiceParameter(
        "TwoModeNormalization", TWO_MODE_NORMALIZATIONS, TWO_MODE_NORMALIZATION
    )


class EdgeQuery(CountingQuery.from_dict(one_mode_parameters())):  # type: ignore[misc]
    """An edge of a one-mode network."""

    a = NodeParameter(
        "One node: its id in the network, or a name.", "actor:mark-rutte", required=True
    )
    b = NodeParameter("Another node, likewise.", "actor:recep-tayyip-erdogan", required=True)
    limit = LimitParameter()
    cursor = CursorParameter()
    format = FormatParameter("ObjectFormat", OBJECT_FORMATS)


class StatementQuery(CountingQuery):
    """The statements of a network."""

    nodes = ChoiceParameter("NetworkNodes", ONE_MODE_NODES, NODES, optional=True)
    via = ChoiceParameter("NetworkItems", ONE_MODE_ITEMS, VIA, optional=True)
    rows = ChoiceParameter("NetworkRows", ROWS, ROW_NODES, optional=True)
    columns = ChoiceParameter("NetworkColumns", COLUMNS, COLUMN_NODES, optional=True)
    method = ChoiceParameter("NetworkMethod", METHODS, METHOD)
    normalization = ChoiceParameter(
        "AnyNormalization",
        (*NORMALIZATIONS, *TWO_MODE_NORMALIZATIONS[1:]),
        "Taken as networks take it; statements are the same under all of them.",
    )
    node = NodeParameter(
        "Only the statements of one node: its id in the network, or a name.",
        "actor:mark-rutte",
        load_default=None,
    )
    item = NodeParameter(
        "Only the statements on one item, likewise.", "ukraine-will-join-nato", load_default=None
    )
    limit = LimitParameter()
    cursor = CursorParameter()
    format = FormatParameter(
        "StatementFormat",
        [format for format in FORMATS if format.name in ("json", "csv", "tsv", "jsonl", "html")],
    )
    bom = FlagParameter("Whether a byte order mark begins CSV or TSV, by which Excel knows UTF-8.")


def measure_of(query: Query) -> Measure:
    """The measure that a query asks for. Raises HTTPProblem: invalid-value."""
    options = query.options
    mode, nodes, items = variables_of(options)
    start = query.values.get("from_date")
    measure = Measure(
        mode=mode,
        nodes=nodes,
        items=items,
        method=options["method"],
        normalization=options["normalization"],
        duplicates=options["duplicates"],
        window=options["window"],
        step=options["step"],
        from_day=day_of(start.any_of[0]["first_day"]) if start and start.any_of else None,
        min_weight=options.get("min_weight", 0),
        min_claims=options["min_claims"],
        min_items=options["min_items"],
        isolates=options.get("isolates", False),
        top=options["top"],
    )
    errors = [*measure_errors(measure), *shape_errors(options)]
    if errors:
        detail = "; ".join(f"{error['parameter']} {error['message']}" for error in errors)
        raise HTTPProblem("invalid-value", f"{detail}.", errors)
    return measure


def variables_of(options: Mapping[str, Any]) -> tuple[str, str, str]:
    """The mode, and the variables of nodes and items."""
    two_mode = options.get("rows") or options.get("columns")
    if two_mode and (options.get("nodes") or options.get("via")):
        errors = [
            parameter_error(name, "goes with nodes and via, or with rows and columns, not both")
            for name in ("nodes", "via", "rows", "columns")
            if options[name]
        ]
        raise HTTPProblem(
            "invalid-value",
            "nodes and via make a one-mode network, rows and columns a two-mode one: give one "
            "pair.",
            errors,
        )
    if two_mode:
        return TWO_MODE, options.get("rows") or ROWS[0], options.get("columns") or COLUMNS[0]
    return (
        ONE_MODE,
        options.get("nodes") or ONE_MODE_NODES[0],
        options.get("via") or ONE_MODE_ITEMS[0],
    )


def measure_errors(measure: Measure) -> Iterator[dict]:
    """Errors in parameters that are valid on their own."""
    items = "via" if measure.mode == ONE_MODE else "columns"
    if measure.nodes == measure.items:
        nearest = next(item for item in ONE_MODE_ITEMS if item != measure.nodes)
        yield parameter_error(items, "must differ from nodes", measure.items, nearest)
    elif measure.method != "ignore" and "position" not in (measure.nodes, measure.items):
        message = f"needs position as nodes or {items}: nothing else has a stance"
        if measure.mode == TWO_MODE:
            message = "needs columns=position: nothing else has a stance"
        yield parameter_error("method", message, measure.method, METHODS[0])
    if measure.mode == TWO_MODE and measure.method not in TWO_MODE_METHODS:
        words = " or ".join(TWO_MODE_METHODS)
        yield parameter_error("method", f"is {words} with rows and columns", measure.method)
    if measure.step and not measure.window:
        yield parameter_error("step", "needs the parameter window")
    elif measure.step and leaves_gaps(measure.window, measure.step):  # type: ignore[arg-type]
        yield parameter_error("step", "may be longer than the window, so that days lie between")


def shape_errors(options: Mapping[str, Any]) -> Iterator[dict]:
    """Errors in the shape of a table."""
    if options.get("shape") == "matrix":
        if options["format"] != "csv":
            yield parameter_error("shape", "needs format=csv", "matrix")
        if options["window"]:
            yield parameter_error("shape", "is one matrix: it has no windows", "matrix")


def day_of(number: int) -> int:
    """The number 20250514 as a day, counted as windows count days."""
    return date(number // 10_000, number // 100 % 100, number % 100).toordinal()
