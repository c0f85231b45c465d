"""Query parameters as marshmallow fields: each validates its values and describes itself."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from rapidfuzz import process

from models.claim import folded_rating, role_words
from models.name_key import MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTE_VALUE
from models.queries.slots import FilterValues
from models.search.names import NameQuery
from models.search.text_query import parse_text_query, text_filter
from models.values import dates, languages
from models.values.folding import fold

MAX_VALUES = 50
MAX_IDS = 100
MAX_LENGTH = 200


class NoParameters(ma.Schema):
    """A path without parameters."""


NO_PARAMETERS = NoParameters()


class OrderedParameters(ma.Schema):
    """Base of parameters whose order counts: the answer follows it."""


class InvalidValue(ma.ValidationError):
    """A parameter has an invalid value, perhaps with a suggestion of a valid one."""

    def __init__(self, message: str, value: str | None, suggestion: str | None = None):
        super().__init__(message)
        self.value = value
        self.suggestion = suggestion


class Parameter(ma.fields.Field):
    """A query parameter. It may be repeated, and its values are ORed, unless it is `single`."""

    single = False
    max_values = MAX_VALUES
    max_length = MAX_LENGTH
    # the pattern of one value, in the specification
    pattern: str | None = None
    # whether the values choose rows, or only how these are shown
    chooses_rows = True

    def __init__(self, description: str, example: Any = None, **kwargs: Any):
        examples = example if isinstance(example, list) else [example]
        self.examples = [] if example is None else examples
        super().__init__(metadata={"description": description}, **kwargs)

    def _deserialize(self, value: list[str], attr: Any, data: Any, **kwargs: Any) -> Any:
        if len(value) > self.max_values:
            raise InvalidValue(
                f"has {len(value)} values, at most {self.max_values} are taken", None
            )
        return self.parse([self.check(text) for text in value])

    def check(self, value: str) -> str:
        """One value as it was given. Raises InvalidValue."""
        if not value.strip():
            raise InvalidValue("is empty", value)
        if len(value) > self.max_length:
            raise InvalidValue(f"is longer than {self.max_length} characters", value)
        return value

    def parse(self, values: list[str]) -> Any:
        """The values as the query needs them."""
        return FilterValues(tuple(dict.fromkeys(map(self.parse_value, values))))

    def parse_value(self, value: str) -> Any:
        return value

    def canonical(self, values: list[str]) -> tuple[str, ...]:
        """The values in their canonical order, without duplicates."""
        return tuple(sorted(set(values)))

    def schema(self) -> dict:
        """The parameter's JSON Schema."""
        return {"type": "array", "maxItems": self.max_values, "items": self.value_schema()}

    def value_schema(self) -> dict:
        pattern = {"pattern": self.pattern} if self.pattern else {}
        return {"type": "string", "minLength": 1, "maxLength": self.max_length, **pattern}


class SingleParameter(Parameter):
    """A parameter that is given at most once."""

    single = True
    max_values = 1

    def schema(self) -> dict:
        return self.value_schema()


def split_sign(value: str) -> tuple[str, bool]:
    """A value without its leading `!`, and whether it had one; `!!x` asks for the name `!x`."""
    if value.startswith("!") and not value.startswith("!!"):
        if not value[1:].strip():
            raise InvalidValue("excludes nothing: a value follows the !", value)
        return value[1:], True
    return value.removeprefix("!"), False


class NameParameter(Parameter):
    """Records by id, external identifier, name or alias; a leading `!` excludes."""

    # a scheme and an identifier of MAX_LENGTH each, a colon and a `!`
    max_length = 2 * MAX_LENGTH + 2

    def __init__(self, *types: str, description: str, example: Any = None):
        super().__init__(description, example)
        self.types = types

    def parse(self, values: list[str]) -> tuple[NameQuery, ...]:
        queries = []
        for value in sorted(set(values)):
            text, exclude = split_sign(value)
            if len(text.rpartition(":")[2]) > MAX_LENGTH:
                raise InvalidValue(f"is a name longer than {MAX_LENGTH} characters", value)
            queries.append(NameQuery(text, self.types, exclude))
        return tuple(queries)


class CountryParameter(NameParameter):
    """Countries, by ISO 3166-1 alpha-2 code or by the name of a state; a leading `!` excludes."""

    def __init__(self, description: str):
        super().__init__("organization", description=description, example=["TR"])


class LanguageParameter(Parameter):
    """Language tags: `en` also finds `en-GB`; a leading `!` excludes."""

    pattern = f"^!?{languages.PATTERN}$"

    def parse(self, values: list[str]) -> FilterValues:
        signed = [split_sign(value) for value in values]
        any_of = tuple(
            dict.fromkeys(self.parse_value(tag) for tag, exclude in signed if not exclude)
        )
        none_of = tuple(dict.fromkeys(self.parse_value(tag) for tag, exclude in signed if exclude))
        return FilterValues(any_of or None, none_of)

    def parse_value(self, value: str) -> str:
        try:
            return languages.parse_language(value)
        except ValueError as error:
            raise InvalidValue(str(error), value) from None


def refuse_exclusion(value: str) -> str:
    """A value of a filter that excludes nothing; `!!x` asks for `!x`. Raises InvalidValue."""
    text, exclude = split_sign(value)
    if exclude:
        raise InvalidValue("cannot exclude: write !! for a value that begins with !", value)
    return text


class WordsParameter(Parameter):
    """Words that a text must have, in any order; case and accents do not count."""

    def parse_value(self, value: str) -> tuple[str, ...]:
        words = tuple(sorted(set(fold(refuse_exclusion(value)).split())))
        if not words:
            raise InvalidValue("has no word", value)
        return words


