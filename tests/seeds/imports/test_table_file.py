"""Tables as they come: encodings, delimiters, quotation marks and headers."""

from __future__ import annotations

import codecs
import os

import pytest

from seeds.imports.csv import CSVImport, CSVOptions
from seeds.imports.drafts import DraftStore
from seeds.problems import Refused, SeedProblems
from tests.seeds.build import exported
from tests.seeds.imports.conftest import same_on_both_engines

pytestmark = same_on_both_engines

TEXT = "claim,actor,place\nSpend more,Ann,Zürich\n"
ROW = ("Spend more", "Zürich")


def claims() -> list[tuple[str, str | None]]:
    return [
        (record["text"], record.get("place")) for record in exported() if record["type"] == "claim"
    ]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (TEXT, {}),
        (codecs.BOM_UTF8 + TEXT.encode(), {}),
        (codecs.BOM_UTF8 + TEXT.encode(), {"encoding": "utf-8"}),
        (TEXT.replace("\n", "\r\n"), {}),
        (TEXT.replace("\n", "\r"), {}),
        (TEXT.rstrip(), {}),
        (f"\n,,\n{TEXT}", {}),
        (TEXT.replace(",", ";"), {}),
        (TEXT.replace(",", "\t"), {"name": "f.tsv"}),
        (f"sep=|\r\n{TEXT.replace(',', '|')}", {}),
        (f'"sep=;"\n{TEXT.replace(",", ";")}', {}),
        # the delimiter that gives most columns, not the most frequent character
        ('claim;actor;place;"a,b,c,d,e,f"\nSpend more;Ann;Zürich;\n', {"ignored": ("*",)}),
        ('"claim","actor","place"\n"Spend more","Ann","Zürich"\n', {}),
        (TEXT.encode("cp1252"), {"encoding": "cp1252"}),
        (TEXT.encode("utf-16"), {"encoding": "utf-16"}),
        (TEXT.encode("utf-16-le"), {"encoding": "utf-16-le"}),
        (TEXT.replace("actor", "Speaker"), {"mapped": {"actor": "speaker"}}),
        (TEXT.replace("place", "Place of speech"), {"mapped": {"place": "Place of speech"}}),
        (TEXT.replace("\n", ",x\n"), {"ignored": ("X",)}),
        (
            ",".join(["claim,actor,place", *(f"c{n}" for n in range(297))])
            + "\nSpend more,Ann,Zürich\n",
            {"ignored": ("*",)},
        ),
        ("claim,actor,place,,\nSpend more,Ann,Zürich,,\n", {}),
        ("claim,actor,actor,place\nSpend more,Ann,x,Zürich\n", None),
    ],
    ids=range(22),
)
def test_a_table_is_read(import_csv, csv_errors, content, options):
    if options is None:
        assert csv_errors(content) == [
            "f.csv:1: column 3: 'actor': is the column actor, as 'actor' in column 2 is: rename or"
            " remove one"
        ]
        return
    import_csv(content, **options)
    assert claims() == [ROW]


