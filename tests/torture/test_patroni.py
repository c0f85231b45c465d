"""The failover by Patroni: the files of docs/scaling.md, and what is over its bounds."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from torture.clients import over_bounds
from torture.cluster import (
    POSTGRES_PROGRAMS,
    ClusterError,
    Files,
    Node,
    Program,
    lacking_packages,
    replaced,
)
from torture.patroni import BOUNDS, bounds

FIGURES = {
    "seconds without reads": 1.2,
    "seconds without loads": 21.5,
    "acknowledged loads lost": 0,
    "reads of an older dataset": 0,
}


@pytest.mark.parametrize(
    ("changed", "frozen", "faults"),
    [
        ({}, False, []),
        ({"seconds without reads": 5.1}, False, ["seconds without reads: 5.1, more than 5"]),
        ({"seconds without reads": 9.9}, True, []),
        ({"seconds without reads": 10.1}, True, ["seconds without reads: 10.1, more than 10"]),
        ({"seconds without loads": 31.0}, True, ["seconds without loads: 31.0, more than 30"]),
        ({"acknowledged loads lost": 2}, False, ["acknowledged loads lost: 2, more than 0"]),
        ({"reads of an older dataset": 1}, True, ["reads of an older dataset: 1, more than 0"]),
    ],
)
def test_faults(changed: dict, frozen: bool, faults: list[str]) -> None:
    assert over_bounds({**FIGURES, **changed}, bounds(frozen=frozen)) == faults


def make_program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("programs", "lacking"),
    [
        ([], ["postgresql", "patroni", "etcd-server", "haproxy"]),
        (["postgres/15/bin/initdb", "bin/etcd"], ["patroni", "haproxy"]),
        (["bin/patroni", "bin/etcd", "sbin/haproxy"], ["postgresql"]),
        (["postgres/15/bin/initdb", "bin/patroni", "bin/etcd", "sbin/haproxy"], []),
    ],
)
def test_packages_that_lack(tmp_path: Path, programs: list[str], lacking: list[str]) -> None:
    for program in programs:
        make_program(tmp_path / program)
    path = os.pathsep.join((f"{tmp_path}/bin", f"{tmp_path}/sbin"))
    assert lacking_packages(path, tmp_path / "postgres") == lacking


def test_replacements_are_made_at_once() -> None:
    assert replaced("a ab b", {"a": "b", "ab": "c", "b": "a"}) == "b c a"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, POSTGRES_PROGRAMS / "15" / "bin")


def test_no_address_port_or_folder_of_the_docs_is_left(files: Files) -> None:
    assert "ETCD_NAME" in files.etcd()
    texts = [*map(files.patroni, ("db1", "db2")), files.haproxy(), *files.etcd().values()]
    texts += files.claimbase().values()
    for text in texts:
        left = set(re.findall(r"10\.0\.0\.\d+|\b(?:2379|2380|5000|5001|5432|8008)\b|/var\S+", text))
        assert left == set()


def test_the_nodes_differ_in_their_names_addresses_and_folders(files: Files) -> None:
    db1, db2 = (files.patroni(name) for name in ("db1", "db2"))
    assert "127.0.0.3" not in db1
    assert "127.0.0.2" not in db2
    assert db2 == db1.replace("db1", "db2").replace("127.0.0.2", "127.0.0.3")


@pytest.mark.parametrize("synchronous", [True, False])
def test_the_settings_of_patroni(tmp_path: Path, synchronous: bool) -> None:
    files = Files(tmp_path, POSTGRES_PROGRAMS / "15" / "bin", synchronous=synchronous)
    settings: dict[str, Any] = yaml.safe_load(files.patroni("db1"))["bootstrap"]["dcs"]
    assert settings["synchronous_mode"] is synchronous
    # Patroni's own rule
    assert settings["ttl"] >= settings["loop_wait"] + 2 * settings["retry_timeout"]
    # and time for a promotion
    assert BOUNDS["seconds without loads"] >= settings["ttl"] + 10


def test_haproxy_checks_both_nodes_for_both_ports(files: Files) -> None:
    text = files.haproxy()
    assert re.findall(r"httpchk OPTIONS (/\S+)", text) == ["/primary", "/read-only"]
    address = rf"server (\S+) (\S+):{files.port('5432')} port {files.port('8008')}"
    assert re.findall(address, text) == 2 * [("db1", "127.0.0.2"), ("db2", "127.0.0.3")]
    assert set(re.findall("bind (.*)", text)) == {
        f"127.0.0.1:{files.port('5000')}",
        f"127.0.0.1:{files.port('5001')}",
    }


def test_the_database_and_its_urls(files: Files) -> None:
    assert [statement.split()[0] for statement in files.statements()] == [
        *("CREATE", "GRANT", "CREATE"),
    ]
    account = "postgresql://claimbase:change-me@127.0.0.1"
    assert files.claimbase() == {
        "CLAIMBASE_DATABASE_URL": f"{account}:{files.port('5000')}/claims",
        "CLAIMBASE_READ_URL": f"{account}:{files.port('5001')}/claims",
    }


def test_a_program_that_ends_is_told_with_its_log(tmp_path: Path) -> None:
    program = Program(tmp_path, "list", ["ls", "/nothing"])
    program.start()
    with pytest.raises(ClusterError, match=r"list is not ready; its log ends:\n.*/nothing"):
        program.wait_until(lambda: False)
    program.kill()


def state(pid: int) -> str:
    """The state of a process: S for sleeping, T for stopped …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_machine_fails_with_its_postgres(files: Files) -> None:
    node = Node(files, "db1")
    node.command = ["sleep", "60"]
    node.data.mkdir(parents=True)
    with subprocess.Popen(["sleep", "60"], cwd=node.data) as postgres:
        node.start()
        assert node.process
        pids = (node.process.pid, postgres.pid)
        node.freeze()
        # a stopped process may first have to leave the processor
        node.wait_until(lambda: [*map(state, pids)] == ["T", "T"])
        node.thaw()
        node.wait_until(lambda: [*map(state, pids)] == ["S", "S"])
        node.kill()
        assert postgres.wait() == -signal.SIGKILL
        assert not Path(f"/proc/{pids[0]}").exists()
