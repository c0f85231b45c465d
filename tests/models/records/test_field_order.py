"""The order of fields is that of the seed format."""

from __future__ import annotations

import pytest

from models.records.field_order import COMMON_FIELDS, FIELD_ORDER, in_field_order
from seeds.schemas import SCHEMAS


@pytest.mark.parametrize("type", SCHEMAS)
def test_the_order_is_that_of_the_schema(type: str):
    own = [name for name in SCHEMAS[type].fields if name not in ("id", *COMMON_FIELDS)]
    assert list(FIELD_ORDER[type]) == own
    assert set(SCHEMAS[type].fields) == {"id", *own, *COMMON_FIELDS}


def test_a_record_is_ordered():
    record = {"attributes": {"b": "1"}, "text": "T", "topics": ["t"], "id": "a", "label": "L"}
    assert list(in_field_order("position", record)) == [
        "id", "text", "label", "topics", "attributes",
    ]  # fmt: skip
