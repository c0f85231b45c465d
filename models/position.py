"""Positions: canonical sentences that claims support or oppose."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import JSONField, foreign_key
from models.record_table import COUNT, Link, RecordTable
from models.topic import Topic
from models.values.folding import name_sort_key


class Position(RecordTable):
    """A sentence that one can be for or against; discourse network analysis calls it a concept."""

    text = TextField()
    label = TextField(null=True)
    folded = TextField(index=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: name_sort_key(record["text"]), "claim_count": COUNT}
    DOCUMENT = ("label", "text", "attributes", "topics", "stances", "claim_count")


class PositionTopic(Link):
    """One topic of a position."""

    position = foreign_key(Position)
    ordinal = IntegerField()
    topic = foreign_key(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("position", "ordinal")

    SECTION, OWNER = "topics", "position"
    PLAIN = True


Position.LINKS = (PositionTopic,)
