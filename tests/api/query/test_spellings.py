"""The tier `spelling`, and names in other scripts than Latin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

RECORDS = {
    "organizations": [
        {"id": "us", "name": "United States", "kind": "state", "country": "US"},
        {"id": "trinidad", "name": "Trinidad and Tobago", "kind": "state", "country": "TT"},
        {"id": "us-media", "name": "News", "kind": "media", "country": "US"},
        {"id": "bueso", "name": "BüSo", "kind": "party"},
        {"id": "aarhus", "name": "Aarhus", "kind": "other"},
        {"id": "mwi", "name": "It Can Wait", "kind": "ngo"},
        {"id": "long", "name": "ö" * 201, "kind": "ngo", "aliases": ["ü" * 100]},
    ],
    "actors": [
        {"id": "milne", "name": "A. A. Milne"},
        {"id": "rowling", "name": "J. K. Rowling", "aliases": ["JKR"]},
        {"id": "xi", "name": "Xi Jinping", "aliases": ["习近平"]},
        {"id": "muller", "name": "Muller"},
        {"id": "mueller", "name": "Mueller", "aliases": ["Old Miller"]},
        {"id": "umlaut", "name": "Müller"},
        {"id": "orsted", "name": "Jürgen Weiß-Ørsted"},
        {"id": "li-1", "name": "刘莉"},
        {"id": "li-2", "name": "刘丽"},
        {"id": "li-3", "name": "Liuli"},
        {"id": "ivanov-1", "name": "Иванов"},
        {"id": "ivanov-2", "name": "Ivanov"},
        {"id": "muhammad", "name": "محمد علي"},
        {"id": "cohen", "name": "כֹּהֵן"},
        {"id": "ad-am", "name": "Ad Am"},
        {"id": "adam", "name": "Adam Smith"},
    ],
}


@pytest.fixture
def client_of_names(load: Callable, client: FlaskClient) -> FlaskClient:
    load(**RECORDS)
    return client


ORGANIZATIONS = [
    # conjunctions
    ("Trinidad & Tobago", "spelling", "trinidad"),
    ("Trinidad+Tobago", "spelling", "trinidad"),
    ("trinidad und tobago", "spelling", "trinidad"),
    ("Trinidad et Tobago", "spelling", "trinidad"),
    ("Trinidad og Tobago", "spelling", "trinidad"),
    ("TRINIDAD Y TOBAGO", "spelling", "trinidad"),
    ("Tobago and Trinidad", "words", "trinidad"),
    ("Trinidad or Tobago", "none", ""),
    # letters
    ("bueso", "id", "bueso"),
    ("Bueso", "spelling", "bueso"),
    ("BUESO", "spelling", "bueso"),
    ("Buso", "name", "bueso"),
    ("Århus", "spelling", "aarhus"),
    ("Arhus", "none", ""),
    ("ue" * 100, "spelling", "long"),
    ("oe" * 100, "none", ""),
    # the country code of a state
    ("US", "spelling", "us"),
    ("Us", "spelling", "us"),
    ("TT", "spelling", "trinidad"),
    ("U.S.", "none", ""),
    ("USA", "none", ""),
    ("it", "words", "mwi"),
    ("FR", "none", ""),
]
ACTORS = [
    # initials
    ("AA Milne", "spelling", "milne"),
    ("A.A. Milne", "spelling", "milne"),
    ("A A Milne", "name", "milne"),
    ("Milne A A", "words", "milne"),
    ("JK Rowling", "spelling", "rowling"),
    ("J.K.Rowling", "spelling", "rowling"),
    ("J. K. R.", "spelling", "rowling"),
    # syllables
    ("xijinping", "name", "xi"),
    ("Xi Jin Ping", "spelling", "xi"),
    ("Xi Jinping", "name", "xi"),
    ("Jinping", "words", "xi"),
    ("Mark Rutte", "none", ""),
    # umlauts: folding comes first
    ("Müller", "name", "muller umlaut"),
    ("Muller", "name", "muller umlaut"),
    ("Mueller", "name", "mueller"),
    ("MUEL LER", "spelling", "mueller umlaut"),
    ("Miller", "words", "mueller"),
    ("Juergen Weiss-Oersted", "spelling", "orsted"),
    ("JURGEN WEISSORSTED", "spelling", "orsted"),
    # a spelling comes before words
    ("Adam", "spelling", "ad-am"),
    # the same letters in another script
    ("刘莉", "name", "li-1"),
    ("刘丽", "name", "li-2"),
    ("刘\u200b莉", "name", "li-1"),
    ("柳莉", "name", "li-1 li-2 li-3"),
    ("Liuli", "name", "li-1 li-2 li-3"),
    ("Liu Li", "spelling", "li-1 li-2 li-3"),
    ("Иванов", "name", "ivanov-1"),
    ("ИВАНОВ", "name", "ivanov-1"),
    ("Ivanov", "name", "ivanov-1 ivanov-2"),
    # vowel signs and invisible characters
    ("مُحَمَّد عَلِيّ", "name", "muhammad"),
    ("محمد\u200f علي", "name", "muhammad"),
    ("כהן", "name", "cohen"),
    ("Mu\u00adel\u200dler", "name", "mueller"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filter", "name", "tier", "ids"),
    [("organization", *row) for row in ORGANIZATIONS] + [("actor", *row) for row in ACTORS],
)
def test_tier(client_of_names: FlaskClient, filter: str, name: str, tier: str, ids: str):
    response = client_of_names.get("/v1/claims", query_string={filter: name})
    (value,) = response.json["meta"]["resolved"][filter]
    matches = " ".join(match["id"] for match in value["matches"])
    assert (value["tier"], matches) == (tier, ids)


def test_a_country_code_names_states_alone(client_of_names: FlaskClient):
    for path, types in (("claims?about=US", ["organization"]), ("claims?actor=US", [])):
        (value,) = next(iter(client_of_names.get(f"/v1/{path}").json["meta"]["resolved"].values()))
        assert [match["type"] for match in value["matches"]] == types
