"""Names that look the same, and names that cannot be seen."""

from __future__ import annotations

import pytest

from models.values.lookalikes import appearance, is_visible


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("Mark Rutte", "Mark Rutte"),
        ("Mark\u200b Rutte", "Mark Rutte"),
        ("Mark\u00a0 Rutte", "Mark Rutte"),
        ("Маrk Rutte", "Mark Rutte"),
        ("ΝΑΤΟ", "NATO"),
        ("ＮＡＴＯ", "NATO"),
        ("Ѕсоре", "Scope"),
        ("mark rutte", "mark rutte"),
        ("Erdoğan", "Erdoğan"),
        ("Путин", "Пyтин"),
    ],
)
def test_appearance(name: str, looks: str) -> None:
    assert appearance(name) == looks


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("Ann", True),
        ("5", True),
        ("★", True),
        ("🙂", True),
        ("刘", True),
        ("!x", True),
        ("", False),
        ("...", False),
        ("—", False),
        ("\u200b", False),
        ("\u3164", False),
        ("\u0085\u009f", False),
        ("\u202e.\u202c", False),
        ("\ufe0f", False),
    ],
)
def test_is_visible(name: str, visible: bool) -> None:
    assert is_visible(name) is visible
