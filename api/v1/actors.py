"""Actors."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import (
    Day,
    Facets,
    Fields,
    Ids,
    Include,
    ListQuery,
    Names,
    OneOf,
    Sort,
    Words,
    one_query,
)
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Actor
from models.actor import KINDS
from models.queries.facets import FACETS

blp = Blueprint("actors", __name__, description="Whoever makes claims in person.")


class MembershipSchema(schemas.Schema):
    """A role in an organization; missing dates are open bounds."""

    organization = schemas.one(schemas.Reference, "The organization.", nullable=False)
    role = schemas.text("The role.", nullable=True)
    start_date = schemas.date("When it began.")
    end_date = schemas.date("When it ended.")


class ActorSchema(schemas.Schema):
    """Whoever makes claims in person: a person, a group, somebody unnamed."""

    id = schemas.record_id()
    name = schemas.text("The name.")
    kind = schemas.word("ActorKind", KINDS, "What kind of actor it is.")
    aliases = schemas.texts("Other names.")
    description = schemas.text("Who it is.", nullable=True)
    url = schemas.text("A page about the actor.", nullable=True)
    attributes = schemas.attributes()
    memberships = schemas.many(MembershipSchema, "Roles in organizations.")
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class ActorQuery(ListQuery):
    id = Ids(["mark-rutte"])
    organization = Names(
        "organization",
        description="Actors with a membership in these organizations.",
        example=["nato"],
    )
    role = Words("Actors with a membership in this role.", ["Secretary General"])
    as_of = Day("Actors with a membership at this date.", "2025-05-14")
    event = Names(
        "event",
        description="Actors who took part in these events, or claimed something there.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    topic = Names(
        "topic",
        description="Actors with claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = Names(
        "position",
        description="Actors with claims that take a stance on these positions.",
        example=["ukraine-will-join-nato"],
    )
    source = Names(
        "source",
        description="Actors with claims that these sources report.",
        example=["defensehere-2025-05-14-post"],
    )
    kind = OneOf("ActorKind", KINDS, "Actors of these kinds.")
    sort = Sort("ActorSort", Actor.SORTS, "name")
    facet = Facets("ActorFacet", FACETS[Actor])
    include = Include("actor")
    fields = Fields(ActorSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Actor, ActorQuery, schemas.page_of(ActorSchema))


@blp.list("/actors", ActorQuery(), LISTING.page)
def list_actors(query: Query) -> Response:
    """List actors, by name.

    `organization`, `role` and `as_of` hold for one and the same membership.
    """
    return page(Actor, query)


@blp.one("/actors/<id>", ActorSchema, one_query("actor", ActorSchema))
def get_actor(query: Query, id: str) -> Response:
    """Get one actor.

    Who it is, with memberships. A former id redirects to the one that replaced it.
    """
    return document("actor", id, query)
