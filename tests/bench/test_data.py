"""The made-up dataset."""

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


def lines(folder: Path, name: str) -> list[dict]:
    return [
        orjson.loads(line)
        for path in sorted(folder.glob(name))
        for line in path.read_bytes().splitlines()
    ]


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.jsonl")):
        total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_files(tmp_path_factory.mktemp("made"), 20_000)


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path):
    first, again = seed_files(tmp_path / "a", 300), seed_files(tmp_path / "b", 300)
    assert digest(first) == digest(again)
    assert digest(seed_files(tmp_path / "a", 300, seed=7)) != digest(first)


def test_what_is_there_is_not_made_again(tmp_path):
    folder = seed_files(tmp_path, 300)
    (folder / "topics.jsonl").write_text("kept")
    assert seed_files(tmp_path, 300) == folder
    assert (folder / "topics.jsonl").read_text() == "kept"


def test_there_is_as_much_as_was_asked_for(made):
    assert len(list((made / "claims").iterdir())) == FILES
    things = {path.stem: path.read_bytes().count(b"\n") for path in made.glob("*.jsonl")}
    assert things == {
        "organizations": 40, "actors": 400, "topics": 20, "positions": 40, "events": 100,
        "sources": 400,
    }  # fmt: skip
    claims = lines(made, "claims/*.jsonl")
    assert [one["id"] for one in claims] == [f"claim-{n}" for n in range(20_000)]


def test_actors_speak_by_zipfs_law(made):
    spoken = Counter(one["actor"] for one in lines(made, "claims/*.jsonl"))
    # the nth makes 1/n of the claims of the first: of 400 the first makes 15.2 % of all
    assert spoken["act-0"] == pytest.approx(3_045, rel=0.1)
    assert spoken["act-1"] == pytest.approx(1_522, rel=0.1)
    assert spoken["act-9"] == pytest.approx(304, rel=0.2)


def test_a_name_is_one_actors_alone(made):
    names = [
        fold(name) for one in lines(made, "actors.jsonl") for name in (one["name"], *one["aliases"])
    ]
    assert len(set(names)) == len(names) == 800
    assert not lines(made, "actors.jsonl")[0]["aliases"][0].isascii()


def test_claims_are_of_the_size_and_kind_of_real_ones(made):
    claims = lines(made, "claims/*.jsonl")
    lengths = sorted(len(one["text"]) for one in claims)
    assert lengths[0] > 80
    assert lengths[-1] < 200
    assert {len(one.get("date", "")) for one in claims} == {0, 4, 7, 10}
    assert {len(one["topics"]) for one in claims} == {1, 2, 3}
    assert {one["date"][:4] for one in claims if "date" in one} == {
        str(year) for year in range(2000, 2026)
    }
    assert all(one["quote"].startswith(one["reports"][0]["exact"]) for one in claims)


def test_it_loads_and_its_documents_are_of_a_usual_size(dataset, tmp_path):
    plan = load([seed_files(tmp_path, 300)])
    assert plan.added.counts == {
        "organization": 20, "actor": 20, "topic": 20, "position": 20, "event": 20, "source": 20,
        "claim": 300,
    }  # fmt: skip
    sql = "SELECT AVG(LENGTH(body)) FROM document JOIN claim ON claim.key = document.key"
    assert 1_100 < fetch_all(sql)[0][0] < 1_300
