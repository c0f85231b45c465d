"""Sources: the documents that report claims."""

from peewee import IntegerField, TextField

from models.base import JSONField, one_of, reference
from models.organization import Organization
from models.record_table import Thing, counted_later
from models.search.names import sorting
from models.values.dates import date_key

KINDS = (
    "article", "transcript", "declaration", "post", "report", "broadcast", "dataset", "other",
)  # fmt: skip


class Source(Thing):
    """An article, a transcript, a declaration, a post …; `origin` is whose report it repeats."""

    title = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[one_of("kind", KINDS)])
    publisher = reference(Organization, null=True, index=True)
    origin = reference(Organization, null=True, index=True)
    authors = JSONField(null=True)
    date = TextField(null=True)
    date_key = IntegerField(index=True)
    language = TextField(null=True, index=True)
    url = TextField(null=True)
    claim_count = IntegerField(default=0)
    text = TextField(null=True)

    DERIVED = {
        "folded": lambda record: sorting(record["title"]),
        "date_key": lambda record: date_key(record.get("date")),
        "claim_count": counted_later,
    }
