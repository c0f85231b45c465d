"""What a record may hold: one schema a type. Loading gives the record in canonical form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from models import actor, claim, event, organization, source
from models.values import dates, languages
from models.values.countries import COUNTRY_CODES
from seeds.problems import nearest

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 200
URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
# all control characters but tab and line ends, and halves of surrogate pairs
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


UNKNOWN = "is no field here"
MESSAGES: dict[str, Any] = {
    "required": "is missing",
    "null": "is null",
    "invalid": "is of another kind",
}


class Text(fields.Field):
    """Text in Unicode's NFC form, without white space around it unless that counts."""

    default_error_messages = MESSAGES

    def __init__(self, at_most: int = 500, *, strip: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self.at_most = at_most
        self.strip = strip

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        bad = UNPRINTABLE.search(value)
        if bad:
            raise ValidationError(f"holds the character U+{ord(bad[0]):04X}, which is no text")
        text = unicodedata.normalize("NFC", value.strip() if self.strip else value)
        if not text:
            raise ValidationError("is empty: leave the field out")
        if len(text) > self.at_most:
            raise ValidationError(f"is longer than {self.at_most} characters")
        return text


class Id(Text):
    def __init__(self, **kwargs: Any):
        super().__init__(LONGEST_ID, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not ID.fullmatch(text):
            raise ValidationError("is no id: small letters a-z and digits, with single hyphens")
        return text


class Date(Text):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = f"{value:04d}"
        try:
            return dates.parse_date(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Url(Text):
    def __init__(self, **kwargs: Any):
        super().__init__(2000, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not URL.fullmatch(text):
            raise ValidationError("is no web address: it starts with http:// or https://")
        return text


class Country(Text):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in COUNTRY_CODES:
            raise ValidationError("is no ISO 3166-1 alpha-2 code, such as TR or NO")
        return text


class Language(Text):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        try:
            return languages.parse_language(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class OneOf(Text):
    """One word of a closed list."""

    def __init__(self, words: Iterable[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.words = tuple(words)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.words:
            near = nearest(text, self.words)
            hint = f"; did you mean {near!r}?" if near else ""
            raise ValidationError(f"is none of {', '.join(self.words)}{hint}")
        return text


class Offset(fields.Field):
    """A count of characters; YAML gives it as text."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
            raise ValidationError("is no whole number from 0 on")
        return value


def empty(value: Any) -> bool:
    return value is None or value == [] or value == {}


CLAIMANTS = ("actor", "organization")


def claimants(part: dict) -> set[str]:
    """Which of actor and organization an object names, rightly or not."""
    return {name for name in CLAIMANTS if not empty(part.get(name))}


class Part(Schema):
    """A record, or an object within one. What is null or empty is as if it were absent."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": UNKNOWN,
        "type": "must be an object with fields",
    }

    @pre_load
    def without_empty(self, data: Any, **kwargs: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if not empty(value)}


class Party(Part):
    """An actor or an organization."""

    actor = Id()
    organization = Id()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def one(self, data: dict, original: Any, **kwargs: Any) -> None:
        if isinstance(original, dict) and len(claimants(original)) != 1:
            raise ValidationError("must name either an actor or an organization")


class Participant(Party):
    role = Text()


class Identifier(Part):
    scheme = Id(required=True)
    identifier = Text(200, required=True)

    @validates_schema(skip_on_field_errors=False)
    def reserved(self, data: dict, **kwargs: Any) -> None:
        if data.get("scheme") in ("actor", "organization"):
            raise ValidationError("is not for schemes: filters use it", "scheme")


class Period(Part):
    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: dict, **kwargs: Any) -> None:
        if dates.ends_before(data.get("start_date"), data.get("end_date")):
            raise ValidationError(f"is before start_date {data['start_date']}", "end_date")


class Membership(Period):
    organization = Id(required=True)
    role = Text()
    start_date = Date()
    end_date = Date()


class Stance(Part):
    position = Id(required=True)
    stance = OneOf(claim.STANCES, required=True)


class Report(Part):
    source = Id(required=True)
    exact = Text(20_000)
    prefix = Text(strip=False)
    suffix = Text(strip=False)
    start = Offset()
    end = Offset()
    attribution = OneOf(claim.ATTRIBUTIONS)

    @validates_schema(skip_on_field_errors=False)
    def offsets(self, data: dict, **kwargs: Any) -> None:
        start, end, exact = data.get("start"), data.get("end"), data.get("exact")
        if end is not None and start is None:
            raise ValidationError("needs a start", "end")
        if end is not None and end < start:
            raise ValidationError(f"is before start {start}", "end")
        if end is not None and exact and end - start != len(exact):
            raise ValidationError(f"is not start {start} plus the {len(exact)} characters", "end")


class Relation(Part):
    kind = OneOf(claim.RELATIONS, required=True)
    claim = Id(required=True)


class Review(Part):
    organization = Id(required=True)
    rating = Text(required=True)
    url = Url()
    date = Date()
    summary = Text(20_000)


class List(fields.List):
    default_error_messages = {**MESSAGES, "invalid": "must be a list"}


def ids() -> List:
    return List(Id())


def objects(part: type[Part]) -> List:
    return List(fields.Nested(part, error_messages=MESSAGES))


def texts() -> List:
    return List(Text())


class Attributes(fields.Dict):
    """A coder's own variables."""

    default_error_messages = {**MESSAGES, "invalid": "must be an object of names and texts"}

    def __init__(self) -> None:
        most = validate.Length(max=20, error="has more than {max} attributes")
        super().__init__(Text(100), Text(2000), validate=most)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict:
        found = super()._deserialize(value, attr, data, **kwargs)
        if len(found) < len(value):
            raise ValidationError("has two names that are the same text in Unicode's NFC form")
        return found


class Record(Part):
    id = Id(required=True)
    identifiers = objects(Identifier)
    former_ids = ids()

    # lists whose items must differ in these fields
    DISTINCT: dict[str, tuple[str, ...]] = {
        "identifiers": ("scheme", "identifier"),
        "former_ids": (),
        "aliases": (),
    }

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def distinct(self, data: dict, original: Any, **kwargs: Any) -> None:
        for section, names in self.DISTINCT.items():
            items = data.get(section, ())
            # those that are wrong are not among them
            if len(items) < 2 or len(items) < len(original[section]):
                continue
            whole = any if names == CLAIMANTS else all
            seen = set()
            for n, item in enumerate(items):
                same = tuple(item.get(name) for name in names) if names else item
                if names and not whole(same):
                    continue
                if same in seen:
                    raise ValidationError({section: {n: ["stands there twice"]}})
                seen.add(same)
        if data.get("id") in data.get("former_ids", ()):
            raise ValidationError("is the id itself", "former_ids")

    @post_load
    def canonical(self, data: dict, **kwargs: Any) -> dict:
        return {name: value for name, value in data.items() if not empty(value)}


class Organization(Record):
    name = Text(required=True)
    kind = OneOf(organization.KINDS, required=True)
    aliases = texts()
    description = Text(20_000)
    country = Country()
    parent = Id()
    url = Url()
    attributes = Attributes()


class Actor(Record):
    name = Text(required=True)
    kind = OneOf(actor.KINDS, load_default="person")
    aliases = texts()
    description = Text(20_000)
    url = Url()
    attributes = Attributes()
    memberships = objects(Membership)


class Topic(Record):
    name = Text(required=True)
    aliases = texts()
    description = Text(20_000)
    parent = Id()


class Position(Record):
    text = Text(2000, required=True)
    topics = ids()

    DISTINCT = {**Record.DISTINCT, "topics": ()}


class Event(Record, Period):
    name = Text(required=True)
    kind = OneOf(event.KINDS, required=True)
    aliases = texts()
    start_date = Date(required=True)
    end_date = Date()
    place = Text()
    country = Country()
    parent = Id()
    organizers = ids()
    participants = objects(Participant)
    description = Text(20_000)
    url = Url()

    DISTINCT = {**Record.DISTINCT, "organizers": ()}


class Source(Record):
    title = Text(required=True)
    kind = OneOf(source.KINDS, required=True)
    publisher = Id()
    origin = Id()
    authors = texts()
    date = Date()
    language = Language()
    url = Url()
    text = Text(1_000_000, strip=False)


class Claim(Record):
    text = Text(20_000, required=True)
    actor = Id()
    organization = Id()
    role = Text()
    date = Date()
    quote = Text(20_000)
    language = Language()
    form = OneOf(claim.FORMS)
    event = Id()
    place = Text()
    topics = ids()
    positions = objects(Stance)
    addressees = objects(Party)
    about = objects(Party)
    reports = objects(Report)
    relations = objects(Relation)
    reviews = objects(Review)
    status = OneOf(claim.STATUSES, load_default="coded")
    coder = Text(200)
    attributes = Attributes()

    DISTINCT = {
        **Record.DISTINCT,
        "topics": (),
        "positions": ("position",),
        "addressees": CLAIMANTS,
        "about": CLAIMANTS,
        "relations": ("kind", "claim"),
    }

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def claimant(self, data: dict, original: Any, **kwargs: Any) -> None:
        if isinstance(original, dict) and not claimants(original):
            raise ValidationError("has no claimant: give an actor, an organization, or both")
        if any(one.get("claim") == data.get("id", "") for one in data.get("relations", ())):
            raise ValidationError("is the claim itself", "relations")


SCHEMAS = {
    "organization": Organization(),
    "actor": Actor(),
    "topic": Topic(),
    "position": Position(),
    "event": Event(),
    "source": Source(),
    "claim": Claim(),
}


def complaints(messages: Any, path: tuple = ()) -> Iterable[tuple[tuple, str]]:
    """marshmallow's nested messages as (path, message)."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            # marshmallow tells keys and values of objects apart; a path does not
            same = len(path) == 2 and path[0] == "attributes"
            yield from complaints(inner, path if same else (*path, name))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            if isinstance(message, dict):
                yield from complaints(message, path)
            else:
                # of a whole object, where it is no field of that name
                named = message == UNKNOWN or path[:-1] == ("attributes",)
                yield path if named or path[-1:] != ("_schema",) else path[:-1], message
