"""A PostgreSQL cluster of patroni, etcd and haproxy, by the files of docs/scaling.md."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import yaml

from torture.postgres import other_user
from torture.servers import ROOT, free_port

POSTGRES_PROGRAMS = Path("/usr/lib/postgresql")
# of Debian's packages
PROGRAMS = {"patroni": "patroni", "etcd-server": "etcd", "haproxy": "haproxy"}
SEARCH_PATH = "/usr/bin:/usr/sbin:/bin:/sbin"
PORTS = ("2379", "2380", "5000", "5001", "5432", "8008")
# of the machines in the docs: each has a loopback address here
NODES = {"db1": "127.0.0.2", "db2": "127.0.0.3"}
ADDRESSES = {
    "10.0.0.1": NODES["db1"],
    "10.0.0.2": NODES["db2"],
    "10.0.0.3": "127.0.0.1",
    "10.0.0.0/24": "127.0.0.0/8",
}
# seconds
START_TIMEOUT = 90.0
POLL = 0.05


class ClusterError(Exception):
    """A server of the cluster does not do its work."""


def lacking_packages(path: str = SEARCH_PATH, postgres: Path = POSTGRES_PROGRAMS) -> list[str]:
    """The packages of Debian that are not installed."""
    lacking = [
        package for package, program in PROGRAMS.items() if not shutil.which(program, path=path)
    ]
    return lacking if [*postgres.glob("*/bin/initdb")] else ["postgresql", *lacking]


def documented(title: str) -> str:
    """The code block of docs/scaling.md with this title in its first line."""
    docs = (ROOT / "docs" / "scaling.md").read_text()
    (text,) = re.findall(rf"```\w+\n(?:#|--) {re.escape(title)}\n(.*?)```", docs, re.DOTALL)
    return str(text)


def replaced(text: str, replacements: Mapping[str, str]) -> str:
    """The text with all replacements made at once."""
    longest_first = sorted(replacements, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return re.sub(pattern, lambda match: replacements[match[0]], text)


class Files:
    """The documented files, with ports and folders of this machine."""

    def __init__(self, folder: Path, postgres: Path, *, synchronous: bool = True):
        """`postgres`: the folder of PostgreSQL's programs."""
        self.folder = folder
        self.replacements = {
            **ADDRESSES,
            **{port: str(free_port()) for port in PORTS},
            "/usr/lib/postgresql/15/bin": str(postgres),
            "/var/lib/etcd/claimbase": str(folder / "etcd"),
        }
        if not synchronous:
            self.replacements["synchronous_mode: true"] = "synchronous_mode: false"

    def text(self, title: str, own: Mapping[str, str] | None = None) -> str:
        return replaced(documented(title), {**self.replacements, **(own or {})})

    def port(self, documented_port: str) -> str:
        return self.replacements[documented_port]

    def etcd(self) -> dict[str, str]:
        """The environment of etcd."""
        return dict(re.findall("^(ETCD_.*?)=(.*)$", self.text("/etc/default/etcd"), re.MULTILINE))

    def patroni(self, node: str) -> str:
        """The configuration of a node; the docs have the one of db1."""
        folder = self.folder / node
        own = {
            "/var/lib/postgresql/15/claimbase": f"{folder}/data",
            "/var/lib/postgresql/pgpass": f"{folder}/pgpass",
            "/var/run/postgresql": f"{folder}/socket",
        }
        if node != "db1":
            own |= {"name: db1": f"name: {node}", "10.0.0.1": NODES[node]}
        return self.text("/etc/patroni/config.yml", own)

    def haproxy(self) -> str:
        return self.text("/etc/haproxy/haproxy.cfg")

    def statements(self) -> list[str]:
        """The SQL that makes the database."""
        return [sql.strip() for sql in self.text("psql on the primary").split(";") if sql.strip()]

    def claimbase(self) -> dict[str, str]:
        """The environment of Claimbase."""
        text = self.text("on each machine of Claimbase")
        return dict(re.findall("^export (.*?)='(.*)'$", text, re.MULTILINE))


