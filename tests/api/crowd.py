"""About 40 random records of each type, with many equal and null values, and their order in lists.

`in_order` sorts the records in plain Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.api.world import load_sections

# names with their folded forms; some names have the same folded form
NAMES = {
    "Émile": "emile",
    "emile": "emile",
    "ÉMILE!": "emile",
    "Emile Z": "emile z",
    "Zoë": "zoe",
    "zoe": "zoe",
    "O’Neill": "oneill",
    "ONEILL": "oneill",
    "o neill": "o neill",
    "Łódź": "lodz",
    "lodz 2": "lodz 2",
    "lodz 10": "lodz 10",
    "Weiß": "weiss",
    "weiss": "weiss",
    "42": "42",
}
DATES = [None, None, "2025", "2025", "2025-05", "2025-05", "2025-05-14", "2025-05-14", "2025-05-31",
         "2025-06", "2024", "2024-12-31", "0999", "1999-01", "9999-12-31"]  # fmt: skip
# when each of the three loads happens
MOMENTS = [
    "2026-01-01T00:00:00.000000Z",
    "2026-01-02T00:00:00.000000Z",
    "2026-01-02T00:00:00.000001Z",
]
RECORDS_PER_TYPE = 40


def crowd() -> dict[str, list[dict]]:
    """The records of each list, the same ones each time."""
    random = Random(7)

    def shuffled_ids(letter: str) -> list[str]:
        numbers = list(range(RECORDS_PER_TYPE))
        random.shuffle(numbers)
        return [f"{letter}-{n:02}" for n in numbers]

    def name() -> str:
        return random.choice(list(NAMES))

    def maybe(value: object) -> object:
        return random.choice([None, value])

    organizations = [{"id": id, "name": name(), "kind": "other"} for id in shuffled_ids("o")]
    actors = [{"id": id, "name": name()} for id in shuffled_ids("a")]
    topics: list[dict] = []
    for id in shuffled_ids("t"):
        parent = maybe(random.choice(topics)["id"]) if topics else None
        topics.append({"id": id, "name": name(), "parent": parent})
    positions = [{"id": id, "text": name()} for id in shuffled_ids("p")]
    events = [
        {"id": id, "name": name(), "kind": "other", "start_date": random.choice(DATES[2:])}
        for id in shuffled_ids("e")
    ]
    sources = [
        {
            "id": id,
            "title": name(),
            "kind": "other",
            "date": random.choice(DATES),
            "publisher": maybe(random.choice(organizations)["id"]),
        }
        for id in shuffled_ids("s")
    ]

    def sample_ids(records: list[dict], most: int = 3) -> list[str]:
        return [record["id"] for record in random.sample(records[:12], random.randint(0, most))]

    claims = [
        {
            "id": id,
            "text": "C",
            "actor": random.choice(actors[:15])["id"],
            "organization": maybe(random.choice(organizations[:15])["id"]),
            "event": maybe(random.choice(events[:15])["id"]),
            "date": random.choice(DATES),
            "topics": sample_ids(topics),
            "positions": [
                {"position": position, "stance": random.choice(["support", "oppose", "neutral"])}
                for position in sample_ids(positions)
            ],
            "about": [{"organization": organization} for organization in sample_ids(organizations)],
            "addressees": [{"actor": actor} for actor in sample_ids(actors)],
            "reports": [
                {"source": source, "attribution": random.choice(["direct", "indirect", None])}
                for source in sample_ids(sources)
            ],
            "status": random.choice(["coded", "coded", "coded", "verified", "draft"]),
        }
        for id in [*shuffled_ids("c"), *shuffled_ids("d")]
    ]
    return {
        "organizations": organizations,
        "actors": actors,
        "topics": topics,
        "positions": positions,
        "events": events,
        "sources": sources,
        "claims": claims,
    }


CROWD = crowd()
LISTED = [claim for claim in CROWD["claims"] if claim["status"] != "draft"]


def load_crowd(folder: Path) -> None:
    """Load the records into the open dataset, and change two thirds of them later."""
    load_sections(folder, CROWD, MOMENTS[0])
    load_sections(folder, changed_records(1), MOMENTS[1])
    load_sections(folder, changed_records(2), MOMENTS[2])


def moment_of(section: str, n: int) -> str:
    """When the n-th record of a list last changed."""
    return MOMENTS[(n * 7 + len(section)) % 3]


def changed_records(load_number: int) -> dict[str, list[dict]]:
    """The records that a load changes: each gains an identifier."""
    return {
        section: [
            {**record, "identifiers": [{"scheme": "moment", "identifier": record["id"]}]}
            for n, record in enumerate(records)
            if moment_of(section, n) == MOMENTS[load_number]
        ]
        for section, records in CROWD.items()
    }


def with_broader(topics: list[str]) -> set[str]:
    """Topics and all broader ones."""
    parents = {topic["id"]: topic["parent"] for topic in CROWD["topics"]}
    ids = set()
    for topic in topics:
        broader: str | None = topic
        while broader:
            ids.add(broader)
            broader = parents[broader]
    return ids


# for each list, the ids of its records that a claim names
NAMED_BY_CLAIM: dict[str, Callable[[dict], set]] = {
    "actors": lambda claim: {claim["actor"]},
    "organizations": lambda claim: {claim["organization"]},
    "events": lambda claim: {claim["event"]},
    "topics": lambda claim: with_broader(claim["topics"]),
    "positions": lambda claim: {item["position"] for item in claim["positions"]},
    "sources": lambda claim: {report["source"] for report in claim["reports"]},
}


def folded_name(record: dict) -> str:
    return NAMES[record.get("name") or record.get("title") or record["text"]]


# the publisher that counts for each source, else the source itself
PUBLISHERS = {
    source["id"]: source["publisher"] or f"source {source['id']}" for source in CROWD["sources"]
}
# for each sort, the value of the n-th record of a list
SORT_VALUES: dict[str, Callable[[str, int, dict], object]] = {
    "id": lambda section, n, record: record["id"],
    "name": lambda section, n, record: folded_name(record),
    "date": lambda section, n, record: record.get("start_date") or record["date"],
    "updated_at": lambda section, n, record: moment_of(section, n),
    "independent_publishers": lambda section, n, record: len(
        {PUBLISHERS[report["source"]] for report in record["reports"]}
    ),
    "claim_count": lambda section, n, record: sum(
        record["id"] in NAMED_BY_CLAIM[section](claim) for claim in LISTED
    ),
}


def in_order(section: str, sort: str) -> list[str]:
    """The ids of a list: sorted, nulls last, equals in the order of their load."""
    key = sort.removeprefix("-")
    values_and_ids = [
        (SORT_VALUES[key](section, n, record), record["id"])
        for n, record in enumerate(CROWD[section])
        if record.get("status") != "draft"
    ]
    with_value = [pair for pair in values_and_ids if pair[0] is not None]
    without_value = [pair for pair in values_and_ids if pair[0] is None]
    # the sort is stable: equals keep their order in both directions
    with_value.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [id for _, id in with_value + without_value]


def most_claims(field: str) -> str:
    """The actor, organization or event with the most listed claims."""
    return Counter(claim[field] for claim in LISTED if claim[field]).most_common(1)[0][0]
