"""A running server whose SQLite files are replaced, restored or removed.

Each answer is of the files as they stand, or 503.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import peewee
import pytest

from models.database.connection import disconnect
from models.opening import open_dataset
from seeds.loader import load as load_files
from tests.engines import on_sqlite
from tests.serving import serving_process

pytestmark = [on_sqlite, pytest.mark.slow]

FOLDERS = {"disk": tempfile.gettempdir(), "memory": "/dev/shm"}  # noqa: S108
SUFFIXES = ("", "-wal", "-shm")
# equal answers in a row, after which every thread of every worker has answered
MANY = 40
# the most requests until then
MAX_REQUESTS = 400


class Server(NamedTuple):
    """A server with two workers, and its database."""

    address: str
    path: Path


@pytest.fixture(scope="module", params=FOLDERS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server; beside its database are two copies, `live.db` and `backup.db`."""
    if not os.path.isdir(FOLDERS[request.param]):
        pytest.skip("no file system in memory")
    with tempfile.TemporaryDirectory(dir=FOLDERS[request.param]) as folder:
        path = Path(folder) / "x.db"
        for name in ("backup", "live"):
            load(path, name)
            shutil.copy(path, path.with_name(f"{name}.db"))
        with serving_process(f"sqlite:///{path}", tmp_path_factory.mktemp("log"), 2, 2) as serving:
            yield Server(serving.address, path)


@pytest.fixture
def path(server: Server) -> Path:
    """The path of the server's database, whose topic `t` is named `live`."""
    remove(server.path, *SUFFIXES)
    shutil.copy(server.path.with_name("live.db"), server.path)
    assert settled_answer(server, "live") == "live"
    return server.path


def load(path: Path, name: str) -> None:
    """Load topics from another process than the server's; the topic `t` has the name."""
    topics = [{"id": "t", "name": name}, *({"id": f"t{n}", "name": name} for n in range(200))]
    seeds = path.with_name("seeds.json")
    seeds.write_text(json.dumps({"topics": topics}))
    try:
        open_dataset(f"sqlite:///{path}")
        load_files([seeds])
    finally:
        disconnect()


def remove(path: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def rename(path: Path, *removed: str) -> None:
    """Rename the backup to the path."""
    remove(path, *removed)
    shutil.copy(path.with_name("backup.db"), f"{path}.new")
    os.rename(f"{path}.new", path)


def overwrite(path: Path, *removed: str) -> None:
    """Copy the backup into the file, as cp does."""
    remove(path, *removed)
    shutil.copyfile(path.with_name("backup.db"), path)


def rename_with_log(path: Path) -> None:
    """Put the three files of another open database in the place of these."""
    copy = shutil.copy(path.with_name("backup.db"), f"{path}.new")
    with closing(sqlite3.connect(copy)) as other:
        other.execute("UPDATE dataset SET last_key = last_key")
        other.commit()
        for suffix in SUFFIXES:
            os.rename(f"{path}.new{suffix}", f"{path}{suffix}")


def restore(path: Path) -> None:
    """Restore the backup by SQLite's own means."""
    with (
        closing(sqlite3.connect(path.with_name("backup.db"))) as backup,
        closing(sqlite3.connect(path)) as database,
    ):
        backup.backup(database)


def recreate(path: Path) -> None:
    """Remove the database, and load one with other records."""
    remove(path, *SUFFIXES)
    for _ in range(MAX_REQUESTS):
        try:
            return load(path, "recreated")
        except peewee.OperationalError as error:
            # the server closed the last connection to the old file, which removes the new -wal
            if "was replaced meanwhile" not in str(error):
                raise
    pytest.fail("the files never stayed")


# how the files change, and the name of the topic from then on; None: 503
CHANGES: dict[str, tuple[Callable[[Path], None], str | None]] = {
    "nothing": (lambda path: None, "live"),
    "rm -shm": (lambda path: remove(path, "-shm"), "live"),
    "rm -wal": (lambda path: remove(path, "-wal"), "live"),
    "rm -wal -shm": (lambda path: remove(path, "-wal", "-shm"), "live"),
    "rm": (lambda path: remove(path, ""), None),
    "rm of all": (lambda path: remove(path, *SUFFIXES), None),
    "mv": (rename, "backup"),
    "rm -shm, mv": (lambda path: rename(path, "-shm"), "backup"),
    "rm -wal, mv": (lambda path: rename(path, "-wal"), "backup"),
    "rm -wal -shm, mv": (lambda path: rename(path, "-wal", "-shm"), "backup"),
    "mv of all": (rename_with_log, "backup"),
    "cp": (overwrite, "backup"),
    "rm -shm, cp": (lambda path: overwrite(path, "-shm"), "backup"),
    "rm -wal, cp": (lambda path: overwrite(path, "-wal"), "backup"),
    "rm -wal -shm, cp": (lambda path: overwrite(path, "-wal", "-shm"), "backup"),
    "restore": (restore, "backup"),
    "recreate": (recreate, "recreated"),
}


def answer(server: Server) -> str | None:
    """The name of the topic `t`; None for 503."""
    try:
        with urlopen(f"{server.address}/v1/topics/t", timeout=60) as response:
            return json.load(response)["name"]
    except HTTPError as error:
        error.close()
        # a load creates a database before its records
        return {404: "no topic", 503: None}[error.code]


def settled_answer(server: Server, expected: str | None) -> str | None:
    """Ask until many answers in a row are `expected`: none may be another one, except 503."""
    in_a_row = 0
    for _ in range(MAX_REQUESTS):
        name = answer(server)
        assert name in (None, expected)
        in_a_row = in_a_row + 1 if name == expected else 0
        if in_a_row == MANY:
            break
    return name


@contextmanager
def asking(server: Server) -> Iterator[None]:
    """Ask all the time, on several connections."""
    ended = Event()

    def ask() -> None:
        while not ended.is_set():
            # a worker that has mapped a file which becomes shorter is stopped, and replaced
            with suppress(OSError):
                answer(server)

    threads = [Thread(target=ask) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("active", [False, True], ids=["idle", "active"])
@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_answers_are_of_the_files_as_they_stand(
    server: Server,
    path: Path,
    change: Callable[[Path], None],
    expected: str | None,
    active: bool,
) -> None:
    with asking(server) if active else nullcontext():
        change(path)
        assert settled_answer(server, expected) == expected
        if not path.exists() and Path(f"{path}-wal").exists():
            with pytest.raises(peewee.OperationalError, match="is not there, but its -wal or -shm"):
                load(path, "refused")
            remove(path, "-wal", "-shm")
        load(path, "loaded")
        assert settled_answer(server, "loaded") == "loaded"
    copy = shutil.copy(path, f"{path}.copy")
    for file in (path, copy):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT name FROM topic LIMIT 1").fetchall() == [("loaded",)]
