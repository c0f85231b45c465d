"""schemathesis asks what openapi.yaml allows and what it does not, and finds nothing wrong.

`schemathesis.toml` says how it does, and `rightful.py` what is no fault.
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
OPERATIONS = {f"GET {path}" for path in PATHS}
# when each operation must have taken what is right; those without parameters have no examples
EXPECTED = {
    *((operation, "examples") for operation in OPERATIONS - {"GET /v1", "GET /v1/export"}),
    *((operation, "coverage") for operation in OPERATIONS),
    *((operation, "fuzzing") for operation in OPERATIONS),
}


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a server of the shipped seeds."""
    url = new_url(tmp_path, "shipped", request.param)
    open_dataset(url)
    load_shipped()
    # the same answers each time
    database.execute_sql("UPDATE dataset SET id = 'shipped', secret = 'none', state = 'one'")
    disconnect()
    with serving(url, tmp_path) as address:
        yield address


def test_nothing_is_wrong(address: str, tmp_path: Path):
    report = tmp_path / "report.json"
    done = subprocess.run(
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
    assert done.returncode == 0, done.stdout
    found = json.loads(report.read_text())
    assert {name: one["status"] for name, one in found["phases"].items()} == {
        "examples": "success",
        "coverage": "success",
        "fuzzing": "success",
        "stateful": "success",
    }
    took = {
        (operation, phase)
        for operation, rates in found["valid_rates"].items()
        for phase, rate in rates.items()
        # ids that are made up may be unreachable, every one
        if rate["accepted"] or (phase == "fuzzing" and rate["unreachable"])
    }
    assert EXPECTED - took == set()
