"""Names of an imported file: the records that they find, and those that they make."""

from __future__ import annotations

import itertools

import pytest

from seeds.imports.drafts import DraftStore
from seeds.imports.making import assign_ids, made_records
from seeds.imports.naming import report_ambiguous, settle_names
from seeds.problems import SeedProblems

ACTOR, ORGANIZATION, SOURCE = ("actor",), ("organization",), ("source",)
U1, U2 = "https://example.org/1", "https://example.org/2"
RECORDS = {
    "actors": [
        {"id": "ann", "name": "Ann Şahin", "aliases": ["A. Sahin"], "former_ids": ["anna"]},
        {"id": "bob-1", "name": "Bob"},
        {"id": "bob-2", "name": "Bob"},
        {"id": "both", "name": "Both"},
    ],
    "organizations": [
        {
            "id": "paper",
            "name": "The Paper",
            "kind": "media",
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        },
        {"id": "both", "name": "Both", "kind": "other"},
    ],
    "sources": [
        {"id": "interview-1", "title": "Interview", "kind": "article", "url": U1},
        {"id": "speech", "title": "Speech", "kind": "article"},
    ],
}


@pytest.fixture
def records(load):
    load(**RECORDS)


class Names:
    """Names that a file has, each on a line of its own."""

    def __init__(self, create: bool = True):
        self.problems = SeedProblems()
        self.store = DraftStore("f.csv", self.problems, create=create)
        self.keys: list[int] = []

    def ask(self, names: list[dict]) -> list[str | None]:
        """The records that the names stand for: `type id`."""
        for line, name in enumerate(names, 1):
            fields = dict(name)
            if "party" in fields:
                reference = self.store.party(fields.pop("party"), line=line, column="c", **fields)
            else:
                reference = self.store.name(
                    fields.pop("types", ACTOR), fields.pop("text", ""), line=line, column="c",
                    **fields,
                )  # fmt: skip
            self.keys += reference.values()
        settle_names(self.store)
        assign_ids(self.store)
        report_ambiguous(self.store)
        ids = dict(self.store.select("SELECT key, type || ' ' || record FROM name"))
        return [ids[key] for key in self.keys]

    def made(self) -> list[dict]:
        return [record for *_, record in made_records(self.store) if record]

    def errors(self) -> list[str]:
        return [str(problem) for problem in self.problems.kept]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"text": "ann"}, "actor ann"),
        ({"text": "anna"}, "actor ann"),
        ({"text": "a. ŞAHIN"}, "actor ann"),
        ({"text": "x", "id": "ann"}, "actor ann"),
        ({"text": "x", "id": "anna"}, "actor ann"),
        ({"types": ORGANIZATION, "text": "wikidata:Q1"}, "organization paper"),
        (
            {"types": ORGANIZATION, "text": "x", "identifiers": ["x:2", "wikidata:Q1"]},
            "organization paper",
        ),
        (
            {"types": ORGANIZATION, "text": "the paper", "identifiers": ["lei:1"]},
            "organization paper",
        ),
        ({"party": "Ann Sahin"}, "actor ann"),
        ({"party": "the paper"}, "organization paper"),
        ({"party": "organization:Both"}, "organization both"),
        ({"party": "Both", "id": "actor:both"}, "actor both"),
        ({"types": SOURCE, "text": "interview"}, "source interview-1"),
        ({"types": SOURCE, "text": "interview", "variant": U1}, "source interview-1"),
        ({"types": SOURCE, "text": "speech", "variant": U2}, "source speech"),
        ({"types": SOURCE, "variant": U1}, "source interview-1"),
    ],
)
def test_a_name_finds_a_record_of_the_dataset(records, name, expected):
    names = Names()
    assert names.ask([name]) == [expected]
    assert (names.made(), names.problems.count) == ([], 0)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ({"text": "Sahin"}, {"id": "sahin", "name": "Sahin", "kind": "person"}),
        ({"text": "Zoë O’Brien"}, {"id": "zoe-obrien", "name": "Zoë O’Brien", "kind": "person"}),
        ({"text": "x", "id": "y"}, {"id": "y", "name": "x", "kind": "person"}),
        ({"party": "actor:Zoe"}, {"id": "zoe", "name": "Zoe", "kind": "person"}),
        (
            {"party": "organization: Zoe"},
            {"id": "zoe", "name": "Zoe", "kind": "other"},
        ),
        # the dataset's record of this name has another identifier of the scheme
        (
            {"types": ORGANIZATION, "text": "The Paper", "identifiers": ["wikidata:Q2"]},
            {"id": "the-paper", "name": "The Paper", "kind": "other"},
        ),
        # the id is taken, the name folds to nothing, and the name is long
        ({"text": "Bob 1"}, {"id": "bob-1-912a94a8", "name": "Bob 1", "kind": "person"}),
        ({"text": "★"}, {"id": "b686e9a7", "name": "★", "kind": "person"}),
        (
            {"types": ("topic",), "text": "a " * 45},
            {"id": "-".join("a" * 40), "name": "a " * 45},
        ),
        ({"types": ("position",), "text": "Spend"}, {"id": "spend", "text": "Spend"}),
        (
            {"types": SOURCE, "text": "Interview", "variant": U2, "fields": {"url": U2}},
            {"id": "interview", "title": "Interview", "kind": "article", "url": U2},
        ),
        (
            {"types": SOURCE, "variant": U2, "fields": {"url": U2}},
            {"id": "https-exampleorg-2", "title": U2, "kind": "article", "url": U2},
        ),
        (
            {"types": ("event",), "text": "Summit", "fields": {"start_date": "2025"}},
            {"id": "summit", "name": "Summit", "kind": "other", "start_date": "2025"},
        ),
    ],
)
def test_a_name_makes_a_record(records, name, made):
    names = Names()
    (record,) = names.ask([name])
    assert record.split()[1] == made["id"]
    assert names.made() == [made]
    assert names.errors() == []


