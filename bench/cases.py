"""The cases, and the questions of each case, drawn from the dataset."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from models.values.folding import fold
from models.values.words import split_words

# the values that fill the URL of a request
Question = dict[str, str]


class Case(NamedTuple):
    title: str
    # the part of the answers that is compared: the claims' ids in order, one id, a total, counts
    kind: str = "claims"
    # the expected status
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
    "word": Case("page of claims with a name in their words"),
    "common-word": Case("page of claims with a frequent word"),
    "ranked": Case("page of a frequent word, by relevance"),
    "keystroke": Case("completions of a name at each keystroke"),
    "unchanged": Case("304: nothing changed", status=304),
}

MAX_NAMES = 1_000
MAX_CACHED_PAGES = 400
MAX_PAIRS = 200
# how many of the busiest actors and of the biggest topics make totals
BUSIEST = 10
FULL_PAGE = 50
# claims whose words are counted, and names that are typed
SAMPLED_CLAIMS = 2_000
TYPED_NAMES = 50


def draw_questions(path: Path) -> dict[str, list[Question]]:
    """Draw the questions of all cases but `deep`, which needs a cursor of the API."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rng = random.Random(1)
    actors = database.execute(
        "SELECT key, name, aliases FROM actor ORDER BY claim_count DESC, key"
    ).fetchall()
    topics = database.execute(
        "SELECT key, name FROM topic ORDER BY claim_count DESC, key"
    ).fetchall()
    busy_actors = actors[: max(BUSIEST, len(actors) // 10)]
    names = {key: name for key, name, *_ in actors + topics}

    def question(actor: str, topic: str = "") -> Question:
        folded = {"folded_actor": fold(actor), "folded_topic": fold(topic)}
        return {"actor": actor, "topic": topic, **folded}

    by_name = [
        question(actor_name)
        for _, name, aliases in busy_actors
        for actor_name in (name, *json.loads(aliases))
    ]
    rng.shuffle(by_name)
    # the number of claims of each actor under each topic
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
        for actor, *_ in actors[:BUSIEST]
        for topic, _ in topics[:BUSIEST]
        if (actor, topic) in pairs
    ]
    rng.shuffle(big)
    rare = sorted(big, key=lambda pair: pairs[pair])[:BUSIEST]
    ids = database.execute("SELECT id FROM record WHERE type = 'claim'").fetchall()
    texts = database.execute(
        "SELECT text FROM claim WHERE listed = 1 ORDER BY date_key, seq LIMIT ?", (SAMPLED_CLAIMS,)
    )
    words = Counter(word for (text,) in texts for word in set(split_words(text)))
    frequent = [{"word": word} for word, _ in words.most_common(BUSIEST)]
    family_names = {split_words(name)[1] for _, name, _ in rng.sample(actors, len(actors) // 10)}
    typed = [name for _, name, _ in rng.sample(actors, min(TYPED_NAMES, len(actors)))]
    by_busiest = [question(name) for _, name, _ in actors[:BUSIEST]]

    def by_pair(keys: list[tuple[int, int]]) -> list[Question]:
        return [question(names[actor], names[topic]) for actor, topic in keys]

    return {
        "page": by_name[:MAX_NAMES],
        "bare": by_name[:MAX_NAMES],
        "cached": by_name[:MAX_CACHED_PAGES],
        "two": by_pair(rng.sample(common, min(MAX_PAIRS, len(common)))),
        "rare": by_pair(rare),
        "first": [{}],
        "single": [{"id": id} for (id,) in rng.sample(ids, min(MAX_NAMES, len(ids)))],
        "total": by_busiest,
        "total-two": by_pair(big),
        "facet": [{}],
        "facet-actor": by_busiest,
        "word": [{"word": word} for word in sorted(family_names)],
        "common-word": frequent,
        "ranked": frequent,
        "keystroke": [{"typed": name[:end]} for name in typed for end in range(1, len(name) + 1)],
        "unchanged": by_name[:MAX_CACHED_PAGES],
    }
