"""A load renders and writes only the documents, rows and columns that change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models import Claim, EventClaim, TopicClaim
from models.database.connection import database, fetch_all
from models.documents import render
from models.documents.batch import RenderBatch
from tests.engines import ENGINE
from tests.models.expected_dataset import ExpectedDataset
from tests.models.random_datasets import RandomDataset
from tests.models.stored_rows import records_by_key

# names that JSON escapes, or that other texts contain
NAMES = ["Another", 'The "Claimant"', "back\\slash", "Ömer Çelik", "line\u2028end", "Claimant's"]
# fields of a claim that look like the claimant in its document
LOOKALIKES = {
    "text": '"actor":{"id":"claimant","name":"Claimant"',
    "attributes": {"actor": "Claimant", "id": "claimant", "name": "Claimant"},
    "about": [{"actor": "claimant"}, {"organization": "claimant"}],
}


@pytest.fixture
def rendered(linked: ExpectedDataset, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records whose documents are rendered during the test."""
    rendered: list[str] = []
    documents_of = render.documents_of

    def record_batch(batch: RenderBatch) -> Iterator[tuple[int, dict]]:
        rendered.extend(" ".join(records_by_key()[row["key"]]) for row in batch.rows)
        return documents_of(batch)

    monkeypatch.setattr(render, "documents_of", record_batch)
    return rendered


@pytest.mark.parametrize("name", NAMES)
def test_a_new_name_of_a_claimant_replaces_the_old_name_in_documents(
    linked: ExpectedDataset, name: str, rendered: list[str]
) -> None:
    """A claim is rendered again only if its document shows the claimant elsewhere, too."""
    for id, values in (("claim", LOOKALIKES), ("target", {"attributes": LOOKALIKES["attributes"]})):
        target = RandomDataset(linked.records)
        target.put("claim", id, values)
        linked.load(target, target.dirty_records(), prune=False)
    rendered.clear()
    for new_name in (name, "Claimant"):
        target = RandomDataset(linked.records)
        target.put("actor", "claimant", {"name": new_name})
        linked.load(target, target.dirty_records(), prune=False)
        assert sorted(rendered) == ["actor claimant", "claim claim"]
        linked.check(fresh=True)
        rendered.clear()


def test_a_field_that_claims_do_not_show_renders_no_claim(
    linked: ExpectedDataset, rendered: list[str]
) -> None:
    target = RandomDataset(linked.records)
    target.put("actor", "claimant", {"description": "Speaks."})
    linked.load(target, target.dirty_records(), prune=False)
    assert rendered == ["actor claimant"]
    linked.check(fresh=True)


