"""Events: where and when."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import Base, JSONField, Record, foreign_key, word_check
from models.organization import Organization
from models.record_table import COUNT, Link, RecordTable
from models.values.dates import day_numbers
from models.values.folding import name_sort_key, spaced_words

KINDS = (
    "summit", "meeting", "interview", "speech", "press-conference", "hearing",
    "debate", "conference", "vote", "election", "treaty", "conflict", "other",
)  # fmt: skip


class Event(RecordTable):
    """A summit, a meeting, an interview …, at a place and for some days."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[word_check("kind", KINDS)])
    aliases = JSONField(null=True)
    start_date = TextField(index=True)
    end_date = TextField(null=True)
    first = IntegerField(index=True)
    last = IntegerField(index=True)
    place = TextField(null=True)
    place_folded = TextField(null=True, index=True)
    country = TextField(null=True, index=True)
    parent = foreign_key("self", null=True, index=True)
    description = TextField(null=True)
    url = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {
        "folded": lambda record: name_sort_key(record["name"]),
        "first": lambda record: day_numbers(record["start_date"])[0],
        "last": lambda record: day_numbers(record.get("end_date") or record["start_date"])[1],
        "place_folded": lambda record: spaced_words(record.get("place")),
        "claim_count": COUNT,
    }
    DOCUMENT = (
        "name", "kind", "aliases", "start_date", "end_date", "place", "country", "parent",
        "organizers", "participants", "description", "url", "attributes", "claim_count",
    )  # fmt: skip


class EventAncestor(Base):
    """An event and one of the events that it is a part of, or itself."""

    event = foreign_key(Event)
    ancestor = foreign_key(Event, index=True)

    class Meta:
        primary_key = CompositeKey("event", "ancestor")
        without_rowid = True


class Organizer(Link):
    """One organization that held an event."""

    event = foreign_key(Event)
    ordinal = IntegerField()
    organization = foreign_key(Organization, index=True)

    class Meta:
        primary_key = CompositeKey("event", "ordinal")

    SECTION, OWNER = "organizers", "event"
    PLAIN = True


class Participant(Link):
    """One actor or organization that took part in an event."""

    event = foreign_key(Event)
    ordinal = IntegerField()
    party = foreign_key(Record, index=True)
    role = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("event", "ordinal")

    SECTION, OWNER = "participants", "event"


Event.LINKS = (Organizer, Participant)
