"""`claimbase check`: the errors and warnings of seed files, without a database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import seeds
from api.cli import main
from models.database.connection import database
from tests.seeds.build import actor, claim, event, organization, position, source, topic

SHIPPED = Path(seeds.__file__).parent / "data"

FIRST_NAMES = ("Ann", "Bob", "Carl", "Dina", "Eve", "Finn", "Gail", "Hans", "Ida", "Jan")

Check = Callable[..., Result]

# a valid dataset without warnings
QUIET = {
    "organizations": [organization("nato", name="NATO", aliases=["Nato"])],
    "actors": [actor("ann", name="Ann Şahin")],
    "topics": [topic("defence", name="Defence")],
    "sources": [source("news", text="We must act")],
    "claims": [claim("act", date="2025", reports=[{"source": "news", "exact": "We must act"}])],
}


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """Check files in an empty folder, while no database is configured."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATABASE_URL", "nonsense://")
    monkeypatch.setenv("CLAIMBASE_DATABASE_URL", f"sqlite:///{folder}/none.db")

    def check(*paths: Path | str) -> Result:
        return CliRunner().invoke(main, ["check", *map(str, paths)])

    yield check
    database.close()


def with_more(**sections: list[dict]) -> dict[str, list[dict]]:
    return {section: [*QUIET.get(section, []), *more] for section, more in sections.items()}


def spoken(actor_id: str, id: str, **fields) -> dict:
    """A claim without a warning."""
    return claim(id, actor=actor_id, date="2025", reports=[{"source": "news"}], **fields)


def speakers(*names: str) -> dict[str, list[dict]]:
    ids = [f"x{n}" for n in range(len(names))]
    return with_more(
        actors=[actor(id, name=name) for id, name in zip(ids, names, strict=True)],
        claims=[spoken(id, f"c-{id}") for id in ids],
    )


def bodies(*names: str, **fields) -> dict[str, list[dict]]:
    return with_more(
        organizations=[organization(f"o{n}", name=name) for n, name in enumerate(names)]
    )


def warned(result: Result, folder: Path) -> list[str]:
    start = f"warning: {folder}/files/"
    return [
        line.removeprefix(start) for line in result.output.splitlines() if line.startswith(start)
    ]


WARNINGS = [
    ("nothing", {}, []),
    (
        "a claim without a date",
        with_more(claims=[claim("x", reports=[{"source": "news"}])]),
        ["a.json: claim x: has no date"],
    ),
    (
        "a claim without a report",
        with_more(claims=[claim("x", date="2025")]),
        ["a.json: claim x: has no report"],
    ),
    (
        "a claim without either",
        with_more(claims=[claim("x")]),
        ["a.json: claim x: has no date", "a.json: claim x: has no report"],
    ),
    (
        "an actor without a claim",
        with_more(actors=[actor("bob", name="Bob")]),
        ["a.json: actor bob: makes no claim"],
    ),
    (
        "an actor that is only spoken about",
        with_more(
            actors=[actor("bob", name="Bob")],
            claims=[spoken("ann", "x", about=[{"actor": "bob"}])],
        ),
        ["a.json: actor bob: makes no claim"],
    ),
    (
        "two with the same name",
        speakers("Jens Stoltenberg", "Jens Stoltenberg"),
        ["a.json: actor x1: has nearly the name of actor x0"],
    ),
    (
        "a letter that differs",
        speakers("Jens Stoltenberg", "Jens Stoltenburg"),
        ["a.json: actor x1: has nearly the name of actor x0"],
    ),
    (
        "letters without their marks",
        speakers("Recep Tayyip Erdoğan", "RECEP TAYYIP ERDOGAN"),
        ["a.json: actor x1: has nearly the name of actor x0"],
    ),
    (
        "another order of words",
        speakers("Mark Rutte", "Rutte, Mark"),
        ["a.json: actor x1: has nearly the name of actor x0"],
    ),
    (
        "one word with a slip",
        bodies("Defensehere", "Defencehere"),
        ["a.json: organization o1: has nearly the name of organization o0"],
    ),
    (
        "a Cyrillic letter in a Latin name",
        speakers("Mark Rutte", "Маrk Rutte"),
        ["a.json: actor x1: looks like the name of actor x0"],
    ),
    (
        "an invisible character in a name",
        speakers("Mark Rutte", "Mark \u2060Rutte"),
        ["a.json: actor x1: looks like the name of actor x0"],
    ),
    (
        "an alias that looks like a title",
        with_more(
            events=[event("x", name="Summit"), event("y", name="Y", aliases=["Ѕummit"])],
            positions=[position("p", text="Act now."), position("q", text="Ａct now.")],
            sources=[source("s", title="SOS"), source("t", title="ЅОЅ")],
        ),
        [
            "a.json: event y: looks like the name of event x",
            "a.json: position q: looks like the name of position p",
            "a.json: source t: looks like the name of source s",
        ],
    ),
    (
        "names in Cyrillic letters",
        speakers("Владимир Путин", "Дмитрий Медведев"),
        [],
    ),
    (
        "titles that are equal",
        with_more(sources=[source("s", title="Talk"), source("t", title="Talk")]),
        [],
    ),
    ("a first name in common", speakers("Mark Rutte", "Mark Carney"), []),
    ("years that differ", bodies("Summit of 1999", "Conference of 1999"), []),
    (
        "topics alike",
        with_more(topics=[topic("x", name="Arms control"), topic("y", name="Arms controls")]),
        ["a.json: topic y: has nearly the name of topic x"],
    ),
    (
        "the same name in two types",
        with_more(topics=[topic("x", name="NATO")]),
        [],
    ),
    (
        "an alias that is another's id",
        with_more(organizations=[organization("x", name="Alliance", aliases=["nato"])]),
        [
            "a.json: organization x: aliases: 'nato': is also the id of organization nato",
            "a.json: organization x: has nearly the name of organization nato",
        ],
    ),
    (
        "an alias of two words that is another's id",
        with_more(
            actors=[
                actor("bob-jones", name="Robert J."),
                actor("y", name="Y", aliases=["Bob Jones"]),
            ],
            claims=[spoken("bob-jones", "x"), spoken("y", "z")],
        ),
        ["a.json: actor y: aliases: 'bob jones': is also the id of actor bob-jones"],
    ),
    (
        "an alias that is its own id",
        with_more(topics=[topic("arms", name="Weapons", aliases=["Arms"])]),
        [],
    ),
    (
        "an alias that is an id of another type",
        with_more(topics=[topic("x", name="The alliance", aliases=["nato"])]),
        [],
    ),
    (
        "things that nothing refers to",
        with_more(events=[event("e")], positions=[position("p")], sources=[source("s")]),
        [],
    ),
]


