"""Synthetic seed files: a size and a random seed always give the same files.

A few actors make most of the claims (Zipf's law). Each actor has topics of its own, so some busy
actors hardly ever speak on a big topic.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterable, Iterator
from itertools import accumulate, product
from pathlib import Path

import orjson

FULL = 1_000_000
# how many records there are beside a million claims
RECORD_COUNTS = {
    "organization": 2_000, "actor": 20_000, "topic": 300, "position": 2_000, "event": 5_000,
    "source": 20_000,
}  # fmt: skip
MIN_COUNT = 20
FILES = 200
SEED = 2025

STARTS = "bal cor del fen gar hol jan kir lom mar nev ost pel rim sol tav ul ver wim yor".split()
GIVEN = [a + b for b, a in product(("ado", "eka", "ira", "omi", "una", "elin", "ora"), STARTS)]
FAMILY = [a + b for b, a in product(("ansky", "berg", "ertson", "idis", "ovar", "uente"), STARTS)]
PLACES = [a + b for b, a in product(("aven", "burgh", "ica", "holm", "stad"), STARTS)]
BODIES = "Institute Council Ministry Union Assembly Agency Herald Company Party Chamber".split()
ISSUES = "budget border harbour energy climate health school trade treaty transport".split()
MEETINGS = "Summit Hearing Debate Forum Interview Congress Briefing".split()
WORDS = (
    "the a of for with before against under between every new national public common "
    "agreement budget commission cost country decision defence election energy farmers fishery "
    "government harbour hospital industry labour law market ministry money parliament partners "
    "pension people plan policy price programme question railway reform region report research "
    "rights river schools security shipping support tax towns trade treaty union voters water "
    "must should will cannot needs brings keeps raises lowers opens closes changes follows"
).split()
FORMS = ("interview", "speech", "debate", "declaration", "press-conference", "post", "vote")
ROLES = ("Minister", "Speaker", "Member", "Secretary", "President", "Spokesperson")
ACCENTED = str.maketrans("aeiou", "áéíöü")

Record = dict[str, object]


def seed_files(folder: Path, size: int, seed: int = SEED) -> Path:
    """The folder of a dataset's seed files; they are written unless the folder exists."""
    code_hash = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    path = folder / f"seeds-{size}-{seed}-{code_hash}"
    if not path.exists():
        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        (part / "claims").mkdir(parents=True)
        for name, records in sections(size, seed):
            lines = b"".join(orjson.dumps(record) + b"\n" for record in records)
            (part / f"{name}.jsonl").write_bytes(lines)
        part.rename(path)
    return path


