"""The commands in the docs do what the docs say."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from models.base import database
from seeds.schemas import SCHEMAS
from tests.api.world import anew
from tests.engines import on_sqlite

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
QUESTIONS = [
    re.fullmatch(r"\$ (.*?)\n(.*)", text, re.DOTALL) for kind, text in BLOCKS if kind == "console"
]
BIN = Path(sys.executable).parent


def steady(value):
    """JSON without what differs from one database to the next."""
    if isinstance(value, dict):
        return {
            name: steady(one)
            for name, one in value.items()
            if name not in ("dataset", "created_at", "updated_at")
        }
    return [steady(one) for one in value] if isinstance(value, list) else value


def test_five_questions_are_asked():
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize(
    ("command", "output"), [question.groups() for question in QUESTIONS], ids=lambda text: text[:60]
)
def test_a_question_is_answered_as_the_readme_shows(shipped, command, output):
    curl, silent, url = shlex.split(command)
    assert (curl, silent) == ("curl", "-s")
    path = url.removeprefix("http://127.0.0.1:8000")
    assert steady(shipped.get(path).json) == steady(json.loads(output))


def test_the_seed_example_is_whole_and_its_commands_work(tmp_path):
    example = next(text for kind, text in BLOCKS if kind == "yaml")
    assert {f"{type}s" for type in SCHEMAS} == yaml.safe_load(example).keys()
    (tmp_path / "lighthouse.yaml").write_text(example)
    commands = next(text for kind, text in BLOCKS if kind == "sh" and "lighthouse" in text)
    printed = ""
    for command in commands.strip().splitlines():
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/claimbase"
        done = subprocess.run(
            [BIN / "claimbase", *arguments],
            cwd=tmp_path,
            env={**os.environ, "DATABASE_URL": "sqlite:///claimbase.db"},
            capture_output=True,
            text=True,
            check=True,
        )
        printed += done.stdout
    assert "8 records are right, with 0 warnings" in printed
    assert (tmp_path / "backup" / "export.jsonl").read_text().count("\n") == 8


RECORDS = {
    "actors": "mark-rutte",
    "organizations": "nato",
    "events": "hague-summit-2025",
    "topics": "defence",
    "positions": "ukraine-will-join-nato",
    "sources": "defensehere-2025-05-14-post",
    "claims": "rutte-antalya-no-membership-promise",
}


def routes():
    """The rows of the table of relations: (route, statements)."""
    for row in re.findall(r"^\| (`/v1/\w+/\{id\}.*?) \| (\d) \|$", README, re.MULTILINE):
        first, *others = re.findall(r"`(.*?)`", row[0])
        base = first.rpartition("/")[0]
        yield from ((route, int(row[1])) for route in (first, *(base + one for one in others)))


@on_sqlite
@pytest.mark.parametrize(("route", "statements"), list(routes()))
def test_a_relation_costs_what_the_readme_says(shipped, route, statements):
    asked = []
    shipped.get("/v1")
    database.connection().set_trace_callback(asked.append)
    path = route.replace("{id}", RECORDS[route.split("/")[2]])
    # a page that holds them all: its length is the total
    with anew():
        assert shipped.get(f"{path}?limit=200").status_code == 200
    database.connection().set_trace_callback(None)
    assert len([one for one in asked if one.startswith(("SELECT", "\nWITH"))]) == statements


def test_every_relation_stands_in_the_readme(app):
    there = {str(rule).replace("<id>", "{id}") for rule in app.url_map.iter_rules()}
    related = {rule for rule in there if rule.startswith("/v1/") and rule.count("/") == 4}
    assert {route for route, _ in routes()} == {one for one in related if "{id}" in one}


def test_the_make_targets_that_the_docs_name_are_there():
    makefile = (ROOT / "Makefile").read_text()
    docs = README + (ROOT / "CONTRIBUTING.md").read_text()
    for target in set(re.findall(r"`?make ([a-z-]+)", docs)) - {"and"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_codes_of_problems_are_listed():
    from api.http.problems import CODES

    table = "".join(re.findall(r"^\| \d{3} \|.*$", README, re.MULTILINE))
    assert set(re.findall(r"`([a-z-]+)`", table)) == CODES.keys()


def test_the_fields_of_seeds_are_documented():
    page = (ROOT / "docs" / "seed-format.md").read_text()
    for type, schema in SCHEMAS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {type}s |"))
        everywhere = next(line for line in page.splitlines() if line.startswith("| all |"))
        for name in schema.fields:
            assert re.search(rf"\b{name}\b", row + everywhere), (type, name)
