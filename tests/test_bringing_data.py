"""docs/bringing-data.md: its commands run, and it has all columns and options."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click import Option

from api.import_commands import import_csv_command
from models.opening import open_dataset
from seeds.imports.csv_columns import COLUMNS
from tests.test_docs import comparable

PAGE = (Path(__file__).parents[1] / "docs" / "bringing-data.md").read_text()
CLAIMBASE = Path(sys.executable).parent / "claimbase"
# the sections that go from a file to an answer, with the file that each saves
SECTIONS = [
    (section, re.search(r"Save (?:it|this example) as `(.*?)`", section)[1])
    for section in PAGE.split("\n## ")
    if "```sh" in section
]


def block(section: str, language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)[1]


@pytest.mark.parametrize(("section", "name"), SECTIONS, ids=[name for _, name in SECTIONS])
def test_a_file_leads_to_an_answer(app, tmp_path, section, name):
    (tmp_path / name).write_text(block(section, Path(name).suffix[1:]))
    output = ""
    for command in block(section, "sh").splitlines():
        program, *arguments = shlex.split(command)
        assert program == "claimbase"
        if arguments == ["serve"]:
            continue
        process = subprocess.run(
            [CLAIMBASE, *arguments],
            cwd=tmp_path,
            env={**os.environ, "CLAIMBASE_DATABASE_URL": "sqlite:///claimbase.db"},
            capture_output=True,
            text=True,
            check=True,
        )
        output += process.stdout
    assert output.startswith(block(section, "text"))
    open_dataset(f"sqlite:///{tmp_path}/claimbase.db")
    command, expected = re.fullmatch(
        r"\$ (.*?)\n(.*)", block(section, "console"), re.DOTALL
    ).groups()
    path = shlex.split(command)[-1].removeprefix("http://127.0.0.1:8000")
    assert comparable(app.test_client().get(path).json) == comparable(json.loads(expected))


def test_all_columns_are_in_the_docs():
    cells = re.findall(r"^\| ([a-z_, ]+) \|", PAGE, re.MULTILINE)
    assert set(COLUMNS) <= set(", ".join(cells).split(", "))


def test_all_options_are_in_the_docs():
    options = {
        parameter.opts[0]
        for parameter in import_csv_command.params
        if isinstance(parameter, Option)
    }
    assert options == set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))
