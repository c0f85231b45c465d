"""Misspelt names: how many find their record, and how long that takes.

Run `python -m bench.names --help` for the settings.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from string import ascii_lowercase
from time import perf_counter

from bench.data import SEED, actors
from models.database.connection import disconnect
from models.opening import open_dataset
from models.search.names import NameQuery
from models.search.resolution import resolve_names
from seeds.loader import load

MISSPELT = 2_600


def wrong(name: str, n: int, rng: random.Random) -> str:
    letter = rng.choice([letter for letter in ascii_lowercase if letter != name[n].lower()])
    return name[:n] + letter + name[n + 1 :]


def missing(name: str, n: int, rng: random.Random) -> str:
    return name[:n] + name[n + 1 :]


def doubled(name: str, n: int, rng: random.Random) -> str:
    return name[:n] + name[n] + name[n:]


def swapped(name: str, n: int, rng: random.Random) -> str:
    return name[:n] + name[n : n + 2][::-1] + name[n + 2 :]


SLIPS: tuple[Callable[[str, int, random.Random], str], ...] = (wrong, missing, doubled, swapped)


def misspell(name: str, slip: Callable, rng: random.Random) -> str:
    """The name with a slip at one of its letters; the first one counts like the others."""
    places = [
        n
        for n, letter in enumerate(name)
        if letter.isalpha() and (slip is not swapped or name[n + 1 : n + 2].isalpha())
    ]
    return slip(name, rng.choice(places), rng) if places else name


def read_names(file: Path | None, size: int) -> list[str]:
    """The first names of a file, one a line, or synthetic names."""
    if file:
        lines = file.read_text(encoding="utf-8").splitlines()
        return list(dict.fromkeys(filter(None, map(str.strip, lines))))[:size]
    ids = {"actor": [str(n) for n in range(size)], "organization": ["x", "y"]}
    return [str(actor["name"]) for actor in actors(random.Random(SEED), ids)]


def load_names(names: list[str], url: str) -> None:
    """Load actors of these names into a new dataset."""
    open_dataset(url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "actors.jsonl"
        records = ({"type": "actor", "id": f"a{n}", "name": name} for n, name in enumerate(names))
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
        start = perf_counter()
        load([path])
    print(f"loaded {len(names):,} names in {perf_counter() - start:.1f} s")


def ask(names: list[str], count: int) -> Iterator[tuple[str, bool, float]]:
    """The slip, whether the record was found, and the milliseconds, for each misspelt name."""
    rng = random.Random(SEED)
    for n in range(count):
        number, slip = rng.randrange(len(names)), SLIPS[n % len(SLIPS)]
        query = NameQuery(misspell(names[number], slip, rng), ("actor",))
        start = perf_counter()
        (resolved,) = resolve_names([query])
        took = (perf_counter() - start) * 1000
        ids = [match.id for match in resolved.matches or resolved.suggestions]
        yield slip.__name__, f"a{number}" in ids, took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.names", description=__doc__)
    parser.add_argument("--names", type=Path, help="a file of names, one a line")
    parser.add_argument("--size", type=int, default=50_000, help="how many of the names to load")
    parser.add_argument("--count", type=int, default=MISSPELT, help="how many to misspell")
    parser.add_argument("--database", help="the URL of an empty dataset; a new SQLite file if left")
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = read_names(settings.names, settings.size)
        load_names(names, settings.database or f"sqlite:///{folder}/names.db")
        slips, successes, times = zip(*ask(names, settings.count), strict=True)
        disconnect()
    asked, right = Counter(slips), Counter(zip(slips, successes, strict=True))
    shares = ", ".join(f"{slip} {right[slip, True] / asked[slip]:.1%}" for slip in asked)
    share = sum(successes) / len(successes)
    print(f"found {share:.1%} of {len(successes):,} misspelt names: {shares}")
    print(f"median {median(times):.1f} ms, p99 {quantiles(times, n=100)[98]:.1f} ms")


if __name__ == "__main__":
    main()
