"""The commands, tables and links in the docs match the code."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click import Option

from api.cli import main
from api.formats import FORMATS
from api.http.problems import CODES
from models.database.connection import database
from models.records.columns import column_names
from seeds.fields import WordField
from seeds.schemas import SCHEMAS
from tests.api.world import anew
from tests.engines import on_sqlite

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SEED_FORMAT = (ROOT / "docs" / "seed-format.md").read_text()
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/*.md", "bench/*.md")
    for path in ROOT.glob(pattern)
)
CODE_BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
QUESTIONS = [
    re.fullmatch(r"\$ (.*?)\n(.*)", text, re.DOTALL)
    for language, text in CODE_BLOCKS
    if language == "console"
]
BIN = Path(sys.executable).parent


def comparable(value):
    """JSON without the values that differ between two databases."""
    if isinstance(value, dict):
        return {
            name: comparable(item)
            for name, item in value.items()
            if name not in ("dataset", "created_at", "updated_at")
        }
    return [comparable(item) for item in value] if isinstance(value, list) else value


def test_the_readme_asks_nine_questions():
    assert len(QUESTIONS) == 9


@pytest.mark.parametrize(
    ("command", "output"), [question.groups() for question in QUESTIONS], ids=lambda text: text[:60]
)
def test_the_api_answers_a_question_as_the_readme_shows(shipped, command, output):
    program, option, url = shlex.split(command)
    assert (program, option) == ("curl", "-s")
    path = url.removeprefix("http://127.0.0.1:8000")
    assert comparable(shipped.get(path).json) == comparable(json.loads(output))


SEARCHES = re.findall(
    r"^\| `([^|]+)` \|", README.partition("## Search")[2].partition("## ")[0], re.MULTILINE
)


@pytest.mark.parametrize("query", [query for query in SEARCHES if query != "q"])
def test_the_searches_of_the_readme_find_claims(shipped, query):
    total = shipped.get("/v1/claims", query_string={"q": query}).json["meta"]["total"]
    everything = shipped.get("/v1/claims").json["meta"]["total"]
    assert 0 < total < everything


FORMATS_SECTION = README.partition("## Formats\n")[2].partition("\n## ")[0]
FORMAT_COMMANDS = re.findall("^curl .*", FORMATS_SECTION, re.MULTILINE)
TYPES_OF_CONTENT = (
    *("text/csv; charset=utf-8", "text/csv; charset=utf-8", "application/jsonl"),
    *("application/ld+json", "application/atom+xml"),
)


@pytest.mark.parametrize(
    ("command", "content_type"), [*zip(FORMAT_COMMANDS, TYPES_OF_CONTENT, strict=True)]
)
def test_the_commands_of_the_formats_get_records(shipped, command, content_type):
    *options, url = shlex.split(command)
    headers = dict(option.split(": ") for option in options if ": " in option)
    with shipped.get(url.removeprefix("http://127.0.0.1:8000"), headers=headers) as response:
        assert (response.status_code, response.content_type) == (200, content_type)
        assert len(response.data) > 1000


NETWORKS = (ROOT / "docs" / "networks.md").read_text()


@pytest.mark.parametrize("command", re.findall(r"^ *curl .*", NETWORKS, re.MULTILINE))
def test_the_commands_of_the_networks_get_networks(shipped, command):
    url = shlex.split(command)[-1]
    with shipped.get(url.removeprefix("http://127.0.0.1:8000")) as response:
        assert response.status_code == 200
        assert len(response.data) > 1000


def test_the_networks_in_the_docs_are_those_of_the_seeds(shipped):
    query = "nodes=organization&method=subtract"
    network = shipped.get(f"/networks/one-mode?{query}&normalization=average").json
    stances = {
        (position["support"], position["oppose"])
        for community in network["communities"]
        for position in community["positions"]
        if position["id"] == "ukraine-will-join-nato"
    }
    assert {(0, 5), (11, 0)} <= stances
    ends = "a=organization:nato&b=organization:united-states"
    edge = shipped.get(f"/networks/one-mode/edge?{query}&{ends}").json
    row = edge["data"][0]
    assert edge["meta"]["weight"] == -4
    assert (row["a"]["support"]["count"], row["b"]["oppose"]["count"]) == (8, 1)


def test_the_parameters_of_networks_are_in_the_docs():
    specified = yaml.safe_load((ROOT / "openapi.yaml").read_text())["paths"]
    claims = {parameter["name"] for parameter in specified["/v1/claims"]["get"]["parameters"]}
    for path in ("one-mode", "two-mode"):
        for parameter in specified[f"/v1/networks/{path}"]["get"]["parameters"]:
            name = parameter["name"]
            assert name in claims or f"`{name}`" in NETWORKS, name


def test_the_readme_lists_the_formats():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", FORMATS_SECTION, re.MULTILINE)
    assert [(name, re.findall("`(.*?)`", media_types)) for name, media_types in rows] == [
        (format.name, [format.media_type.partition(";")[0], *format.also_accepted])
        for format in FORMATS
    ]


def test_the_columns_in_the_docs_are_those_of_tables():
    page = (ROOT / "docs" / "formats.md").read_text()
    rows = re.findall(r"^\| (\w+)s \| (id, .*|claim, .*) \|$", page, re.MULTILINE)
    assert {type: tuple(columns.split(", ")) for type, columns in rows} == {
        type: column_names(type) for type in SCHEMAS
    }


def test_the_seed_example_has_every_type_and_its_commands_work(tmp_path):
    example = next(text for language, text in CODE_BLOCKS if language == "yaml")
    assert {f"{type}s" for type in SCHEMAS} == yaml.safe_load(example).keys()
    (tmp_path / "lighthouse.yaml").write_text(example)
    commands = next(
        text for language, text in CODE_BLOCKS if language == "sh" and "lighthouse" in text
    )
    output = ""
    for command in commands.strip().splitlines():
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/claimbase"
        process = subprocess.run(
            [BIN / "claimbase", *arguments],
            cwd=tmp_path,
            env={**os.environ, "DATABASE_URL": "sqlite:///claimbase.db"},
            capture_output=True,
            text=True,
            check=True,
        )
        output += process.stdout
    assert re.search(r"^8 .*records.* 0 warnings$", output, re.MULTILINE)
    assert (tmp_path / "backup" / "export.jsonl").read_text().count("\n") == 9


RECORDS = {
    "actors": "mark-rutte",
    "organizations": "nato",
    "events": "hague-summit-2025",
    "topics": "defence",
    "positions": "ukraine-will-join-nato",
    "sources": "defensehere-2025-05-14-post",
    "claims": "rutte-antalya-no-membership-promise",
}


def relation_routes():
    """The rows of the README's table of relations: (route, statements)."""
    rows = re.findall(r"^\| (`/v1/\w+/\{id\}.*?) \| (\d) \|$", README, re.MULTILINE)
    for routes, statements in rows:
        first_route, *suffixes = re.findall(r"`(.*?)`", routes)
        record_path = first_route.rpartition("/")[0]
        for route in (first_route, *(record_path + suffix for suffix in suffixes)):
            yield route, int(statements)


