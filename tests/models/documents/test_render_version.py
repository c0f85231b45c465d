"""A release with another RENDER_VERSION renders all documents again when it opens a dataset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models import opening
from models.database.connection import database, fetch_all
from models.dataset import read_dataset
from models.documents import refresh, render
from models.documents.batch import RenderBatch
from models.documents.render import RENDER_VERSION
from models.opening import open_dataset
from tests.models.shipped_copies import document_bodies, execute_and_close

TAMPERED = {
    "changed": "UPDATE document SET body = '{}' WHERE key IN (SELECT key FROM record LIMIT 9)",
    "all changed": "UPDATE document SET body = '{}'",
    "gone": "DELETE FROM document WHERE key % 2",
    "all gone": "DELETE FROM document",
    "claims count wrong": "UPDATE actor SET claim_count = 7",
}


@pytest.mark.parametrize("render_version", [RENDER_VERSION - 1, RENDER_VERSION + 1])
@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_documents_of_another_render_version_are_rendered_again(
    shipped_copy: str, tamper: str, render_version: int
) -> None:
    open_dataset(shipped_copy)
    bodies, before = document_bodies(), read_dataset()
    counts = fetch_all("SELECT key, claim_count FROM actor ORDER BY key")
    execute_and_close(tamper, f"UPDATE dataset SET render = {render_version}")
    open_dataset(shipped_copy)
    assert document_bodies() == bodies
    assert fetch_all("SELECT key, claim_count FROM actor ORDER BY key") == counts
    after = read_dataset()
    assert after.render == RENDER_VERSION
    # the records are unchanged, so cached responses of clients stay valid
    assert (after.id, after.version, after.digest) == (before.id, before.version, before.digest)
    assert len(bodies) == fetch_all("SELECT COUNT(*) FROM record")[0][0] > 100


def test_documents_of_the_same_render_version_are_not_rendered_again(shipped_copy: str) -> None:
    open_dataset(shipped_copy)
    execute_and_close("UPDATE document SET body = '{}' WHERE key = 1")
    open_dataset(shipped_copy)
    assert document_bodies()[1] == "{}"


def test_a_failed_refresh_changes_nothing(
    shipped_copy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_dataset(shipped_copy)
    execute_and_close("UPDATE document SET body = '{}'", "UPDATE dataset SET render = 0")
    render_records, rendered_types = refresh.render_records, []

    def fail_at_second_type(type: str, *args: Any) -> None:
        if rendered_types:
            raise RuntimeError("the power went")
        render_records(type, *args)
        rendered_types.append(type)

    monkeypatch.setattr(refresh, "render_records", fail_at_second_type)
    with pytest.raises(RuntimeError, match="the power went"):
        open_dataset(shipped_copy)
    assert set(document_bodies().values()) == {"{}"}
    assert read_dataset().render == 0
    database.close()
    monkeypatch.undo()
    open_dataset(shipped_copy)
    assert "{}" not in document_bodies().values()


def test_a_new_release_renders_the_documents_of_an_old_one(
    shipped_copy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_dataset(shipped_copy)
    old = document_bodies()
    database.close()

    def name_in_capitals(batch: RenderBatch) -> Callable[[dict], str]:
        return lambda row: row["name"].upper()

    monkeypatch.setitem(render.SPECIAL_FIELDS, ("topic", "name"), name_in_capitals)
    for module in (opening, refresh):
        monkeypatch.setattr(module, "RENDER_VERSION", RENDER_VERSION + 1)
    open_dataset(shipped_copy)
    new = document_bodies()
    topics = {key for (key,) in fetch_all("SELECT key FROM topic")}
    assert topics
    assert {key for key in new if new[key] != old[key]} == topics
    assert read_dataset().render == RENDER_VERSION + 1