class FullTextParameter(SingleParameter):
    """Words that a record must have anywhere in its texts."""

    max_length = 500

    def __init__(self, description: str, example: str, **kwargs: Any):
        super().__init__(
            f"{description} All words must be there, in any order; case, accents and script do not "
            'count. `"two percent"` is a phrase, `def*` the beginning of a word, and a leading `-` '
            "excludes a word or phrase. Every other character is text.",
            example,
            **kwargs,
        )

    def parse(self, values: list[str]) -> FilterValues:
        return text_filter(parse_text_query(values[0]))


class TextParameter(Parameter):
    """Exact values, in Unicode's NFC form as seeds have them."""

    def parse_value(self, value: str) -> str:
        return unicodedata.normalize("NFC", refuse_exclusion(value))


class RatingParameter(Parameter):
    """Ratings of reviews, by their folded words."""

    def parse_value(self, value: str) -> str | None:
        return folded_rating(unicodedata.normalize("NFC", refuse_exclusion(value).strip()))


class RoleParameter(Parameter):
    """Roles, by their folded words."""

    def parse_value(self, value: str) -> tuple[str, ...]:
        text = unicodedata.normalize("NFC", refuse_exclusion(value).strip())
        return tuple(sorted(set(role_words(text))))


class AttributeParameter(Parameter):
    """Attributes: values of one name are ORed, those of different names ANDed."""

    max_length = MAX_ATTRIBUTE_NAME + 1 + MAX_ATTRIBUTE_VALUE
    pattern = "^[^:]+:."

    def __init__(self, records: str):
        super().__init__(
            f"{records} with these attributes, each as `NAME:VALUE`, exactly as written. Any of "
            "several values of one name is enough; different names must all hold.",
            ["party:green"],
        )

    def parse_value(self, value: str) -> tuple[str, str]:
        name, _, text = unicodedata.normalize("NFC", refuse_exclusion(value)).partition(":")
        name, text = name.strip(), text.strip()
        if not (name and text):
            raise InvalidValue("is not an attribute: write NAME:VALUE", value)
        if len(text) > MAX_ATTRIBUTE_VALUE:
            raise InvalidValue(f"has a value longer than {MAX_ATTRIBUTE_VALUE} characters", value)
        return name, text

    def parse(self, values: list[str]) -> FilterValues:
        values_by_name: dict[str, list[str]] = {}
        for name, text in sorted(set(map(self.parse_value, values))):
            values_by_name.setdefault(name, []).append(f"{name}:{text}")
        groups = tuple(map(tuple, values_by_name.values()))
        return FilterValues(groups[0]) if len(groups) == 1 else FilterValues(None, (), groups)


class IdParameter(Parameter):
    """Ids of records."""

    max_values = MAX_IDS

    def __init__(self, example: list[str]):
        super().__init__("Records with these ids.", example)


class IdentifierParameter(Parameter):
    """External identifiers."""

    max_length = 2 * MAX_LENGTH + 1
    pattern = "^[^:]+:."

    def parse_value(self, value: str) -> str:
        scheme, _, identifier = value.partition(":")
        if not (scheme and identifier):
            raise InvalidValue("is not an external identifier: write scheme:identifier", value)
        return value


class EnumParameter(Parameter):
    """Words of a closed list, which is a named component of the specification."""

    component: str
    words: tuple[str, ...]

    def parse_value(self, value: str) -> str:
        if value not in self.words:
            nearest = process.extractOne(value, self.words, score_cutoff=50)
            message = f"must be one of {', '.join(self.words)}"
            raise InvalidValue(message, value, nearest[0] if nearest else None)
        return value

    def value_schema(self) -> dict:
        return {"$ref": f"#/components/schemas/{self.component}"}


class EnumFilter(EnumParameter):
    """A filter by words of a closed list."""

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any = None):
        self.component = component
        self.words = tuple(words)
        super().__init__(description, example or [self.words[0]])


def valid_date(date: str, value: str) -> str:
    """The date, if it is valid; errors show the parameter's whole value. Raises InvalidValue."""
    try:
        return dates.parse_date(date)
    except ValueError as error:
        raise InvalidValue(f"is {error}", value) from None


class DateParameter(Parameter):
    """Dates of reduced precision."""

    def parse_value(self, value: str) -> Any:
        return dates.date_bounds(valid_date(value, value))

    def parse(self, values: list[str]) -> FilterValues:
        return FilterValues(tuple(self.parse_value(value) for value in sorted(set(values))))

    def value_schema(self) -> dict:
        return {"$ref": "#/components/schemas/PartialDate"}


class DayParameter(SingleParameter, DateParameter):
    """One date of reduced precision."""


class MinimumParameter(SingleParameter):
    """A whole number that a count of the record must reach."""

    def parse_value(self, value: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", value) or not int(value):
            raise InvalidValue("must be a whole number from 1 to 999999999", value)
        return int(value)

    def value_schema(self) -> dict:
        return {"type": "integer", "minimum": 1, "maximum": 999_999_999}


class TimestampParameter(SingleParameter):
    """A timestamp with its offset, or a date."""

    pattern = (
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"(T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,6})?"
        "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
    )

    def parse_value(self, value: str) -> str:
        # a plus sign that is not percent-encoded arrives as a space
        timestamp = value.replace(" ", "+")
        if not re.fullmatch(self.pattern, timestamp):
            raise InvalidValue(
                "is not a date, or a timestamp with an offset, such as 2026-01-02T03:04:05Z", value
            )
        day = valid_date(timestamp[:10], value)
        if timestamp == day:
            return day
        try:
            moment = datetime.datetime.fromisoformat(timestamp).astimezone(datetime.UTC)
        except OverflowError:
            raise InvalidValue("is not a moment of the years 1 to 9999 in UTC", value) from None
        # stored timestamps compare as text, with six decimals
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
