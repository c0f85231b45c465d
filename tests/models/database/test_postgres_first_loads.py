"""The first load of a PostgreSQL database: fast if nobody else is connected, and complete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from models.database.connection import database, disconnect, fetch_all
from models.opening import open_dataset
from seeds.loader import load
from seeds.problems import Refused
from tests.engines import created

pytestmark = pytest.mark.engines

ACTOR = {"id": "a", "name": "Ada Lund"}
CLAIM = {"id": "c", "text": "Lund spoke.", "actor": "a"}
SCHEMA = (
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
    " SELECT conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint ORDER BY 1"
)
INDEX = "SELECT 'claim_actor_listed_date_key_seq'::regclass::oid"


@pytest.fixture
def url() -> Iterator[str]:
    url = created()
    open_dataset(url)
    yield url
    disconnect()


def write(folder: Path, *claims: dict) -> list[Path]:
    path = folder / "seeds.json"
    path.write_text(json.dumps({"actors": [ACTOR], "claims": list(claims)}))
    return [path]


@pytest.mark.parametrize("alone", [True, False])
def test_a_first_load_indexes_last_if_nobody_else_is_connected(
    url: str, tmp_path: Path, alone: bool
) -> None:
    schema, ((index,),) = fetch_all(SCHEMA), fetch_all(INDEX)
    reader = None if alone else psycopg.connect(url)
    with pytest.raises(Refused):
        load(write(tmp_path, {**CLAIM, "actor": "nobody"}))
    assert (fetch_all(SCHEMA), fetch_all(INDEX)) == (schema, [(index,)])
    load(write(tmp_path, CLAIM))
    if reader:
        reader.close()
    assert fetch_all(SCHEMA) == schema
    assert (fetch_all(INDEX) == [(index,)]) == (not alone)
    assert fetch_all("SELECT COUNT(*) FROM search_text WHERE lexemes @@ 'spoke'") == [(1,)]
    # the next load checks the references of each row again
    with (
        psycopg.connect(url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.ForeignKeyViolation),
    ):
        connection.execute("DELETE FROM actor")
    assert database.execute_sql("SHOW session_replication_role").fetchone() == ("origin",)


def test_a_role_that_may_not_skip_the_checks_loads_too(url: str, tmp_path: Path) -> None:
    disconnect()
    with psycopg.connect(url, autocommit=True) as admin:
        role = f"role_{admin.info.dbname}"
        admin.execute(f'CREATE ROLE "{role}" LOGIN')
        for table in [
            name
            for (name,) in admin.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ]:
            admin.execute(f'ALTER TABLE "{table}" OWNER TO "{role}"')
        admin.execute(f'GRANT CREATE ON SCHEMA public TO "{role}"')
    open_dataset(url.replace("postgres:", f"{role}:", 1).replace("postgres@", f"{role}@", 1))
    assert fetch_all("SELECT current_user") == [(role,)]
    assert load(write(tmp_path, CLAIM)).added.count == 2
