"""pgbouncer, which gives each transaction any of the server's connections."""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from models.database.connection import database, disconnect, fetch_all
from models.opening import open_dataset
from models.reading import reading
from seeds.loader import load
from seeds.removal import remove
from tests.engines import created
from tests.serving import MAX_START_TIME, free_port

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed"),
]

CONFIGURATION = """
[databases]
{dbname} = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
server_round_robin = 1
min_pool_size = 3
default_pool_size = 3
"""


@pytest.fixture
def pooled_url(tmp_path: Path) -> Iterator[str]:
    """The URL of a new database behind pgbouncer, whose connections take turns."""
    params = conninfo_to_dict(created())
    names = [name for name in ("host", "port", "user", "password") if params.get(name)]
    server = " ".join(f"{name}={params[name]}" for name in names)
    port = free_port()
    configuration = tmp_path / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(listen_port=port, dbname=params["dbname"], server=server)
    )
    # it refuses to run as root, and another user may not open the server's socket
    folder = Path(str(params["host"]))
    owner = folder.owner() if folder.is_dir() else "nobody"
    user = ["-u", owner] if getpass.getuser() == "root" else []
    assert PGBOUNCER
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen([PGBOUNCER, *user, configuration], stderr=output)
    url = f"postgresql://{params['user']}@127.0.0.1:{port}/{params['dbname']}"
    try:
        wait_for_connection(process, url, log)
        open_two_connections(url)
        yield url
    finally:
        disconnect()
        process.terminate()
        process.wait()


def wait_for_connection(process: subprocess.Popen, url: str, log: Path) -> None:
    end = time.monotonic() + MAX_START_TIME
    while time.monotonic() < end and process.poll() is None:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    pytest.fail(f"pgbouncer did not start: {log.read_text()}")


def open_two_connections(url: str) -> None:
    """Have pgbouncer open two connections, as two transactions at once need."""
    with psycopg.connect(url) as first, psycopg.connect(url) as second:
        for connection in (first, second):
            connection.execute("SELECT 1")


def connections_used() -> set[int]:
    """The server's connections that serve some statements of this client."""
    return {fetch_all("SELECT pg_backend_pid()")[0][0] for _ in range(6)}


def test_loads_and_reads_work_behind_a_pooler(pooled_url: str, tmp_path: Path) -> None:
    open_dataset(pooled_url)
    assert len(connections_used()) > 1
    path = tmp_path / "seeds.json"
    for number in range(3):
        actors = [{"id": f"a{n}", "name": f"Name {n} of {number}"} for n in range(3)]
        path.write_text(json.dumps({"actors": actors}))
        plan = load([path])
        assert (plan.added.count, plan.changed.count) == ((0, 3) if number else (3, 0))
    assert remove("actor", ["a0"]).removed.count == 1
    for _ in range(12):
        with reading() as dataset:
            assert dataset.version == 4
            sql = f"SELECT name FROM actor WHERE key IN {database.in_list} ORDER BY name"
            assert fetch_all(sql, database.pack([2, 3])) == [("Name 1 of 2",), ("Name 2 of 2",)]
