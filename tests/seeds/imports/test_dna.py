"""DNA: documents become sources, and statements claims."""

from __future__ import annotations

import csv
import os
import re
import sqlite3
from pathlib import Path

import pytest

from models.dataset import read_dataset
from seeds.imports.dna import DNAImport, DNAOptions, exact_words
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.seeds.build import exported
from tests.seeds.imports.dna_project import write_project

SAMPLE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "dna-sample"
DOCUMENT = "tram-hearing-2025-05-14"


@pytest.fixture
def import_dna(dataset, tmp_path):
    """Load the project of the tests, after some changes to its tables; gives the report."""

    def import_dna(*statements, path=None, create=True, **options):
        path = path or write_project(tmp_path / f"{len(list(tmp_path.iterdir()))}.dna", statements)
        return run_import(DNAImport(DNAOptions(**options)).read, path, create=create)

    return import_dna


@pytest.fixture
def dna_errors(import_dna):
    """Import a project that must be refused; gives the errors, without the file."""

    def dna_errors(*statements, **options):
        with pytest.raises(Refused) as refused:
            import_dna(*statements, **options)
        assert read_dataset().version == 0
        return [str(problem).partition(".dna: ")[2] for problem in refused.value.problems]

    return dna_errors


def warnings(report):
    return [str(warning).partition(".dna: ")[2] for warning in report.warnings.kept]


def claims():
    return {record["id"]: record for record in exported() if record["type"] == "claim"}


def test_a_project_makes_records(import_dna):
    report = import_dna()
    assert exported() == [
        {
            "type": "actor", "id": "ada-lund", "name": "Ada Lund", "kind": "person",
            "aliases": ["ADA LUND"], "attributes": {"Type": "Politician", "Notes": "of the city"},
        },
        {"type": "organization", "id": "harbour-party", "name": "Harbour Party", "kind": "other"},
        {
            "type": "position", "id": "the-city-should-build-it",
            "text": "The city should build it", "attributes": {"a-b": "c"},
        },
        {"type": "organization", "id": "civic-list", "name": "Civic List", "kind": "other"},
        {
            "type": "source", "id": DOCUMENT, "title": "Tram hearing", "kind": "transcript",
            "authors": ["Ada Lund"], "date": "2025-05-14",
            "attributes": {"source": "The Post", "section": "A", "type": "transcript"},
            "text": "\n  𝒯ram: “Build it”, she said. No, he said.\n",
        },
        {
            "type": "source", "id": "tram-hearing-2025-05-15", "title": "Tram hearing",
            "kind": "article", "date": "2025-05-15", "text": "No words",
        },
        {
            "type": "claim", "id": f"{DOCUMENT}-9-1",
            "text": "Ada Lund supports: The city should build it",
            "actor": "ada-lund", "organization": "harbour-party", "date": "2025-05-14",
            "positions": [{"position": "the-city-should-build-it", "stance": "support"}],
            "reports": [{"source": DOCUMENT, "exact": "“Build it”,", "start": 9, "end": 20}],
            "status": "coded", "coder": "Eva",
            "attributes": {
                "frame": "costs", "strength": "-3", "remark": "to be checked", "sure": "true",
            },
        },
        {
            "type": "claim", "id": f"{DOCUMENT}-36-2",
            "text": "Civic List opposes: The city should build it",
            "organization": "civic-list", "date": "2025-05-14",
            "positions": [{"position": "the-city-should-build-it", "stance": "oppose"}],
            "reports": [{"source": DOCUMENT, "exact": "he", "start": 35, "end": 37}],
            "status": "coded", "coder": "Admin",
        },
        {
            "type": "claim", "id": "tram-hearing-2025-05-15-0-3",
            "text": "ADA LUND supports: The city should build it",
            "actor": "ada-lund", "date": "2025-05-15",
            "positions": [{"position": "the-city-should-build-it", "stance": "support"}],
            "reports": [
                {"source": "tram-hearing-2025-05-15", "exact": "No words", "start": 0, "end": 8}
            ],
            "status": "coded", "coder": "Admin",
        },
    ]  # fmt: skip
    assert report.told == {
        "documents": 2,
        "dates whose time of day is left out": 1,
        "statements": 3,
        "statements of the type 'Annotation', left out": 1,
        "statements of the type 'Story', left out": 1,
        "entities whose group is left out": 1,
    }
    assert warnings(report) == []


def test_a_second_import_changes_what_was_coded_anew(import_dna):
    import_dna()
    assert import_dna().drafted == {("source", "unchanged"): 2, ("claim", "unchanged"): 3}
    report = import_dna("UPDATE DATABOOLEAN SET Value = 0 WHERE ID = 3")
    assert report.drafted[("claim", "changed")] == 1
    claim = claims()["tram-hearing-2025-05-15-0-3"]
    assert claim["text"] == "ADA LUND opposes: The city should build it"


