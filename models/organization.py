"""Organizations: bodies that act or are acted on."""

from peewee import IntegerField, TextField

from models.base import JSONField, foreign_key, word_check
from models.record_table import COUNT, RecordTable
from models.values.folding import name_sort_key

KINDS = (
    "alliance", "state", "company", "media", "party", "government", "parliament", "court",
    "ngo", "committee", "international", "other",
)  # fmt: skip


class Organization(RecordTable):
    """An alliance, state, company, media outlet, party …: it may make claims itself."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[word_check("kind", KINDS)])
    aliases = JSONField(null=True)
    description = TextField(null=True)
    country = TextField(null=True, index=True)
    parent = foreign_key("self", null=True, index=True)
    url = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: name_sort_key(record["name"]), "claim_count": COUNT}
    DOCUMENT = (
        "name", "kind", "aliases", "description", "country", "parent", "url", "attributes",
        "claim_count",
    )  # fmt: skip
