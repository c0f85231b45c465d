"""Actors: people, groups and unnamed officials that make claims."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import JSONField, foreign_key, word_check
from models.organization import Organization
from models.record_table import COUNT, Link, RecordTable
from models.values.dates import first_number, last_number
from models.values.folding import name_sort_key, spaced_words

KINDS = ("person", "group", "unnamed")


class Actor(RecordTable):
    """A person, a group, or somebody unnamed."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[word_check("kind", KINDS)])
    aliases = JSONField(null=True)
    description = TextField(null=True)
    url = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: name_sort_key(record["name"]), "claim_count": COUNT}
    DOCUMENT = (
        "name", "kind", "aliases", "description", "url", "attributes", "memberships", "claim_count",
    )  # fmt: skip


def membership_start(start_date: str | None) -> int:
    """The number of a membership's start; an open bound is before all dates."""
    return first_number(start_date) if start_date else 0


def membership_end(end_date: str | None) -> int:
    """The number of a membership's last day; an open bound is after all dates."""
    return last_number(end_date) if end_date else 99999999


class Membership(Link):
    """An actor's dated role in an organization; missing dates are open bounds."""

    actor = foreign_key(Actor)
    ordinal = IntegerField()
    organization = foreign_key(Organization, index=True)
    role = TextField(null=True)
    role_folded = TextField(null=True)
    on_behalf_of = foreign_key(Organization, null=True, index=True)
    area = TextField(null=True)
    start_date = TextField(null=True)
    end_date = TextField(null=True)
    first = IntegerField()
    last = IntegerField()

    class Meta:
        primary_key = CompositeKey("actor", "ordinal")

    SECTION, OWNER = "memberships", "actor"
    DERIVED = {
        "role_folded": lambda membership: spaced_words(membership.get("role")),
        "first": lambda membership: membership_start(membership.get("start_date")),
        "last": lambda membership: membership_end(membership.get("end_date")),
    }


Actor.LINKS = (Membership,)
