"""Contradictions: who contradicts whom."""

from __future__ import annotations

from api.formats.page import MakeAnswer
from api.http.problems import invalid_value
from api.openapi import schemas
from api.query.display import FlagOption
from api.query.parser import Query
from api.v1.reversals import OpposedClaimSchema
from api.v1.stances import blp
from api.v1.statement_lists import (
    StatementPositionSchema,
    StatementsMetaSchema,
    of_parameter,
    statement_list,
    statement_query,
)
from models.claim import RELATIONS, STANCES
from models.networks.contradictions import Contradictions

# filters of which one bounds the pairs
BOUNDING_FILTERS = ("actor", "organization", "position", "claimant")


class ContradictingClaimSchema(OpposedClaimSchema):
    """One side of a contradiction."""

    stance = schemas.enum_field(
        "Stance", STANCES, "The stance that it takes; null without a position.", nullable=True
    )
    claimant = schemas.object_field(schemas.PartySchema, "The claimant.", nullable=False)


class ContradictionSchema(schemas.Schema):
    """Claims of two claimants that are opposed."""

    position = schemas.object_field(
        StatementPositionSchema, "The position; null if only a relation ties the two claims."
    )
    a = schemas.object_field(
        ContradictingClaimSchema, "The side that `actor`, `organization` and `claimant` choose.",
        nullable=False,
    )  # fmt: skip
    b = schemas.object_field(ContradictingClaimSchema, "The other side.", nullable=False)
    relation = schemas.enum_field(
        "RelationKind", RELATIONS, "The relation that ties the two claims.", nullable=True
    )


class ContradictionPageSchema(schemas.Schema):
    """One page of contradictions."""

    data = schemas.objects_field(ContradictionSchema, "The contradictions.")
    meta = schemas.object_field(StatementsMetaSchema, "About the list.", nullable=False)


@blp.list_route(
    "/contradictions",
    statement_query(
        of=of_parameter(),
        all=FlagOption("Whether all claims count, and not only the last of each claimant."),
        explicit=FlagOption(
            "Whether only claims are paired of which one has the relation `contradicts` to the "
            "other."
        ),
    ),
    ContradictionPageSchema,
    sample="actor=Rutte&position=ukraine-will-join-nato",
)
def list_contradictions(query: Query) -> MakeAnswer:
    """List contradictions: pairs of claimants whose last claims on a position are opposed.

    It needs `actor`, `organization`, `claimant` or `position`, or `explicit=true`. The first three
    choose side `a`; all other filters hold for both claims. Where each claim could be side `a`,
    the supporting one is. The newest claims of side `a` come first, then those of side `b`.
    """
    pairing = pairing_of(query)
    return statement_list(
        query, lambda shape, bound: Contradictions(query.options["of"], pairing, shape, bound)
    )


def pairing_of(query: Query) -> str:
    """Which claims are paired. Raises HTTPProblem unless a filter bounds the pairs."""
    if query.options["explicit"]:
        if query.options["all"]:
            raise invalid_value("all", "cannot be used with explicit=true", "true")
        return "explicit"
    values = [value for name in BOUNDING_FILTERS for value in query.names.get(name, ())]
    if all(value.exclude for value in values):
        raise invalid_value(
            "actor", "or organization, claimant, position or explicit=true is needed; an exclusion "
            "does not bound the pairs",
        )  # fmt: skip
    return "all" if query.options["all"] else "last"
