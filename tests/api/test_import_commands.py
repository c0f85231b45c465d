"""`claimbase import csv` and `claimbase export --csv`: output, files and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from models.database.connection import database
from models.dataset import read_dataset
from models.opening import open_dataset

TEXT = "Claim,Speaker,Date,Note\nSpend more,Ann,14/05/2025,x\n\nSpend less,Anne Lee,15/05/2025,\n"
OPTIONS = ("--map", "actor=Speaker", "--ignore", "Note", "--dates", "dmy")


@pytest.fixture
def run(url, tmp_path, monkeypatch):
    """Run a command in this process, in a folder of its own, on the test's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMBASE_DATABASE_URL", url)

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        if database.obj is not None:
            database.close()
        return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()

    Path("a.csv").write_text(TEXT)
    return run


REPORT = [
    "rows: 2",
    "empty rows left out: 1",
    "claims: 2 new",
    "new records for names: 2 actors (2):",
    "  actor: 'Ann' → ann",
    "  actor: 'Anne Lee' → anne-lee",
]


@pytest.mark.parametrize(("options", "target"), [((), "a.jsonl"), (("--to", "b.jsonl"), "b.jsonl")])
def test_a_file_is_written(run, options, target):
    code, output, _ = run("import", "csv", "a.csv", *OPTIONS, *options)
    assert output == [
        *REPORT,
        f"written: {target}",
        "written: a.ids.csv",
        f"to load it: claimbase load {target}",
    ]
    assert code == 0
    assert {path.name for path in Path().iterdir() if ".db" not in path.name} == {
        "a.csv",
        "a.ids.csv",
        target,
    }


def test_records_are_loaded(run, url):
    code, output, _ = run("import", "csv", "a.csv", *OPTIONS, "--load")
    assert output == [
        *REPORT,
        "2 actors, 2 claims added",
        "0 records unchanged",
        "written: a.ids.csv",
    ]
    assert code == 0
    open_dataset(url)
    assert read_dataset().version == 1


@pytest.mark.parametrize(
    ("options", "plan"),
    [
        ((), []),
        (
            ("--load",),
            [
                "2 actors, 2 claims would be added",
                "  actor ann",
                "  actor anne-lee",
                "  claim ann-2025-05-14-351fac63",
                "  claim anne-lee-2025-05-15-d7a2128f",
                "0 records unchanged",
            ],
        ),
    ],
)
def test_a_dry_run_writes_nothing(run, url, options, plan):
    code, output, _ = run("import", "csv", "a.csv", *OPTIONS, *options, "--dry-run")
    assert output == [*REPORT, *plan, "nothing was written"]
    assert code == 0
    assert [path.name for path in Path().iterdir() if ".db" not in path.name] == ["a.csv"]
    open_dataset(url)
    assert read_dataset().version == 0


@pytest.mark.parametrize(
    ("options", "code", "error"),
    [
        (OPTIONS[:4], 1, "2 problems: nothing was written"),
        ((*OPTIONS[:4], "--load"), 1, "2 problems: nothing was changed"),
        ((*OPTIONS, "--to", "x.jsonl", "--load"), 2, "Error: --to writes a file and --load loads"),
        ((*OPTIONS, "--to", "a.csv"), 2, "Error: a.csv is the input itself"),
        (("--map", "actor"), 2, "Error: Invalid value for '--map': 'actor': write COLUMN=HEADER"),
        (("--map", "x=y"), 2, "Error: Invalid value for '--map': 'x' is no column: use claim,"),
        (("--encoding", "klingon"), 2, "Error: Invalid value for '--encoding': 'klingon': use"),
        (("--encoding", "hex"), 2, "Error: Invalid value for '--encoding': 'hex': use utf-8,"),
        ((*OPTIONS, "--create", "none"), 1, "2 problems: nothing was written"),
    ],
)
def test_a_refused_import_writes_nothing(run, options, code, error):
    exit_code, _, errors = run("import", "csv", "a.csv", *options)
    assert errors[-1].startswith(error)
    assert exit_code == code
    assert [path.name for path in Path().iterdir() if ".db" not in path.name] == ["a.csv"]


def test_a_table_of_the_dataset_is_exported_and_imported(run):
    run("import", "csv", "a.csv", *OPTIONS, "--load")
    code, output, _ = run("export", "--csv", "out.csv")
    assert (code, output) == (0, ["2 claims written to out.csv"])
    code, output, _ = run("import", "csv", "out.csv", "--load")
    assert output[:2] == ["rows: 2", "claims: 2 unchanged"]
    code, output, _ = run("export", "folder", "--csv", "out.csv", "--bom")
    assert output == ["4 records written to folder", "2 claims written to out.csv"]
    assert run("export")[0] == 2
