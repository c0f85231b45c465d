"""Migrations convert the database of an earlier release, with all its records."""

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
from models.records.changes import export_lines
from seeds.loader import load as load_files
from tests.engines import created
from tests.models.stored_rows import all_rows

pytestmark = pytest.mark.engines

# a folder for each released schema: its tables, as each engine created them, and rows
SCHEMAS = Path(__file__).parent / "schemas"
SHIPPED = Path(__file__).parents[2] / "seeds" / "data"
OLD_SCHEMAS = sorted(int(folder.name) for folder in SCHEMAS.iterdir())


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.db"
        disconnect()
        return
    url = created()
    yield url
    disconnect()


def create_old_database(url: str, schema: int) -> None:
    """Create the database that a release with this schema would have left."""
    connect(url)
    engine = "postgres" if url.startswith("postgresql") else "sqlite"
    folder = SCHEMAS / str(schema)
    with database.writing():
        for statement in (folder / f"{engine}.sql").read_text().split(";\n"):
            if statement.strip():
                database.execute_sql(statement)
        for table, content in json.loads((folder / "rows.json").read_text()).items():
            columns = ", ".join(f'"{name}"' for name in content["columns"])
            params = ", ".join([database.param] * len(content["columns"]))
            database.many(
                f'INSERT INTO "{table}" ({columns}) VALUES ({params})',
                [tuple(map(stored_value, row)) for row in content["rows"]],
            )
    disconnect()


