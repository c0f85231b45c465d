"""The schemas of seed records, one a type. Loading gives a record in canonical form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, post_load, pre_load, validates_schema

from models import actor, claim, event, organization, source
from seeds.fields import (
    AttributesField,
    CountryField,
    DateField,
    IdField,
    LanguageField,
    NameField,
    OffsetField,
    SchemeField,
    TextField,
    UrlField,
    WordField,
    id_list,
    name_list,
    object_list,
    text_list,
)
from seeds.schema_checks import (
    CLAIMANTS,
    SchemaCheck,
    check_claim,
    check_distinct,
    check_offsets,
    check_party,
    check_period,
    check_review,
    check_scheme,
    is_empty,
)

UNKNOWN_FIELD = "unknown field"
# the key of marshmallow's errors that belong to no field
WHOLE = "_schema"
# lists of all records, with the names in which their items differ
DISTINCT: dict[str, tuple[str, ...]] = {
    "identifiers": ("scheme", "identifier"),
    "former_ids": (),
    "aliases": (),
}


class SeedObject(Schema):
    """A record, or an object within one; null and empty values count as absent."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN_FIELD, "type": "must be an object with fields"}

    CHECKS: ClassVar[tuple[SchemaCheck, ...]] = ()

    @pre_load
    def drop_empty(self, data: Any, **kwargs: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if not is_empty(value)}

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def run_checks(self, data: dict, original: Any, **kwargs: Any) -> None:
        if not isinstance(original, dict):
            return
        errors: dict[Any, Any] = {}
        for check in self.CHECKS:
            if error := check(data, original):
                path, message = error
                inner = errors
                for name in path:
                    inner = inner.setdefault(name, {})
                inner.setdefault(WHOLE, []).append(message)
        if errors:
            raise ValidationError(errors)


class SeedParty(SeedObject):
    """An actor or an organization."""

    actor = IdField()
    organization = IdField()

    CHECKS = (check_party,)


class SeedParticipant(SeedParty):
    role = TextField()


class SeedIdentifier(SeedObject):
    scheme = SchemeField(required=True)
    identifier = TextField(200, required=True)

    CHECKS = (check_scheme,)


class SeedMembership(SeedObject):
    organization = IdField(required=True)
    role = TextField()
    on_behalf_of = IdField()
    area = TextField()
    start_date = DateField()
    end_date = DateField()

    CHECKS = (check_period,)


class SeedStance(SeedObject):
    position = IdField(required=True)
    stance = WordField(claim.STANCES, required=True)


class SeedReport(SeedObject):
    source = IdField(required=True)
    exact = TextField(20_000)
    prefix = TextField(strip=False)
    suffix = TextField(strip=False)
    start = OffsetField()
    end = OffsetField()
    attribution = WordField(claim.ATTRIBUTIONS)

    CHECKS = (check_offsets,)


class SeedRelation(SeedObject):
    kind = WordField(claim.RELATIONS, required=True)
    claim = IdField(required=True)


class SeedReview(SeedObject):
    organization = IdField(required=True)
    rating = TextField()
    verdict = WordField(claim.VERDICTS)
    author = TextField()
    title = TextField()
    url = UrlField()
    date = DateField()
    summary = TextField(20_000)

    CHECKS = (check_review,)


class SeedRecord(SeedObject):
    id = IdField(required=True)
    identifiers = object_list(SeedIdentifier)
    former_ids = id_list()
    attributes = AttributesField()

    CHECKS: ClassVar[tuple[SchemaCheck, ...]] = (check_distinct(**DISTINCT),)

    @post_load
    def canonical(self, data: dict, **kwargs: Any) -> dict:
        return {name: value for name, value in data.items() if not is_empty(value)}


class SeedOrganization(SeedRecord):
    name = NameField(required=True)
    kind = WordField(organization.KINDS, required=True)
    aliases = name_list()
    description = TextField(20_000)
    country = CountryField()
    parent = IdField()
    url = UrlField()


class SeedActor(SeedRecord):
    name = NameField(required=True)
    kind = WordField(actor.KINDS, load_default="person")
    aliases = name_list()
    description = TextField(20_000)
    url = UrlField()
    memberships = object_list(SeedMembership)


class SeedTopic(SeedRecord):
    name = NameField(required=True)
    aliases = name_list()
    description = TextField(20_000)
    parent = IdField()


class SeedPosition(SeedRecord):
    text = NameField(2000, required=True)
    label = NameField()
    topics = id_list()

    CHECKS = (check_distinct(**DISTINCT, topics=()),)


class SeedEvent(SeedRecord):
    name = NameField(required=True)
    kind = WordField(event.KINDS, required=True)
    aliases = name_list()
    start_date = DateField(required=True)
    end_date = DateField()
    place = TextField()
    country = CountryField()
    parent = IdField()
    organizers = id_list()
    participants = object_list(SeedParticipant)
    description = TextField(20_000)
    url = UrlField()

    CHECKS = (check_distinct(**DISTINCT, organizers=()), check_period)


class SeedSource(SeedRecord):
    title = NameField(required=True)
    kind = WordField(source.KINDS, required=True)
    publisher = IdField()
    origin = IdField()
    authors = text_list()
    date = DateField()
    language = LanguageField()
    url = UrlField()
    archive_url = UrlField()
    accessed = DateField()
    text = TextField(1_000_000, strip=False)


class SeedClaim(SeedRecord):
    text = TextField(20_000, required=True)
    actor = IdField()
    organization = IdField()
    role = TextField()
    date = DateField()
    quote = TextField(20_000)
    language = LanguageField()
    form = WordField(claim.FORMS)
    event = IdField()
    place = TextField()
    topics = id_list()
    positions = object_list(SeedStance)
    addressees = object_list(SeedParty)
    about = object_list(SeedParty)
    reports = object_list(SeedReport)
    relations = object_list(SeedRelation)
    reviews = object_list(SeedReview)
    status = WordField(claim.STATUSES, load_default="coded")
    coder = TextField(200)

    CHECKS = (
        check_claim,
        check_distinct(
            **DISTINCT,
            topics=(),
            positions=("position",),
            addressees=CLAIMANTS,
            about=CLAIMANTS,
            relations=("kind", "claim"),
        ),
    )


SCHEMAS: dict[str, SeedRecord] = {
    "organization": SeedOrganization(),
    "actor": SeedActor(),
    "topic": SeedTopic(),
    "position": SeedPosition(),
    "event": SeedEvent(),
    "source": SeedSource(),
    "claim": SeedClaim(),
}


def schema_errors(messages: Any, path: tuple = ()) -> Iterable[tuple[tuple, str]]:
    """marshmallow's nested messages as pairs of path and message."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            # marshmallow tells names and values of attributes apart: a path has no `value`
            in_attribute = len(path) == 2 and path[0] == "attributes"
            yield from schema_errors(inner, path if in_attribute else (*path, name))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, dict):
            yield from schema_errors(message, path)
            continue
        # a field or an attribute may be called _schema, too
        is_name = message == UNKNOWN_FIELD or path[:-1] == ("attributes",)
        yield path if is_name or path[-1:] != (WHOLE,) else path[:-1], message
