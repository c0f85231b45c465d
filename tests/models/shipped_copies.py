"""Changes to a copy of the shipped dataset in a file."""

from __future__ import annotations

from models.database.connection import database, fetch_all


def execute_and_close(*statements: str) -> None:
    for sql in statements:
        database.execute_sql(sql)
    database.close()


def document_bodies() -> dict[int, bytes]:
    return dict(fetch_all("SELECT key, body FROM document"))
