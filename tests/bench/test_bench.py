"""`make bench` at a tiny size: all contestants answer their cases alike."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bench import report
from bench.__main__ import compare
from bench.contestants import CONTESTANTS, BenchError, serving
from bench.once import LISTS
from models import Claim
from models.queries import lists

ROOT = Path(__file__).parents[2]
INSTALLED = {name for name, contestant in CONTESTANTS.items() if contestant.installed}
PEERS = {"prepared", "relational", "datasette", "datasette-1"}
ALL = {"claimbase", *PEERS}
# by case: the contestants that take part
CASES = {
    "page": {*ALL, "floor", "static"},
    "bare": {"claimbase"},
    "cached": {"cached", "static"},
    "two": ALL,
    "rare": ALL,
    "first": ALL,
    "deep": ALL,
    "single": {*ALL, "floor"},
    "total": ALL,
    "total-two": ALL,
    "facet": ALL,
    "facet-actor": ALL,
    "word": ALL - {"relational"},
    "common-word": ALL - {"relational"},
    "ranked": {"claimbase"},
    "keystroke": {"claimbase"},
    "unchanged": {"claimbase", "cached"},
}


def command(folder: Path, *options: str) -> list[str]:
    settings = ["--size", "300", "--folder", str(folder), "--rounds", "1", "--connections", "2"]
    return [sys.executable, "-m", "bench", *settings, *options]


def bench(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    arguments = command(folder, "--seconds", "0", *options)
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def finished(folder: Path) -> subprocess.CompletedProcess[str]:
    return bench(folder)


@pytest.fixture(scope="module")
def results(folder: Path, finished: subprocess.CompletedProcess[str]) -> dict:
    assert finished.returncode == 0, finished.stderr
    return json.loads((folder / "results-300.json").read_text())


def servers_of(folder: Path) -> list[str]:
    """The ids of the processes that serve a database in the folder."""
    process_ids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"BENCH_DATABASE={folder}/".encode() in (process / "environ").read_bytes():
                process_ids.append(process.name)
        except OSError:  # the process has ended, or belongs to another user
            continue
    return process_ids


@pytest.mark.slow
class TestRun:
    def test_all_installed_contestants_have_figures(self, results, finished):
        skipped = set(results["skipped"])
        assert skipped == PEERS - INSTALLED
        for name, reason in results["skipped"].items():
            assert f"{name} is left out: it {reason}" in finished.stderr
        assert {case: set(contestants) for case, contestants in results["cases"].items()} == {
            case: names - skipped for case, names in CASES.items()
        }
        for contestants in results["cases"].values():
            for figures in contestants.values():
                assert figures["rate"] > 0
                assert 0 < figures["p50"] <= figures["p99"]
        on_sqlite = {name for name, server in CONTESTANTS.items() if "sqlite" in server.engines}
        assert results["memory"].keys() == on_sqlite - skipped
        assert all(memory["own"] > 1 for memory in results["memory"].values())

    def test_loads_have_figures(self, results):
        assert results["load"].keys() == {"first", "unchanged", "one file", "seeds", "database"}
        assert results["load"]["first"]["rate"] > 0
        assert results["load"]["first"]["peak"] > 1

    def test_single_events_have_figures(self, results, folder):
        once = results["once"]
        assert once["first"]["facets"].keys() == set(lists.LISTS[Claim].facets)
        figures = [*once["growth"].values(), *once["rename"].values(), once["start"], once["help"]]
        figures += [*once["first"]["total"].values(), *once["first"]["total-two"].values()]
        assert {"CSV", "JSON Lines"} <= once["streams"].keys()
        assert min(once["streams"].values()) > 0
        assert {"a page of stances", "a network of 500 actors"} <= once["relations"].keys()
        assert min(once["relations"].values()) > 0
        assert once["first"]["lists"].keys() == set(LISTS)
        figures += once["first"]["lists"].values()
        assert len(figures) == 12 + len(LISTS)
        assert min(figures) > 0
        # the actor's name is restored
        names = "SELECT name FROM actor WHERE name LIKE 'Balado Balansky%'"
        with closing(sqlite3.connect(folder / "claims-300.db")) as database:
            assert database.execute(names).fetchall() == [("Balado Balansky",)]

    def test_the_terminal_shows_the_table(self, results, finished):
        assert finished.stdout == report.terminal_table(results) + "\n"
        titles = [line.strip() for line in finished.stdout.splitlines() if line[:1].strip()]
        assert "page of 50, by an actor's name" in titles

    def test_a_run_can_reuse_the_databases_of_the_last_run(self, results, folder):
        before = (folder / "claims-300.db").stat()
        again = bench(folder, "--reuse")
        assert again.returncode == 0, again.stderr
        assert (folder / "claims-300.db").stat().st_ino == before.st_ino
        assert json.loads((folder / "results-300.json").read_text())["load"] == results["load"]

    def test_a_terminated_run_stops_its_servers(self, results, folder):
        arguments = command(folder, "--reuse", "--seconds", "60")
        with subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert "round 0 of 1\n" in process.stderr
            assert servers_of(folder)
            process.terminate()
            process.stderr.read()
        assert process.returncode
        assert servers_of(folder) == []

    def test_a_different_answer_ends_the_run(self, results, folder):
        databases = {"claims": folder / "claims-300.db", "peer": folder / "peer-300.db"}
        with serving(["claimbase", "floor"], databases, workers=1, threads=1) as servers:
            question = {"actor": "Balado Balansky"}
            compare(servers, {"page": [question]})
            servers["floor"].path = lambda case, question: "/?actor=Corado+Balansky"
            with pytest.raises(BenchError, match=r"floor, page: /\?actor=Corado\+Balansky gives"):
                compare(servers, {"page": [question]})


def test_the_error_shows_why_a_server_does_not_start(tmp_path):
    databases = {"claims": tmp_path / "none.db"}
    with (
        pytest.raises(BenchError, match=r"(?s)floor does not start:.*no such table"),
        serving(["floor"], databases, workers=1, threads=1),
    ):
        pass
