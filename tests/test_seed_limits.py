"""The limits in docs/seed-format.md are those of the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError, fields

from seeds import fields as seed_fields
from seeds.fields import (
    AttributesField,
    CountryField,
    DateField,
    IdField,
    LanguageField,
    OffsetField,
    TextField,
    UrlField,
    WordField,
)
from seeds.formats.bounded_file import MAX_FILE_BYTES
from seeds.formats.jsonl import MAX_LINE_BYTES
from seeds.raw_record import MAX_DEPTH
from seeds.schemas import SCHEMAS

PAGE = (Path(__file__).parents[1] / "docs" / "seed-format.md").read_text()
LIMITS = PAGE.partition("\n## Limits\n")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| (.+) \| ([\d,]+) \|$", LIMITS, re.MULTILINE))
# texts whose format limits them
CLOSED = (CountryField, DateField, LanguageField, WordField)


def number(text: str) -> int:
    return int(text.replace(",", ""))


# by field, or by section and field
CHARACTERS = {
    name: number(limit) for row, limit in ROWS.items() for name in re.findall(r"`([\w.]+)`", row)
}


def text_fields(schema: Any) -> Iterator[tuple[str, TextField]]:
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from text_fields(inner.schema)
        elif isinstance(inner, TextField) and not isinstance(inner, CLOSED):
            yield name, inner


TEXTS = [
    (f"{type}s", name, field)
    for type, schema in SCHEMAS.items()
    for name, field in text_fields(schema)
]


@pytest.mark.parametrize(
    ("section", "name", "field"), TEXTS, ids=[f"{text[0]}.{text[1]}" for text in TEXTS]
)
def test_a_text_has_the_limit_of_the_page(section: str, name: str, field: TextField):
    references = CHARACTERS["id"] if isinstance(field, IdField) else None
    most = CHARACTERS.get(f"{section}.{name}", CHARACTERS.get(name, references))
    assert most == field.max_length
    assert most is not None
    start = "https://a.example/" if isinstance(field, UrlField) else ""
    assert field.deserialize(start.ljust(most, "a")) == start.ljust(most, "a")
    with pytest.raises(ValidationError, match=f"is longer than {most} characters"):
        field.deserialize(start.ljust(most + 1, "a"))


def test_the_page_limits_no_other_field():
    in_schemas = {name for _, name, _ in TEXTS} | {f"{text[0]}.{text[1]}" for text in TEXTS}
    assert CHARACTERS.keys() - in_schemas == {"start", "end"}


def test_other_limits_are_those_of_the_page():
    attributes = AttributesField()
    assert {row: number(limit) for row, limit in ROWS.items() if not row.startswith("`")} == {
        "name of an attribute": attributes.key_field.max_length,
        "value of an attribute": attributes.value_field.max_length,
        "attributes of a record": seed_fields.MAX_ATTRIBUTES,
        "lists and objects inside each other": MAX_DEPTH,
        "bytes of a line of JSON Lines": MAX_LINE_BYTES,
        "bytes of a record as a line of JSON Lines": MAX_LINE_BYTES,
        "bytes of a YAML or JSON file": MAX_FILE_BYTES,
    }


@pytest.mark.parametrize("value", [CHARACTERS["start"], str(CHARACTERS["start"])])
def test_an_offset_has_the_limit_of_the_page(value: int | str):
    assert OffsetField().deserialize(value) == 999_999_999
    with pytest.raises(ValidationError):
        OffsetField().deserialize(type(value)(int(value) + 1))
