"""Reversals: who changed."""

from __future__ import annotations

import marshmallow as ma

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.query.parser import Query
from api.v1.stances import blp
from api.v1.statement_lists import (
    StatementPositionSchema,
    StatementsMetaSchema,
    of_parameter,
    statement_list,
    statement_query,
)
from models.claim import RELATIONS, STANCES
from models.networks.reversals import Reversals


class ReportingSourceSchema(schemas.Schema):
    """The source of a report."""

    id = schemas.text_field("The source's id.")
    title = schemas.text_field("The source's title.")


class OpposedClaimSchema(schemas.Schema):
    """A claim that is opposed to another one."""

    id = schemas.text_field("The claim's id.")
    date = schemas.date_field("The claim's date.")
    text = schemas.text_field("The claim's text.")
    quote = schemas.text_field("The speaker's own words.", nullable=True)
    language = schemas.text_field("The language of the quote.", nullable=True)
    source = schemas.object_field(
        ReportingSourceSchema, "The source of the claim's first report; null without a report."
    )
    link = schemas.text_field("The URL of that source, opening at the exact words.", nullable=True)


class ChangedClaimSchema(OpposedClaimSchema):
    """A claim before or after a change of stance."""

    stance = schemas.enum_field("Stance", STANCES, "The stance that it takes on the position.")
    actor = schemas.object_field(schemas.ReferenceSchema, "The actor who makes it.")


class ReversalSchema(schemas.Schema):
    """Two successive claims of one claimant, with opposite stances on one position."""

    claimant = schemas.object_field(schemas.PartySchema, "The claimant.", nullable=False)
    position = schemas.object_field(StatementPositionSchema, "The position.", nullable=False)
    from_ = ma.fields.Nested(
        ChangedClaimSchema,
        data_key="from",
        **schemas.field_options("The earlier claim.", False),
    )
    to = schemas.object_field(ChangedClaimSchema, "The later claim.", nullable=False)
    same_actor = schemas.flag_field(
        "Whether the same actor (or, without an actor, organization) makes both claims."
    )
    days = schemas.number_field(
        "The days between the two; null unless both dates name a day.", nullable=True
    )
    relation = schemas.enum_field(
        "RelationKind", RELATIONS, "The relation that ties the two claims.", nullable=True
    )


class ReversalsMetaSchema(StatementsMetaSchema):
    """About a list of reversals."""

    left_out = schemas.number_field(
        "How many changes are no rows, since their dates overlap or one claim qualifies the other; "
        "null under count=none.",
        nullable=True,
    )


class ReversalPageSchema(schemas.Schema):
    """One page of reversals."""

    data = schemas.objects_field(ReversalSchema, "The reversals.")
    meta = schemas.object_field(ReversalsMetaSchema, "About the list.", nullable=False)


@blp.list_route(
    "/reversals",
    statement_query(of=of_parameter()),
    ReversalPageSchema,
    sample="of=organization&position=ukraine-will-join-nato",
)
def list_reversals(query: Query) -> MakeAnswer:
    """List reversals, newest first: a claimant takes the opposite stance on a position.

    Neutral claims are passed over. A change counts only if the dates of the two claims do not
    overlap: `2025` and `2025-03`, or two claims of one day, tell no order. Unnamed actors are not
    followed.
    """
    return statement_list(
        query,
        lambda shape, bound: Reversals(query.options["of"], shape, bound),
        counts=("total", "left_out"),
    )
