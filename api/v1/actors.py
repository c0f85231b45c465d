"""Actors."""

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    MatchParameter,
    SortParameter,
)
from api.query.parameters import (
    AttributeParameter,
    DayParameter,
    EnumFilter,
    FullTextParameter,
    IdParameter,
    NameParameter,
    WordsParameter,
)
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Actor
from models.actor import KINDS
from models.claim import STANCES

blp = Blueprint(
    "actors",
    __name__,
    description="People, groups and unnamed officials that make claims.",
    example="mark-rutte",
)


class MembershipSchema(schemas.Schema):
    """A role in an organization; missing dates are open bounds."""

    organization = schemas.object_field(
        schemas.ReferenceSchema, "The organization.", nullable=False
    )
    role = schemas.text_field("The role.", nullable=True)
    on_behalf_of = schemas.object_field(
        schemas.ReferenceSchema, "The organization that the member stands for, as a party."
    )
    area = schemas.text_field("The area that the member represents.", nullable=True)
    start_date = schemas.date_field("The start.")
    end_date = schemas.date_field("The end.")


class ActorSchema(schemas.Schema):
    """A person, a group or an unnamed official that makes claims."""

    id = schemas.id_field()
    name = schemas.text_field("The name.")
    kind = schemas.enum_field("ActorKind", KINDS, "The kind of actor.")
    aliases = schemas.texts_field("Other names.")
    description = schemas.text_field("A description of the actor.", nullable=True)
    url = schemas.text_field("A page about the actor.", nullable=True)
    attributes = schemas.attributes_field()
    memberships = schemas.objects_field(MembershipSchema, "Roles in organizations.")
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class ActorQuery(ListQuery):
    q = FullTextParameter("Actors with these words in their names or description.", "Rutte")
    id = IdParameter(["mark-rutte"])
    organization = NameParameter(
        "organization",
        description="Actors with a membership in these organizations.",
        example=["nato"],
    )
    role = WordsParameter("Actors with a membership in this role.", ["Secretary General"])
    as_of = DayParameter("Actors with a membership at this date.", "2025-05-14")
    event = NameParameter(
        "event",
        description="Actors who claimed something at these events or parts of them. Without "
        "another filter by claims, also actors who took part.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    topic = NameParameter(
        "topic",
        description="Actors with claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = NameParameter(
        "position",
        description="Actors with claims that take a stance on these positions.",
        example=["ukraine-will-join-nato"],
    )
    stance = EnumFilter("Stance", STANCES, "Actors with claims that take one of these stances.")
    source = NameParameter(
        "source",
        description="Actors with claims that these sources report.",
        example=["defensehere-2025-05-14-post"],
    )
    match = MatchParameter()
    kind = EnumFilter("ActorKind", KINDS, "Actors of these kinds.")
    attribute = AttributeParameter("Actors")
    sort = SortParameter(Actor, "name")
    facet = FacetParameter(Actor)
    include = IncludeParameter("actor")
    fields = FieldsParameter(ActorSchema)  # type: ignore[assignment]  # a parameter, not the fields


ACTORS = schemas.resource(Actor, ActorSchema, ActorQuery)


@blp.list_route(
    "/actors",
    ActorQuery(),
    ACTORS.page,
    sample="organization=NATO&as_of=2025-05-14",
)
def list_actors(query: Query) -> MakeAnswer:
    """List actors, by name.

    `organization`, `role` and `as_of` hold for one and the same membership; `event`, `topic`,
    `position`, `stance` and `source` for one and the same claim.
    """
    return list_page(Actor, query)


@blp.record_route("/actors/<id>", ACTORS)
def get_actor(query: Query, id: str) -> MakeAnswer:
    """Get one actor.

    It shows its memberships. A former id redirects to the present one.
    """
    return record_document("actor", id, query)
