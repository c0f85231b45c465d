"""Software that renders differently renders anew before it serves; another schema is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models import opening
from models.database.connection import UnsupportedDatabase, connect, database, fetch_all
from models.dataset import read_dataset
from models.documents import refresh, render
from models.documents.batch import RenderBatch
from models.documents.render import RENDER_VERSION
from models.migrations import SCHEMA_VERSION
from models.opening import open_dataset
from seeds.loader import load as load_files

SHIPPED = Path(__file__).parents[2] / "seeds" / "data"
TIME = "2026-01-02T03:04:05.123456Z"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dataset, in a file."""
    path = tmp_path_factory.mktemp("written") / "written.db"
    open_dataset(f"sqlite:///{path}")
    load_files([SHIPPED], clock=lambda: TIME)
    database.close()
    return path


@pytest.fixture
def url(written: Path, tmp_path: Path) -> Iterator[str]:
    """A copy of the shipped dataset, not open."""
    path = tmp_path / "copy.db"
    path.write_bytes(written.read_bytes())
    yield f"sqlite:///{path}"
    database.close()


def write(*statements: str) -> None:
    for sql in statements:
        database.execute_sql(sql)
    database.close()


def bodies() -> dict[int, bytes]:
    return dict(fetch_all("SELECT key, body FROM document"))


TAMPERED = {
    "changed": "UPDATE document SET body = '{}' WHERE key IN (SELECT key FROM record LIMIT 9)",
    "all changed": "UPDATE document SET body = '{}'",
    "gone": "DELETE FROM document WHERE key % 2",
    "all gone": "DELETE FROM document",
    "claims count wrong": "UPDATE actor SET claim_count = 7",
}


@pytest.mark.parametrize("older", [RENDER_VERSION - 1, RENDER_VERSION + 1])
@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_other_software_rendered(url: str, tamper: str, older: int) -> None:
    open_dataset(url)
    before, was = bodies(), read_dataset()
    count = fetch_all("SELECT key, claim_count FROM actor ORDER BY key")
    write(tamper, f"UPDATE dataset SET render = {older}")
    open_dataset(url)
    assert bodies() == before
    assert fetch_all("SELECT key, claim_count FROM actor ORDER BY key") == count
    now = read_dataset()
    assert now.render == RENDER_VERSION
    # documents are no records: what clients hold of those is still right
    assert (now.id, now.version, now.digest) == (was.id, was.version, was.digest)
    assert len(before) == fetch_all("SELECT COUNT(*) FROM record")[0][0] > 100


def test_the_same_software_rendered(url: str) -> None:
    """Nothing is rendered again, not even what is wrong."""
    open_dataset(url)
    write("UPDATE document SET body = '{}' WHERE key = 1")
    open_dataset(url)
    assert bodies()[1] == "{}"


def test_rendering_anew_is_all_or_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_dataset(url)
    write("UPDATE document SET body = '{}'", "UPDATE dataset SET render = 0")
    render_records, done = refresh.render_records, []

    def fail(type: str, *args: Any) -> None:
        if done:
            raise RuntimeError("the power went")
        render_records(type, *args)
        done.append(type)

    monkeypatch.setattr(refresh, "render_records", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        open_dataset(url)
    assert set(bodies().values()) == {"{}"}
    assert read_dataset().render == 0
    database.close()
    monkeypatch.undo()
    open_dataset(url)
    assert "{}" not in bodies().values()


def test_a_new_release_serves_what_an_old_one_wrote(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release raises RENDER_VERSION: its documents come out its way, and once."""
    open_dataset(url)
    old = bodies()
    database.close()

    def in_capitals(batch: RenderBatch) -> Callable[[dict], str]:
        return lambda row: row["name"].upper()

    monkeypatch.setitem(render.SPECIAL_FIELDS, ("topic", "name"), in_capitals)
    for module in (opening, refresh):
        monkeypatch.setattr(module, "RENDER_VERSION", RENDER_VERSION + 1)
    open_dataset(url)
    new = bodies()
    topics = {key for (key,) in fetch_all("SELECT key FROM topic")}
    assert topics
    assert {key for key in new if new[key] != old[key]} == topics
    assert read_dataset().render == RENDER_VERSION + 1


def test_a_fresh_dataset_says_what_rendered_it(tmp_path: Path) -> None:
    open_dataset(f"sqlite:///{tmp_path / 'fresh.db'}")
    now = read_dataset()
    database.close()
    assert (now.version, now.digest, now.render) == (0, "0" * 64, RENDER_VERSION)
    assert now.schema == SCHEMA_VERSION
    assert len(now.id) == 16


@pytest.mark.parametrize(
    ("schema", "remedy"),
    [
        (0, "run claimbase migrate"),
        (SCHEMA_VERSION + 1, "use the release that wrote it, or a later one"),
        (99, "use the release that wrote it, or a later one"),
    ],
)
def test_another_schema_is_refused_in_one_sentence(url: str, schema: int, remedy: str) -> None:
    open_dataset(url)
    write(f"UPDATE dataset SET schema = {schema}, render = 0", "UPDATE document SET body = '{}'")
    with pytest.raises(UnsupportedDatabase) as refused:
        open_dataset(url)
    assert str(refused.value) == (
        f"this database has schema {schema}, this release of Claimbase reads {SCHEMA_VERSION}: "
        + remedy
    )
    # and nothing in it was touched
    assert set(bodies().values()) == {"{}"}


def test_another_schema_may_have_another_dataset_table(url: str) -> None:
    """The refusal needs no more of the table than its column `schema`."""
    open_dataset(url)
    write(
        "ALTER TABLE dataset RENAME TO old",
        "CREATE TABLE dataset (id TEXT, version INTEGER, schema INTEGER, shape TEXT)",
        "INSERT INTO dataset VALUES ('x', 1, 99, 'new')",
    )
    with pytest.raises(UnsupportedDatabase, match="this database has schema 99"):
        open_dataset(url)


@pytest.mark.parametrize(
    "url",
    ["postgres://x/y", "sqlite:/x.db", "sqlite:///", "x.db", "", "sqlite+pool:///x.db"],
)
def test_no_database_url(url: str) -> None:
    with pytest.raises(UnsupportedDatabase, match=r"invalid database URL .*: write sqlite:///"):
        connect(url)
