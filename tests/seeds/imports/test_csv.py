"""CSV: rows become claims, and names become records."""

from __future__ import annotations

import csv
import io
import itertools

import pytest

from tests.seeds.build import exported
from tests.seeds.imports.conftest import same_on_both_engines

pytestmark = same_on_both_engines

KNOWN = {
    "organizations": [{"id": "nato", "name": "NATO", "kind": "alliance"}],
    "actors": [{"id": "ann", "name": "Ann Lee", "aliases": ["A. Lee"]}],
    "topics": [{"id": "defence", "name": "Defence"}],
    "positions": [{"id": "spend", "text": "Spend more"}, {"id": "save", "text": "Save"}],
    "events": [{"id": "summit", "name": "Summit", "kind": "summit", "start_date": "2025-06-24"}],
    "sources": [
        {"id": "s1", "title": "One", "kind": "article", "url": "https://example.org/1"},
        {"id": "s2", "title": "Two", "kind": "article"},
    ],
}


@pytest.fixture
def known(load):
    load(**KNOWN)


def table(*rows: dict, delimiter: str = ",") -> str:
    """The CSV of some rows, each a dict of cells."""
    text = io.StringIO()
    columns = list(dict.fromkeys(itertools.chain(*rows)))
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_a_spreadsheet_makes_records(import_csv):
    report = import_csv(
        "Claim,Actor,Organization,Date,Position,Stance,Topic,Source,URL,Publisher,Event,About\n"
        "Spend more,Ann Lee,NATO,2025-06-25,More money | No cuts,for | agree,Defence,Lee speaks,"
        "https://example.org/1,The Post,Summit,NATO\n"
        "Spend less,Bob,,2025-06-24,More money,against,Defence | Budget,,https://example.org/2,"
        ",Summit,actor:Ann Lee | organization:Union\n"
    )
    assert report.told == {"rows": 2}
    assert report.drafted == {("claim", "new"): 2}
    assert exported() == [
        {
            "type": "source", "id": "lee-speaks", "title": "Lee speaks", "kind": "article",
            "publisher": "the-post", "url": "https://example.org/1",
        },
        {"type": "actor", "id": "ann-lee", "name": "Ann Lee", "kind": "person"},
        {"type": "organization", "id": "nato", "name": "NATO", "kind": "other"},
        {
            "type": "event", "id": "summit", "name": "Summit", "kind": "other",
            "start_date": "2025-06-24",
        },
        {"type": "topic", "id": "defence", "name": "Defence"},
        {"type": "position", "id": "more-money", "text": "More money"},
        {"type": "position", "id": "no-cuts", "text": "No cuts"},
        {"type": "organization", "id": "the-post", "name": "The Post", "kind": "other"},
        {"type": "actor", "id": "bob", "name": "Bob", "kind": "person"},
        {"type": "topic", "id": "budget", "name": "Budget"},
        {"type": "organization", "id": "union", "name": "Union", "kind": "other"},
        {
            "type": "source", "id": "https-exampleorg-2", "title": "https://example.org/2",
            "kind": "article", "url": "https://example.org/2",
        },
        {
            "type": "claim", "id": "ann-lee-2025-06-25-2709f63b", "text": "Spend more",
            "actor": "ann-lee", "organization": "nato", "date": "2025-06-25", "event": "summit",
            "status": "coded", "topics": ["defence"],
            "positions": [
                {"position": "more-money", "stance": "support"},
                {"position": "no-cuts", "stance": "support"},
            ],
            "about": [{"organization": "nato"}], "reports": [{"source": "lee-speaks"}],
        },
        {
            "type": "claim", "id": "bob-2025-06-24-71a4d7e3", "text": "Spend less",
            "actor": "bob", "date": "2025-06-24", "event": "summit", "status": "coded",
            "topics": ["defence", "budget"],
            "positions": [{"position": "more-money", "stance": "oppose"}],
            "about": [{"actor": "ann-lee"}, {"organization": "union"}],
            "reports": [{"source": "https-exampleorg-2"}],
        },
    ]  # fmt: skip


