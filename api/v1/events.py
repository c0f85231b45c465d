"""Events."""

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
    CountryParameter,
    DateParameter,
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
from models import Event
from models.claim import STANCES
from models.event import KINDS

blp = Blueprint(
    "events",
    __name__,
    description="Summits, meetings, interviews …, with place and dates.",
    example="hague-summit-2025",
)


class ParticipantSchema(schemas.PartySchema):
    """An actor or organization that took part."""

    role = schemas.text_field("The role in which it took part.", nullable=True)


class EventSchema(schemas.Schema):
    """A summit, a meeting, an interview …, at a place and for some days."""

    id = schemas.id_field()
    name = schemas.text_field("The name.")
    kind = schemas.enum_field("EventKind", KINDS, "The kind of event.")
    aliases = schemas.texts_field("Other names.")
    start_date = schemas.date_field("The start.", nullable=False)
    end_date = schemas.date_field("The end; null if it was one date.")
    place = schemas.text_field("The place.", nullable=True)
    country = schemas.text_field("Its country, as ISO 3166-1 alpha-2 code.", nullable=True)
    parent = schemas.object_field(schemas.ReferenceSchema, "The event that it is a part of.")
    organizers = schemas.objects_field(schemas.ReferenceSchema, "The organizations that held it.")
    participants = schemas.objects_field(
        ParticipantSchema, "Actors and organizations that took part."
    )
    description = schemas.text_field("A description of the event.", nullable=True)
    url = schemas.text_field("A page about it.", nullable=True)
    attributes = schemas.attributes_field()
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class EventQuery(ListQuery):
    q = FullTextParameter("Events with these words in their names or description.", "summit")
    id = IdParameter(["hague-summit-2025"])
    kind = EnumFilter("EventKind", KINDS, "Events of these kinds.")
    country = CountryParameter("Events in these countries.")
    place = WordsParameter("Events at a place with these words.", ["Antalya"])
    parent = NameParameter(
        "event",
        description="Events that are directly part of these ones.",
        example=["hague-summit-2025"],
    )
    actor = NameParameter(
        "actor",
        description="Events where these actors claimed something. Without another filter by "
        "claims, also events in which they took part.",
        example=["mark-rutte"],
    )
    organization = NameParameter(
        "organization",
        description="Events with claims on behalf of these organizations. Without another filter "
        "by claims, also events that they held or took part in.",
        example=["nato"],
    )
    topic = NameParameter(
        "topic",
        description="Events with claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = NameParameter(
        "position",
        description="Events with claims that take a stance on these positions.",
        example=["ukraine-will-join-nato"],
    )
    stance = EnumFilter("Stance", STANCES, "Events with claims that take one of these stances.")
    attribute = AttributeParameter("Events")
    match = MatchParameter()
    date = DateParameter("Events that lie within these dates.", ["2025-05"])
    from_date = DayParameter("Events that go on to this date, or beyond.", "2025-05-14")
    to_date = DayParameter("Events that begin at this date, or before.", "2025")
    sort = SortParameter(Event, "name")
    facet = FacetParameter(Event)
    include = IncludeParameter("event")
    fields = FieldsParameter(EventSchema)  # type: ignore[assignment]  # a parameter, not the fields


EVENTS = schemas.resource(Event, EventSchema, EventQuery)


@blp.list_route(
    "/events",
    EventQuery(),
    EVENTS.page,
    sample="country=Turkey&sort=-date",
)
def list_events(query: Query) -> MakeAnswer:
    """List events, by name.

    `sort=-date` shows the latest first; `parent` finds the parts of an event. `actor`,
    `organization`, `topic`, `position` and `stance` hold for one and the same claim.
    """
    return list_page(Event, query)


@blp.record_route("/events/<id>", EVENTS)
def get_event(query: Query, id: str) -> MakeAnswer:
    """Get one event.

    It shows its organizers and participants. A former id redirects to the present one.
    """
    return record_document("event", id, query)
