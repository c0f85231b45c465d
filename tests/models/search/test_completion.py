"""Completions of names: by beginnings of words, then with slips; more claims first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any

import pytest

from models.database.connection import fetch_all
from models.queries.names import NAMED_TABLES
from models.search import completion, name_index
from models.search.completion import complete
from models.values.folding import fold

TYPES = tuple(NAMED_TABLES)
# id: name and aliases, and the number of claims
ACTORS: dict[str, tuple[list[str], int]] = {
    "rutte": (["Mark Rutte"], 3),
    "ruth": (["Ruth Markham"], 1),
    "erdogan": (["Recep Tayyip Erdoğan"], 2),
    "an": (["An"], 0),
    "anna": (["Anna Berg"], 2),
    "muller": (["Jörg Müller"], 0),
    "xi": (["Xi Jinping", "习近平"], 1),
    "obrien": (["Seán O’Brien"], 0),
    "stoltenberg": (["Jens Stoltenberg"], 1),
    "isik": (["Ayşe Işık"], 0),
    "kaya-a": (["Deniz Kaya"], 0),
    "kaya-b": (["Deniz Kaya"], 1),
}
ORGANIZATIONS = {"nato": ["NATO", "Atlantic Alliance"], "markets": ["Board of Markets"]}


@pytest.fixture
def names(load: Callable) -> None:
    load(
        actors=[
            {"id": id, "name": name, "aliases": aliases}
            for id, ([name, *aliases], _) in ACTORS.items()
        ],
        organizations=[
            {"id": id, "name": name, "aliases": aliases, "kind": "other"}
            for id, [name, *aliases] in ORGANIZATIONS.items()
        ],
        claims=[
            {"id": f"{id}-{n}", "text": "Text", "actor": id}
            for id, (_, count) in ACTORS.items()
            for n in range(count)
        ],
    )


def completed(text: str, types: tuple[str, ...] = TYPES, limit: int = 10) -> list[str]:
    ids: dict[int, Any] = dict(fetch_all("SELECT key, id FROM record"))
    return [ids[key] for key in complete(text, types, limit)]


CASES: dict[str, list[str]] = {
    "rut": ["rutte", "ruth"],
    "RUT": ["rutte", "ruth"],
    "mark": ["rutte", "ruth", "markets"],
    "mark r": ["rutte", "ruth"],
    "r mark": ["rutte", "ruth"],
    "rutte, mark": ["rutte"],
    "m rutte": ["rutte"],
    "erdo": ["erdogan"],
    "Erdoğ": ["erdogan"],
    "tayyip rec": ["erdogan"],
    # a whole name first, although its record has fewer claims
    "an": ["an", "anna"],
    "deniz k": ["kaya-b", "kaya-a"],
    "jorg m": ["muller"],
    "Joerg Mueller": ["muller"],
    "习近": ["xi"],
    "xijinping": ["xi"],
    "obri": ["obrien"],
    "ışı": ["isik"],
    "isik": ["isik"],
    "atl": ["nato"],
    "alliance atl": ["nato"],
    # slips: one in a word of 4 to 7 letters
    "rutet": ["rutte"],
    "ruttte": ["rutte"],
    "urtte": ["rutte"],
    "ritte": ["rutte"],
    "mark ritte": ["rutte"],
    "mrak ritte": ["rutte"],
    "erdgoan": ["erdogan"],
    "rotto": [],
    # two in a longer one, one of them after the beginning
    "stoltenbreg": ["stoltenberg"],
    "stultenbreg": ["stoltenberg"],
    "stultenbrog": [],
    "stoltanbarg": ["stoltenberg"],
    # none in a shorter one
    "rot": [],
    "jonping xi": ["xi"],
    "zzz": [],
    "": [],
    "!?": [],
    "%": [],
    "_": [],
    "rut' OR 1=1": [],
    "😀": [],
    "a " * 100: ["anna", "an", "isik", "nato"],
}


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("text", CASES)
def test_completions(text: str) -> None:
    assert completed(text) == CASES[text]


@pytest.mark.usefixtures("names")
def test_types_and_limit() -> None:
    assert completed("mark", ("organization",)) == ["markets"]
    assert completed("mark", ("topic",)) == []
    assert completed("mark", limit=1) == ["rutte"]


SYLLABLES = ("an", "ba", "co", "de", "ba", "an")


def many_names() -> Iterator[str]:
    """Names that share beginnings, many of each."""
    for first, second, third in product(SYLLABLES, SYLLABLES, SYLLABLES):
        yield f"{first}{second} {third}{first}"


@pytest.mark.parametrize("text", ["an", "b", "ba an", "anba", "co de", "de c", "d", "ande x"])
def test_the_best_of_too_many_names_are_those_with_most_claims(
    load: Callable, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Where a word has more keys than are ranked, records with the most claims are found."""
    names = list(many_names())
    actors = [{"id": f"a{n}", "name": name} for n, name in enumerate(names)]
    claims = [
        {"id": f"c{n}-{m}", "text": "Text", "actor": f"a{n}"}
        for n in range(len(names))
        for m in range(n % 5)
    ]
    load(actors=actors, claims=claims)
    monkeypatch.setattr(name_index, "MAX_RANKED", 10)
    monkeypatch.setattr(completion, "MAX_RANKED", 10)
    monkeypatch.setattr(completion, "LEADERS", len(names))
    words = fold(text).split()
    fitting = [
        n % 5
        for n, name in enumerate(names)
        if all(any(part.startswith(word) for part in name.split()) for word in words)
    ]
    keys = [int(id[1:]) for id in completed(text, ("actor",), 8)]
    assert [n % 5 for n in keys] == sorted(fitting, reverse=True)[:8]
    assert all(earlier % 5 >= later % 5 for earlier, later in pairwise(keys))
