"""Comparison: who agrees with whom."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import orjson

from api.formats.page import MakeAnswer, SingleObject
from api.http.problems import invalid_value
from api.openapi import schemas
from api.query.parameters import NameParameter
from api.query.parser import Query
from api.query.resolution import ResolvedQuery
from api.v1.lists import resolve
from api.v1.stances import ClaimantStanceSchema, blp, period_parameter
from api.v1.statement_lists import (
    StatementPositionSchema,
    StatementsMetaSchema,
    fetch_statement_page,
    statement_query,
)
from models import Claim
from models.dataset import Dataset
from models.networks.comparison import VERDICTS_ON_POSITIONS, Comparison, compare_pairs
from models.networks.references import fetch_references

COMPARED = ("actor", "organization")
MIN_COMPARED, MAX_COMPARED = 2, 10


class ComparedParameter(NameParameter):
    """Claimants to compare."""

    max_values = MAX_COMPARED


class ComparedPositionSchema(schemas.Schema):
    """The stances of the claimants on one position."""

    position = schemas.object_field(StatementPositionSchema, "The position.", nullable=False)
    cells = ma.fields.List(
        ma.fields.Nested(ClaimantStanceSchema, allow_none=True),
        **schemas.field_options(
            "The stance of each claimant, in their order; null where it took none.", False
        ),
    )
    verdict = schemas.enum_field(
        "ComparisonVerdict",
        VERDICTS_ON_POSITIONS,
        "`one` where one claimant alone took a stance; `disagree` where one plainly supports and "
        "another opposes; `agree` where all who took one plainly take the same side; else `mixed`.",
    )


class ComparedPairSchema(schemas.Schema):
    """How often two claimants agree."""

    a = schemas.object_field(schemas.PartySchema, "A claimant.", nullable=False)
    b = schemas.object_field(schemas.PartySchema, "Another claimant.", nullable=False)
    shared = schemas.number_field("The positions on which both took a stance.")
    agree = schemas.number_field("The shared positions that both plainly support, or both oppose.")
    disagree = schemas.number_field(
        "The shared positions that one plainly supports and the other opposes."
    )
    share = schemas.share_field("`agree / (agree + disagree)`; null where both are 0.")


class ComparisonSchema(schemas.Schema):
    """The stances of some claimants, position by position."""

    claimants = schemas.objects_field(
        schemas.PartySchema, "The claimants, in the order of the query's sorted values."
    )
    positions = schemas.objects_field(
        ComparedPositionSchema,
        "A page of the positions on which any of them took a stance, by text.",
    )
    pairs = schemas.objects_field(ComparedPairSchema, "Each two of them, over all positions.")
    meta = schemas.object_field(StatementsMetaSchema, "About the positions.", nullable=False)


@blp.list_route(
    "/compare",
    statement_query(
        *COMPARED,
        actor=ComparedParameter(
            "actor",
            description="Compare these actors, 2 to 10, instead of organizations.",
            example=["mark-rutte", "volodymyr-zelenskyy"],
        ),
        organization=ComparedParameter(
            "organization",
            description="Compare these organizations, 2 to 10, instead of actors.",
            example=["NATO", "Russia"],
        ),
        by=period_parameter(),
    ),
    ComparisonSchema,
    sample="actor=mark-rutte&actor=volodymyr-zelenskyy",
)
def compare_claimants(query: Query) -> MakeAnswer:
    """Compare the stances of actors, or of organizations, position by position.

    Each value names one record. The other filters choose the claims that count. `pairs` cover all
    positions, on whatever page.
    """
    of = compared_kind(query)

    def answer(dataset: Dataset) -> SingleObject:
        resolved = resolve(Claim, query, {}, dataset)
        claimants = compared_claimants(of, resolved)
        shape, bound = resolved.shape, resolved.bound
        rows = None
        if shape is not None:
            rows = Comparison(of, query.options["by"], claimants, shape, bound)
        page = fetch_statement_page(query, resolved, rows, dataset)
        references = fetch_references(claimants)
        document: dict[str, Any] = {
            "claimants": [references[claimant] for claimant in claimants],
            "positions": page.rows,
            "pairs": compare_pairs(of, claimants, shape, bound),
            "meta": page.meta,
        }
        return SingleObject(orjson.dumps(document), next_query=page.next_query)

    return answer


def compared_kind(query: Query) -> str:
    """The kind of the compared records: actors or organizations. Raises HTTPProblem."""
    given = [name for name in COMPARED if name in query.names]
    if len(given) != 1:
        raise invalid_value("actor", "or organization is needed: exactly one of the two")
    (of,) = given
    values = query.names[of]
    if len(values) < MIN_COMPARED:
        raise invalid_value(of, f"needs {MIN_COMPARED} to {MAX_COMPARED} different values")
    for value in values:
        if value.exclude:
            raise invalid_value(of, "cannot exclude in a comparison", f"!{value.text}")
    return of


def compared_claimants(of: str, resolved: ResolvedQuery) -> tuple[int, ...]:
    """The keys of the claimants, in the order of the values. Raises HTTPProblem."""
    keys: list[int] = []
    for name in resolved.names[of]:
        text = name.query.text
        if len(name.matches) != 1:
            nearest = (name.matches or [match for match in name.suggestions if match.type == of])[
                :1
            ]
            count = len(name.matches)
            message = f"stands for {count} records: write an id" if count else f"names no {of}"
            raise invalid_value(of, message, text, nearest[0].id if nearest else None)
        if name.matches[0].key in keys:
            raise invalid_value(of, "names the same record as another value", text)
        keys.append(name.matches[0].key)
    return tuple(keys)
