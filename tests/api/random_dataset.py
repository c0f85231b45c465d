"""Random datasets, the same for each seed: many names are ambiguous, many values are absent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.api.plain_records import Ref, Sections, days
from tests.api.world import load_sections, without_identifiers

# when each of the three loads happens
MOMENTS = (
    "2026-01-02T03:04:05.123456Z",
    "2026-03-04T05:06:07.000001Z",
    "2026-03-05T00:00:00.000000Z",
)

STATES = [
    {"id": "tuerkiye", "name": "Türkiye", "kind": "state", "aliases": ["Turkey"], "country": "TR"},
    {"id": "norway", "name": "Norway", "kind": "state", "country": "NO"},
    {"id": "nl", "name": "The Netherlands", "kind": "state", "country": "NL"},
]
ORGANIZATIONS = [
    "NATO", "The Daily", "The Daily Herald", "Anadolu Agency", "Fact & Check", "Unity Party",
    "Norway Herald", "!Acme", "Daily",
]  # fmt: skip
ACTORS = [
    "Mark Rutte", "Rutte, Mark Jr.", "Ayşe Işık", "Ayşe Işık", "Seán O’Brien", "JK Oersted",
    "Recep Tayyip Erdoğan", "J. K. Ørsted", "Deniz Kaya", "NATO", "Kaya",
]  # fmt: skip
TOPICS = ["Defence", "Defence Spending", "Arms: Procurement", "Energy", "Gas", "Energy Spending"]
POSITIONS = [
    "Allies should spend five percent.", "Ukraine will join.", "Pipelines should be closed.",
    "Ukraine should join", "NATO",
]  # fmt: skip
EVENTS = [
    "The Summit", "Opening Session", "Antalya Interview", "Long Campaign", "Summit Dinner",
    "Quiet Meeting",
]  # fmt: skip
SOURCES = [
    "Interview with Rutte", "Reprint of the talk", "Herald report", "Summit Declaration",
    "Loose Leaf", "Blog", "Blog", "Transcript: datetime.date 1",
]  # fmt: skip
PLACES = ["The Hague", "World Forum, The Hague", "Antalya", "Ankara", "Łódź"]
ROLES = ["Secretary General", "Deputy Secretary General", "President", "Member"]
DATES = [
    "2025", "2025-05", "2025-05-14", "2025-05-15", "2025-06", "2024-02", "2024-02-29", "2024",
    "2024-12-31", "2026-01-01",
]  # fmt: skip
LANGUAGES = ["en", "en-GB", "de", "zh-Hant", "zh-Hant-TW", "eng"]
FORMS = ["interview", "speech", "vote", "post"]
RATINGS = ["half true", "Half True!", "False", "★★"]
VERDICTS = ["mixed", "false"]
ATTRIBUTES = [("party", "green"), ("party", "red"), ("wave", "1"), ("wave", "2: late")]
CODERS = ["ann", "Ann", "bob"]
STATUSES = ["coded", "coded", "coded", "verified", "draft", "withdrawn"]
STANCES = ["support", "oppose", "neutral"]
ATTRIBUTIONS = ["direct", "indirect", "mixed"]
KINDS = {
    "organizations": ["media", "ngo", "party"],
    "actors": ["person", "group", "unnamed"],
    "events": ["summit", "meeting", "interview"],
    "sources": ["article", "post", "other"],
}
# what claims say, in turn
SENTENCES = [
    "Allies spend two percent.", "Two allies; percent by percent, they spend more.",
    "Erdoğan'ın sözü: savunma.", "Στην Αθήνα, Владимир Путин", "北京与东京",
    "U.S. troops co-operate", "", "Spending spends.", "To spend, or not to spend: two",
]  # fmt: skip
SOURCE_TEXT = "They asked. We must. He said exactly that: two allies spend, percent by percent."
RELATIONS = ["repeats", "supports", "contradicts"]
CLAIMS = 70


def load_made(folder: Path, seed: int) -> dict[Ref, str]:
    """Load a random dataset on top of one with the same ids; gives the moments of change."""
    before, after = random_records(seed + 1000), random_records(seed)
    plain = {section: without_identifiers(records) for section, records in after.items()}
    updated: dict[Ref, str] = {}
    current: dict[Ref, dict] = {}
    for sections, moment in zip((before, plain, after), MOMENTS, strict=True):
        load_sections(folder, sections, moment)
        for section, records in sections.items():
            for record in records:
                ref = (section.removesuffix("s"), record["id"])
                content = {name: value for name, value in record.items() if value}
                if current.get(ref) != content:
                    current[ref], updated[ref] = content, moment
    return updated


def random_records(seed: int) -> Sections:
    """About 70 claims, and the records that they name."""
    return RandomRecords(Random(seed)).sections()


class RandomRecords:
    """Random records by list; later lists name records of earlier ones."""

    def __init__(self, random: Random):
        self.random = random
        self.records: Sections = {}

    def maybe(self, value: Any, probability: float = 0.6) -> Any:
        return value if self.random.random() < probability else None

    def pick(self, values: list) -> Any:
        return self.random.choice(values)

    def pick_id(self, section: str, probability: float = 0.6) -> str | None:
        return self.maybe(self.pick(self.records[section])["id"], probability)

    def sample(self, values: list, most: int = 3) -> list:
        return self.random.sample(values, self.random.randint(0, min(most, len(values))))

    def sample_ids(self, section: str, most: int = 3) -> list[str]:
        return self.sample([record["id"] for record in self.records[section]], most)

    def parties(self) -> list[dict]:
        candidates = [
            {type: id} for type in ("actor", "organization") for id in self.sample_ids(f"{type}s")
        ]
        return self.sample(candidates)

    def add(self, section: str, names: list[str], fields: Callable[[], dict]) -> None:
        """Add records of these names; the order of their ids differs from the records' order."""
        self.records.setdefault(section, [])
        numbers = list(range(len(names)))
        self.random.shuffle(numbers)
        name_field = {"sources": "title", "positions": "text", "claims": "text"}.get(
            section, "name"
        )
        for number, name in zip(numbers, names, strict=True):
            id = f"{section[:2]}-{number}"
            record = {"id": id, name_field: name, **fields()}
            if section in KINDS:
                record["kind"] = self.pick(KINDS[section])
            record["attributes"] = dict(self.sample(ATTRIBUTES, 2))
            if self.random.random() < 0.3:
                record["former_ids"] = [f"was-{id}"]
            if number % 3 == 0:
                record["identifiers"] = [{"scheme": "wikidata", "identifier": f"Q{number}"}]
            self.records[section].append(
                {field: value for field, value in record.items() if value not in (None, [], {})}
            )

    def sections(self) -> Sections:
        self.records["organizations"] = [*STATES]
        self.add(
            "organizations",
            ORGANIZATIONS,
            lambda: {
                "country": self.maybe(self.pick(["TR", "NO", "GB"])),
                "parent": self.pick_id("organizations", 0.4),
            },
        )
        self.add(
            "actors",
            ACTORS,
            lambda: {
                "aliases": self.sample(["刘莉", "刘丽"], 1),
                "memberships": [self.membership() for _ in range(self.random.randint(0, 3))],
            },
        )
        self.add("topics", TOPICS, lambda: {"parent": self.parent("topics", 0.7)})
        self.add("positions", POSITIONS, lambda: {"topics": self.sample_ids("topics", 2)})
        self.add("events", EVENTS, self.event)
        self.add(
            "sources",
            SOURCES,
            lambda: {
                "publisher": self.pick_id("organizations"),
                "origin": self.pick_id("organizations", 0.3),
                "date": self.maybe(self.pick(DATES)),
                "language": self.maybe(self.pick(LANGUAGES)),
            },
        )
        for source in self.records["sources"][::2]:
            source["text"] = SOURCE_TEXT
        for position in self.records["positions"][::2]:
            position["label"] = "Two percent"
        for section in ("actors", "topics"):
            for record in self.records[section][::3]:
                record["description"] = "Spends two percent; işık."
        texts = [f"Claim {n} {SENTENCES[n % len(SENTENCES)]}".strip() for n in range(CLAIMS)]
        self.add("claims", texts, self.claim)
        for claim in self.records["claims"]:
            targets = [id for id in self.sample_ids("claims", 1) if id != claim["id"]]
            if targets and self.random.random() < 0.5:
                claim["relations"] = [{"kind": self.pick(RELATIONS), "claim": id} for id in targets]
        return self.records

    def parent(self, section: str, probability: float) -> str | None:
        return self.pick_id(section, probability) if self.records[section] else None

    def period(self) -> tuple[str | None, str | None]:
        start, end = self.maybe(self.pick(DATES)), self.maybe(self.pick(DATES))
        if start and end and days(end)[1] < days(start)[0]:
            return end, start
        return start, end

    def membership(self) -> dict:
        start, end = self.period()
        fields = {
            "organization": self.pick(self.records["organizations"][:6])["id"],
            "role": self.maybe(self.pick(ROLES)),
            "start_date": start,
            "end_date": end,
        }
        return {name: value for name, value in fields.items() if value}

    def event(self) -> dict:
        start, end = self.period()
        return {
            "start_date": start or self.pick(DATES[:3]),
            "end_date": end if start else None,
            "place": self.maybe(self.pick(PLACES)),
            "country": self.maybe(self.pick(["TR", "NO", "NL"])),
            "parent": self.parent("events", 0.4),
            "organizers": self.sample_ids("organizations", 2),
            "participants": self.parties(),
        }

    def claim(self) -> dict:
        actor, organization = self.pick_id("actors", 0.8), self.pick_id("organizations")
        return {
            "actor": actor if actor or organization else self.records["actors"][0]["id"],
            "organization": organization,
            "date": self.maybe(self.pick(DATES), 0.8),
            "quote": self.maybe("We must.", 0.3),
            "language": self.maybe(self.pick(LANGUAGES)),
            "form": self.maybe(self.pick(FORMS)),
            "event": self.pick_id("events"),
            "place": self.maybe(self.pick(PLACES), 0.3),
            "topics": self.sample_ids("topics"),
            "positions": [
                {"position": id, "stance": self.pick(STANCES)}
                for id in self.sample_ids("positions")
            ],
            "addressees": self.parties(),
            "about": self.parties(),
            "reports": [self.report() for _ in range(self.random.randint(0, 3))],
            "role": self.maybe(self.pick(ROLES), 0.3),
            "reviews": [self.review(id) for id in self.sample_ids("organizations", 2)],
            "status": self.pick(STATUSES),
            "coder": self.maybe(self.pick(CODERS)),
        }

    def review(self, organization: str) -> dict:
        fields = {
            "organization": organization,
            "rating": self.maybe(self.pick(RATINGS)),
            "verdict": self.maybe(self.pick(VERDICTS)),
            "url": "https://example.org/review",
        }
        return {name: value for name, value in fields.items() if value}

    def report(self) -> dict:
        fields = {
            "source": self.pick(self.records["sources"])["id"],
            "attribution": self.maybe(self.pick(ATTRIBUTIONS), 0.8),
            "exact": self.maybe("exactly"),
        }
        return {name: value for name, value in fields.items() if value}
