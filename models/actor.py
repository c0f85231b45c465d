"""Actors: whoever makes claims in person."""

from peewee import CompositeKey, IntegerField, TextField

from models.base import JSONField, one_of, reference
from models.organization import Organization
from models.record_table import Link, Thing, counted_later
from models.search.names import fold, sorting
from models.values.dates import first, last

KINDS = ("person", "group", "unnamed")


class Actor(Thing):
    """A person, a group, or somebody unnamed."""

    name = TextField()
    folded = TextField(index=True)
    kind = TextField(index=True, constraints=[one_of("kind", KINDS)])
    aliases = JSONField(null=True)
    description = TextField(null=True)
    url = TextField(null=True)
    attributes = JSONField(null=True)
    claim_count = IntegerField(default=0)

    DERIVED = {"folded": lambda record: sorting(record["name"]), "claim_count": counted_later}


class Membership(Link):
    """An actor's dated role in an organization; missing dates are open bounds."""

    actor = reference(Actor)
    ordinal = IntegerField()
    organization = reference(Organization, index=True)
    role = TextField(null=True)
    role_folded = TextField(null=True)
    start_date = TextField(null=True)
    end_date = TextField(null=True)
    first = IntegerField()
    last = IntegerField()

    class Meta:
        primary_key = CompositeKey("actor", "ordinal")

    SECTION, OWNER = "memberships", "actor"
    DERIVED = {
        "role_folded": lambda one: one.get("role") and f" {fold(one['role'])} ",
        "first": lambda one: first(one["start_date"]) if one.get("start_date") else 0,
        "last": lambda one: last(one["end_date"]) if one.get("end_date") else 99999999,
    }


Actor.LINKS = (Membership,)
