"""Events: where and when."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import JSONField, Record, one_of, reference
from models.organization import Organization
from models.record_table import Link, Thing, counted_later
from models.search.names import fold, sorting
from models.values.dates import days

KINDS = (
    "summit", "meeting", "interview", "speech", "press-conference", "hearing",
    "debate", "election", "treaty", "conflict", "other",
)  # fmt: skip


class Event(Thing):
    """A summit, a meeting, an interview …, at a place and for some days."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[one_of("kind", KINDS)])
    aliases = JSONField(null=True)
    start_date = TextField(index=True)
    end_date = TextField(null=True)
    first = IntegerField(index=True)
    last = IntegerField(index=True)
    place = TextField(null=True)
    place_folded = TextField(null=True, index=True)
    country = TextField(null=True, index=True)
    parent = reference("self", null=True, index=True)
    description = TextField(null=True)
    url = TextField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {
        "folded": lambda record: sorting(record["name"]),
        "first": lambda record: days(record["start_date"])[0],
        "last": lambda record: days(record.get("end_date") or record["start_date"])[1],
        "place_folded": lambda record: record.get("place") and f" {fold(record['place'])} ",
        "claim_count": counted_later,
    }


class Organizer(Link):
    """One organization that held an event."""

    event = reference(Event)
    ordinal = IntegerField()
    organization = reference(Organization, index=True)

    class Meta:
        primary_key = CompositeKey("event", "ordinal")

    SECTION, OWNER = "organizers", "event"
    PLAIN = True


class Participant(Link):
    """One actor or organization that took part in an event."""

    event = reference(Event)
    ordinal = IntegerField()
    party = reference(Record, index=True)
    role = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("event", "ordinal")

    SECTION, OWNER = "participants", "event"


Event.LINKS = (Organizer, Participant)
