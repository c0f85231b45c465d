"""Organizations: bodies that act or are acted on."""

from peewee import IntegerField, TextField

from models.base import JSONField, one_of, reference
from models.record_table import Thing, counted_later
from models.search.names import sorting

KINDS = (
    "alliance", "state", "company", "media", "party", "government",
    "ngo", "committee", "international", "other",
)  # fmt: skip


class Organization(Thing):
    """An alliance, state, company, media outlet, party …: it may make claims itself."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[one_of("kind", KINDS)])
    aliases = JSONField(null=True)
    description = TextField(null=True)
    country = TextField(null=True, index=True)
    parent = reference("self", null=True, index=True)
    url = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: sorting(record["name"]), "claim_count": counted_later}
