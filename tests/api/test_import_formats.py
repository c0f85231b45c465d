"""`claimbase import dna …`: the options that formats share, and what they print."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from models.database.connection import database
from models.dataset import read_dataset
from models.opening import open_dataset
from tests.seeds.imports.dna_project import write_project
from tests.seeds.imports.test_claimreview import REVIEW

Run = Callable[..., Result]
PARLIAMENT = {
    "persons": [{"id": "p", "name": "Ada Lund"}],
    "organizations": [{"id": "o", "name": "Council", "classification": "council"}],
    "memberships": [{"person_id": "p", "organization_id": "o"}],
}
# a file of each format, and the function that writes it
FILES: dict[str, Callable[[Path], object]] = {
    "f.dna": write_project,
    "g.json": lambda path: path.write_text(json.dumps(PARLIAMENT)),
    "f.json": lambda path: path.write_text(json.dumps(REVIEW)),
}
FORMATS = {"dna": "f.dna", "claimreview": "f.json", "popolo": "g.json"}
OUTPUT = {
    "dna": """documents: 2
dates whose time of day is left out: 1
statements: 3
statements of the type 'Annotation', left out: 1
statements of the type 'Story', left out: 1
entities whose group is left out: 1
sources: 2 new
claims: 3 new
new records for names: 1 actor, 2 organizations, 1 position (4):
  actor: 'Ada Lund' → ada-lund
  organization: 'Civic List' → civic-list
  organization: 'Harbour Party' → harbour-party
  position: 'The city should build it' → the-city-should-build-it
""",
    "claimreview": """fact-checks: 1
claims: 1 new
new records for names: 1 actor, 2 organizations, 1 source (4):
  actor: 'Jonas Berg' → jonas-berg
  organization: 'Checkers' → checkers
  organization: 'The Post' → the-post
  source: 'Tram divides' → tram-divides
""",
    "popolo": """persons: 1
organizations: 1
memberships: 1
organizations: 1 new
actors: 1 new
new records for names: 1 actor, 1 organization (2):
  actor: 'Ada Lund' → ada-lund
  organization: 'Council' → council
""",
}


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder that has a file of each format."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMBASE_DATABASE_URL", url)
    for name, write in FILES.items():
        write(Path(name))

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        if database.obj is not None:
            database.close()
        return result

    return run


@pytest.mark.parametrize(("format", "name"), FORMATS.items())
def test_a_file_is_written_and_loads(run: Run, url: str, format: str, name: str) -> None:
    shown = run("import", format, name, "--dry-run")
    assert (shown.exit_code, shown.stdout) == (0, f"{OUTPUT[format]}nothing was written\n")
    assert {*Path().glob("*.jsonl")} == set()
    written = run("import", format, name)
    target = f"{name[0]}.jsonl"
    expected = f"{OUTPUT[format]}written: {target}\nto load it: claimbase load {target}\n"
    assert (written.exit_code, written.stdout) == (0, expected)
    run("import", format, name, "--to", "x.jsonl")
    assert Path("x.jsonl").read_bytes() == Path(target).read_bytes()
    loaded = run("load", target)
    assert loaded.exit_code == 0, loaded.stderr
    again = run("import", format, name, "--load", "--all")
    assert again.exit_code == 0, again.stderr
    open_dataset(url)
    assert read_dataset().version == 1


@pytest.mark.parametrize(("format", "name"), FORMATS.items())
def test_a_file_of_unknown_names_is_refused(run: Run, format: str, name: str) -> None:
    refused = run("import", format, name, "--load", "--create", "none")
    assert (refused.exit_code, "nothing was changed" in refused.stderr) == (1, True)
    assert "has this name: correct it, or leave out --create none" in refused.stderr


def test_the_variables_of_dna_have_options(run: Run) -> None:
    story = ("--type", "Story", "--person", "hero", "--organization", "", "--concept", "")
    shown = run("import", "dna", "f.dna", *story, "--agreement", "trust", "--dry-run")
    assert "claims: 1 new\n" in shown.stdout


def test_the_scheme_of_popolo_is_an_option(run: Run) -> None:
    shown = run("import", "popolo", "g.json", "--scheme", "City Council", "--dry-run")
    assert (shown.exit_code, "'City Council': invalid scheme: use a-z" in shown.stderr) == (2, True)
    assert run("import", "popolo", "g.json", "--scheme", "city").exit_code == 0
    assert '"identifiers":[{"scheme":"city","identifier":"p"}]' in Path("g.jsonl").read_text()
