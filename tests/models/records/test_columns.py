"""Cells: values that are joined and split, and formulas that are guarded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import RECORD_TYPES
from models.base import Reference, columns_of
from models.record_table import type_of
from models.records.columns import (
    column_names,
    guard,
    join_values,
    split_values,
    unguard,
)

# characters that mean something to cells, CSV or spreadsheets
NASTY = st.text(st.sampled_from("ab|\\ '\"=+-@＝＋－＠\t\r\n,;0.%🙂\u202eש")) | st.text()


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ([], ""),
        ([None], ""),
        ([None, ""], ""),
        (["a"], "a"),
        (["a", "b"], "a | b"),
        (["a", None, "c"], "a |  | c"),
        ([None, "b"], " | b"),
        (["a|b"], r"a\|b"),
        (["a | b", "c"], r"a \| b | c"),
        (["a |", "b"], r"a \| | b"),
        (["a\\", "b"], r"a\\ | b"),
        (["C:\\temp"], r"C:\\temp"),
    ],
)
def test_values_are_joined(values: list[str | None], cell: str):
    assert join_values(values) == cell
    assert split_values(cell) == ([value or "" for value in values] if cell else [])


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("a|b", ["a|b"]),
        ("a| b", ["a| b"]),
        (r"C:\temp", [r"C:\temp"]),
        ("a\\", ["a\\"]),
        ("a | ", ["a", ""]),
    ],
)
def test_cells_by_hand_are_split(cell: str, values: list[str]):
    assert split_values(cell) == values


@given(st.lists(NASTY).filter(any))
def test_split_values_are_those_that_were_joined(values: list[str]):
    assert split_values(join_values(values)) == values


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\ta", "＝1+1", "＋1+1", "－1+1",
     "＠SUM(1)", " =1+1", "\u00a0=1", "'=1+1", "''-x", "-", "+", "- a list", "+31 20 123 45",
     '=HYPERLINK("https://example.org")', "=cmd|' /C calc'!A0", "-5+cmd", "-5\n=1"],
)  # fmt: skip
def test_a_formula_is_guarded(text: str):
    assert guard(text) == f"'{text}"
    assert unguard(f"'{text}") == text


@pytest.mark.parametrize(
    "text",
    ["", "a", "1+1", "'", "'a'", "''", "'s morgens", " a", "–5", "2025-05-14", "-5", "+5", "-5.5",
     "-5,5", "-5%", "a=b", "“=1”", "{}", '"=1"', "🙂", "(=1)", "\\=1"],
)  # fmt: skip
def test_other_text_is_not_guarded(text: str):
    assert guard(text) == text
    assert unguard(text) == text


@given(NASTY)
def test_an_unguarded_cell_is_the_text(text: str):
    assert unguard(guard(text)) == text


COLUMNS = {
    "claim": (
        "claim, actor, organization, date, quote, position, stance, topic, source, url, id, role,"
        " publisher, event, place, form, about, addressee, status, coder, language, attributes,"
        " actor_id, organization_id, event_id, topic_ids, position_ids, source_ids, publisher_ids,"
        " about_ids, addressee_ids"
    ),
    "organization": (
        "id, name, kind, aliases, description, country, url, attributes, claim_count,"
        " identifiers, former_ids, created_at, updated_at, parent_id"
    ),
    "actor": (
        "id, name, kind, aliases, description, url, attributes, claim_count, identifiers,"
        " former_ids, created_at, updated_at, organization_ids, on_behalf_of_ids"
    ),
    "topic": (
        "id, name, aliases, description, attributes, claim_count, identifiers, former_ids,"
        " created_at, updated_at, parent_id"
    ),
    "position": (
        "id, label, text, attributes, support, oppose, neutral, claim_count, identifiers,"
        " former_ids, created_at, updated_at, topic_ids"
    ),
    "event": (
        "id, name, kind, aliases, start_date, end_date, place, country, description, url,"
        " attributes, claim_count, identifiers, former_ids, created_at, updated_at, parent_id,"
        " organizer_ids, participant_ids"
    ),
    "source": (
        "id, title, kind, authors, date, language, url, archive_url, accessed, attributes,"
        " claim_count, identifiers, former_ids, created_at, updated_at, publisher_id, origin_id"
    ),
}


@pytest.mark.parametrize("type", RECORD_TYPES)
def test_every_type_has_its_columns(type: str):
    assert ", ".join(column_names(type)) == COLUMNS[type]


@pytest.mark.parametrize("model", RECORD_TYPES.values(), ids=type_of)
def test_every_reference_of_a_thing_has_a_column(model: type):
    """A new reference needs its line in REFERENCE_COLUMNS."""
    if type_of(model) == "claim":
        return
    fields = [name for name in model.DOCUMENT if name in model._meta.fields]
    references = {
        f"{name}_id" for name in fields if isinstance(model._meta.fields[name], Reference)
    }
    for link in model.LINKS:
        for field in columns_of(link):
            if isinstance(field, Reference) and field.name != link.OWNER:
                plain = link.PLAIN or field.name == "party"
                references.add(f"{link.SECTION[:-1] if plain else field.name}_ids")
    names = set(column_names(type_of(model))) - {"former_ids"}
    assert references == {name for name in names if name.endswith(("_id", "_ids"))}
