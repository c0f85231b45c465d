"""The form of a network's page: few fields, and all other parameters kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from api.pages.links import PAGE_ALONE, PageAddress, Pair
from api.pages.network_words import (
    DUPLICATE_WORDS,
    METHOD_WORDS,
    NORMALIZATION_WORDS,
    TWO_MODE_METHOD_WORDS,
    VARIABLE_WORDS,
    WINDOW_WORDS,
)
from api.pages.networks import MAX_INLINE_NODES, VARIABLES, WORDS, mode_of, options_of
from models.networks.measure import ONE_MODE


class Field(NamedTuple):
    """A field of the form; with choices, each has its value and its words."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""


def form_fields(address: PageAddress) -> list[Field]:
    """The fields of the form: the few choices that most readers need."""
    options, mode = options_of(address), mode_of(address)
    first, second = VARIABLES[mode]
    words: dict[str, Mapping[str, str]] = {
        first: VARIABLE_WORDS,
        second: VARIABLE_WORDS,
        "method": METHOD_WORDS if mode == ONE_MODE else TWO_MODE_METHOD_WORDS,
        "normalization": NORMALIZATION_WORDS,
        "duplicates": DUPLICATE_WORDS,
    }
    labels = {
        "nodes": "Who", "via": "Tied by", "rows": "Who", "columns": "What",
        "method": "Count", "normalization": "Normalize by", "duplicates": "Count repetitions",
    }  # fmt: skip
    fields = [
        Field(name, labels[name], options[name], [(word, words[name][word]) for word in allowed])
        for name, allowed in WORDS[mode].items()
    ]
    window = options["window"]
    windows = WINDOW_WORDS if window in WINDOW_WORDS else {**WINDOW_WORDS, window: window}
    return [
        *fields[:2],
        *(Field("topic", "Topic", topic) for topic in address.values("topic") or [""]),
        Field("from_date", "From", first_value(address, "from_date"), hint="2025-05"),
        Field("to_date", "To", first_value(address, "to_date"), hint="2025-12-31"),
        *fields[2:],
        Field("min_weight", "Least weight", options["min_weight"], hint="0"),
        Field("top", "Most nodes", options["top"], hint=str(MAX_INLINE_NODES)),
        Field("window", "Windows of time", window, [*windows.items()]),
    ]


def first_value(address: PageAddress, name: str) -> str:
    return (address.values(name) or [""])[0]


def kept_pairs(address: PageAddress, fields: Sequence[Field]) -> list[Pair]:
    """The parameters of the address that the form has no field for."""
    shown = {field.name for field in fields}
    return [pair for pair in address.pairs if pair[0] not in {*shown, *PAGE_ALONE}]
