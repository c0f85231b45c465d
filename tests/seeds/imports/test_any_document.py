"""Documents with anything in the place of something: imported, or refused with the reason."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seeds.imports.claimreview import ClaimReviewImport
from seeds.imports.popolo import PopoloImport
from seeds.imports.report import REPEATED, UNCHANGED
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.engines import EXAMPLES, scratch
from tests.seeds.imports.test_claimreview import REVIEW
from tests.seeds.imports.test_popolo import EVERY_FIELD

STEM = {"claimreview": [REVIEW, REVIEW | {"url": "https://check.example/2"}], "popolo": EVERY_FIELD}
READERS: dict[str, Callable] = {
    "claimreview": lambda: ClaimReviewImport().read,
    "popolo": lambda: PopoloImport().read,
}
TEXTS = ["", " ", "0", "2025", "2025-02-30", "May 2025", "<b>a</b>", "javascript:x", "a\u0000b"]
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(TEXTS) | st.text()
)
anything = st.recursive(
    scalars,
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "@type", "url", "x"]), values, max_size=3)
    ),
    max_leaves=5,
)

# the way to a value inside a document: keys and indexes
Place = tuple[str | int, ...]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all values inside a document."""
    items: Iterable = ()
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*place, key)
        yield from places(inner, (*place, key))


@st.composite
def changed(draw: st.DrawFn, stem: Any) -> Any:
    """The document with some values replaced, removed or put into a list."""
    document = deepcopy(stem)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([*places(document)]))
        holder = document
        for key in way:
            holder = holder[key]
        if isinstance(last, str) and draw(st.booleans()):
            del holder[last]
        elif draw(st.booleans()):
            holder[last] = [holder[last]]
        else:
            holder[last] = draw(anything)
        if not [*places(document)]:
            break
    return document


@pytest.mark.parametrize("format", READERS)
@given(data=st.data())
@settings(max_examples=int(60 * EXAMPLES), deadline=None)
def test_any_document_is_imported_or_refused(format: str, data: st.DataObject):
    document = data.draw(changed(STEM[format]))
    with tempfile.TemporaryDirectory() as folder, scratch():
        path = Path(folder, "f.json")
        path.write_text(json.dumps(document))
        try:
            run_import(READERS[format](), path)
        except Refused:
            return
        again = run_import(READERS[format](), path)
        assert {state for _, state in again.drafted} <= {UNCHANGED, REPEATED}
