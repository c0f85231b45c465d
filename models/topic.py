"""Topics: policy issues, in a hierarchy."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import Base, JSONField, foreign_key
from models.record_table import COUNT, RecordTable
from models.values.folding import name_sort_key


class Topic(RecordTable):
    """A policy issue; a claim on it is also a claim on every broader one."""

    name = TextField()
    folded = TextField(index=True)
    aliases = JSONField(null=True)
    description = TextField(null=True)
    parent = foreign_key("self", null=True, index=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: name_sort_key(record["name"]), "claim_count": COUNT}
    DOCUMENT = ("name", "aliases", "description", "parent", "attributes", "claim_count")


class Broader(Base):
    """A topic and one of its broader topics, itself among them."""

    topic = foreign_key(Topic)
    broader = foreign_key(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("topic", "broader")
        without_rowid = True
