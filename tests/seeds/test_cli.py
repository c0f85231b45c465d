"""`claimbase load` and `claimbase export`: output and exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from models.database.connection import database
from models.dataset import read_dataset
from models.opening import open_dataset
from tests.engines import on_sqlite
from tests.seeds.build import (
    actor,
    as_lines,
    claim,
    digest_of,
    everything,
    hashes_match,
    lines_of,
    small,
    topic,
    version_and_digest,
)

ALL = everything()
MAIN = "from api.cli import main; main()"
# of any file that a process writes, in bytes
LIMIT = 1_000_000

Run = Callable[..., Result]


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command in this process on the test's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMBASE_DATABASE_URL", url)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if database.obj is not None:
            database.close()
        return result

    yield run
    if database.obj is not None:
        database.close()


def printed(result: Result) -> list[str]:
    return result.output.splitlines()


def test_a_load(run, write, url):
    path = write("a.json", ALL)
    result = run("load", path)
    assert printed(result) == [
        f"reading: {path.stat().st_size:,} bytes",
        "writing: 14 records",
        "rendering: 14 documents",
        "3 organizations, 2 actors, 2 topics, 1 position, 2 events, 2 sources, 2 claims added",
        "0 records unchanged",
    ]
    assert result.exit_code == 0
    assert version_and_digest(url) == (1, digest_of(lines_of(ALL)))


def test_a_second_load(run, write, url):
    path = write("a.json", ALL)
    run("load", path)
    before = version_and_digest(url)
    result = run("load", path)
    assert printed(result)[1:] == ["14 records unchanged"]
    assert (result.exit_code, version_and_digest(url)) == (0, before)


def test_a_load_that_changes_and_removes(run, write):
    run("load", write("a.json", {"actors": [actor(f"a{n}") for n in range(10)]}))
    left = {"actors": [actor("a0", name="A"), actor("b"), *(actor(f"a{n}") for n in range(1, 9))]}
    result = run("load", write("b.json", left), "--prune")
    assert printed(result)[1:] == [
        "writing: 2 records",
        "rendering: 2 documents",
        "1 actor added",
        "1 actor changed",
        "1 actor removed",
        "8 records unchanged",
    ]
    assert result.exit_code == 0


@pytest.mark.parametrize("quiet", [["--quiet"], ["--quiet", "--dry-run"]], ids=" ".join)
def test_a_quiet_load_prints_nothing(run, write, quiet):
    result = run("load", write("a.json", ALL), *quiet)
    assert (result.output, result.exit_code) == ("", 0)


def test_a_quiet_load_prints_errors(run, write):
    result = run("load", write("a.json", {"actors": [{"id": "x"}]}), "--quiet")
    assert printed(result)[-1] == "1 problem: nothing was changed"
    assert result.exit_code == 1


def test_a_dry_run(run, write, url):
    run("load", write("a.json", {"actors": [actor("ann"), actor("bob")]}))
    before = version_and_digest(url)
    records = [actor("ann", name="Ann"), *(actor(f"a{n}") for n in range(22))]
    result = run("load", write("b.json", {"actors": records}), "--dry-run", "--prune")
    assert printed(result)[1:] == [
        "22 actors would be added",
        *(f"  actor a{n}" for n in range(20)),
        "  … and 2 more",
        "1 actor would be changed",
        "  actor ann",
        "1 actor would be removed",
        "  actor bob",
        "0 records unchanged",
    ]
    assert (result.exit_code, version_and_digest(url)) == (0, before)


def test_prune_needs_confirmation(run, write, url):
    run("load", write("a.json", {"actors": [actor("ann"), actor("bob")]}))
    before = version_and_digest(url)
    left = write("b.json", {"actors": [actor("ann")]})
    result = run("load", left, "--prune")
    assert printed(result)[1:] == [
        "1 actor would be removed",
        "  actor bob",
        "1 record unchanged",
        "this would remove 1 of 2 records: confirm with --yes; nothing was changed",
    ]
    assert (result.exit_code, version_and_digest(url)) == (1, before)
    result = run("load", left, "--prune", "--yes")
    assert printed(result)[-2:] == ["1 actor removed", "1 record unchanged"]
    assert (result.exit_code, version_and_digest(url)) == (
        0,
        (2, digest_of(lines_of({"actors": [actor("ann", kind="person")]}))),
    )


def test_errors(run, write, url):
    run("load", write("a.json", small()))
    before = version_and_digest(url)
    path = write(
        "b.jsonl", as_lines({"topics": [topic(f"t{n}", parent="nowhere") for n in range(101)]})
    )
    result = run("load", path)
    assert [line for line in printed(result) if line.startswith("error: ")] == [
        f"error: {path}:{n + 1}: topic t{n}: parent: 'nowhere': there is no topic with this id"
        for n in range(3)
    ]
    assert printed(result)[-3:] == [
        "  … and 98 more like these",
        "--all lists every error",
        "101 problems: nothing was changed",
    ]
    assert (result.exit_code, version_and_digest(url)) == (1, before)


def test_all_errors_are_listed(run, write, url):
    run("load", write("a.json", small()))
    before = version_and_digest(url)
    topics = [topic(f"t{n}", parent=f"nowhere-{n}", bogus=5) for n in range(1200)]
    path = write("b.jsonl", as_lines({"topics": [*topics[:600], topic("t")]}))
    other = write("c.json", {"topics": topics[600:]})
    result = run("load", path, other, "--all", "--quiet")
    assert printed(result) == [
        *(f"error: {path}:{n + 1}: topic t{n}: bogus: 5: unknown field" for n in range(600)),
        *(f"error: {other}: topic t{n}: bogus: 5: unknown field" for n in range(600, 1200)),
        "1,200 problems: nothing was changed",
    ]
    assert (result.exit_code, version_and_digest(url)) == (1, before)


def test_errors_that_need_all_files_are_listed_once(run, write, tmp_path):
    folder = write("folder/a.json", {"actors": [actor("ann")]}).parent
    run("load", folder)
    write("folder/b.json", {"claims": [claim("c", actor="bob")], "topics": [topic("t", x=1)]})
    result = run("load", folder, "--all")
    errors = [line for line in printed(result) if line.startswith("error: ")]
    assert errors == [
        f"error: {folder}/b.json: topic t: x: 1: unknown field",
        f"error: {folder}/b.json: claim c: actor: 'bob': there is no actor with this id",
    ]
    assert result.exit_code == 1


def test_paths_in_any_order(run, write, tmp_path, url):
    write("folder/a.json", {"claims": ALL["claims"]})
    things = {"actors": ALL["actors"], "sources": ALL["sources"]}
    write("folder/deeper/b.yml", json.dumps(things, ensure_ascii=False))
    rest = {k: v for k, v in ALL.items() if k not in ("claims", "actors", "sources")}
    path = write("c.jsonl", as_lines(rest))
    assert run("load", tmp_path / "files" / "folder", path).exit_code == 0
    assert version_and_digest(url) == (1, digest_of(lines_of(ALL)))


DATABASES = [
    ("mysql://localhost/x", "write sqlite:///file.db (relative)"),
    ("claimbase.db", "write sqlite:///file.db (relative)"),
    ("sqlite:///", "write sqlite:///file.db (relative)"),
    ("sqlite:////dev/null/x.db", "unable to open database file"),
    ("sqlite:////", "unable to open database file"),
    ("sqlite:///{folder}/no.db/no.db", "unable to open database file"),
    ("sqlite:///{folder}/text.db", "file is not a database"),
]


@pytest.mark.parametrize("command", ["load", "export"])
@pytest.mark.parametrize(("other", "message"), DATABASES, ids=[url for url, _ in DATABASES])
def test_a_database_that_cannot_be_opened(run, write, tmp_path, command, other, message):
    path = write("a.json", ALL)
    (tmp_path / "text.db").write_text("This is no database. " * 500)
    result = run(
        command, path if command == "load" else "out", "--database", other.format(folder=tmp_path)
    )
    assert message in result.output
    assert len(printed(result)) == 1
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_three_ways_to_name_the_database(run, write, tmp_path, monkeypatch):
    path = write("a.json", ALL)
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("option", "own", "general")]
    monkeypatch.setenv("DATABASE_URL", urls[2])
    monkeypatch.setenv("CLAIMBASE_DATABASE_URL", urls[1])
    run("load", path, "--database", urls[0])
    run("load", path)
    monkeypatch.delenv("CLAIMBASE_DATABASE_URL")
    run("load", path)
    assert [version_and_digest(url)[0] for url in urls] == [1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["load"], "Missing argument 'PATHS...'"),
        (["load", "--prun", "x"], "No such option"),
        (["export"], "name a FOLDER for seed files, or a file by --csv"),
        (["lod"], "No such command"),
    ],
    ids=" ".join,
)
def test_usage_errors(run, arguments, message):
    result = run(*arguments)
    assert message in result.output
    assert result.exit_code == 2


def test_an_export(run, write, tmp_path, url):
    run("load", write("a.json", ALL))
    result = run("export", tmp_path / "out")
    assert printed(result) == [f"14 records written to {tmp_path / 'out'}"]
    assert run("load", tmp_path / "out", "--database", f"sqlite:///{tmp_path}/b.db").exit_code == 0
    assert version_and_digest(f"sqlite:///{tmp_path}/b.db") == version_and_digest(url)


def test_an_export_to_a_folder_that_cannot_be_written(run, write):
    run("load", write("a.json", ALL))
    result = run("export", "/dev/null/out")
    assert printed(result)[0].startswith("/dev/null/out: ")
    assert result.exit_code == 1


# real processes


def process(url: str, *arguments: str | Path, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, "CLAIMBASE_DATABASE_URL": url, **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, arguments)],
        env=environment,
        capture_output="stderr" not in options,
        check=False,
        **options,
    )


def test_progress_is_plain_lines_without_a_terminal(write, url):
    path = write("a.json", ALL)
    done = process(url, "load", path)
    assert done.stderr.decode().splitlines() == [
        f"reading: {path.stat().st_size:,} bytes",
        "writing: 14 records",
        "rendering: 14 documents",
    ]
    assert done.stdout.decode().splitlines()[-1] == "0 records unchanged"
    assert done.returncode == 0


def test_progress_is_a_bar_on_a_terminal(write, url):
    ours, theirs = pty.openpty()
    done = process(url, "load", write("a.json", ALL), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Reading" in shown
    assert "Rendering" in shown
    assert "100%" in shown


def test_errors_go_to_stderr(write, url):
    done = process(url, "load", write("a.json", {"actors": [{"id": "x"}]}))
    assert (done.stdout, done.returncode) == (b"", 1)
    assert b"name: is missing\n1 problem: nothing was changed\n" in done.stderr


@pytest.mark.parametrize("command", ["load", "check"])
def test_any_file_name_can_be_printed(write, url, command):
    path = write("a.json", {"organizations": [], "claims": [claim("c", organization="o")]})
    path = path.rename(path.with_name("\udcff’.json"))
    done = process(url, command, os.fsencode(path).decode("utf-8", "surrogateescape"))
    assert b"Traceback" not in done.stderr
    assert b"there is no organization with this id" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["\udcff.json", "’.json"], ids=["no UTF-8", "no ASCII"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_any_warning_can_be_printed(write, url, name, encoding):
    path = write("a.json", {"actors": [actor("ann")]})
    path = path.rename(path.with_name(name))
    done = process(url, "check", path, env={"PYTHONIOENCODING": encoding})
    assert b"Traceback" not in done.stderr
    assert b"actor ann: makes no claim" in done.stdout
    assert done.returncode == 0


def test_two_loads_at_once(write, url):
    process(url, "load", write("a.json", {"actors": [actor("ann")]}))
    paths = [
        write(f"{name}.json", {"claims": [claim(f"{name}-{n}") for n in range(300)]})
        for name in ("one", "two", "three")
    ]
    started = [
        subprocess.Popen([sys.executable, "-c", MAIN, "load", path, "--database", url, "--quiet"])
        for path in paths
    ]
    assert [load.wait() for load in started] == [0, 0, 0]
    open_dataset(url)
    assert hashes_match()
    assert read_dataset().version == 4
    database.close()


@on_sqlite
def test_a_full_disk(write, url, tmp_path):
    process(url, "load", write("small.json", small()))
    before = version_and_digest(url)
    claims = [claim(f"c{n}", text=f"{n} " + "x" * 2000) for n in range(1500)]
    path = write("a.jsonl", as_lines({"actors": [actor("ann")], "claims": claims}))
    environment = {**os.environ, "SQLITE_TMPDIR": str(tmp_path), "CLAIMBASE_DATABASE_URL": url}

    def run_on_small_disk(*arguments: str | Path) -> str:
        """Run a command that fails; gives the last line of its errors."""
        code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}));"
        done = subprocess.run(
            [sys.executable, "-c", f"{code} {MAIN}", *arguments],
            env=environment, capture_output=True, check=False, text=True,
        )  # fmt: skip
        assert done.returncode == 1
        return done.stderr.splitlines()[-1]

    last = run_on_small_disk("load", path)
    room = f"disk I/O error: no room for temporary files in {tmp_path}"
    assert last.startswith(f"database error: {room}")
    assert last.endswith("; nothing was changed")
    assert version_and_digest(url) == before
    assert process(url, "load", path).returncode == 0
    assert version_and_digest(url)[0] == 2
    out = tmp_path / "out"
    assert run_on_small_disk("export", out) == f"{out}/export.jsonl.part: File too large"


def test_an_export_of_no_dataset_keeps_the_older_one(run, write, tmp_path):
    run("load", write("a.json", ALL))
    run("export", tmp_path / "out")
    older = (tmp_path / "out" / "export.jsonl").read_bytes()
    result = run("export", tmp_path / "out", "--database", f"sqlite:///{tmp_path}/typo.db")
    assert printed(result) == [f"there is no dataset at 'sqlite:///{tmp_path}/typo.db'"]
    assert result.exit_code == 1
    assert not (tmp_path / "typo.db").exists()
    assert (tmp_path / "out" / "export.jsonl").read_bytes() == older


def test_a_dry_run_creates_no_database(run, write, tmp_path):
    other = f"sqlite:///{tmp_path}/typo.db"
    result = run(
        "load", write("a.json", {"actors": [actor("ann")]}), "--dry-run", "--database", other
    )
    assert "1 actor would be added" in printed(result)
    assert result.exit_code == 0
    assert not (tmp_path / "typo.db").exists()
