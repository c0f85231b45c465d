"""Lists whose rows are made from statements: a page, its total, and how names were understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import marshmallow as ma
import orjson

from api.formats.page import MakeAnswer, Page, Records
from api.openapi import schemas
from api.query.cursor import cursor_binding, decode_cursor, encode_cursor
from api.query.display import (
    CountParameter,
    CursorParameter,
    LimitParameter,
    OptionParameter,
    object_format,
)
from api.query.parser import Query
from api.query.path import PathRecord
from api.query.resolution import ResolvedQuery
from api.v1.claims import claim_filters
from api.v1.lists import cached_result, resolve
from models import Claim
from models.dataset import Dataset, dataset_name
from models.networks.rows import PagedRows
from models.networks.statements import CLAIMANT_COLUMNS
from models.queries.compiled import QueryShape

# makes rows of the statements that a shape and its values choose
MakeRows = Callable[[QueryShape, Mapping[str, Any]], PagedRows]


class StatementsMetaSchema(schemas.Schema):
    """About a list of rows that are made from statements."""

    total = schemas.number_field(
        "How many rows there are on all pages; null under count=none.", nullable=True
    )
    next_cursor = schemas.text_field(
        "The cursor of the next page; null on the last.", nullable=True
    )
    dataset = schemas.text_field("Names the database and its version; opaque.")
    query = schemas.text_field(
        "The claims that the filters choose, in contradictions those of side `a`, as an English "
        "sentence; its wording may change."
    )
    resolved = schemas.resolved_field()


class StatementPositionSchema(schemas.Schema):
    """The position of a row."""

    id = schemas.text_field("The position's id.")
    text = schemas.text_field("The position's text.")


def of_parameter() -> OptionParameter:
    return OptionParameter(
        "ClaimantKind",
        CLAIMANT_COLUMNS,
        "Who is followed: the `claimant` (the actor, or the organization of a claim without one), "
        "the `actor`, or the `organization` on whose behalf claims are made.",
    )


def statement_query(*refused: str, **parameters: Any) -> ma.Schema:
    """The parameters of a list of rows that are made from statements.

    `stance` is no filter here: it would hide the other stances that rows count and compare.
    """
    return claim_filters(
        "stance",
        *refused,
        **parameters,
        limit=LimitParameter(),
        cursor=CursorParameter(),
        count=CountParameter(),
        format=object_format(),
    )


class StatementPage(NamedTuple):
    """One page of rows, with its `meta`."""

    rows: list[dict[str, Any]]
    meta: dict[str, Any]
    next_query: str | None


def fetch_statement_page(
    query: Query,
    resolved: ResolvedQuery,
    rows: PagedRows | None,
    dataset: Dataset,
    counts: tuple[str, ...] = ("total",),
) -> StatementPage:
    """A page of rows; None has no rows. `counts` are members of `meta` that the rows count."""
    binding = cursor_binding(query, dataset)
    after = decode_cursor(query.cursor, binding)[0] if query.cursor else None
    # one row more tells whether there is a next page
    placed_rows = rows.page(query.limit + 1, after) if rows else []
    shown, cursor = placed_rows[: query.limit], None
    if len(placed_rows) > query.limit:
        cursor = encode_cursor((tuple(shown[-1].place), 0), binding)
    numbers: Mapping[str, int | None] = dict.fromkeys(counts, 0 if query.counted else None)
    if query.counted and not (cursor or query.cursor) and counts == ("total",):
        numbers = {"total": len(shown)}
    elif rows and query.counted:
        key = (dataset.version_token, resolved.rows_key, query.path, query.row_parameters)
        numbers = cached_result(key, rows.counts)
    meta = {
        **numbers,
        "next_cursor": cursor,
        "dataset": dataset_name(dataset),
        "query": resolved.sentence,
        "resolved": orjson.Fragment(resolved.explanation),
    }
    described = rows.describe(shown) if rows and shown else []
    return StatementPage(described, meta, query.with_cursor(cursor) if cursor else None)


def statement_list(
    query: Query,
    make_rows: MakeRows,
    counts: tuple[str, ...] = ("total",),
    **path_filters: PathRecord,
) -> MakeAnswer:
    """A page of rows; `path_filters` are the filters that the path fixes."""

    def answer(dataset: Dataset) -> Page:
        resolved = resolve(Claim, query, path_filters, dataset)
        rows = None
        if resolved.shape is not None:
            rows = make_rows(resolved.shape, resolved.bound)
        page = fetch_statement_page(query, resolved, rows, dataset, counts)
        return Page(Records(orjson.dumps(page.rows)[1:-1]), page.meta, None, page.next_query)

    return answer
