"""Positions."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import Facets, Fields, Ids, Include, ListQuery, Names, Sort, one_query
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Position
from models.queries.facets import FACETS

blp = Blueprint("positions", __name__, description="Sentences that claims support or oppose.")


class StanceCounts(schemas.Schema):
    """How many claims take each stance."""

    support = schemas.number("Claims that support the position.")
    oppose = schemas.number("Claims that oppose it.")
    neutral = schemas.number("Claims that take neither side.")


class PositionSchema(schemas.Schema):
    """A canonical sentence that one can be for or against."""

    id = schemas.record_id()
    text = schemas.text("The sentence.")
    topics = schemas.many(schemas.Reference, "What it is about.")
    stances = schemas.one(StanceCounts, "How many claims take each stance.", nullable=False)
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class PositionQuery(ListQuery):
    id = Ids(["ukraine-will-join-nato"])
    topic = Names(
        "topic",
        description="Positions on these topics, or on narrower ones.",
        example=["enlargement"],
    )
    actor = Names(
        "actor",
        description="Positions on which these actors took a stance.",
        example=["mark-rutte"],
    )
    sort = Sort("PositionSort", Position.SORTS, "name")
    facet = Facets("PositionFacet", FACETS[Position])
    include = Include("position")
    fields = Fields(PositionSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Position, PositionQuery, schemas.page_of(PositionSchema))


@blp.list("/positions", PositionQuery(), LISTING.page)
def list_positions(query: Query) -> Response:
    """List positions, by their text.

    Each with the number of claims that support it, oppose it, or take neither side.
    """
    return page(Position, query)


@blp.one("/positions/<id>", PositionSchema, one_query("position", PositionSchema))
def get_position(query: Query, id: str) -> Response:
    """Get one position.

    With the number of claims for and against. A former id redirects to the one that replaced it.
    """
    return document("position", id, query)
