"""Descriptions: one line that tells a record apart from its namesakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from models.queries.fetch import fetch_documents
from models.search.descriptions import describe

ORGANIZATIONS: list[dict[str, Any]] = [
    {"id": "norway", "name": "Norway", "kind": "state", "country": "NO"},
    {"id": "mfa", "name": "Ministry", "kind": "government", "country": "NO", "parent": "norway"},
    {"id": "herald", "name": "Herald", "kind": "media"},
    {"id": "nato", "name": "NATO", "kind": "alliance"},
    {"id": "free-town", "name": "Free Town", "kind": "other"},
]


def member(**membership: Any) -> dict:
    return {"organization": "nato", **membership}


@pytest.mark.parametrize(
    ("type", "record", "line"),
    [
        ("actor", {}, "actor"),
        ("actor", {"description": "A poet."}, "A poet."),
        ("actor", {"description": "x" * 200}, "x" * 149 + "…"),
        ("actor", {"kind": "group"}, "group"),
        ("actor", {"memberships": [member()]}, "NATO"),
        ("actor", {"memberships": [member(role="Envoy", start_date="2021-05")]},
         "Envoy, NATO, 2021–"),
        ("actor", {"memberships": [member(role="Envoy", end_date="2021")]}, "Envoy, NATO, –2021"),
        ("actor", {"memberships": [member(start_date="2021-01", end_date="2021-12-31")]},
         "NATO, 2021"),
        ("actor", {"memberships": [member(role="Head of NATO", start_date="2021",
                                          end_date="2023")]}, "Head of NATO, 2021–2023"),
        # words, not letters: “NATOland” is another name
        ("actor", {"memberships": [member(role="Head of NATOland")]}, "Head of NATOland, NATO"),
        ("actor", {"memberships": [member(role="Secretary-General of Nato")]},
         "Secretary-General of Nato"),
        ("actor", {"memberships": [member(role="Envoy of the Free Town",
                                          organization="free-town")]},
         "Envoy of the Free Town"),
        ("actor", {"memberships": [member(role="Town Envoy, Free Port",
                                          organization="free-town")]},
         "Town Envoy, Free Port, Free Town"),
        # the present one, then the latest
        ("actor", {"memberships": [member(role="A", start_date="2022", end_date="2024"),
                                   member(role="B", start_date="2020"),
                                   member(role="C", start_date="2021"),
                                   member(role="D", start_date="2019")]}, "C, NATO, 2021–"),
        ("actor", {"memberships": [member(role="A", start_date="2022", end_date="2023"),
                                   member(role="B", start_date="2010", end_date="2011")]},
         "A, NATO, 2022–2023"),
        ("actor", {"kind": "unnamed", "memberships": [member(role="Official")]},
         "unnamed, Official, NATO"),
        ("organization", {"kind": "state", "country": "SE"}, "state"),
        ("organization", {"kind": "ngo", "country": "SE"}, "ngo, Sweden"),
        ("organization", {"kind": "government", "country": "NO", "parent": "norway"},
         "government, Norway, part of Norway"),
        ("organization", {"kind": "media", "description": "A paper."}, "media"),
        ("event", {"kind": "summit", "start_date": "2025-06-24", "end_date": "2025-06-25",
                   "place": "The Hague"}, "summit, 2025-06-24 to 2025-06-25, The Hague"),
        ("event", {"kind": "speech", "start_date": "2025", "end_date": "2025"}, "speech, 2025"),
        ("event", {"kind": "meeting", "start_date": "2025", "parent": "hearing"},
         "meeting, 2025, part of Hearing"),
        ("topic", {}, "topic"),
        ("topic", {"description": "Arms."}, "Arms."),
        ("topic", {"parent": "defence", "description": "Arms."}, "part of Defence"),
    ],
)  # fmt: skip
def test_a_description_tells_namesakes_apart(
    load: Callable, type: str, record: dict, line: str
) -> None:
    sections: dict[str, list[dict]] = {
        "organizations": list(ORGANIZATIONS),
        "actors": [],
        "topics": [{"id": "defence", "name": "Defence"}],
        "events": [{"id": "hearing", "name": "Hearing", "kind": "hearing", "start_date": "2024"}],
    }
    sections[f"{type}s"].append({"id": "x", "name": "X", **record})
    load(**sections)
    document = orjson.loads(fetch_documents([(type, "x")])[type, "x"])
    assert describe(type, document) == line
