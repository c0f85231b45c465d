"""Schemathesis sends valid and invalid requests and finds no contradiction to openapi.yaml.

`schemathesis.toml` has its settings, and `schemathesis_hooks.py` the refusals that are expected.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from models.database.connection import database, disconnect
from models.opening import open_dataset
from tests.conftest import load_shipped
from tests.engines import new_url
from tests.serving import BIN, ROOT, serving

pytestmark = [pytest.mark.slow, pytest.mark.engines]

PATHS = yaml.load((ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)["paths"]
OPERATIONS = {
    f"{method.upper()} {path}"
    for path, item in PATHS.items()
    for method in item.keys() - {"parameters"}
}
# without parameters they have no examples
WITHOUT_EXAMPLES = {"GET /v1", "GET /v1/export", "GET /v1/reconcile"}
# no generated text is a batch of queries as JSON
ONLY_EXAMPLES = {"POST /v1/reconcile"}
# the phases in which an operation accepts a valid request
ACCEPTED = {
    *((operation, "examples") for operation in OPERATIONS - WITHOUT_EXAMPLES),
    *((operation, "coverage") for operation in OPERATIONS - ONLY_EXAMPLES),
    *((operation, "fuzzing") for operation in OPERATIONS - ONLY_EXAMPLES),
}


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a server of the shipped seeds."""
    url = new_url(tmp_path, "shipped", request.param)
    open_dataset(url)
    load_shipped()
    # responses that do not depend on random ids
    database.execute_sql(
        "UPDATE dataset SET id = 'shipped', secret = 'none', version_token = 'one'"
    )
    disconnect()
    with serving(url, tmp_path) as address:
        yield address


def test_schemathesis_finds_no_failure(address: str, tmp_path: Path):
    report = tmp_path / "report.json"
    completed = subprocess.run(
        [
            BIN / "schemathesis",
            "--no-color",
            f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
            *("run", f"{address}/v1/openapi.json", "--checks=all"),
            *("--report=json", f"--report-json-path={report}"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout
    results = json.loads(report.read_text())
    assert {name: phase["status"] for name, phase in results["phases"].items()} == {
        "examples": "success",
        "coverage": "success",
        "fuzzing": "success",
        "stateful": "success",
    }
    accepted = {
        (operation, phase)
        for operation, rates in results["valid_rates"].items()
        for phase, rate in rates.items()
        # all generated ids may be unknown
        if rate["accepted"] or (phase == "fuzzing" and rate["unreachable"])
    }
    assert ACCEPTED - accepted == set()
