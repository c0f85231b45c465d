"""Records that are right, without what it takes to say what is wrong with the others.

The schemas say what a record may hold. Their fields are asked one by one here, those whose values
repeat once for each value; what these refuse, marshmallow refuses with all that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

from seeds.schemas import ID, LONGEST_ID, SCHEMAS, Country, Date, Id, Language, OneOf, Text, empty

Read = Callable[[Any], Any]

REPEATING = (Date, Country, Language, OneOf)
AMISS = ValidationError("amiss")


def whole(schema: Schema) -> Read:
    """Reads an object of the schema into canonical form. Raises ValidationError."""
    readers = {name: part(field) for name, field in schema.fields.items()}
    required = {name for name, field in schema.fields.items() if field.required}
    defaults = {
        name: field.load_default
        for name, field in schema.fields.items()
        if field.load_default is not missing
    }
    checks = [
        (getattr(schema, name), options["pass_original"])
        for name, _, options in schema._hooks["validates_schema"]
    ]

    def read(data: Any) -> dict:
        if type(data) is not dict:
            raise AMISS
        record = defaults.copy()
        for name, value in data.items():
            if not value and empty(value):
                continue
            if name not in readers:
                raise AMISS
            record[name] = readers[name](value)
        if not required <= record.keys():
            raise AMISS
        for check, with_original in checks:
            if with_original:
                check(record, data)
            else:
                check(record)
        return record

    return read


def part(field: Any) -> Read:
    """Reads the value of a field."""
    if isinstance(field, fields.Nested):
        return whole(field.schema)
    if isinstance(field, fields.List):
        item = part(field.inner)

        def items(value: Any) -> list:
            if type(value) is not list:
                raise AMISS
            return [item(one) for one in value]

        return items
    if isinstance(field, Id):
        return whole_id(field)
    if isinstance(field, REPEATING):
        known = lru_cache(maxsize=50_000)(field.deserialize)
        return lambda value: known(value) if type(value) is str else field.deserialize(value)
    if type(field) is Text and not field.validators:
        return plain_text(field)
    return field.deserialize


def whole_id(field: Id) -> Read:
    """Reads ids; what has the form of one is in canonical form."""
    matches = ID.fullmatch

    def read(value: Any) -> str:
        if type(value) is str and len(value) <= LONGEST_ID and matches(value):
            return value
        return field.deserialize(value)

    return read


def plain_text(field: Text) -> Read:
    """Reads text; what is plain ASCII is in canonical form but for white space around it."""
    at_most, strip = field.at_most, field.strip

    def read(value: Any) -> str:
        if type(value) is str and value.isascii() and value.isprintable():
            stripped = value.strip() if strip else value
            if 0 < len(stripped) <= at_most:
                return stripped
        # what deserialize asks before is asked of all values already
        return field._deserialize(value, None, None)

    return read


QUICK: dict[str, Read] = {type: whole(schema) for type, schema in SCHEMAS.items()}