@pytest.mark.parametrize(
    ("more", "expected"), [case[1:] for case in WARNINGS], ids=[case[0] for case in WARNINGS]
)
def test_warnings(check, write, tmp_path, more, expected):
    sections = QUIET | more
    result = check(write("a.json", sections))
    assert sorted(warned(result, tmp_path)) == sorted(expected)
    count = sum(map(len, sections.values()))
    assert result.output.splitlines()[-1] == (
        f"{count} {'records are' if count != 1 else 'record is'} valid, with {len(expected)} "
        f"{'warnings' if len(expected) != 1 else 'warning'}"
    )
    assert result.exit_code == 0


CUT = "YAML takes the rest for a comment: put the text in quotes to keep '#1'"


def test_check_and_load_warn_of_values_that_are_cut(check, write, url):
    text = "topics:\n- {id: o, name: O}\n- id: p\n  name: We are #1\n"
    path = write("a.yaml", text)
    warning = f"warning: {path}:4: topic p: name: 'We are': {CUT}"
    assert check(path).output.splitlines()[1:] == [warning, "2 records are valid, with 1 warning"]
    for options, expected in (
        (["--dry-run"], [warning]),
        (["--all", "--dry-run"], [warning]),
        (["--quiet", "--dry-run"], []),
        (["--quiet", "--all", "--dry-run"], []),
        ([], [warning]),
        # the file is unchanged
        ([], []),
        (["--prune"], [warning]),
    ):
        command = ["load", str(path), "--database", url, *options]
        result = CliRunner().invoke(main, command)
        lines = result.stdout.splitlines()
        assert [line for line in lines if line.startswith("warning: ")] == expected, options
        assert result.exit_code == 0


def test_warnings_are_printed_with_errors(check, write):
    source_text = "sources:\n- {id: s, title: S, kind: post, text: We are one}\n"
    claims = "claims:\n- id: c\n  text: C\n  organization: o\n  quote: We are #1\n"
    reports = "  reports: [{source: s, exact: We act}]\n"
    organizations = "organizations: [{id: o, name: O, kind: other}]\n"
    path = write("a.yaml", source_text + claims + reports + organizations)
    assert check(path).output.splitlines()[1:] == [
        f"warning: {path}:7: claim c: quote: 'We are': {CUT}",
        f"error: {path}:8: claim c: reports.0.exact: 'We act': not found in the source's text",
        "1 problem",
    ]


def test_a_warning_has_its_line(check, write, tmp_path):
    organizations = "organizations:\n- {id: o, name: O, kind: other}\n"
    claims = "claims:\n- id: c\n  text: C\n  organization: o\n"
    result = check(write("a.yaml", organizations + claims))
    assert warned(result, tmp_path) == [
        "a.yaml:4: claim c: has no date",
        "a.yaml:4: claim c: has no report",
    ]