def test_options_name_the_type_and_its_variables(import_dna):
    report = import_dna(type="Story", person="hero", organization="", concept="", agreement="trust")
    assert claims() == {
        f"{DOCUMENT}-36-5": {
            "type": "claim", "id": f"{DOCUMENT}-36-5", "text": "he", "actor": "ada-lund",
            "date": "2025-05-14", "status": "coded", "coder": "Admin",
            "reports": [{"source": DOCUMENT, "exact": "he", "start": 35, "end": 37}],
        }
    }  # fmt: skip
    assert report.told["statements of the type 'DNA Statement', left out"] == 3


@pytest.mark.parametrize(
    ("value", "stance", "told"),
    [(-3, "oppose", 1), (-1, "oppose", 0), (0, "neutral", 0), (1, "support", 0), (9, "support", 1)],
)
def test_the_sign_of_an_integer_is_the_stance(import_dna, value, stance, told):
    report = import_dna(
        f"UPDATE DATAINTEGER SET Value = {value} WHERE ID = 2",
        type="Story", person="hero", organization="", concept="hero", agreement="trust",
    )  # fmt: skip
    (claim,) = claims().values()
    assert claim["positions"] == [{"position": "ada-lund", "stance": stance}]
    assert report.told["values of agreement whose magnitude is left out"] == told


def test_without_an_agreement_all_statements_support(import_dna):
    import_dna(agreement="")
    stances = [claim["positions"][0]["stance"] for claim in claims().values()]
    assert stances == ["support"] * 3


@pytest.mark.parametrize(
    ("statement", "warning", "ids"),
    [
        ("UPDATE DATASHORTTEXT SET Entity = 1 WHERE ID = 8",
         "statement 3: has neither a person nor an organization: left out", ["9-1", "36-2"]),
        ("UPDATE STATEMENTS SET DocumentId = 9 WHERE ID = 3",
         "statement 3: belongs to no document: left out", ["9-1", "36-2"]),
        ("UPDATE STATEMENTS SET Stop = 99 WHERE ID = 2",
         "statement 2: span: '36-99': is not within the text of the document: the claim has no"
         " exact words", ["9-1", "36-2", "0-3"]),
        ("DELETE FROM DATABOOLEAN WHERE ID = 3",
         "statement 3: agreement: is missing: the claim has no position",
         ["9-1", "36-2", "0-3"]),
        (f"UPDATE DOCUMENTS SET Date = {10**15} WHERE ID = 2",
         f"document 2: date: '{10**15}': is no date: the document and its claims have none",
         ["9-1", "36-2", "0-3"]),
        ("UPDATE DOCUMENTS SET Text = replace(hex(zeroblob(475001)), '0', 'x') WHERE ID = 2",
         "document 2: text: 'Tram hearing': is too long: the source has no text",
         ["9-1", "36-2", "0-3"]),
    ],
)  # fmt: skip
def test_faults_of_a_project_are_told(import_dna, statement, warning, ids):
    assert warnings(import_dna(statement)) == [warning]
    assert [re.sub("^tram-hearing-(2025-05-..|undated)-", "", id) for id in claims()] == ids


def test_values_that_are_too_long_are_counted(import_dna):
    report = import_dna("UPDATE DATALONGTEXT SET Value = hex(zeroblob(1001)) WHERE ID = 1")
    assert report.told["values of 'remark' left out: longer than 2000"] == 1
    assert "remark" not in claims()[f"{DOCUMENT}-9-1"]["attributes"]


def test_documents_of_one_title_and_day_are_two_sources(import_dna):
    import_dna("UPDATE DOCUMENTS SET Date = Date - 43200 WHERE ID = 2")
    ids = [record["id"] for record in exported() if record["type"] == "source"]
    assert ids == [DOCUMENT, f"{DOCUMENT}-bdbcd4f4"]


@pytest.mark.parametrize(
    ("text", "start", "stop", "words"),
    [
        ("a 𝒯 b", 5, 6, {"exact": "b", "start": 4, "end": 5}),
        ("a 𝒯 b", 2, 4, {"exact": "𝒯", "start": 2, "end": 3}),
        ("a 𝒯 b", 2, 3, {}),
        ("e\u0301 b", 3, 4, {"exact": "b", "start": 2, "end": 3}),
        ("e\u0301 b", 0, 2, {"exact": "é", "start": 0, "end": 1}),
        ("e\u0301 b", 1, 4, {}),
        ("\n a\n", 0, 4, {"exact": "a", "start": 2, "end": 3}),
        ("a  b", 1, 3, {}),
        ("a", 0, 2, {}),
        ("a", 1, 1, {}),
        ("a", -1, 1, {}),
    ],
)
def test_spans_are_counted_in_characters(text, start, stop, words):
    assert exact_words(text, start, stop) == words


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"type": "Statement"},
         "--type: there is no statement type 'Statement': name one of 'DNA Statement',"
         " 'Annotation', 'Story'"),
        ({"type": "Story"},
         "--person: there is no variable 'person' of type short text in statements of type"
         " 'Story': name one of 'hero', or '' for none"),
        ({"concept": "agreement"},
         "--concept: there is no variable 'agreement' of type short text in statements of type"
         " 'DNA Statement': name one of 'person', 'organization', 'concept', 'frame', or '' for"
         " none"),
        ({"agreement": "Agreement"},
         "--agreement: there is no variable 'Agreement' of type boolean or integer in statements"
         " of type 'DNA Statement': name one of 'agreement', 'strength', 'sure', or '' for none"),
        ({"type": "Annotation"},
         "--person: there is no variable 'person' of type short text in statements of type"
         " 'Annotation': name one of none, or '' for none"),
        ({"person": "", "organization": ""},
         "--person: claims need a claimant: name a variable by --person or --organization"),
        ({"create": False},
         "statement 1: person: 'Ada Lund': no actor has this name: correct it, or leave out"
         " --create none"),
    ],
)  # fmt: skip
def test_errors_say_what_there_is(dna_errors, options, error):
    assert dna_errors(**options)[0] == error


