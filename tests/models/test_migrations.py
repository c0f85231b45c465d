"""A database that an earlier release made comes to today's schema with all that it held."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models import dataset, migrations, opening
from models.database.connection import UnsupportedDatabase, connect, database, disconnect, fetch_all
from models.dataset import read_dataset
from models.migrations import SCHEMA_VERSION, STEPS
from models.opening import migrate_dataset, open_dataset
from models.records.changes import export_lines as exported
from seeds.loader import load as load_files
from tests.engines import created
from tests.models.kept import tables

pytestmark = pytest.mark.engines

# a folder for each schema that a release had: its tables, as each engine made them, and rows
SCHEMAS = Path(__file__).parent / "schemas"
SHIPPED = Path(__file__).parents[2] / "seeds" / "data"
OLD = sorted(int(one.name) for one in SCHEMAS.iterdir())


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.db"
        disconnect()
        return
    url = created()
    yield url
    disconnect()


def make(url: str, schema: int) -> None:
    """Make the database that a release of that schema would have left."""
    connect(url)
    engine = "postgres" if url.startswith("postgresql") else "sqlite"
    folder = SCHEMAS / str(schema)
    with database.writing():
        for statement in (folder / f"{engine}.sql").read_text().split(";\n"):
            if statement.strip():
                database.execute_sql(statement)
        for table, content in json.loads((folder / "rows.json").read_text()).items():
            columns = ", ".join(f'"{name}"' for name in content["columns"])
            marks = ", ".join([database.param] * len(content["columns"]))
            database.many(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
                [tuple(map(value_of, row)) for row in content["rows"]],
            )
    disconnect()


def value_of(kept: Any) -> Any:
    return bytes.fromhex(kept["hex"]) if isinstance(kept, dict) else kept


def shape() -> dict[str, Any]:
    """What tables there are, with their columns, indexes and foreign keys."""
    return {
        table: (
            sorted((one.name, one.data_type, one.null) for one in database.get_columns(table)),
            sorted((tuple(one.columns), one.unique) for one in database.get_indexes(table)),
            sorted(one[:3] for one in database.get_foreign_keys(table)),
        )
        for table in database.get_tables()
        if not table.startswith("sqlite_")
    }


@pytest.mark.parametrize("schema", OLD)
def test_what_an_earlier_release_left(bare: str, schema: int, tmp_path: Path) -> None:
    make(bare, schema)
    if schema != SCHEMA_VERSION:
        with pytest.raises(UnsupportedDatabase, match="run claimbase migrate"):
            open_dataset(bare)
    assert migrate_dataset(bare) == (schema, SCHEMA_VERSION)
    was = json.loads((SCHEMAS / str(schema) / "rows.json").read_text())
    now = read_dataset()
    kept = dict(zip(was["dataset"]["columns"], was["dataset"]["rows"][0], strict=True))
    # clients that follow see that nothing happened
    assert (now.id, now.secret, now.version, now.digest) == (
        kept["id"], kept["secret"], kept["version"], kept["digest"],
    )  # fmt: skip
    assert [one[:2] for one in fetch_all("SELECT type, id FROM deletion")] == [("claim", "gone")]
    assert len(fetch_all("SELECT 1 FROM record")) == len(was["record"]["rows"]) > 40
    migrated, after = shape(), tables()
    path = tmp_path / "export.jsonl"
    path.write_bytes(b"".join(exported()))

    # a new dataset with the same records has the same tables, columns, rows and documents
    fresh = created() if bare.startswith("postgresql") else f"sqlite:///{tmp_path}/new.db"
    open_dataset(fresh)
    load_files([path])
    assert read_dataset().digest == now.digest
    assert shape() == migrated
    assert tables() == after

    # and the old one takes loads
    open_dataset(bare)
    assert load_files([path]).unchanged == len(was["record"]["rows"])


def add_mood() -> None:
    database.execute_sql("ALTER TABLE claim ADD COLUMN mood TEXT")
    database.execute_sql("UPDATE claim SET mood = 'plain'")


def add_weather() -> None:
    database.execute_sql("CREATE TABLE weather (claim INTEGER REFERENCES claim (key))")
    database.execute_sql("INSERT INTO weather SELECT key FROM claim")


def fail() -> None:
    raise RuntimeError("the power went")


LATER = SCHEMA_VERSION + 2


@pytest.fixture
def later(bare: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the database of today's schema, and a release that is some steps ahead."""
    open_dataset(bare)
    load_files([SHIPPED])
    disconnect()

    def ahead(*steps: Callable[[], None]) -> None:
        monkeypatch.setattr(migrations, "STEPS", (*STEPS, *steps))
        for module in (dataset, migrations, opening):
            monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + len(steps))

    return ahead


def test_every_step_is_made_once(bare: str, later: Callable[..., None]) -> None:
    later(add_mood, add_weather)
    with pytest.raises(UnsupportedDatabase, match="run claimbase migrate"):
        open_dataset(bare)
    assert migrate_dataset(bare) == (SCHEMA_VERSION, LATER)
    assert set(fetch_all("SELECT mood FROM claim")) == {("plain",)}
    assert fetch_all("SELECT COUNT(*) FROM weather") == fetch_all("SELECT COUNT(*) FROM claim")
    assert migrate_dataset(bare) == (LATER, LATER)
    open_dataset(bare)


def test_all_steps_or_none(bare: str, later: Callable[..., None]) -> None:
    later(add_mood, fail)
    with pytest.raises(RuntimeError, match="the power went"):
        migrate_dataset(bare)
    assert read_dataset().schema == SCHEMA_VERSION
    assert "mood" not in [one.name for one in database.get_columns("claim")]


def test_what_a_later_release_wrote_is_left_alone(bare: str) -> None:
    open_dataset(bare)
    database.execute_sql(f"UPDATE dataset SET schema = {LATER}")
    with pytest.raises(UnsupportedDatabase, match="use the release that wrote it, or a later one"):
        migrate_dataset(bare)
    assert read_dataset().schema == LATER


def test_there_is_a_step_to_each_schema() -> None:
    assert len(STEPS) == SCHEMA_VERSION - 1
    assert list(range(1, SCHEMA_VERSION)) == OLD or OLD == [1]
