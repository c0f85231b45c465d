"""`make bench`, at a tiny size: everyone answers everything, and all alike."""

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
from bench.contestants import CONTESTANTS, Failed, serving
from bench.once import LISTS
from models import Claim
from models.queries import lists

ROOT = Path(__file__).parents[2]
INSTALLED = {name for name, one in CONTESTANTS.items() if one.installed}
PEERS = {"prepared", "relational", "datasette", "datasette-1"}
ALL = {"claimbase", *PEERS}
ANSWERED = {
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
    "unchanged": {"claimbase", "cached"},
}


def command(folder: Path, *options: str) -> list[str]:
    of = ["--size", "300", "--folder", str(folder), "--rounds", "1", "--connections", "2"]
    return [sys.executable, "-m", "bench", *of, *options]


def bench(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    short = command(folder, "--seconds", "0", *options)
    return subprocess.run(short, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def done(folder: Path) -> subprocess.CompletedProcess[str]:
    return bench(folder)


@pytest.fixture(scope="module")
def results(folder: Path, done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "results-300.json").read_text())


def servers_of(folder: Path) -> list[str]:
    """The processes that were started for a database in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"BENCH_DATABASE={folder}/".encode() in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:  # it has ended, or is another's
            continue
    return found


@pytest.mark.slow
class TestRun:
    def test_all_have_figures_but_those_that_are_left_out(self, results, done):
        left_out = set(results["skipped"])
        # the cache is left out where there is none
        assert left_out == PEERS - INSTALLED
        for name, reason in results["skipped"].items():
            assert f"{name} is left out: it {reason}" in done.stderr
        assert {case: set(figures) for case, figures in results["cases"].items()} == {
            case: names - left_out for case, names in ANSWERED.items()
        }
        for figures in results["cases"].values():
            for one in figures.values():
                assert one["rate"] > 0
                assert 0 < one["p50"] <= one["p99"]
        assert results["memory"].keys() == CONTESTANTS.keys() - left_out
        assert all(one["own"] > 1 for one in results["memory"].values())

    def test_loading_is_told(self, results):
        assert results["load"].keys() == {"first", "unchanged", "one file", "seeds", "database"}
        assert results["load"]["first"]["rate"] > 0
        assert results["load"]["first"]["peak"] > 1

    def test_what_is_done_once_is_told(self, results, folder):
        once = results["once"]
        assert once["first"]["facets"].keys() == set(lists.LISTS[Claim].facets)
        figures = [*once["growth"].values(), *once["rename"].values(), once["start"], once["help"]]
        figures += [*once["first"]["total"].values(), *once["first"]["total-two"].values()]
        assert once["first"]["lists"].keys() == set(LISTS)
        figures += once["first"]["lists"].values()
        assert len(figures) == 12 + len(LISTS)
        assert min(figures) > 0
        # the actor has the old name again
        names = "SELECT name FROM actor WHERE name LIKE 'Balado Balansky%'"
        with closing(sqlite3.connect(folder / "claims-300.db")) as database:
            assert database.execute(names).fetchall() == [("Balado Balansky",)]

    def test_the_table_has_a_line_for_each_figure(self, results, done):
        assert done.stdout == report.table(results) + "\n"
        titles = [line.strip() for line in done.stdout.splitlines() if line[:1].strip()]
        assert "page of 50, by an actor's name" in titles

    def test_the_last_database_serves_again(self, results, folder):
        before = (folder / "claims-300.db").stat()
        again = bench(folder, "--reuse")
        assert again.returncode == 0, again.stderr
        assert (folder / "claims-300.db").stat().st_ino == before.st_ino
        assert json.loads((folder / "results-300.json").read_text())["load"] == results["load"]

    def test_its_servers_end_with_it(self, results, folder):
        long = command(folder, "--reuse", "--seconds", "60")
        with subprocess.Popen(long, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert "round 0 of 1\n" in process.stderr
            assert servers_of(folder)
            process.terminate()
            process.stderr.read()
        assert process.returncode
        assert servers_of(folder) == []

    def test_an_answer_that_differs_stops_it(self, results, folder):
        databases = {"claims": folder / "claims-300.db", "peer": folder / "peer-300.db"}
        with serving(["claimbase", "floor"], databases, workers=1, threads=1) as servers:
            question = {"actor": "Balado Balansky"}
            compare(servers, {"page": [question]})
            servers["floor"].path = lambda case, question: "/?actor=Corado+Balansky"
            with pytest.raises(Failed, match=r"floor, page: /\?actor=Corado\+Balansky gives"):
                compare(servers, {"page": [question]})


def test_a_server_that_does_not_start_tells_why(tmp_path):
    databases = {"claims": tmp_path / "none.db"}
    with (
        pytest.raises(Failed, match=r"(?s)floor does not start:.*no such table"),
        serving(["floor"], databases, workers=1, threads=1),
    ):
        pass
