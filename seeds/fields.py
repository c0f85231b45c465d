"""The fields of seed records; loading a value gives its canonical form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from marshmallow import Schema, ValidationError, fields, validate

from models.name_key import MAX_ATTRIBUTE_NAME
from models.values import dates, languages
from models.values.countries import COUNTRY_CODES
from models.values.folding import INVISIBLE
from models.values.lookalikes import is_visible
from seeds.problems import hint

ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID_LENGTH = 200
MAX_ATTRIBUTES = 20
# tab and line ends are text
CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# these, and lone surrogates
INVALID_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# besides white space: other controls, quotation marks and what else ends a link in a text,
# noncharacters, and marks of direction and others that cannot be seen
INVALID_IN_URL = re.compile(f'["<>\\\\`“”„‟\x80-\x9f\ufdd0-\ufdef\ufffe\uffff]|{INVISIBLE.pattern}')

FIELD_MESSAGES: dict[str, Any] = {
    "required": "is missing",
    "null": "is null",
    "invalid": "has the wrong type",
}


def character_error(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if CONTROL_CHARACTER.match(character):
        return f"has the control character {code}: remove it, or use --replace-control"
    return f"has the invalid character {code}"


class TextField(fields.Field):
    """Text in Unicode's NFC form; white space around it is removed, unless `strip` is false."""

    default_error_messages = FIELD_MESSAGES

    def __init__(self, max_length: int = 500, *, strip: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self.max_length = max_length
        self.strip = strip

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        if invalid := INVALID_CHARACTER.search(value):
            raise ValidationError(character_error(invalid[0]))
        text = unicodedata.normalize("NFC", value.strip() if self.strip else value)
        if not text:
            raise ValidationError("is empty: leave the field out")
        if len(text) > self.max_length:
            raise ValidationError(f"is longer than {self.max_length} characters")
        return text


class NameField(TextField):
    """The name of a record, by which it can be asked for."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_visible(text):
            raise ValidationError(
                "has only punctuation or invisible characters: give a name with a letter, digit or"
                " symbol"
            )
        return text


class PatternField(TextField):
    """Text that matches a pattern as a whole."""

    pattern: re.Pattern
    max_pattern_length: int
    # the error of other text
    mismatch: str

    def __init__(self, **kwargs: Any):
        super().__init__(self.max_pattern_length, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self.pattern.fullmatch(text):
            raise ValidationError(self.mismatch)
        return text


class IdField(PatternField):
    pattern, max_pattern_length = ID_PATTERN, MAX_ID_LENGTH
    mismatch = "invalid id: use a-z in lower case, digits and single hyphens"


class SchemeField(PatternField):
    pattern, max_pattern_length = re.compile(r"[a-z0-9][a-z0-9._-]*"), MAX_ID_LENGTH
    mismatch = "invalid scheme: use a-z in lower case, digits, hyphens, underscores and dots"


class UrlField(PatternField):
    pattern, max_pattern_length = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE), 2000
    mismatch = "invalid URL: it must start with http:// or https://"

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        url = super()._deserialize(value, attr, data, **kwargs)
        if invalid := INVALID_IN_URL.search(url):
            code = f"U+{ord(invalid[0]):04X}"
            raise ValidationError(
                f"invalid URL: it has the character {code}: write {quote(invalid[0])}, or remove it"
            )
        return url


class DateField(TextField):
    """A date of reduced precision; JSON may give a year as a number."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = f"{value:04d}"
        try:
            return dates.parse_date(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class CountryField(TextField):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in COUNTRY_CODES:
            raise ValidationError(
                "invalid country: use an alpha-2 code of ISO 3166-1, such as TR, or of ISO 3166-3"
            )
        return text


class LanguageField(TextField):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        try:
            return languages.parse_language(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class WordField(TextField):
    """One word of a closed list."""

    def __init__(self, words: Iterable[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.words = tuple(words)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.words:
            words = ", ".join(self.words)
            raise ValidationError(f"must be one of {words}{hint(text, self.words)}")
        return text


class OffsetField(fields.Field):
    """A number of characters; YAML gives it as text."""

    default_error_messages = FIELD_MESSAGES

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
            raise ValidationError("must be a whole number, 0 or more")
        return value


class ListField(fields.List):
    default_error_messages = {**FIELD_MESSAGES, "invalid": "must be a list"}


def id_list() -> ListField:
    return ListField(IdField())


def name_list() -> ListField:
    return ListField(NameField())


def text_list() -> ListField:
    return ListField(TextField())


def object_list(schema: type[Schema]) -> ListField:
    return ListField(fields.Nested(schema, error_messages=FIELD_MESSAGES))


class AttributeNameField(TextField):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if ":" in name:
            raise ValidationError("has a colon in its name: filters write NAME:VALUE")
        return name


class AttributesField(fields.Dict):
    """A coder's own variables."""

    default_error_messages = {**FIELD_MESSAGES, "invalid": "must be an object of names and texts"}

    def __init__(self) -> None:
        bound = validate.Length(max=MAX_ATTRIBUTES, error="has more than {max} attributes")
        super().__init__(AttributeNameField(MAX_ATTRIBUTE_NAME), TextField(2000), validate=bound)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict:
        attributes = super()._deserialize(value, attr, data, **kwargs)
        if len(attributes) < len(value):
            raise ValidationError("has two names that are equal in Unicode's NFC form")
        return attributes
