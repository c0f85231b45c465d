"""Completions of names: by beginnings of words, then with slips; more claims first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from models.database.connection import fetch_all
from models.queries.names import NAMED_TABLES
from models.search import completion
from models.search.completion import complete

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


@pytest.mark.parametrize("types", [("actor",), ("organization",), ("organization", "actor")])
@pytest.mark.parametrize("leaders", [1, 20, 500])
def test_the_best_of_too_many_names_are_those_with_most_claims(
    load: Callable, monkeypatch: pytest.MonkeyPatch, types: tuple[str, ...], leaders: int
) -> None:
    """Records are found whatever other keys of the index begin so."""
    names = list(many_names())
    records: dict[str, list[dict[str, Any]]] = {"actor": [], "organization": []}
    counts = {}
    claims = []
    for n, name in enumerate(names):
        type = "organization" if n % 3 == 0 else "actor"
        counts[f"{type[0]}{n}"] = count = (n * 7) % 5
        identifiers = [{"scheme": "an-de", "identifier": str(n)}]
        attributes = {"bande": f"code {n}"}
        kind = {"kind": "other"} if type == "organization" else {}
        records[type].append(
            {
                "id": f"{type[0]}{n}", "name": name, "attributes": attributes,
                "identifiers": identifiers, **kind,
            }
        )  # fmt: skip
        claims += [{"id": f"c{n}-{m}", "text": "Text", type: f"{type[0]}{n}"} for m in range(count)]
    load(actors=records["actor"], organizations=records["organization"], claims=claims)
    monkeypatch.setattr(completion, "MAX_RANKED", 10)
    monkeypatch.setattr(completion, "LEADERS", leaders)
    for text in ("an", "b", "ba an", "anba", "co de", "de c", "d", "ande x"):
        fitting = [
            counts[record["id"]]
            for type in types
            for record in records[type]
            if all(
                any(part.startswith(word) for part in record["name"].split())
                for word in text.split()
            )
        ]
        keys = completed(text, types, 8)
        assert [counts[id] for id in keys] == sorted(fitting, reverse=True)[:8], text