COLUMN_NAMES = (
    "claim, actor, organization, date, quote, position, stance, topic, source, url, id, role,"
    " publisher, event, place, form, about, addressee, status, coder, language, attributes,"
    " actor_id, organization_id, event_id, topic_ids, position_ids, source_ids, publisher_ids,"
    " about_ids, addressee_ids"
)
UNKNOWN = (
    "Say which column each is by --map, as in --map actor='Speaker'; leave it out by --ignore, or"
    f" all of them by --ignore '*'. The columns are {COLUMN_NAMES} and attribute:NAME"
)
NOT_UTF_8 = (
    "is not utf-8 text: it has the byte 0xFC, which is 'ü' in Windows-1252: use --encoding cp1252"
    " if that is right, or save the sheet as “CSV UTF-8”"
)


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        ("", ["f.csv: has no header: the first row must name the columns"]),
        ("\n\n", ["f.csv: has no header: the first row must name the columns"]),
        (
            TEXT.encode("utf-16"),
            [
                "f.csv: is UTF-16 text (“Unicode Text” in Excel): use --encoding utf-16, or save"
                " the sheet as “CSV UTF-8”"
            ],
        ),
        (
            TEXT.encode("utf-16-be"),
            [
                "f.csv: has bytes of value 0, so it is no UTF-8 text: if it is UTF-16 without a"
                " byte order mark, use --encoding utf-16-le or utf-16-be"
            ],
        ),
        (TEXT.encode("cp1252"), [f"f.csv:2: {NOT_UTF_8}"]),
        (
            "claim,actor,pläce\n\nSpend,Ann,\n".encode("cp1252").replace(b"\xe4", b"\xfc"),
            [
                f"f.csv:1: {NOT_UTF_8}",
                f"f.csv:1: header: unknown columns: 'pl\\udcfcce' (place?). {UNKNOWN}",
            ],
        ),
        (
            b"PK\x03\x04rest",
            [
                "f.csv: is a workbook or an archive (.xlsx, .ods, .zip), not CSV: save the sheet as"
                " “CSV UTF-8”"
            ],
        ),
        (
            'claim,actor\nA,Ann\n"B, Bob\nC,Carl\n',
            [
                "f.csv:3: a quotation mark begins a cell of this row, and none ends it: close it,"
                " or double the marks inside the cell"
            ],
        ),
        (
            'claim,actor\n"A\n"yes" b",Ann\n',
            ['f.csv:2: quotation mark inside a quoted cell (line 3): double it, as in "a ""b"" c"'],
        ),
        (
            "claim,actor\nA,Ann,more\n",
            [
                "f.csv:2: column 3: 'more': has no header: name the column, or put cells that hold"
                " the delimiter in quotation marks"
            ],
        ),
        (
            "claim,actor,\nA,Ann,more\n",
            [
                "f.csv:2: column 3: 'more': has no header: name the column, or put cells that hold"
                " the delimiter in quotation marks"
            ],
        ),
        (
            "text,person\n",
            [
                f"f.csv:1: header: unknown columns: 'text', 'person'. {UNKNOWN}",
                "f.csv:1: header: no column claim: name the column of the claims' texts by --map"
                " claim=HEADER",
                "f.csv:1: header: no column actor or organization: name one by --map actor=HEADER",
            ],
        ),
        (
            "claim,actor,stance\n",
            [
                "f.csv:1: header: 'stance': says nothing without a column position: name one by"
                " --map position=HEADER, or use --ignore"
            ],
        ),
        ("x" * 1_000_000, ["f.csv:1: is longer than 1,000,000 characters"]),
    ],
    ids=range(14),
)
def test_a_table_is_refused(csv_errors, content, errors):
    assert csv_errors(content) == errors


def test_many_unknown_columns_are_counted(csv_errors):
    header = ",".join(["claim", "actor", *(f"c{n}" for n in range(298))])
    listed = ", ".join(f"'c{n}'" for n in range(30))
    assert csv_errors(f"{header}\n") == [
        f"f.csv:1: header: unknown columns: {listed} … and 268 more. {UNKNOWN}"
    ]


def test_a_mapped_header_must_exist(csv_errors):
    assert csv_errors(TEXT, mapped={"quote": "Plaice"}) == [
        "f.csv:1: --map: 'Plaice': no column has this header; did you mean 'place'?"
    ]


def test_lines_count_those_inside_cells(csv_errors):
    assert csv_errors('claim,actor,date\n"A\n\nB",Ann,2025\n"C\n",Ann,soon\n') == [
        "f.csv:5: row 3: date: 'soon': not a date: write 2025, 2025-05 or 2025-05-14"
    ]


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    store = DraftStore("pipe.csv", SeedProblems())
    with pytest.raises(Refused) as refused:
        CSVImport(CSVOptions()).read(tmp_path / "pipe.csv", store)
    assert [str(problem) for problem in refused.value.problems] == [
        "pipe.csv: is no regular file, which is read twice: save it first"
    ]
