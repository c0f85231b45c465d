"""Topics: policy issues, in a hierarchy."""

from collections.abc import Mapping

from peewee import CompositeKey, IntegerField, TextField

from models.base import Base, JSONField, reference
from models.record_table import Thing, counted_later
from models.search.names import sorting


class Topic(Thing):
    """A policy issue; a claim on it is also a claim on every broader one."""

    name = TextField()
    folded = TextField(index=True)
    aliases = JSONField(null=True)
    description = TextField(null=True)
    parent = reference("self", null=True, index=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: sorting(record["name"]), "claim_count": counted_later}


class Broader(Base):
    """A topic and one of its broader topics, itself among them."""

    topic = reference(Topic)
    broader = reference(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("topic", "broader")
        without_rowid = True


def broader(parents: Mapping[int, int | None]) -> list[tuple[int, int]]:
    """The rows of `broader` for a hierarchy without circles: (topic, itself or a broader one)."""
    found = []
    for topic in parents:
        above: int | None = topic
        while above is not None:
            found.append((topic, above))
            above = parents[above]
    return found