CELLS = [
    ({"claim": " Spend more "}, {"text": "Spend more"}),
    ({"claim": "'=1+1"}, {"text": "=1+1"}),
    ({"claim": "'tis"}, {"text": "'tis"}),
    ({"claim": 'two\nlines, “quotes”, "more"'}, {"text": 'two\nlines, “quotes”, "more"'}),
    ({"claim": "e\u0301"}, {"text": "é"}),
    ({"actor": "A. LEE"}, {}),
    ({"actor": "", "organization": "nato"}, {"organization": "nato"}),
    ({"actor": "x", "actor_id": "ann"}, {}),
    ({"organization": "NATO"}, {"organization": "nato"}),
    ({"date": "2025-05"}, {"date": "2025-05"}),
    ({"date": ""}, {}),
    ({"quote": "We must"}, {"quote": "We must"}),
    ({"position": "spend more", "stance": "For"}, {"positions": [("spend", "support")]}),
    ({"position": "Spend more", "stance": "1"}, {"positions": [("spend", "support")]}),
    ({"position": "Spend more", "stance": "yes"}, {"positions": [("spend", "support")]}),
    ({"position": "Spend more", "stance": "AGREE"}, {"positions": [("spend", "support")]}),
    ({"position": "Spend more", "stance": "0"}, {"positions": [("spend", "oppose")]}),
    ({"position": "Spend more", "stance": "no"}, {"positions": [("spend", "oppose")]}),
    ({"position": "Spend more", "stance": "disagree"}, {"positions": [("spend", "oppose")]}),
    ({"position": "Spend more", "stance": "against"}, {"positions": [("spend", "oppose")]}),
    ({"position": "Spend more", "stance": "neutral"}, {"positions": [("spend", "neutral")]}),
    (
        {"position": "Spend more | Save", "stance": "for | against"},
        {"positions": [("spend", "support"), ("save", "oppose")]},
    ),
    (
        {"position": "", "stance": "for", "position_ids": "save"},
        {"positions": [("save", "support")]},
    ),
    ({"topic": "defence"}, {"topics": ["defence"]}),
    ({"source": "one"}, {"reports": ["s1"]}),
    ({"source": "One | Two"}, {"reports": ["s1", "s2"]}),
    ({"source": "Two | One", "url": " | https://example.org/1"}, {"reports": ["s2", "s1"]}),
    ({"source": "", "url": "https://example.org/1"}, {"reports": ["s1"]}),
    ({"source": "x", "source_ids": "s2"}, {"reports": ["s2"]}),
    ({"role": "Minister"}, {"role": "Minister"}),
    ({"event": "Summit"}, {"event": "summit"}),
    ({"place": "Oslo"}, {"place": "Oslo"}),
    ({"form": "Press conference"}, {"form": "press-conference"}),
    ({"status": "Verified"}, {"status": "verified"}),
    ({"coder": "jd"}, {"coder": "jd"}),
    ({"language": "EN-gb"}, {"language": "en-GB"}),
    ({"about": "NATO | Ann Lee"}, {"about": [("organization", "nato"), ("actor", "ann")]}),
    ({"about": "x", "about_ids": "organization:nato"}, {"about": [("organization", "nato")]}),
    ({"addressee": "actor:ann"}, {"addressees": [("actor", "ann")]}),
    ({"attributes": '{"party": "green"}'}, {"attributes": {"party": "green"}}),
    ({"attribute:Party": "green", "attribute:wing": ""}, {"attributes": {"Party": "green"}}),
    ({"id": "c-1"}, {}),
    ({"Claim ": "Spend more", "ACTOR_ID": "ann", "source-ids": "s1"}, {"reports": ["s1"]}),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "fields"), CELLS, ids=range(len(CELLS)))
def test_a_cell_is_a_field_of_the_claim(known, import_csv, cells, fields):
    base = {} if "Claim " in cells else {"claim": "A claim", "actor": "Ann Lee"}
    row = {**base, **cells}
    import_csv(table(row), ignored=("*",))
    (claim,) = [record for record in exported() if record["type"] == "claim"]
    del claim["type"], claim["id"]
    expected = {"text": "Spend more" if not base else "A claim", "status": "coded"}
    if not fields.get("organization") or row.get("actor"):
        expected["actor"] = "ann"
    for name, value in fields.items():
        if name == "positions":
            value = [{"position": id, "stance": stance} for id, stance in value]
        elif name == "reports":
            value = [{"source": id} for id in value]
        elif name in ("about", "addressees"):
            value = [{type: id} for type, id in value]
        expected[name] = value
    assert claim == expected


