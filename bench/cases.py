"""What is asked: the cases, and for each its questions, drawn from the dataset."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import NamedTuple

from models.values.folding import fold

Question = dict[str, str]


class Case(NamedTuple):
    title: str
    # what is compared: the claims' ids in order, one id, a total, or counts
    kind: str = "claims"
    status: int = 200


CASES = {
    "page": Case("page of 50, by an actor's name"),
    "bare": Case("the same without its total"),
    "cached": Case("the same from a cache"),
    "two": Case("page of an actor on a topic"),
    "rare": Case("page where two big sets seldom meet"),
    "first": Case("page 1 of all claims"),
    "deep": Case("a page deep in all claims"),
    "single": Case("one claim by its id", "single"),
    "total": Case("total of a busy actor", "total"),
    "total-two": Case("total of a busy actor on a big topic", "total"),
    "facet": Case("topics of all claims", "facet"),
    "facet-actor": Case("topics of a busy actor", "facet"),
    "unchanged": Case("304: nothing changed", status=304),
}

NAMES = 1_000
PAGES = 400
PAIRS = 200
BIG = 10
FULL_PAGE = 50


def questions(path: Path) -> dict[str, list[Question]]:
    """The questions of every case but `deep`, whose cursors only the API knows."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rng = random.Random(1)
    actors = database.execute(
        "SELECT key, name, aliases FROM actor ORDER BY claim_count DESC, key"
    ).fetchall()
    topics = database.execute(
        "SELECT key, name FROM topic ORDER BY claim_count DESC, key"
    ).fetchall()
    busy = actors[: max(BIG, len(actors) // 10)]
    called = {key: name for key, name, *_ in actors + topics}

    def about(actor: str, topic: str = "") -> Question:
        folded = {"folded_actor": fold(actor), "folded_topic": fold(topic)}
        return {"actor": actor, "topic": topic, **folded}

    names = [about(one) for _, name, aliases in busy for one in (name, *json.loads(aliases))]
    rng.shuffle(names)
    pairs = {
        (actor, topic): count
        for actor, topic, count in database.execute(
            "SELECT claim.actor, topic_claim.topic, COUNT(*) FROM topic_claim"
            " JOIN claim ON claim.key = topic_claim.claim GROUP BY 1, 2"
        )
    }
    common = [pair for pair, count in pairs.items() if count >= FULL_PAGE] or list(pairs)
    big = [
        (actor, topic)
        for actor, *_ in actors[:BIG]
        for topic, _ in topics[:BIG]
        if (actor, topic) in pairs
    ]
    rng.shuffle(big)
    rare = sorted(big, key=lambda pair: pairs[pair])[:BIG]
    ids = database.execute("SELECT id FROM record WHERE type = 'claim'").fetchall()
    busiest = [about(name) for _, name, _ in actors[:BIG]]

    def of_pairs(some: list[tuple[int, int]]) -> list[Question]:
        return [about(called[actor], called[topic]) for actor, topic in some]

    return {
        "page": names[:NAMES],
        "bare": names[:NAMES],
        "cached": names[:PAGES],
        "two": of_pairs(rng.sample(common, min(PAIRS, len(common)))),
        "rare": of_pairs(rare),
        "first": [{}],
        "single": [{"id": id} for (id,) in rng.sample(ids, min(NAMES, len(ids)))],
        "total": busiest,
        "total-two": of_pairs(big),
        "facet": [{}],
        "facet-actor": busiest,
        "unchanged": names[:PAGES],
    }