# (changes of one claim, the documents rendered beside those of the claim and of related claims)
RENDERED = [
    ({"text": "Another", "attributes": {"a": "1"}}, set()),
    ({"quote": "Words"}, set()),
    ({"relations": []}, set()),
    ({"about": [{"actor": "alone"}]}, {"actor about", "actor alone", "organization about"}),
    ({"topics": ["root"]}, {"topic leaf", "topic branch", "topic root"}),
    ({"topics": ["other-root"]}, {"topic leaf", "topic branch", "topic root", "topic other-root"}),
    ({"event": None}, {"event event", "event parent", "event whole", "actor claimant",
                       "organization claimant"}),
    ({"event": "whole"}, {"event event", "event parent", "event whole", "actor claimant",
                          "organization claimant"}),
    ({"event": "other-whole"}, {"event event", "event parent", "event whole", "event other-whole",
                                "actor claimant", "organization claimant"}),
    ({"date": "2024"}, {"event event", "event parent", "event whole", "topic leaf", "topic branch",
                        "topic root", "position taken", "source source", "source copy",
                        "organization about", "actor about", "organization addressee",
                        "actor addressee", "organization reviewer"}),
    ({"status": "draft"}, {"event event", "event parent", "event whole", "topic leaf",
                           "topic branch", "topic root", "position taken", "source source",
                           "source copy", "organization about", "actor about",
                           "organization addressee", "actor addressee", "organization reviewer",
                           "actor claimant", "organization claimant"}),
    ({"reports": [{"source": "alone"}]}, {"source source", "source copy", "source alone"}),
    ({"positions": []}, {"position taken"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "rendered_records"), RENDERED, ids=[str(values) for values, _ in RENDERED]
)
def test_a_changed_claim_renders_only_records_that_depend_on_it(
    linked: ExpectedDataset, rendered: list[str], values: dict, rendered_records: set[str]
) -> None:
    target = RandomDataset(linked.records)
    target.put("claim", "claim", values)
    linked.load(target, target.dirty_records(), prune=False)
    assert set(rendered) == {"claim claim", "claim target", "claim reply"} | rendered_records
    assert len(rendered) == len(set(rendered))
    linked.check(fresh=True)


def test_a_new_claim_is_rendered_once_whatever_else_changes(
    linked: ExpectedDataset, rendered: list[str]
) -> None:
    target = RandomDataset(linked.records)
    target.put("organization", "claimant", {"name": "Renamed"})
    target.put("source", "source", {"title": "Retitled"})
    claim = {"text": "New", "organization": "claimant", "status": "coded"}
    claim |= {"reports": [{"source": "source"}]}
    relation = {"relations": [{"kind": "repeats", "claim": "new"}]}
    for id, fields in (("new", {}), ("newer", relation), ("newest", {})):
        target.put("claim", id, {"id": id, **claim, **fields})
    linked.load(target, target.dirty_records(), prune=False)
    # claims with relations are rendered once more, when both claims exist
    times = {id: rendered.count(f"claim {id}") for id in ("new", "newer", "newest", "claim")}
    assert times == {"new": 2, "newer": 2, "newest": 1, "claim": 1}
    linked.check(fresh=True)


# (changes of one claim, the rows and columns that the load writes)
WRITTEN = [
    ({"text": "Another"}, ["update claim.text"]),
    ({"text": "Another", "quote": "Words"}, ["update claim.quote", "update claim.text"]),
    ({"topics": ["leaf", "root"]},
     ["delete topic_claim", "insert claim_topic", "insert topic_claim"]),
    ({"topics": ["root"]},
     ["delete claim_topic", "delete topic_claim", "insert claim_topic", "insert topic_claim"]),
    ({"about": [{"organization": "about"}]}, ["delete about"]),
    ({"relations": []}, ["delete relation"]),
    ({"event": "parent"}, ["delete event_claim", "insert event_claim", "update claim.country",
                           "update claim.event", "update claim.shown_role"]),
    ({"actor": None}, ["delete event_claim", "insert event_claim", "update claim.actor",
                       "update claim.claimant", "update claim.country", "update claim.shown_role"]),
]  # fmt: skip


@pytest.mark.skipif(ENGINE != "sqlite", reason="watched by triggers of SQLite")
@pytest.mark.parametrize(("values", "written"), WRITTEN, ids=[str(values) for values, _ in WRITTEN])
def test_unchanged_rows_and_columns_are_not_written(
    linked: ExpectedDataset, values: dict, written: list[str]
) -> None:
    database.execute_sql("CREATE TEMP TABLE seen (what TEXT)")
    tables = [model._meta.table_name for model in (Claim, *Claim.LINKS, TopicClaim, EventClaim)]
    events = [
        (f"{verb} {table}", f"{verb} ON {table}")
        for table in tables
        for verb in ("insert", "delete")
    ]
    events += [
        (f"update claim.{field.column_name}", f"UPDATE OF {field.column_name} ON claim")
        for field in Claim._meta.sorted_fields
    ]
    for n, (name, event) in enumerate(events):
        database.execute_sql(
            f"CREATE TEMP TRIGGER watch{n} AFTER {event}"
            f" BEGIN INSERT INTO seen VALUES ('{name}'); END"
        )
    target = RandomDataset(linked.records)
    target.put("claim", "claim", values)
    linked.load(target, target.dirty_records(), prune=False)
    seen = fetch_all("SELECT DISTINCT what FROM seen ORDER BY what")
    assert [name for (name,) in seen] == written
