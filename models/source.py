"""Sources: the documents that report claims."""

from peewee import IntegerField, TextField

from models.base import JSONField, foreign_key, word_check
from models.organization import Organization
from models.record_table import COUNT, RecordTable
from models.values.dates import date_key
from models.values.folding import name_sort_key

KINDS = (
    "article", "transcript", "declaration", "post", "report", "broadcast", "dataset", "other",
)  # fmt: skip


class Source(RecordTable):
    """An article, a transcript, a declaration …; `origin` is the publisher that it repeats."""

    title = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[word_check("kind", KINDS)])
    publisher = foreign_key(Organization, null=True, index=True)
    origin = foreign_key(Organization, null=True, index=True)
    authors = JSONField(null=True)
    date = TextField(null=True)
    date_key = IntegerField(index=True)
    language = TextField(null=True, index=True)
    url = TextField(null=True)
    archive_url = TextField(null=True)
    accessed = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)
    text = TextField(null=True)

    DERIVED = {
        "folded": lambda record: name_sort_key(record["title"]),
        "date_key": lambda record: date_key(record.get("date")),
        "claim_count": COUNT,
    }
    DOCUMENT = (
        "title", "kind", "publisher", "origin", "authors", "date", "language", "url", "archive_url",
        "accessed", "attributes", "claim_count",
    )  # fmt: skip