def sections(size: int, seed: int) -> Iterator[tuple[str, Iterable[Record]]]:
    """The name and the records of each file."""
    rng = random.Random(seed)
    ids = {
        type: [f"{type[:3]}-{n}" for n in range(max(MIN_COUNT, count * size // FULL))]
        for type, count in RECORD_COUNTS.items()
    }
    for type, generate in GENERATORS.items():
        yield f"{type}s", [{"type": type, **record} for record in generate(rng, ids)]
    claims = ClaimGenerator(rng, ids)
    for n in range(FILES):
        numbers = range(n * size // FILES, (n + 1) * size // FILES)
        yield f"claims/{n:03}", claims.generate(numbers)


def combined(n: int, *lists: list[str]) -> str:
    """The nth combination of a word of each list; no two combinations are the same."""
    words = []
    for word_list in lists:
        n, index = divmod(n, len(word_list))
        words.append(word_list[index].title())
    return " ".join([*words, *([str(n + 1)] if n else [])])


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def skewed(count: int, power: float) -> list[float]:
    """Cumulative weights that fall with the rank: by Zipf's law if the power is 1."""
    return list(accumulate((rank + 1) ** -power for rank in range(count)))


def day(rng: random.Random) -> str:
    return f"{rng.randint(2000, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def organizations(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    kinds = ("media", "company", "party", "government", "ngo", "committee", "international")
    for n, id in enumerate(ids["organization"]):
        yield {"id": id, "name": combined(n, PLACES, BODIES), "kind": rng.choice(kinds)}


def actors(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    for n, id in enumerate(ids["actor"]):
        name = combined(n, GIVEN, FAMILY)
        given, *rest = name.split()
        employers = rng.sample(ids["organization"], 2)
        memberships = [
            {"organization": employer, "role": rng.choice(ROLES), "start_date": start}
            for employer, start in zip(employers, ("2000", "2012"), strict=True)
        ]
        alias = " ".join([*rest, given]).translate(ACCENTED)
        yield {"id": id, "name": name, "aliases": [alias], "memberships": memberships}


def topics(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    """Topics on three levels: roots come first, then their children, then the leaves."""
    topic_ids = ids["topic"]
    roots, inner = len(topic_ids) // 15 or 1, len(topic_ids) // 4
    for n, id in enumerate(topic_ids):
        name = combined(n, ISSUES, PLACES)
        if n < roots:
            yield {"id": id, "name": name}
        else:
            parents = topic_ids[:roots] if n < inner else topic_ids[roots:inner]
            yield {"id": id, "name": name, "parent": rng.choice(parents)}


def positions(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    for n, id in enumerate(ids["position"]):
        text = f"{combined(n, PLACES, ISSUES)}: {sentence(rng, 3)}"
        yield {"id": id, "text": text, "topics": [rng.choice(ids["topic"])]}


def events(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    kinds = ("summit", "meeting", "hearing", "debate", "conflict", "election")
    for n, id in enumerate(ids["event"]):
        yield {
            "id": id,
            "name": combined(n, PLACES, MEETINGS, GIVEN),
            "kind": rng.choice(kinds),
            "start_date": day(rng),
            "place": rng.choice(PLACES).title(),
        }


def sources(rng: random.Random, ids: dict[str, list[str]]) -> Iterator[Record]:
    for n, id in enumerate(ids["source"]):
        yield {
            "id": id,
            "title": f"{combined(n, PLACES, ISSUES)}: {sentence(rng, 2)}",
            "kind": rng.choice(("article", "transcript", "report", "broadcast", "post")),
            "publisher": rng.choice(ids["organization"]),
            "date": day(rng),
            "language": rng.choice(("en", "de", "fr", "tr")),
            "url": f"https://news.example/{n}",
        }


GENERATORS = {
    "organization": organizations, "actor": actors, "topic": topics, "position": positions,
    "event": events, "source": sources,
}  # fmt: skip


class ClaimGenerator:
    def __init__(self, rng: random.Random, ids: dict[str, list[str]]):
        self.rng = rng
        self.ids = ids
        self.weights = {
            type: skewed(len(type_ids), 1 if type == "actor" else 0.5)
            for type, type_ids in ids.items()
        }
        self.interests = {actor: self.pick("topic", 6) for actor in ids["actor"]}
        self.offices = {actor: self.pick("organization", 2) for actor in ids["actor"]}

    def pick(self, type: str, count: int) -> list[str]:
        return self.rng.choices(self.ids[type], cum_weights=self.weights[type], k=count)

    def generate(self, numbers: range) -> Iterator[Record]:
        picked = zip(
            numbers,
            *(
                self.pick(type, len(numbers))
                for type in ("actor", "topic", "event", "organization", "position", "source")
            ),
            strict=True,
        )
        for n, *linked in picked:
            yield self.claim(n, *linked)

    def claim(
        self, n: int, actor: str, topic: str, event: str, party: str, position: str, source: str
    ) -> Record:
        rng, chance = self.rng, self.rng.random
        quote = sentence(rng, rng.randint(6, 10))
        report = {"source": source, "attribution": "direct", "exact": " ".join(quote.split()[:2])}
        topics = rng.choices(self.interests[actor], k=rng.randint(1, 3))
        claim: Record = {
            "type": "claim",
            "id": f"claim-{n}",
            "text": f"The speaker said that {sentence(rng, rng.randint(14, 19))}.",
            "actor": actor,
            "quote": quote,
            "language": rng.choice(("en", "en", "en", "de", "fr", "tr")),
            "form": rng.choice(FORMS),
            "topics": list(dict.fromkeys([topic, *topics[1:]] if chance() < 0.1 else topics)),
            "reports": [report],
            "status": "coded" if chance() < 0.8 else "verified",
            "coder": rng.choice(("ab", "cd", "ef")),
        }
        precision = chance()
        if precision < 0.99:
            claim["date"] = day(rng)[: 4 if precision < 0.02 else 7 if precision < 0.08 else 10]
        if chance() < 0.5:
            claim["organization"] = rng.choice(self.offices[actor])
        if chance() < 0.3:
            claim["event"] = event
        if chance() < 0.2:
            claim["place"] = rng.choice(PLACES).title()
        stances = ("support", "support", "oppose", "neutral")
        if chance() < 0.3:
            claim["positions"] = [{"position": position, "stance": rng.choice(stances)}]
        if chance() < 0.2:
            claim["about"] = [{"organization": party}]
        if chance() < 0.05:
            claim["addressees"] = [{"actor": rng.choice(self.ids["actor"])}]
        if chance() < 0.05:
            second_source = rng.choice(self.ids["source"])
            claim["reports"] = [report, {"source": second_source, "attribution": "indirect"}]
        return claim
