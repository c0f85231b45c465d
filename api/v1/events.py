"""Events."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import (
    Countries,
    Dates,
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
from models import Event
from models.event import KINDS
from models.queries.facets import FACETS

blp = Blueprint("events", __name__, description="Where and when: summits, meetings, interviews …")


class ParticipantSchema(schemas.Party):
    """An actor or organization that took part."""

    role = schemas.text("As what it took part.", nullable=True)


class EventSchema(schemas.Schema):
    """A summit, a meeting, an interview …, at a place and for some days."""

    id = schemas.record_id()
    name = schemas.text("The name.")
    kind = schemas.word("EventKind", KINDS, "What kind of event it is.")
    aliases = schemas.texts("Other names.")
    start_date = schemas.date("When it began.", nullable=False)
    end_date = schemas.date("When it ended; null where it was one date.")
    place = schemas.text("Where it was.", nullable=True)
    country = schemas.text("Its country, as ISO 3166-1 alpha-2 code.", nullable=True)
    parent = schemas.one(schemas.Reference, "The event that it is a part of.")
    organizers = schemas.many(schemas.Reference, "The organizations that held it.")
    participants = schemas.many(ParticipantSchema, "Who took part.")
    description = schemas.text("What it was.", nullable=True)
    url = schemas.text("A page about it.", nullable=True)
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class EventQuery(ListQuery):
    id = Ids(["hague-summit-2025"])
    kind = OneOf("EventKind", KINDS, "Events of these kinds.")
    country = Countries("Events in these countries.")
    place = Words("Events at a place with these words.", ["Antalya"])
    parent = Names(
        "event",
        description="Events that are directly part of these ones.",
        example=["hague-summit-2025"],
    )
    actor = Names(
        "actor",
        description="Events where these actors took part or claimed something.",
        example=["mark-rutte"],
    )
    organization = Names(
        "organization",
        description="Events that these organizations held, took part in, or claimed something at.",
        example=["nato"],
    )
    topic = Names(
        "topic",
        description="Events with claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    date = Dates("Events that lie within these dates.", ["2025-05"])
    from_date = Day("Events that go on to this date, or beyond.", "2025-05-14")
    to_date = Day("Events that begin at this date, or before.", "2025")
    sort = Sort("EventSort", Event.SORTS, "name")
    facet = Facets("EventFacet", FACETS[Event])
    include = Include("event")
    fields = Fields(EventSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Event, EventQuery, schemas.page_of(EventSchema))


@blp.list("/events", EventQuery(), LISTING.page)
def list_events(query: Query) -> Response:
    """List events, by name.

    `sort=-date` has the latest first; `parent` finds those that are part of another.
    """
    return page(Event, query)


@blp.one("/events/<id>", EventSchema, one_query("event", EventSchema))
def get_event(query: Query, id: str) -> Response:
    """Get one event.

    With who held it and who took part. A former id redirects to the one that replaced it.
    """
    return document("event", id, query)