def test_an_earlier_import_tells_namesakes_apart(load):
    made = "bob-33899f97"
    load(actors=[{"id": id, "name": "Bob"} for id in ("bob-1", made)])
    names = Names()
    assert names.ask([{"text": "Bob", "variant": "7"}]) == [f"actor {made}"]
    assert names.errors() == []


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (
            {"text": "bob"},
            "'bob': is the name of several records (actor bob-1, actor bob-2): give the id of one",
        ),
        (
            {"party": "Both"},
            "'Both': is the name of several records (actor both, organization both): give the id"
            " of one",
        ),
        (
            {"party": "Zoe"},
            "'Zoe': no actor or organization has this name: correct it, or write actor:NAME or"
            " organization:NAME to make a record",
        ),
        ({"id": "zoe"}, "'zoe': unknown id: give the name beside it to make a record"),
    ],
)
def test_a_name_is_an_error(records, name, error):
    names = Names()
    assert names.ask([name]) == [None]
    assert names.errors() == [f"f.csv:1: c: {error}"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ({"text": "Zoe"}, "'Zoe': no actor has this name: correct it, or leave out --create none"),
        (
            {"text": "Zoe", "id": "z"},
            "'z': no actor has this id: correct it, or leave out --create none",
        ),
    ],
)
def test_no_record_is_made_unless_allowed(records, name, error):
    names = Names(create=False)
    assert names.ask([name, {"text": "ann"}]) == [None, "actor ann"]
    assert names.errors() == [f"f.csv:1: c: {error}"]
    assert names.made() == []


GROUPS = [
    # spellings of one name
    (
        [{"text": "erdogan"}, {"text": "Erdoğan"}, {"text": "Erdoğan"}, {"text": "ERDOGAN"}],
        ["actor erdogan"] * 4,
        [{"id": "erdogan", "name": "Erdoğan", "kind": "person", "aliases": ["ERDOGAN"]}],
    ),
    # letters of another script
    (
        [{"text": "刘莉"}, {"text": "刘丽"}, {"text": "刘莉"}],
        ["actor liuli-951061a6", "actor liuli-a0309aa5", "actor liuli-951061a6"],
        [
            {"id": "liuli-951061a6", "name": "刘莉", "kind": "person"},
            {"id": "liuli-a0309aa5", "name": "刘丽", "kind": "person"},
        ],
    ),
    (
        [{"text": "Putin"}, {"text": "Путин"}],
        ["actor putin"] * 2,
        [{"id": "putin", "name": "Путин", "kind": "person", "aliases": ["Putin"]}],
    ),
    # one title at two URLs
    (
        [
            {"types": SOURCE, "text": "Post", "variant": U1, "fields": {"url": U1}},
            {"types": SOURCE, "text": "post", "variant": U2, "fields": {"url": U2}},
        ],
        ["source post-5bd9910e", "source post-c41f2f21"],
        [
            {"id": "post-5bd9910e", "title": "Post", "kind": "article", "url": U1},
            {"id": "post-c41f2f21", "title": "post", "kind": "article", "url": U2},
        ],
    ),
    (
        [
            {"types": SOURCE, "text": "Post"},
            {"types": SOURCE, "text": "Post", "variant": U2, "fields": {"url": U2}},
            {"types": SOURCE, "variant": U2, "fields": {"url": U2}},
        ],
        ["source post"] * 3,
        [{"id": "post", "title": "Post", "kind": "article", "url": U2}],
    ),
    # ids of the file
    (
        [{"text": "Zoe", "id": "z"}, {"text": "zoe"}, {"party": "ZOE"}],
        ["actor z"] * 3,
        [{"id": "z", "name": "zoe", "kind": "person", "aliases": ["Zoe", "ZOE"]}],
    ),
    (
        [{"text": "Zoe", "id": "z"}, {"text": "Zoe", "id": "zoe"}, {"text": "z"}],
        ["actor z", "actor zoe", "actor z"],
        [
            {"id": "z", "name": "Zoe", "kind": "person"},
            {"id": "zoe", "name": "Zoe", "kind": "person"},
        ],
    ),
    # the earliest date
    (
        [
            {"types": ("event",), "text": "E", "fields": {"start_date": date}}
            for date in ("2025-05-02", "2025-04-30", "2025-06")
        ],
        ["event e"] * 3,
        [{"id": "e", "name": "E", "kind": "other", "start_date": "2025-04-30"}],
    ),
]


