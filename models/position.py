"""Positions: canonical sentences that claims support or oppose."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import reference
from models.record_table import Link, Thing, counted_later
from models.search.names import sorting
from models.topic import Topic


class Position(Thing):
    """A sentence that one can be for or against; discourse network analysis calls it a concept."""

    text = TextField()
    folded = TextField(index=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: sorting(record["text"]), "claim_count": counted_later}


class PositionTopic(Link):
    """One topic of a position."""

    position = reference(Position)
    ordinal = IntegerField()
    topic = reference(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("position", "ordinal")

    SECTION, OWNER = "topics", "position"
    PLAIN = True


Position.LINKS = (PositionTopic,)
