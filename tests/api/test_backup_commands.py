"""`claimbase backup` and `claimbase restore`, beside a server and loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from api.cli import main
from models.database.connection import disconnect
from models.dataset import read_dataset
from models.opening import open_dataset
from tests.conftest import load_shipped
from tests.engines import ENGINE, on_sqlite
from tests.serving import serving

MAIN = "from api.cli import main; main()"


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    disconnect()
    return result.exit_code, result.output


@pytest.fixture
def shipped(url: str) -> str:
    open_dataset(url)
    load_shipped()
    disconnect()
    return url


def get(address: str, path: str) -> dict:
    with urlopen(f"{address}{path}") as response:
        return json.load(response)


@on_sqlite
def test_a_server_reads_through_a_backup_and_a_restore(shipped: str, tmp_path: Path):
    file, new = tmp_path / "b.db", tmp_path / "new.json"
    new.write_text('{"actors": [{"id": "new", "name": "New"}]}')
    open_dataset(shipped)
    digest = read_dataset().digest
    with serving(shipped, tmp_path) as address:
        name = get(address, "/v1/actors")["meta"]["dataset"]
        assert run("backup", file, "--database", shipped) == (
            0,
            f"copying: {file.stat().st_size // 4096} pages\n"
            f"287 records of version 1 are in {file}\ndigest {digest}\n",
        )
        assert run("load", "--quiet", new, "--database", shipped) == (0, "")
        later = get(address, "/v1/actors?id=new")["meta"]
        assert later["total"] == 1
        status, output = run("restore", file, "--database", shipped)
        assert (status, output.splitlines()[1:]) == (
            0, ["287 records of version 1 are restored", f"digest {digest}"],
        )  # fmt: skip
        assert get(address, "/v1/actors?id=new")["meta"]["total"] == 0
        assert get(address, "/v1/actors")["meta"]["dataset"] == name
        # followers of what is lost begin anew
        with pytest.raises(OSError, match="HTTP Error 410: "):
            get(address, f"/v1/changes?since={later['dataset']}")


@on_sqlite
def test_backups_while_loads_commit(shipped: str, tmp_path: Path):
    """Each backup is one version of the dataset, and loads back to its digest."""
    for n in range(4):
        records = [{"id": f"n{n}-{m}", "name": "New"} for m in range(500)]
        (tmp_path / f"{n}.json").write_text(json.dumps({"actors": records}))
    script = "\n".join(
        f'"{sys.executable}" -c "{MAIN}" load --quiet {tmp_path}/{n}.json' for n in range(4)
    )
    environment = {**os.environ, "CLAIMBASE_DATABASE_URL": shipped}
    with subprocess.Popen(["sh", "-ec", script], env=environment) as loads:
        records = set()
        while loads.poll() is None:
            status, output = run("backup", tmp_path / "b.db", "--database", shipped)
            assert status == 0, output
            records.add(int(output.splitlines()[1].split()[0].replace(",", "")))
    assert loads.returncode == 0
    assert records <= {287 + 500 * n for n in range(5)}
    assert run("restore", tmp_path / "b.db", "--database", f"sqlite:///{tmp_path}/c.db")[0] == 0


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_refusals(url: str, tmp_path: Path, command: str):
    file = tmp_path / "b.db"
    if ENGINE == "postgres":
        file.touch()
        program = {"backup": "pg_dump", "restore": "pg_restore"}[command]
        expected = (
            f"backup and restore copy SQLite files: use {program} for PostgreSQL"
            " (docs/databases.md)\n"
        )
    elif command == "backup":
        expected = f"there is no dataset at '{url}'\n"
    else:
        expected = f"{file} is no file\n"
    assert run(command, file, "--database", url) == (1, expected)
    assert run(command, tmp_path)[0] == 2
