"""The synthetic dataset of the bench."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import orjson
import pytest

from bench.data import FILES, seed_files
from models.database.connection import fetch_all
from models.values.folding import fold
from seeds.loader import load


def read_records(folder: Path, pattern: str) -> list[dict]:
    return [
        orjson.loads(line)
        for path in sorted(folder.glob(pattern))
        for line in path.read_bytes().splitlines()
    ]


def digest(folder: Path) -> str:
    content = hashlib.sha256()
    for path in sorted(folder.rglob("*.jsonl")):
        content.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return content.hexdigest()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_files(tmp_path_factory.mktemp("seeds"), 20_000)


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path):
    first, again = seed_files(tmp_path / "a", 300), seed_files(tmp_path / "b", 300)
    assert digest(first) == digest(again)
    assert digest(seed_files(tmp_path / "a", 300, seed=7)) != digest(first)


def test_existing_files_are_not_written_again(tmp_path):
    folder = seed_files(tmp_path, 300)
    (folder / "topics.jsonl").write_text("kept")
    assert seed_files(tmp_path, 300) == folder
    assert (folder / "topics.jsonl").read_text() == "kept"


def test_the_files_have_the_expected_numbers_of_records(seeds):
    assert len(list((seeds / "claims").iterdir())) == FILES
    counts = {path.stem: path.read_bytes().count(b"\n") for path in seeds.glob("*.jsonl")}
    assert counts == {
        "organizations": 40, "actors": 400, "topics": 20, "positions": 40, "events": 100,
        "sources": 400,
    }  # fmt: skip
    claims = read_records(seeds, "claims/*.jsonl")
    assert [claim["id"] for claim in claims] == [f"claim-{n}" for n in range(20_000)]


def test_actors_make_claims_by_zipfs_law(seeds):
    """The nth of 400 actors makes 1/n as many claims as the first, who makes 15.2 %."""
    counts = Counter(claim["actor"] for claim in read_records(seeds, "claims/*.jsonl"))
    assert counts["act-0"] == pytest.approx(3_045, rel=0.1)
    assert counts["act-1"] == pytest.approx(1_522, rel=0.1)
    assert counts["act-9"] == pytest.approx(304, rel=0.2)


def test_each_name_belongs_to_a_single_actor(seeds):
    actors = read_records(seeds, "actors.jsonl")
    names = [fold(name) for actor in actors for name in (actor["name"], *actor["aliases"])]
    assert len(set(names)) == len(names) == 800
    assert not actors[0]["aliases"][0].isascii()


def test_claims_resemble_real_claims(seeds):
    claims = read_records(seeds, "claims/*.jsonl")
    lengths = sorted(len(claim["text"]) for claim in claims)
    assert lengths[0] > 80
    assert lengths[-1] < 200
    assert {len(claim.get("date", "")) for claim in claims} == {0, 4, 7, 10}
    assert {len(claim["topics"]) for claim in claims} == {1, 2, 3}
    assert {claim["date"][:4] for claim in claims if "date" in claim} == {
        str(year) for year in range(2000, 2026)
    }
    assert all(claim["quote"].startswith(claim["reports"][0]["exact"]) for claim in claims)


def test_the_seeds_load_and_documents_have_a_usual_size(dataset, tmp_path):
    plan = load([seed_files(tmp_path, 300)])
    assert plan.added.counts == {
        "organization": 20, "actor": 20, "topic": 20, "position": 20, "event": 20, "source": 20,
        "claim": 300,
    }  # fmt: skip
    sql = "SELECT AVG(LENGTH(body)) FROM document JOIN claim ON claim.key = document.key"
    assert 1_100 < fetch_all(sql)[0][0] < 1_300
