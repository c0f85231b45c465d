"""Running an import: what it writes, loads and reports, in the same way for all formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from peewee import OperationalError

from models.database.connection import database
from models.dataset import read_dataset
from models.records.changes import stored_record
from seeds.imports import drafts
from seeds.imports.drafts import Draft, DraftStore
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.engines import on_sqlite
from tests.seeds.build import exported

ANN = {"who": "Ann", "what": "Spend more", "when": "2025-05-14"}
URL = "https://example.org/1"


def read_example(path: Path, store: DraftStore) -> None:
    """A format of one JSON object a line: who, what, when, where, id, and further fields."""
    for line, text in enumerate(path.read_text().splitlines(), 1):
        row = json.loads(text)
        fields = {"text": row["what"], "date": row["when"], **row.get("more", {})}
        fields["actor"] = store.name(("actor",), row["who"], line=line, column="who")
        if "where" in row:
            fields["reports"] = [
                {"source": store.name(("source",), title, line=line, column="where")}
                for title in row["where"]
            ]
        if "id" in row:
            fields["id"] = row["id"]
        store.add(Draft("claim", line, fields, row.get("attributes", {})))
        store.tell("rows")


@pytest.fixture
def run(dataset, tmp_path):
    def run(*rows, **options):
        path = tmp_path / "example.txt"
        path.write_text("\n".join(json.dumps(row) for row in rows))
        return run_import(read_example, path, **options)

    return run


def errors(refused):
    return [str(problem).rpartition("/")[2] for problem in refused.value.problems]


def test_an_import_loads_records(run):
    report = run(ANN, {**ANN, "who": "ann", "what": "Spend less"}, ANN)
    assert report.told == {"rows": 3}
    assert report.drafted == {("claim", "new"): 2, ("claim", "equal to an earlier one"): 1}
    assert report.made_names.lines == ["actor: 'Ann' → ann"]
    assert [record["id"] for record in exported()] == [
        "ann",
        "ann-2025-05-14-351fac63",
        "ann-2025-05-14-fae647ec",
    ]


def test_an_import_writes_a_file(run, tmp_path):
    target = tmp_path / "out.jsonl"
    report = run(ANN, target=target)
    assert report.written == [target]
    assert [json.loads(line) for line in target.read_text().splitlines()] == [
        {"type": "actor", "id": "ann", "name": "Ann", "kind": "person"},
        {
            "type": "claim",
            "id": "ann-2025-05-14-351fac63",
            "text": "Spend more",
            "actor": "ann",
            "date": "2025-05-14",
            "status": "coded",
        },
    ]
    assert read_dataset().version == 0


@pytest.mark.parametrize("to", ["out.jsonl", None])
def test_a_dry_run_writes_nothing(run, tmp_path, to):
    report = run(ANN, target=to and tmp_path / to, dry_run=True)
    assert report.drafted == {("claim", "new"): 1}
    assert (report.written, read_dataset().version) == ([], 0)
    assert [path.name for path in tmp_path.glob("*.jsonl*")] == []


def test_a_second_import_changes_nothing(run):
    run(ANN)
    version = read_dataset().version
    report = run(ANN)
    assert report.drafted == {("claim", "unchanged"): 1}
    assert report.found_names.lines == ["actor: 'Ann' → ann"]
    assert (report.made_names.total, read_dataset().version) == (0, version)


STORED = {
    "actors": [{"id": "ann", "name": "Ann"}],
    "organizations": [{"id": "paper", "name": "Paper", "kind": "media"}],
    "sources": [
        {"id": "s1", "title": "One", "kind": "article", "text": "She said: Spend more."},
        {"id": "s2", "title": "Two", "kind": "article"},
    ],
    "claims": [
        {
            "id": "c1",
            "text": "Spend more",
            "actor": "ann",
            "date": "2025-05-14",
            "place": "Oslo",
            "reports": [
                {"source": "s1", "exact": "Spend more", "start": 10},
                {"source": "s2"},
                {"source": "s1", "attribution": "indirect"},
            ],
            "reviews": [{"organization": "paper", "verdict": "true"}],
            "status": "verified",
            "former_ids": ["c0"],
            "attributes": {"party": "green", "wing": "left"},
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ({}, {}),
        ({"id": "c0"}, {}),
        ({"what": "Spend much more"}, {"text": "Spend much more"}),
        ({"more": {"place": "Bergen"}}, {"place": "Bergen"}),
        ({"more": {"place": None}}, {"place": None}),
        ({"where": ["One", "Two"]}, {}),
        ({"where": ["s2", "s1"]}, {"reports": [1, 0, 2]}),
        ({"where": ["One"]}, {"reports": [0, 2]}),
        ({"where": []}, {"reports": None}),
        ({"attributes": {"wing": None}}, {"attributes": {"party": "green"}}),
        ({"attributes": {"wing": "right"}}, {"attributes": {"party": "green", "wing": "right"}}),
        ({"more": {"attributes": {"a": "b"}}}, {"attributes": {"a": "b"}}),
        ({"more": {"attributes": None}}, {"attributes": None}),
    ],
)
def test_a_draft_changes_only_what_it_says(run, load, row, changes):
    load(**STORED)
    before = stored_record("claim", "c1").record
    report = run({**ANN, "id": "c1", **row})
    if isinstance(changes.get("reports"), list):
        changes = {"reports": [before["reports"][n] for n in changes["reports"]]}
    expected = {name: value for name, value in (before | changes).items() if value is not None}
    assert stored_record("claim", "c1").record == expected
    assert report.drafted == {("claim", "changed" if changes else "unchanged"): 1}


def test_rows_of_one_id_must_be_equal(run):
    row = {**ANN, "id": "c1"}
    with pytest.raises(Refused) as refused:
        run(row, row, {**row, "what": "Spend less"})
    assert errors(refused) == [
        "example.txt:3: id: 'c1': differs from the claim of this id in line 1: join their values"
        " in one row, or give each an id of its own"
    ]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (
            {"when": "May"},
            "example.txt:2: claim c1: date: 'May': not a date: write 2025, 2025-05 or 2025-05-14",
        ),
        (
            {"where": ["One"], "more": {"quote": "Spend less"}},
            "example.txt:2: claim c1: quote: 'Spend less': not found in the text of any of the"
            " claim's sources",
        ),
    ],
)
def test_errors_name_lines_of_the_imported_file(run, load, tmp_path, row, error):
    load(**STORED)
    version = read_dataset().version
    target = tmp_path / "out.jsonl"
    for options in ({"target": target}, {"dry_run": True}, {}):
        with pytest.raises(Refused) as refused:
            run({**ANN, "what": "Another"}, {**ANN, "id": "c1", **row}, **options)
        assert errors(refused) == [error]
    assert (target.exists(), read_dataset().version) == (False, version)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Jens Stoltenburg", ["actor: jens-stoltenberg and jens-stoltenburg"]),
        ("Stoltenberg, Jens", ["actor: jens-stoltenberg and stoltenberg-jens"]),
        ("Jens Stolten?erg", ["actor: jens-stoltenberg and jens-stolten-erg"]),
        ("Jane", []),
    ],
)
def test_nearly_the_same_names_are_told(run, load, name, near):
    load(actors=[{"id": "jens-stoltenberg", "name": "Jens Stoltenberg"}])
    assert run({**ANN, "who": name}).near_names.lines == near


def test_a_full_disk_names_the_folder(run, monkeypatch):
    tables = f"{drafts.TABLES}PRAGMA max_page_count = 40;"
    monkeypatch.setattr("seeds.imports.drafts.TABLES", tables)
    monkeypatch.setattr("seeds.imports.drafts.MAX_BUFFERED", 100)
    rows = [{**ANN, "who": f"Name {n} {'x' * 300}"} for n in range(400)]
    with pytest.raises(OperationalError, match=r"no room for temporary files in /.* MB free"):
        run(*rows)


@on_sqlite
def test_a_full_disk_of_the_database_is_told_once(run):
    (pages,) = database.execute_sql("PRAGMA page_count").fetchone()
    database.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OperationalError) as raised:
        run(*({**ANN, "who": f"Name {n} {'x' * 300}"} for n in range(400)))
    assert str(raised.value).count("disk is full: no room for the database in /") == 1
    assert str(raised.value).count("no room") == 1


def test_names_are_listed_up_to_a_bound(run):
    rows = [{**ANN, "who": f"A {n}", "where": [f"S {n}"]} for n in range(12)]
    report = run(*rows, dry_run=True)
    assert (len(report.made_names.lines), report.made_names.total) == (20, 24)
    assert report.made_names.lines[9:11] == ["actor: 'A 7' → a-7", "source: 'S 0' → s-0"]
    assert len(run(*rows, dry_run=True, list_all=True).made_names.lines) == 24