def stored_value(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def table_definitions() -> dict[str, Any]:
    """The columns, indexes and foreign keys of each table."""
    return {
        table: (
            sorted(
                (column.name, column.data_type, column.null)
                for column in database.get_columns(table)
            ),
            sorted((tuple(index.columns), index.unique) for index in database.get_indexes(table)),
            sorted(foreign_key[:3] for foreign_key in database.get_foreign_keys(table)),
        )
        for table in database.get_tables()
        if not table.startswith("sqlite_")
    }


@pytest.mark.parametrize("schema", OLD_SCHEMAS)
def test_a_database_of_an_earlier_release(empty_url: str, schema: int, tmp_path: Path) -> None:
    create_old_database(empty_url, schema)
    if schema != SCHEMA_VERSION:
        with pytest.raises(UnsupportedDatabase, match="run claimbase migrate"):
            open_dataset(empty_url)
    assert migrate_dataset(empty_url) == (schema, SCHEMA_VERSION)
    old = json.loads((SCHEMAS / str(schema) / "rows.json").read_text())
    dataset = read_dataset()
    before = dict(zip(old["dataset"]["columns"], old["dataset"]["rows"][0], strict=True))
    # clients that follow /v1/changes see no change
    assert (dataset.id, dataset.secret, dataset.version, dataset.digest) == (
        before["id"], before["secret"], before["version"], before["digest"],
    )  # fmt: skip
    assert [row[:2] for row in fetch_all("SELECT type, id FROM deletion")] == [("claim", "gone")]
    assert len(fetch_all("SELECT 1 FROM record")) == len(old["record"]["rows"]) > 40
    definitions, rows = table_definitions(), all_rows()
    path = tmp_path / "export.jsonl"
    path.write_bytes(b"".join(export_lines()))

    # a new dataset with the same records has the same tables, columns, rows and documents
    fresh = created() if empty_url.startswith("postgresql") else f"sqlite:///{tmp_path}/new.db"
    open_dataset(fresh)
    load_files([path])
    assert read_dataset().digest == dataset.digest
    assert table_definitions() == definitions
    assert all_rows() == rows

    # the migrated dataset takes loads
    open_dataset(empty_url)
    assert load_files([path]).unchanged == len(old["record"]["rows"])


def test_language_tags_of_an_earlier_release(empty_url: str, tmp_path: Path) -> None:
    """Schema 5 wrote subtags of extensions in upper case; the records change."""
    create_old_database(empty_url, 5)
    connect(empty_url)
    (key, id) = fetch_all("SELECT key, id FROM record WHERE type = 'source' ORDER BY key")[0]
    sql = f"UPDATE source SET language = 'en-US-u-CO-phonebk' WHERE key = {database.param}"
    with database.writing():
        database.execute_sql(sql, (key,))
    before = fetch_all("SELECT version FROM dataset")[0][0]
    disconnect()
    migrate_dataset(empty_url)
    lines = [json.loads(line) for line in export_lines()]
    languages = {line["id"]: line.get("language") for line in lines if line["type"] == "source"}
    assert languages[id] == "en-US-u-co-phonebk"
    dataset = read_dataset()
    assert dataset.version == before + 1
    assert fetch_all(f"SELECT version FROM record WHERE key = {key}") == [(before + 1,)]
    path = tmp_path / "export.jsonl"
    path.write_bytes(b"".join(export_lines()))
    assert load_files([path]).changes == 0
    fresh = created() if empty_url.startswith("postgresql") else f"sqlite:///{tmp_path}/new.db"
    open_dataset(fresh)
    load_files([path])
    assert read_dataset().digest == dataset.digest


def add_mood() -> None:
    database.execute_sql("ALTER TABLE claim ADD COLUMN mood TEXT")
    database.execute_sql("UPDATE claim SET mood = 'plain'")


def add_weather() -> None:
    database.execute_sql("CREATE TABLE weather (claim INTEGER REFERENCES claim (key))")
    database.execute_sql("INSERT INTO weather SELECT key FROM claim")


def fail() -> None:
    raise RuntimeError("the power went")


LATER_SCHEMA = SCHEMA_VERSION + 2


@pytest.fixture
def later_release(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Create a database of today's schema; the result adds steps to the release."""
    open_dataset(empty_url)
    load_files([SHIPPED])
    disconnect()

    def add_steps(*steps: Callable[[], None]) -> None:
        monkeypatch.setattr(migrations, "STEPS", (*STEPS, *steps))
        for module in (dataset, migrations, opening):
            monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + len(steps))

    return add_steps


def test_a_migration_runs_each_step_once(
    empty_url: str, later_release: Callable[..., None]
) -> None:
    later_release(add_mood, add_weather)
    with pytest.raises(UnsupportedDatabase, match="run claimbase migrate"):
        open_dataset(empty_url)
    assert migrate_dataset(empty_url) == (SCHEMA_VERSION, LATER_SCHEMA)
    assert set(fetch_all("SELECT mood FROM claim")) == {("plain",)}
    assert fetch_all("SELECT COUNT(*) FROM weather") == fetch_all("SELECT COUNT(*) FROM claim")
    assert migrate_dataset(empty_url) == (LATER_SCHEMA, LATER_SCHEMA)
    open_dataset(empty_url)


def test_a_migration_runs_all_steps_or_none(
    empty_url: str, later_release: Callable[..., None]
) -> None:
    later_release(add_mood, fail)
    with pytest.raises(RuntimeError, match="the power went"):
        migrate_dataset(empty_url)
    assert read_dataset().schema == SCHEMA_VERSION
    assert "mood" not in [column.name for column in database.get_columns("claim")]


def test_a_database_of_a_later_release_is_refused(empty_url: str) -> None:
    open_dataset(empty_url)
    database.execute_sql(f"UPDATE dataset SET schema = {LATER_SCHEMA}")
    with pytest.raises(UnsupportedDatabase, match="use the release that wrote it, or a later one"):
        migrate_dataset(empty_url)
    assert read_dataset().schema == LATER_SCHEMA


def test_each_schema_has_a_step() -> None:
    assert len(STEPS) == SCHEMA_VERSION - 1
    assert list(range(1, SCHEMA_VERSION)) == OLD_SCHEMAS or OLD_SCHEMAS == [1]
