"""`claimbase draft` and `claimbase new`, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.engines import new_url, release

ARTICLE = """Talks in Antalya
NATO Secretary General Mark Rutte spoke. “We need it,” Rutte said. “Now.”
“No Summit Is Easy”
An aide was less sure. “Perhaps,” an aide said of the “new plan”.
The “open door” stays.
"""
DRAFTED = """4 quotations drafted as claims
  spoken by Mark Rutte: actor mark-rutte
  spoken by an aide: actor talks-2025-an-aide
to be looked at:
  “Perhaps”, by an aide: the speaker has no name
  “new plan”, by an aide: the speaker has no name
not drafted:
  “No Summit Is Easy”: a heading
  “open door”: nobody is said to have spoken it
written: talks-2025.yaml
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with an article, in which commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talks.txt").write_text(ARTICLE)
    return tmp_path


def run(*arguments: str, url: str = "sqlite:///none.db") -> Result:
    return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


@pytest.mark.usefixtures("folder")
def test_a_draft_is_checked_and_loaded_as_it_is() -> None:
    options = ("--source", "talks-2025", "--date", "2025-05-14", "--language", "en")
    drafted = run("draft", "talks.txt", *options)
    assert (drafted.exit_code, drafted.stdout) == (0, DRAFTED)
    checked = run("check", "talks-2025.yaml")
    assert checked.stdout == "7 records are valid, with 0 warnings\n"
    loaded = run("load", "talks-2025.yaml", url="sqlite:///claims.db")
    assert loaded.exit_code == 0, loaded.output


def test_a_draft_for_a_dataset_is_checked_beside_it(folder: Path) -> None:
    url = new_url(folder, "known")
    (folder / "actors.yaml").write_text("actors: [{id: rutte-1, name: Mark Rutte}]")
    run("load", "actors.yaml", url=url)
    drafted = run("draft", "talks.txt", "--source", "talks-2025", url=url)
    assert "spoken by Mark Rutte: actor rutte-1\n" in drafted.stdout
    checked = run("check", "talks-2025.yaml", url=url)
    assert checked.exit_code == 0, checked.output
    assert "6 records are valid beside the dataset at" in checked.stdout
    alone = run("check", "talks-2025.yaml")
    assert (alone.exit_code, "there is no actor with this id" in alone.stderr) == (1, True)
    release(url)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("draft", "talks.txt", "--source", "Talks 2025"), 2,
         "'Talks 2025': take lower-case letters, digits and single hyphens"),
        (("draft", "absent.txt", "--source", "talks"), 1,
         "absent.txt: No such file or directory; nothing was written"),
        (("draft", "binary.txt", "--source", "talks"), 1,
         "binary.txt: the file is no text: give a .txt or .html file; nothing was written"),
        (("draft", "talks.txt", "--source", "talks", "--to", "binary.txt"), 1,
         "binary.txt exists: name another file by --to, or replace it by --force"),
        (("draft", "talks.txt", "--source", "talks", "--encoding", "klingon"), 1,
         "talks.txt: there is no encoding 'klingon'; nothing was written"),
        (("new", "."), 1, ". has claims.yaml already: name another folder"),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(
    folder: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    (folder / "binary.txt").write_bytes(b"\x00\x01")
    (folder / "claims.yaml").write_text("claims: []")
    before = sorted(path.name for path in folder.iterdir())
    result = run(*arguments)
    assert result.exit_code == status
    assert message in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.usefixtures("folder")
def test_new_seed_files_load() -> None:
    begun = run("new", "lighthouse/seeds")
    assert begun.stdout.startswith("7 seed files written to lighthouse/seeds\n")
    assert run("check", "lighthouse/seeds").stdout == "11 records are valid, with 0 warnings\n"