ONE_OF = "must be one of support, for, yes, agree, 1, oppose, against, no, disagree, 0, neutral"
SHEET_ERROR = "is an error of the spreadsheet: correct or empty the cell"
NO_JSON = "Expecting value: line 1 column 1 (char 0)"
AS_JSON = 'write {"name": "text"}'
CELL_ERRORS = [
    ({"claim": ""}, ["claim: is empty: give the claim's text, or remove the row"]),
    (
        {"actor": ""},
        [
            "actor: is empty: give an actor or an organization in each row, also where the cell"
            " was merged with the one above"
        ],
    ),
    (
        {"actor": "Ann Lee | Bob"},
        ["actor: 'Ann Lee | Bob': names several records: give one, and a row for each claim"],
    ),
    (
        {"actor": "…"},
        [
            "actor: '…': has only punctuation or invisible characters: give a name with a letter,"
            " digit or symbol"
        ],
    ),
    (
        {"actor_id": "zoe"},
        ["actor: 'zoe': no actor has this id: correct it, or leave out --create none"],
    ),
    (
        {"actor_id": "Ann Lee"},
        ["actor: 'Ann Lee': invalid id: use a-z in lower case, digits and single hyphens"],
    ),
    (
        {"date": "03/04/2025"},
        [
            "date: '03/04/2025': day and month can be read in two ways: use --dates dmy if the day"
            " comes first, --dates mdy if the month does, or write 2025-MM-DD"
        ],
    ),
    ({"quote": "#N/A"}, [f"quote: '#N/A': {SHEET_ERROR}"]),
    ({"topic": "#REF!"}, [f"topic: '#REF!': {SHEET_ERROR}"]),
    ({"topic": "Defence | "}, ["topic: 'Defence | ': has an empty value"]),
    (
        {"topic": "Defence | DEFENCE"},
        ["topic: 'defence': duplicate"],
    ),
    ({"position": "Save", "stance": "maybe"}, [f"stance: 'maybe': {ONE_OF}"]),
    (
        {"position": "Save", "stance": ""},
        [f"stance: is empty: give, for the position, {ONE_OF[8:]}"],
    ),
    ({"position": "", "stance": "for"}, ["stance: 'for': has no position: give one"]),
    (
        {"position": "Save | Spend more", "stance": "for"},
        [
            "position: 'Save | Spend more': has another number of values (2 in position, 1 in"
            " stance): give as many, joined by ' | ', where an empty value keeps its place"
        ],
    ),
    (
        {"topic": "Defence | Budget", "topic_ids": "defence"},
        [
            "topic: 'Defence | Budget': has another number of values (2 in topic, 1 in topic_ids):"
            " give as many, joined by ' | ', where an empty value keeps its place"
        ],
    ),
    (
        {"source": "One", "url": "example.org"},
        ["url: 'example.org': invalid URL: it must start with http:// or https://"],
    ),
    ({"source": "", "publisher": "NATO"}, ["source: '': is empty: give a title or a url"]),
    (
        {"form": "chat"},
        [
            "form: 'chat': must be one of interview, speech, debate, declaration,"
            " written-statement, press-conference, post, vote, protest, legal-action, other;"
            " did you mean 'speech'?"
        ],
    ),
    (
        {"language": "English"},
        ["language: 'English': is not a language tag (BCP 47), such as en or en-GB"],
    ),
    (
        {"about": "Zoe"},
        [
            "about: 'Zoe': no actor or organization has this name: correct it, or write actor:NAME"
            " or organization:NAME to make a record"
        ],
    ),
    (
        {"event": "Dinner"},
        ["event: 'Dinner': no event has this name: correct it, or leave out --create none"],
    ),
    ({"attributes": "green"}, [f"attributes: 'green': is no JSON ({NO_JSON}): {AS_JSON}"]),
    ({"attributes": "[]"}, [f"attributes: '[]': must be an object: {AS_JSON}"]),
    (
        {"attributes": '{"n": 1}'},
        ["attributes: 1: must be text"],
    ),
    ({"id": "C 1"}, ["id: 'C 1': invalid id: use a-z in lower case, digits and single hyphens"]),
    (
        {"place": "a\x01b"},
        [
            "place: 'a\\x01b': has the control character U+0001: remove it, or use"
            " --replace-control"
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "errors"), CELL_ERRORS, ids=range(len(CELL_ERRORS)))
def test_an_error_has_line_column_and_value(known, csv_errors, cells, errors):
    rows = [{"claim": "A claim", "actor": "Ann Lee", **dict.fromkeys(cells, "")}]
    rows.append({**rows[0], "claim": "Another", **cells})
    # an empty cell beside a claim without an error
    rows[0].update({"actor": "Ann Lee", "claim": "A claim"})
    assert csv_errors(table(*rows), create=False) == [f"f.csv:3: {error}" for error in errors]


def test_all_errors_are_told_at_once(known, csv_errors):
    text = table(
        {"claim": "One", "actor": "Ann Lee", "date": "1/2/2025", "event": ""},
        {"claim": "Two", "actor": "", "date": "", "event": "Dinner"},
        {"claim": "#N/A", "actor": "Zoe", "date": "2025", "event": ""},
    )
    assert [error.partition(": ")[0] for error in csv_errors(text)] == [
        "f.csv:2",
        "f.csv:3",
        "f.csv:3",
        "f.csv:4",
    ]


@pytest.mark.parametrize(
    ("rows", "told", "drafted"),
    [
        ("A,Ann\n\nB,Bob\n,,\n", {"rows": 2, "empty rows left out": 2}, {("claim", "new"): 2}),
        (
            "A,Ann\nA,ann\n",
            {"rows": 2},
            {("claim", "new"): 1, ("claim", "equal to an earlier one"): 1},
        ),
        (
            "A,Ann\nclaim,actor\nB,Ann\n",
            {"rows": 2, "rows left out that repeat the header": 1},
            {("claim", "new"): 2},
        ),
        ("A,Ann,,\n", {"rows": 1}, {("claim", "new"): 1}),
        ("", {}, {}),
    ],
)
def test_rows_are_counted(import_csv, rows, told, drafted):
    report = import_csv(f"claim,actor\n{rows}")
    assert (report.told, report.drafted) == (told, drafted)


def test_names_with_another_separator_are_warned_of(known, import_csv):
    report = import_csv("claim,actor,topic\nA claim,Ann Lee,War; Peace\n")
    assert [str(warning).rpartition("/")[2] for warning in report.warnings.kept] == [
        "f.csv:2: topic: 'War; Peace': is taken as one name: ' | ' separates several"
    ]


@pytest.mark.parametrize("count", [4, 5])
def test_a_title_of_many_sources_is_warned_of(import_csv, count):
    rows = [
        {"claim": f"C {n}", "actor": "Ann", "source": "BBC", "url": f"https://example.org/{n}"}
        for n in range(count)
    ]
    report = import_csv(table(*rows))
    assert [str(warning).rpartition("/f.csv:")[2] for warning in report.warnings.kept] == [
        "2: source: 'BBC': is the title of 5 sources, which differ in their URLs: if it is a"
        " newspaper or the like, use --map publisher=HEADER in place of source"
    ] * (count == 5)


def test_a_bare_number_as_id_is_a_warning(known, import_csv):
    report = import_csv("id,claim,actor\n7,A claim,Ann Lee\n")
    assert [warning.message.partition(":")[0] for warning in report.warnings.kept] == [
        "is a bare number, which the rows of another table may have too"
    ]


def claims() -> dict[str, str]:
    """The ids of the claims of the open dataset, by text."""
    return {record["text"]: record["id"] for record in exported() if record["type"] == "claim"}


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_the_order_of_rows_changes_no_id(import_csv, order):
    lines = [
        "Spend more,Ann Lee,2025-05-14,One,https://example.org/1",
        "Spend less,ANN LEE,,One,https://example.org/2",
        "SPEND MORE!,Ann Lee,2025-05-14,Two,",
    ]
    text = "claim,actor,date,source,url\n" + "\n".join(lines[n] for n in order)
    import_csv(text)
    ids = {
        "Spend more": "ann-lee-2025-05-14-5f3d13c4",
        "Spend less": "ann-lee-undated-7fbde507",
        "SPEND MORE!": "ann-lee-2025-05-14-42879707",
    }
    assert claims() == ids
    assert import_csv(text).drafted == {("claim", "unchanged"): 3}
    assert claims() == ids
