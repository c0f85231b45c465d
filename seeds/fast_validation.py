"""Fast validation of valid records; marshmallow reports the errors of the others.

Each field of a schema validates its values as in marshmallow. The time goes into the steps around
the fields: they are left out, and repeated values are validated once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from marshmallow import ValidationError, fields, missing

from seeds.fields import (
    ID_PATTERN,
    MAX_ID_LENGTH,
    CountryField,
    DateField,
    IdField,
    LanguageField,
    NameField,
    TextField,
    WordField,
)
from seeds.schema_checks import is_empty
from seeds.schemas import SCHEMAS, SeedObject

# gives a value in canonical form; raises ValidationError
Validator = Callable[[Any], Any]

# fields whose values repeat
CACHED_FIELDS = (DateField, CountryField, LanguageField, WordField)
CACHED_VALUES = 50_000
# starts and ends with a letter or a digit
PLAIN_NAME = re.compile("[A-Za-z0-9]([ -~]*[A-Za-z0-9])?")
INVALID = ValidationError("invalid")


def object_validator(schema: SeedObject) -> Validator:
    validators = {name: field_validator(field) for name, field in schema.fields.items()}
    required = {name for name, field in schema.fields.items() if field.required}
    defaults = {
        name: field.load_default
        for name, field in schema.fields.items()
        if field.load_default is not missing
    }
    checks = schema.CHECKS

    def validate(data: Any) -> dict:
        if type(data) is not dict:
            raise INVALID
        record = defaults.copy()
        for name, value in data.items():
            if not value and is_empty(value):
                continue
            if name not in validators:
                raise INVALID
            record[name] = validators[name](value)
        if not required <= record.keys():
            raise INVALID
        for check in checks:
            if check(record, data):
                raise INVALID
        return record

    return validate


def field_validator(field: Any) -> Validator:
    if isinstance(field, fields.Nested):
        return object_validator(cast(SeedObject, field.schema))
    if isinstance(field, fields.List):
        return list_validator(field_validator(field.inner))
    if isinstance(field, IdField):
        return id_validator(field)
    if isinstance(field, CACHED_FIELDS):
        cached = lru_cache(maxsize=CACHED_VALUES)(field.deserialize)
        return lambda value: cached(value) if type(value) is str else field.deserialize(value)
    if isinstance(field, NameField):
        return name_validator(field)
    if type(field) is TextField and not field.validators:
        return text_validator(field)
    return field.deserialize


def list_validator(validate_item: Validator) -> Validator:
    def validate(value: Any) -> list:
        if type(value) is not list:
            raise INVALID
        return [validate_item(item) for item in value]

    return validate


def id_validator(field: IdField) -> Validator:
    """Validates ids; a text that matches the pattern is in canonical form."""
    matches = ID_PATTERN.fullmatch

    def validate(value: Any) -> str:
        if type(value) is str and len(value) <= MAX_ID_LENGTH and matches(value):
            return value
        return field.deserialize(value)

    return validate


def text_validator(field: TextField) -> Validator:
    """Validates text; printable ASCII is in canonical form, except for white space around it."""
    max_length, strip = field.max_length, field.strip

    def validate(value: Any) -> str:
        if type(value) is str and value.isascii() and value.isprintable():
            text = value.strip() if strip else value
            if 0 < len(text) <= max_length:
                return text
        return field.deserialize(value)

    return validate


def name_validator(field: NameField) -> Validator:
    """Validates names; printable ASCII between letters or digits is in canonical form."""
    max_length, matches = field.max_length, PLAIN_NAME.fullmatch

    def validate(value: Any) -> str:
        if type(value) is str and len(value) <= max_length and matches(value):
            return value
        return field.deserialize(value)

    return validate


FAST_VALIDATORS: dict[str, Validator] = {
    type: object_validator(schema) for type, schema in SCHEMAS.items()
}
