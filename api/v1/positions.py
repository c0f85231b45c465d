"""Positions."""

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    SortParameter,
)
from api.query.parameters import (
    AttributeParameter,
    FullTextParameter,
    IdParameter,
    NameParameter,
)
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Position

blp = Blueprint(
    "positions",
    __name__,
    description="Sentences that claims support or oppose.",
    example="ukraine-will-join-nato",
)


class StanceCountsSchema(schemas.Schema):
    """The number of claims that take each stance."""

    support = schemas.number_field("Claims that support the position.")
    oppose = schemas.number_field("Claims that oppose it.")
    neutral = schemas.number_field("Claims that take neither side.")


class PositionSchema(schemas.Schema):
    """A canonical sentence that one can be for or against."""

    id = schemas.id_field()
    label = schemas.text_field("A short name.", nullable=True)
    text = schemas.text_field("The sentence.")
    attributes = schemas.attributes_field()
    topics = schemas.objects_field(schemas.ReferenceSchema, "The topics of the position.")
    stances = schemas.object_field(
        StanceCountsSchema, "The number of claims that take each stance.", nullable=False
    )
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class PositionQuery(ListQuery):
    q = FullTextParameter("Positions with these words in their text or label.", "Ukraine")
    id = IdParameter(["ukraine-will-join-nato"])
    topic = NameParameter(
        "topic",
        description="Positions on these topics, or on narrower ones.",
        example=["enlargement"],
    )
    actor = NameParameter(
        "actor",
        description="Positions on which these actors took a stance.",
        example=["mark-rutte"],
    )
    organization = NameParameter(
        "organization",
        description="Positions on which claims on behalf of these organizations take a stance.",
        example=["nato"],
    )
    attribute = AttributeParameter("Positions")
    sort = SortParameter(Position, "name")
    facet = FacetParameter(Position)
    include = IncludeParameter("position")
    fields = FieldsParameter(PositionSchema)  # type: ignore[assignment]  # a parameter, not the fields


POSITIONS = schemas.resource(Position, PositionSchema, PositionQuery)


@blp.list_route(
    "/positions",
    PositionQuery(),
    POSITIONS.page,
    sample="topic=enlargement&include=topic",
)
def list_positions(query: Query) -> MakeAnswer:
    """List positions, by their text.

    Each shows how many claims support it, oppose it, or take neither side. `actor` and
    `organization` hold for one and the same claim.
    """
    return list_page(Position, query)


@blp.record_route("/positions/<id>", POSITIONS)
def get_position(query: Query, id: str) -> MakeAnswer:
    """Get one position.

    It shows how many claims take each stance. A former id redirects to the present one.
    """
    return record_document("position", id, query)
