"""A format is one module: nothing else of the API names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.formats import FORMATS
from api.formats.base import Format
from tests.serving import ROOT

# the export is JSON Lines, whatever the formats of lists are
EXCEPTIONS = {("JSONLinesFormat", "api/v1/changes.py")}


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_a_format_is_named_in_its_module_and_in_the_registry(format: Format):
    name = type(format).__name__
    registry = Path("api/formats/__init__.py")
    naming = {
        str(path.relative_to(ROOT))
        for package in ("api", "models")
        for path in (ROOT / package).rglob("*.py")
        if name in path.read_text() and path.relative_to(ROOT) != registry
    }
    modules = {file for file in naming if (name, file) not in EXCEPTIONS}
    (module,) = modules
    assert Path(module).parent == registry.parent


NEW_FORMAT = """
import sys
import api.formats
from api.formats.base import StreamFormat

class IdsFormat(StreamFormat):
    name = "ids"
    media_type = "text/plain"

    def chunks(self, stream):
        for records in stream.batches:
            yield "".join(record["id"] + " " for record in records).encode()

api.formats.FORMATS = (*api.formats.FORMATS, IdsFormat())

from api import create_app
from models.opening import open_dataset

client = create_app(DATABASE_URL=sys.argv[1]).test_client()
open_dataset(sys.argv[1])
print(client.get("/v1/claims?id=spend&id=gas&format=ids").text)
print(client.get("/v1/topics?sort=id", headers={"Accept": "text/plain"}).text)
print(client.get("/v1/claims?format=idz").json["errors"][0]["suggestion"])
print(client.get("/v1/claims?format=ids&limit=1").json["errors"][0]["parameter"])
(parameter,) = [
    parameter
    for parameter in client.get("/v1/openapi.json").json["paths"]["/v1/claims"]["get"]["parameters"]
    if parameter["name"] == "format"
]
print("`ids` text/plain" in parameter["description"])
"""


def test_a_new_format_needs_its_module_and_its_line_alone(world_url: str):
    completed = subprocess.run(
        [sys.executable, "-c", NEW_FORMAT, world_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    assert completed.stdout.splitlines() == [
        "spend gas ",
        "defence energy procurement spending ",
        "ids",
        "limit",
        "True",
    ]
