"""Interrupted loads leave the old dataset; large loads take little memory."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.connection import database
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.engines import on_sqlite
from tests.seeds.build import small, state, version_and_digest

pytestmark = on_sqlite

CLAIMS = 20_000
KILLS = 10
RECORDS = 50_000
THINGS = 850
MEGABYTES = 250

MAIN = "from api.cli import main; main()"
# background jobs of a shell ignore the signal
STOPPABLE = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {MAIN}"
# reads all records, and never comes to the end of the file
HALTED = f"""
import signal
from seeds.formats import READERS
read_jsonl = READERS[".jsonl"]
def halt(*arguments):
    yield from read_jsonl(*arguments)
    print("halted", flush=True)
    signal.pause()
READERS[".jsonl"] = halt
{STOPPABLE}
"""
MEASURED = """
from api.cli import main
main(standalone_mode=False)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak.split()[1])
"""


def claims(count: int) -> Iterator[dict]:
    """Claims on the small dataset."""
    for n in range(count):
        yield {
            "type": "claim",
            "id": f"claim-{n}",
            "text": f"Claim {n} says that something must be done about it, and by all members.",
            "actor": "ann",
        }


def records(count: int) -> Iterator[dict]:
    """Claims with the usual fields, and the records that they refer to."""
    chance = random.Random(2026)
    for n in range(50):
        yield {"type": "organization", "id": f"o{n}", "name": f"Body {n}", "kind": "other"}
        yield {"type": "topic", "id": f"t{n}", "name": f"Topic {n}", "parent": f"t{n // 3}"}
        yield {"type": "position", "id": f"p{n}", "text": f"Position {n}", "topics": [f"t{n}"]}
    for n in range(200):
        membership = {"organization": f"o{n % 50}", "role": "Member"}
        yield {"type": "actor", "id": f"a{n}", "name": f"Actor {n}", "memberships": [membership]}
    for n in range(500):
        article = {"title": f"Article {n}", "kind": "article", "publisher": f"o{n % 50}"}
        yield {"type": "source", "id": f"s{n}", "date": "2025-05-14", **article}
    for n in range(count - THINGS):
        position = {"position": f"p{chance.randrange(50)}", "stance": "support"}
        report = {"source": f"s{chance.randrange(500)}", "exact": f"Words {n}"}
        yield {
            "type": "claim",
            "id": f"claim-{n}",
            "text": f"Claim {n} says that something must be done about it, and by all members.",
            "actor": f"a{chance.randrange(200)}",
            "organization": f"o{chance.randrange(50)}",
            "date": f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02d}",
            "topics": [f"t{chance.randrange(50)}"],
            "positions": [position],
            "about": [{"organization": f"o{chance.randrange(50)}"}],
            "reports": [{**report, "attribution": "direct"}],
        }


def write_lines(path: Path, records: Iterator[dict]) -> Path:
    with path.open("w") as file:
        for record in records:
            record = {k: v for k, v in record.items() if (k, v) != ("parent", record["id"])}
            file.write(json.dumps(record) + "\n")
    return path


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, tuple]:
    """A database with a small dataset, closed, and its contents."""
    path = tmp_path / "old.db"
    (tmp_path / "small.json").write_text(json.dumps(small()))
    open_dataset(f"sqlite:///{path}")
    load_files([tmp_path / "small.json"])
    contents = state()
    database.close()
    return path, contents


def state_of(path: Path) -> tuple:
    open_dataset(f"sqlite:///{path}")
    try:
        assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        return state()
    finally:
        database.close()


def start(path: Path, seeds: Path, code: str = MAIN) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, "load", str(seeds), "--database", f"sqlite:///{path}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def empty(tmp_path: Path) -> tuple[Path, tuple]:
    """A database with no dataset yet, closed, and its contents."""
    path = tmp_path / "empty.db"
    open_dataset(f"sqlite:///{path}")
    contents = state()
    database.close()
    return path, contents


@pytest.mark.slow
@pytest.mark.parametrize("standing", ["old", "empty"])
def test_a_killed_load_leaves_the_old_dataset(standing, request, tmp_path):
    path, before = request.getfixturevalue(standing)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "small.json").write_text(json.dumps(small()))
    write_lines(seeds / "new.jsonl", claims(CLAIMS))
    whole = shutil.copy(path, tmp_path / "whole.db")
    began = time.monotonic()
    assert " added\n" in start(whole, seeds).communicate()[0]
    duration = time.monotonic() - began
    after = version_and_digest(f"sqlite:///{whole}")
    chance = random.Random(2026)
    old_ones = 0
    for n in range(KILLS):
        target = shutil.copy(path, tmp_path / f"{n}.db")
        process = start(target, seeds)
        try:
            process.communicate(timeout=duration * (n + chance.random()) / KILLS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        if state_of(target) == before:
            old_ones += 1
            assert process.returncode == -signal.SIGKILL
        else:
            assert version_and_digest(f"sqlite:///{target}") == after
    assert old_ones >= KILLS / 2
    start(tmp_path / "0.db", seeds).communicate()
    assert version_and_digest(f"sqlite:///{tmp_path / '0.db'}") == after


@pytest.mark.parametrize("status", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_load_interrupted_while_it_reads(old, tmp_path, status):
    path, before = old
    seeds = write_lines(tmp_path / "new.jsonl", claims(2_500))
    process = start(path, seeds, HALTED)
    assert process.stdout.readline() == "halted\n"
    process.send_signal(status)
    _, errors = process.communicate()
    if status == signal.SIGINT:
        assert errors.splitlines()[-1] == "interrupted; nothing was changed"
        assert process.returncode == 130
    else:
        assert process.returncode == -status
    assert state_of(path) == before


def test_a_load_interrupted_while_it_writes(old, tmp_path):
    path, before = old
    seeds = write_lines(tmp_path / "new.jsonl", claims(4_000))
    process = start(path, seeds, STOPPABLE)
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert first == f"reading: {seeds.stat().st_size:,} bytes\n"
    assert errors == "interrupted; nothing was changed\n"
    assert process.returncode == 130
    assert state_of(path) == before


@pytest.mark.slow
def test_memory_does_not_grow_with_json_lines(tmp_path):
    seeds = write_lines(tmp_path / "big.jsonl", records(RECORDS))
    process = start(tmp_path / "big.db", seeds, MEASURED)
    told, errors = process.communicate()
    assert process.returncode == 0, errors
    added, *_, kilobytes = told.splitlines()
    assert added.endswith(f", {RECORDS - THINGS:,} claims added")
    assert int(kilobytes) < MEGABYTES * 1000