class Program:
    """A program in the background, as another user where this one is root."""

    def __init__(self, folder: Path, name: str, command: list[str], **environment: str):
        self.log = folder / f"{name}.log"
        self.command = command
        self.environment = {"PATH": SEARCH_PATH, "LC_ALL": "C.UTF-8", **environment}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [str(shutil.which(self.command[0], path=SEARCH_PATH)), *self.command[1:]],
                cwd="/", env=self.environment, stdout=log, stderr=log, start_new_session=True,
                **other_user(),
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it, and the programs that it runs."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + START_TIMEOUT
        while not condition():
            if time.monotonic() > end or not self.process or self.process.poll() is not None:
                last = self.log.read_text()[-2000:]
                raise ClusterError(f"{self.log.stem} is not ready; its log ends:\n{last}")
            time.sleep(POLL)


class Node(Program):
    """Patroni and its PostgreSQL."""

    def __init__(self, files: Files, name: str):
        path = files.folder / f"{name}.yml"
        path.write_text(files.patroni(name))
        super().__init__(files.folder, name, ["patroni", str(path)])
        self.configuration: dict[str, Any] = yaml.safe_load(path.read_text())
        self.data = Path(self.configuration["postgresql"]["data_dir"])

    def is_healthy_as(self, role: str) -> bool:
        """Whether Patroni says that the node has this role: primary, replica, synchronous …"""
        with suppress(OSError):
            address = self.configuration["restapi"]["connect_address"]
            with urlopen(f"http://{address}/{role}", timeout=1):
                return True
        return False

    def follows(self, primary: Node, role: str = "replica") -> bool:
        """Whether the node, in its role, receives all from this primary."""
        with suppress(psycopg.OperationalError):
            states = primary.execute("SELECT state FROM pg_stat_replication")
            return states == [("streaming",)] and self.is_healthy_as(role)
        return False

    def execute(self, sql: str) -> list[tuple]:
        """Run a statement as the superuser."""
        settings = self.configuration["postgresql"]
        superuser = settings["authentication"]["superuser"]
        host, port = settings["connect_address"].split(":")
        with psycopg.connect(
            host=host, port=port, dbname="postgres", autocommit=True,
            user=superuser["username"], password=superuser["password"],
        ) as connection:  # fmt: skip
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def processes(self) -> list[int]:
        """The processes of PostgreSQL: they work in the folder of the data."""
        pids = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (folder / "cwd").readlink() == self.data:
                    pids.append(int(folder.name))
        return pids

    def stop_replication(self) -> None:
        """Let the primary send its standby nothing more, as a network that hangs."""
        for (pid,) in self.execute("SELECT pid FROM pg_stat_replication"):
            os.kill(pid, signal.SIGSTOP)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to Patroni and PostgreSQL."""
        patroni = [self.process.pid] if self.process else []
        for pid in [*patroni, *self.processes()]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def freeze(self) -> None:
        """Let nothing answer, and no connection end, as a machine that is cut off."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """Kill all at once; the system then ends the connections."""
        super().kill()
        while pids := self.processes():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(POLL)


class Cluster:
    """etcd, two nodes and haproxy."""

    def __init__(self, folder: Path, *, synchronous: bool):
        self.synchronous = synchronous
        (*_, postgres) = sorted(POSTGRES_PROGRAMS.glob("*/bin"))
        self.files = files = Files(folder, postgres, synchronous=synchronous)
        self.etcd = Program(folder, "etcd", ["etcd"], **files.etcd())
        self.db1, self.db2 = (Node(files, name) for name in NODES)
        path = folder / "haproxy.cfg"
        path.write_text(files.haproxy())
        self.haproxy = Program(folder, "haproxy", ["haproxy", "-db", "-f", str(path)])

    def start(self) -> None:
        """Start all, with db1 as the primary, and make the database."""
        self.etcd.start()
        self.db1.start()
        self.db1.wait_until(lambda: self.db1.is_healthy_as("primary"))
        for sql in self.files.statements():
            self.db1.execute(sql)
        self.db2.start()
        role = "synchronous" if self.synchronous else "replica"
        self.db2.wait_until(lambda: self.db2.follows(self.db1, role))
        self.haproxy.start()

    def kill(self) -> None:
        for program in (self.haproxy, self.db1, self.db2, self.etcd):
            program.kill()


@contextmanager
def patroni_cluster(*, synchronous: bool = True) -> Iterator[Cluster]:
    """A running cluster of its own."""
    folder = Path(tempfile.mkdtemp(prefix="claimbase-patroni-"))
    if owner := other_user():
        shutil.chown(folder, owner["user"], owner["group"])
    try:
        cluster = Cluster(folder, synchronous=synchronous)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.kill()
    finally:
        shutil.rmtree(folder)
