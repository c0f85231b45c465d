"""A small dataset of claimants that change, contradict and agree with each other."""

from __future__ import annotations

from typing import Any

ACTORS = [
    {"id": "ann", "name": "Ann"},
    {"id": "bob", "name": "Bob"},
    {"id": "official", "name": "An official", "kind": "unnamed"},
]
ORGANIZATIONS = [
    {"id": "acme", "name": "Acme", "kind": "company"},
    {"id": "union", "name": "Union", "kind": "ngo"},
    {"id": "state", "name": "State", "kind": "state"},
]
SOURCES = [
    {"id": "minutes", "title": "Minutes", "kind": "report", "url": "https://example.org/minutes"},
    {"id": "reprint", "title": "Reprint", "kind": "article"},
]
POSITIONS = [
    {"id": "join", "text": "We should join"},
    {"id": "close", "text": "Close it"},
]


def claim(
    id: str,
    claimant: str,
    date: str | None,
    stances: str,
    relation: tuple[str, str] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A claim by an actor for an organization: `ann/acme`, `ann/`, or `/acme` without an actor.

    `stances` has words such as `+join`, `-close` or `0join`.
    """
    actor, _, organization = claimant.partition("/")
    signs = {"+": "support", "-": "oppose", "0": "neutral"}
    record = {
        "id": id,
        "text": f"Text of {id}",
        "actor": actor,
        "organization": organization,
        "date": date,
        "positions": [{"position": word[1:], "stance": signs[word[0]]} for word in stances.split()],
        "relations": [{"kind": relation[0], "claim": relation[1]}] if relation else [],
        **fields,
    }
    return {name: value for name, value in record.items() if value}


CLAIMS = [
    claim("a1", "ann/acme", "2024", "+join"),
    claim(
        "a2", "ann/acme", "2025-03-01", "-join", quote="Never.", language="en",
        reports=[{"source": "minutes", "exact": "Never"}, {"source": "reprint"}],
    ),
    claim("a3", "ann/acme", "2025-03-01", "+join"),
    claim("a4", "ann/union", "2025-06-10", "0join"),
    claim(
        "a5", "ann/", "2025-06-20", "-join", ("retracts", "a3"), reports=[{"source": "reprint"}],
    ),
    claim("b1", "bob/acme", "2025", "+join"),
    claim("b2", "bob/acme", "2025-05", "-join"),
    claim("b3", "bob/acme", "2026-01-02", "+join", ("qualifies", "b2")),
    claim("b4", "bob/", None, "+close"),
    claim("u1", "official/state", "2024-01-01", "+join"),
    claim("u2", "official/state", "2024-02-01", "-join"),
    claim("o1", "/acme", "2025-07-01", "-join", ("contradicts", "b1")),
    claim("o2", "/union", "2025-08-01", "", ("contradicts", "o1")),
    claim("d1", "bob/", "2026-02-02", "-join", status="draft"),
]  # fmt: skip
DEBATE = {
    "actors": ACTORS,
    "organizations": ORGANIZATIONS,
    "positions": POSITIONS,
    "sources": SOURCES,
    "claims": CLAIMS,
}


def counts(support: int = 0, oppose: int = 0, neutral: int = 0) -> dict[str, int]:
    return {"support": support, "oppose": oppose, "neutral": neutral}