@on_sqlite
@pytest.mark.parametrize(("route", "statements"), list(relation_routes()))
def test_a_relation_takes_the_statements_of_the_readme(shipped, route, statements):
    traced = []
    shipped.get("/v1")
    database.connection().set_trace_callback(traced.append)
    path = route.replace("{id}", RECORDS[route.split("/")[2]])
    # the page holds the whole list, so its length is the total
    with anew():
        assert shipped.get(f"{path}?limit=200").status_code == 200
    database.connection().set_trace_callback(None)
    queries = [sql for sql in traced if sql.startswith(("SELECT", "\nWITH"))]
    assert len(queries) == statements


def test_the_readme_lists_every_relation(app):
    rules = {str(rule).replace("<id>", "{id}") for rule in app.url_map.iter_rules()}
    nested = {
        rule
        for rule in rules
        if rule.startswith("/v1/") and rule.count("/") == 4 and not rule.endswith("/record")
    }
    assert {route for route, _ in relation_routes()} == {rule for rule in nested if "{id}" in rule}


def test_the_make_targets_in_the_docs_exist():
    makefile = (ROOT / "Makefile").read_text()
    docs = "\n".join((ROOT / page).read_text() for page in PAGES)
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", docs, re.MULTILINE))
    assert "run" in targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES)
def test_the_links_between_files_lead_somewhere(page):
    file = ROOT / page
    for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target


def test_the_readme_lists_the_codes_of_problems():
    table = "".join(re.findall(r"^\| \d{3} \|.*$", README, re.MULTILINE))
    assert set(re.findall(r"`([a-z-]+)`", table)) == CODES.keys()


def seed_row(section):
    """The row of a section in the table of fields."""
    return next(line for line in SEED_FORMAT.splitlines() if line.startswith(f"| {section} |"))


@pytest.mark.parametrize("type", SCHEMAS)
def test_the_seed_format_has_every_field_and_word(type):
    row = seed_row(f"{type}s")
    for name, field in SCHEMAS[type].fields.items():
        assert re.search(rf"\b{name}\b", row + seed_row("all")), name
        if isinstance(field, WordField):
            words = re.search(rf"\b{name}\**\W*\(([^()]*)\)", row)[1]
            assert set(re.findall(r"[a-z-]+", words)) - {"the", "default"} == set(field.words)


@pytest.mark.parametrize("command", ["load", "check", "export"])
def test_the_seed_format_has_every_option(command):
    parameters = main.commands[command].params
    options = {parameter.opts[0] for parameter in parameters if isinstance(parameter, Option)}
    assert options <= set(re.findall(r"^\| `(--[a-z-]+)", SEED_FORMAT, re.MULTILINE))
