"""The imported table with its ids filled in."""

from __future__ import annotations

import codecs

import pytest

from tests.seeds.build import exported
from tests.seeds.imports.conftest import same_on_both_engines

pytestmark = same_on_both_engines

ID_1, ID_2 = "ann-undated-4a1a6ec4", "ann-undated-58545410"


@pytest.mark.parametrize(
    ("name", "content", "target", "filled"),
    [
        (
            "f.csv",
            "claim,actor\nSpend more,Ann\n\nSpend less,Ann\n",
            "f.ids.csv",
            f"claim,actor,id\r\nSpend more,Ann,{ID_1}\r\n\r\nSpend less,Ann,{ID_2}\r\n",
        ),
        (
            "f.csv",
            'id,claim,actor,note\n,Spend more,Ann,=1+1\nc-2,\'=x,Ann,"a\nb"\n',
            "f.ids.csv",
            f"id,claim,actor,note\r\n{ID_1},Spend more,Ann,'=1+1\r\nc-2,'=x,Ann,\"a\nb\"\r\n",
        ),
        (
            "f.tsv",
            "claim\tactor\nSpend more\tAnn\nSpend more\tann\n",
            "f.ids.tsv",
            f"claim\tactor\tid\r\nSpend more\tAnn\t{ID_1}\r\nSpend more\tann\t{ID_1}\r\n",
        ),
        (
            "f.csv",
            "sep=;\nclaim;actor;;\nSpend more;Ann\nclaim;actor;;\n",
            "f.ids.csv",
            f"sep=;\r\nclaim;actor;;;id\r\nSpend more;Ann;;;{ID_1}\r\nclaim;actor;;\r\n",
        ),
        (
            "f.csv",
            codecs.BOM_UTF8.decode() + "claim,actor\nSpend more,Ann\n",
            "f.ids.csv",
            codecs.BOM_UTF8.decode() + f"claim,actor,id\r\nSpend more,Ann,{ID_1}\r\n",
        ),
    ],
)
def test_ids_are_filled_in(import_csv, tmp_path, name, content, target, filled):
    report = import_csv(content, name=name, ignored=("note",))
    assert report.written == [tmp_path / target]
    assert (tmp_path / target).read_bytes().decode() == filled


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("id,claim,actor\nc-1,Spend more,Ann\n", {}),
        ("claim,actor\n", {}),
        ("claim,actor\nSpend more,Ann\n", {"dry_run": True}),
    ],
)
def test_no_file_is_written_without_need(import_csv, tmp_path, content, options):
    report = import_csv(content, **options)
    assert (report.written, list(tmp_path.glob("*.ids.*"))) == ([], [])


def test_an_edited_text_keeps_its_claim(import_csv, tmp_path):
    import_csv("claim,actor\nSpend more,Ann\n")
    filled = (tmp_path / "f.ids.csv").read_text()
    report = import_csv(filled.replace("Spend more", "Spend much more"), name="g.csv")
    assert report.drafted == {("claim", "changed"): 1}
    assert [
        (record["id"], record["text"]) for record in exported() if record["type"] == "claim"
    ] == [(ID_1, "Spend much more")]


def test_another_encoding_becomes_utf_8(import_csv, tmp_path):
    import_csv("claim,actor\nÜber,Ann\n".encode("cp1252"), encoding="cp1252")
    text = (tmp_path / "f.ids.csv").read_bytes().decode()
    assert text.startswith("\ufeffclaim,actor,id\r\nÜber,Ann,ann-undated-")


def test_a_folder_without_room_for_the_table_is_a_warning(import_csv, tmp_path):
    (tmp_path / "f.ids.csv.part").mkdir()
    (tmp_path / "f.ids.csv.part" / "full").touch()
    report = import_csv("claim,actor\nSpend more,Ann\n")
    assert [str(warning).rpartition("/")[2] for warning in report.warnings.kept] == [
        "f.ids.csv: the table with ids cannot be written: Is a directory"
    ]
    assert [record["type"] for record in exported()] == ["actor", "claim"]