@pytest.mark.parametrize(("asked", "ids", "made"), GROUPS, ids=itertools.count())
def test_names_of_a_file_share_records_in_any_order(dataset, asked, ids, made):
    forwards = list(range(len(asked)))
    for order in (forwards, forwards[::-1], forwards[1:] + forwards[:1]):
        names = Names()
        assert names.ask([asked[n] for n in order]) == [ids[n] for n in order]
        assert names.errors() == []
        assert sorted(names.made(), key=lambda record: record["id"]) == sorted(
            made, key=lambda record: record["id"]
        )


@pytest.mark.parametrize(
    ("asked", "errors"),
    [
        (
            [
                {"types": SOURCE, "text": "Post", "variant": U1},
                {"types": SOURCE, "text": "Post", "variant": U2},
                {"types": SOURCE, "text": "Post"},
            ],
            [
                "f.csv:3: c: 'Post': is the name of several records (source post-5bd9910e, source"
                " post-c41f2f21): give the id of one"
            ],
        ),
        (
            [{"text": "Zoe"}, {"types": ORGANIZATION, "text": "Zoe"}, {"party": "Zoe"}],
            [
                "f.csv:3: c: 'Zoe': is the name of several records (actor zoe, organization zoe):"
                " give the id of one"
            ],
        ),
        (
            [{"text": "Ann Şahin"}, {"text": "Ann Şahin", "id": "ann-2"}],
            [
                "f.csv:1: c: 'Ann Şahin': is the name of several records (actor ann, actor ann-2):"
                " give the id of one"
            ],
        ),
    ],
)
def test_a_name_of_several_records_is_an_error(records, asked, errors):
    names = Names()
    names.ask(asked)
    assert names.errors() == errors


@pytest.mark.parametrize(
    ("asked", "errors"),
    [
        (
            [
                {"types": SOURCE, "text": "Post", "id": "p", "fields": {"url": url}}
                for url in (U1, U2)
            ],
            [f"f.csv:2: c: {U2!r}: source p has another url in line 1: give it one"],
        ),
        (
            [{"types": ("event",), "text": "E"}],
            [
                "f.csv:1: c: 'E': new event without a date: give a date in one of its rows, or load"
                " the event"
            ],
        ),
    ],
)
def test_fields_that_make_no_record_are_errors(dataset, asked, errors):
    names = Names()
    names.ask(asked)
    names.made()
    assert names.errors() == errors


def test_an_id_decides_against_the_name_beside_it(records):
    names = Names()
    assert names.ask([{"text": "Bob", "id": "ann"}]) == ["actor ann"]
    assert [str(warning) for warning in names.problems.warnings.kept] == [
        "f.csv:1: c: 'Bob': is no name of actor 'ann', whose id stands beside it: the id decides"
    ]


def test_a_name_that_is_another_id_is_no_warning(load):
    load(actors=[{"id": "zoe", "name": "Ann"}, {"id": "ann", "name": "zoe"}])
    names = Names()
    assert names.ask([{"text": "zoe", "id": "ann"}]) == ["actor ann"]
    assert names.problems.warnings.count == 0


def test_names_are_kept_on_disk(dataset, monkeypatch):
    monkeypatch.setattr("seeds.imports.drafts.MAX_BUFFERED", 3)
    names = Names()
    asked = [{"text": f"Name {n % 7}"} for n in range(50)]
    assert names.ask(asked) == [f"actor name-{n % 7}" for n in range(50)]
    assert [record["name"] for record in names.made()] == [f"Name {n}" for n in range(7)]
    assert max(len(names.store.keys), len(names.store.spellings)) <= 4