@pytest.mark.parametrize(
    ("statements", "error"),
    [
        (["DROP TABLE ENTITIES", "DROP TABLE ATTRIBUTEVARIABLES",
          "UPDATE SETTINGS SET Value = '2.0'"],
         "is a DNA project of version 2.0, whose tables ENTITIES, ATTRIBUTEVARIABLES are not"
         " those of DNA 3: bring it into DNA 3, and import the project that DNA 3 saves"),
        (["DROP TABLE SETTINGS", "ALTER TABLE DATASHORTTEXT RENAME COLUMN Entity TO Value"],
         "is a DNA project, whose tables DATASHORTTEXT are not those of DNA 3: bring it into"
         " DNA 3, and import the project that DNA 3 saves"),
        (["DROP TABLE STATEMENTS", "DROP TABLE CODERS"],
         "is no DNA project: it has no tables CODERS, STATEMENTS; give a .dna file"),
    ],
)  # fmt: skip
def test_other_databases_are_refused(dna_errors, statements, error):
    assert dna_errors(*statements) == [error]


NO_DATABASE = (
    "is no SQLite database, or an encrypted one: give a .dna file that DNA 3 has saved without"
    " encryption"
)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda content: b"", "is empty: give a .dna file"),
        (lambda content: b"Title;Text\n", NO_DATABASE),
        # an encrypted database begins with random bytes
        (lambda content: bytes(byte ^ 0x5A for byte in content), NO_DATABASE),
        (lambda content: content[: len(content) // 2],
         "cannot be read as a database (database disk image is malformed): take a complete copy"
         " of the project"),
    ],
)  # fmt: skip
def test_damaged_files_are_refused(dna_errors, tmp_path, damage, error):
    path = write_project(tmp_path / "damaged.dna")
    path.write_bytes(damage(path.read_bytes()))
    assert dna_errors(path=path) == [error]


def test_a_pipe_is_refused(dna_errors, tmp_path):
    os.mkfifo(tmp_path / "pipe.dna")
    assert dna_errors(path=tmp_path / "pipe.dna") == ["is no regular file: save it first"]


def test_the_project_is_only_read(import_dna, tmp_path):
    path = write_project(tmp_path / "f.dna")
    path.chmod(0o444)
    before = path.read_bytes()
    import_dna(path=path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.glob("f.dna*")] == ["f.dna"]


def test_the_sample_of_dna_makes_its_statements(import_dna):
    if not SAMPLE.is_dir():
        pytest.skip("the sample of DNA is not shipped with the project")
    report = import_dna(path=SAMPLE / "sample.dna")
    records = {(record["type"], record["id"]): record for record in exported()}
    with (SAMPLE / "statements.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {int(row["id"]) for row in rows} == {int(id.split("-")[-1]) for id in claims()}
    by_statement = {id.split("-")[-1]: claim for id, claim in claims().items()}
    for row in rows:
        claim = by_statement[row["id"]]
        (report_of_claim,), (position,) = claim["reports"], claim["positions"]
        text = records["source", report_of_claim["source"]]["text"]
        span = text[int(row["start"]) : int(row["stop"])]
        assert report_of_claim["exact"] == span.strip()
        assert text[report_of_claim["start"] : report_of_claim["end"]] == span.strip()
        assert records["actor", claim["actor"]]["name"] == row["person"]
        assert records["organization", claim["organization"]]["name"] == row["organization"]
        assert records["position", position["position"]]["text"] == row["concept"]
        assert position["stance"] == ("support" if row["agreement"] == "1" else "oppose")
        assert claim["coder"] == f"Coder {int(row['coder']) - 1}"
    with sqlite3.connect(f"file:{SAMPLE / 'sample.dna'}?mode=ro", uri=True) as connection:
        attributes = connection.execute(
            "SELECT Value, AttributeValue FROM ATTRIBUTEVALUES"
            " JOIN ENTITIES ON ENTITIES.ID = EntityId WHERE AttributeVariableId IN (1, 2)"
            " AND Value <> ''"
        ).fetchall()
    made = {
        record["name"]: record["attributes"]["Type"]
        for record in records.values()
        if record["type"] in ("actor", "organization")
    }
    assert (len(made), made) == (14, dict(attributes))
    assert report.told == {
        "documents": 7,
        "statements": 40,
        "statements of the type 'Annotation', left out": 1,
    }
