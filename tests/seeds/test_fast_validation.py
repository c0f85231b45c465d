"""Fast validation gives the same records as marshmallow, and refuses the same ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from seeds.fast_validation import FAST_VALIDATORS
from seeds.schemas import SCHEMAS
from tests.seeds.build import everything, lines_of

RECORDS = [
    (line["type"], {name: value for name, value in line.items() if name != "type"})
    for line in lines_of(everything())
]
# replace any value, or are new fields
VALUES: list[Any] = [
    None, "", " ", "x", "x ", "X", "a-b", "a--b", [], {}, [None], [""], ["x"], ["x", "x"], {"a": 1},
    [{}], [{"actor": "x"}], {"x": "y"}, 0, 5, -1, 2025, 1.5, True, 10**20, "2025", "2025-13",
    "2025-02-30", "2025-02", "e\u0301", "\u00e9", "a\x00b", "\ud800", "EN-gb", "en", "NO", "no",
    "a" * 201, "a" * 20_001, "actor", "coded", "person", "support", "http://x", "HTTP://X.Y/z",
    "ftp://x", {f"n{n}": "v" for n in range(21)}, {"e\u0301": "a", "\u00e9": "b"}, [["x"]],
]  # fmt: skip
NAMES = ["nonsense", "type", "", "id", "name", "text", "actor", "kind", "start", "end", "claim"]


def result(read: Callable[[Any], dict], record: Any) -> dict | None:
    try:
        return read(copy.deepcopy(record))
    except ValidationError:
        return None


def agree(type: str, record: Any) -> None:
    assert result(FAST_VALIDATORS[type], record) == result(SCHEMAS[type].load, record)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """The place of every value within a record: (dict or list, name or index)."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, name
        if isinstance(inner, dict | list):
            yield from places(inner)


@pytest.mark.parametrize(("type", "record"), RECORDS, ids=[f"{t} {r['id']}" for t, r in RECORDS])
def test_every_value_in_every_place(type: str, record: dict) -> None:
    assert FAST_VALIDATORS[type](record) == SCHEMAS[type].load(record)
    for n in range(len([*places(record)])):
        for value in VALUES:
            changed = copy.deepcopy(record)
            holder, name = [*places(changed)][n]
            holder[name] = value
            agree(type, changed)
        changed = copy.deepcopy(record)
        holder, name = [*places(changed)][n]
        del holder[name]
        agree(type, changed)
    agree(type, [record])


@given(st.data())
@settings(derandomize=True, deadline=None, database=None, max_examples=300)
def test_several_changes_at_once(data: st.DataObject) -> None:
    type, record = data.draw(st.sampled_from(RECORDS))
    record = copy.deepcopy(record)
    for _ in range(data.draw(st.integers(1, 4))):
        holder, name = data.draw(st.sampled_from([*places(record)] or [(record, "id")]))
        if isinstance(holder, dict) and data.draw(st.booleans()):
            name = data.draw(st.sampled_from(NAMES))
        holder[name] = copy.deepcopy(data.draw(st.sampled_from(VALUES)))
    agree(type, record)
    # a second time: repeated values are cached
    agree(type, record)


@pytest.mark.parametrize("type", SCHEMAS)
@pytest.mark.parametrize("record", [None, [], "x", 5, {}])
def test_records_without_fields(type: str, record: Any) -> None:
    agree(type, record)