ERRORS = [
    (
        "a dangling reference",
        {"claims": [claim("act", actor="anne")]},
        "claim act: actor: 'anne': there is no actor with this id; did you mean 'ann'?",
    ),
    (
        "exact words that are not in the text",
        {"claims": [claim("act", reports=[{"source": "news", "exact": "We act"}])]},
        "claim act: reports.0.exact: 'We act': not found in the source's text",
    ),
    (
        "a circle",
        {"topics": [topic("defence", parent="defence")]},
        "topic defence: parent: circular parents: defence → defence",
    ),
    (
        "a former id of two",
        {"topics": [topic("x", former_ids=["y"]), topic("z", former_ids=["y"])]},
        "topic z: former_ids: 'y': is also used by topic x",
    ),
    (
        "an unknown field",
        {"topics": [topic("x", nmae="y")]},
        "topic x: nmae: 'y': unknown field; did you mean 'name'?",
    ),
]


@pytest.mark.parametrize(
    ("more", "expected"), [case[1:] for case in ERRORS], ids=[case[0] for case in ERRORS]
)
def test_errors(check, write, more, expected):
    path = write("a.json", QUIET | more)
    result = check(path)
    assert f"error: {path}: {expected}" in result.output.splitlines()
    # a check has nothing to change
    assert result.output.splitlines()[-1] == "1 problem"
    assert "records are valid" not in result.output
    assert result.exit_code == 1


def test_all_errors_are_counted(check, write):
    path = write("a.json", {"topics": [topic(f"t{n}", bogus="x") for n in range(150)]})
    result = check(path)
    lines = result.output.splitlines()
    assert [line for line in lines if line.startswith("error: ")] == [
        f"error: {path}: topic t{n}: bogus: 'x': unknown field" for n in range(3)
    ]
    assert lines[-3:] == [
        "  … and 147 more like these",
        "--all lists every error",
        "150 problems",
    ]
    assert result.exit_code == 1


MISTAKES = [
    *(topic(f"t{n}", bogus="x") for n in range(30)),
    *(topic(f"u{n}", name="") for n in range(20)),
    topic("v", parent=7),
]


def test_a_repeated_mistake_hides_no_other(check, write):
    path = write("a.json", {"topics": MISTAKES})
    result = check(path)
    assert result.output.splitlines()[1:] == [
        *(f"error: {path}: topic t{n}: bogus: 'x': unknown field" for n in range(3)),
        "  … and 27 more like these",
        *(f"error: {path}: topic u{n}: name: '': is empty: leave the field out" for n in range(3)),
        "  … and 17 more like these",
        f"error: {path}: topic v: parent: 7: must be text",
        "--all lists every error",
        "51 problems",
    ]


def test_all_errors_are_listed(check, write):
    result = check(write("a.json", {"topics": MISTAKES}), "--all")
    lines = result.output.splitlines()
    assert sum(line.startswith("error: ") for line in lines) == 51
    assert lines[-1] == "51 problems"
    assert result.exit_code == 1


def test_warnings_are_grouped_or_all_listed(check, write, tmp_path):
    claims = [claim(f"c{n:02}", date="2025") for n in range(21)]
    path = write("a.json", QUIET | with_more(claims=claims, actors=[actor("bob", name="Bob")]))
    result = check(path)
    assert result.output.splitlines()[1:] == [
        *(f"warning: {path}: claim c{n:02}: has no report" for n in range(3)),
        "  … and 18 more like these",
        f"warning: {path}: actor bob: makes no claim",
        "--all lists every warning",
        "27 records are valid, with 22 warnings",
    ]
    result = check(path, "--all")
    assert len(warned(result, tmp_path)) == 22
    assert result.output.splitlines()[-1] == "27 records are valid, with 22 warnings"
    assert result.exit_code == 0


def test_references_do_not_resolve_in_the_dataset(check, load, write):
    load(actors=[actor("bob")])
    database.close()
    result = check(write("a.json", {"claims": [claim("c", actor="bob")]}))
    assert "there is no actor with this id" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize("sections", [QUIET, {"actors": [{"id": "x"}]}], ids=["valid", "invalid"])
def test_check_leaves_no_file(check, write, tmp_path, monkeypatch, sections):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    check(write("a.json", sections))
    assert [*temporary.iterdir(), *(tmp_path / "elsewhere").iterdir()] == []


def test_check_without_paths(check):
    result = check()
    assert "Missing argument 'PATHS...'" in result.output
    assert result.exit_code == 2


def test_the_shipped_seeds_are_valid(check):
    result = check(SHIPPED)
    assert "records are valid" in result.output.splitlines()[-1]
    assert result.exit_code == 0


@pytest.mark.slow
def test_many_actors(write):
    names = [f"{first} {chr(97 + n % 26) * 3}{n}" for n in range(800) for first in FIRST_NAMES]
    path = write("a.json", {"actors": [actor(f"a{n}", name=name) for n, name in enumerate(names)]})
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "check", path],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1].startswith("8,000 records are valid, with ")
    assert done.returncode == 0
