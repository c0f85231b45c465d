"""The records that a dataset must hold after its loads, beside the dataset itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import currently_in_test_context, note

from models import RECORD_TYPES, Deletion
from models.database.connection import database, fetch_all
from models.dataset import Dataset, read_dataset
from models.records.changes import export_lines
from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys
from models.values.words import split_words
from seeds.loader import Plan, load
from seeds.problems import Refused
from tests.engines import ENGINE, scratch
from tests.models import oracle
from tests.models.random_datasets import TYPES, RandomDataset, json_lines
from tests.models.stored_rows import (
    all_rows,
    records_by_key,
    stored_documents,
    stored_records,
    stored_texts,
    table_rows,
)

# (type, record) of each line of a seed file
SeedRecords = list[tuple[str, dict]]


class ExpectedDataset:
    """The expected records of the open dataset, with their times and versions."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.records: oracle.Records = {}
        self.times: oracle.Times = {}
        self.versions: dict[oracle.Key, int] = {}
        self.deleted: dict[oracle.Key, int] = {}
        self.version = 0
        self.loads = 0

    def write_seeds(self, seeds: SeedRecords) -> Path:
        text = json_lines(seeds)
        if currently_in_test_context():
            note(text)
        path = self.folder / "seeds.jsonl"
        path.write_text(text, encoding="utf-8")
        return path

    def load_seeds(self, seeds: SeedRecords, **options: bool) -> Plan:
        try:
            return load([self.write_seeds(seeds)], confirmed=True, clock=self.clock, **options)
        except Refused as refused:
            pytest.fail("\n".join(map(str, refused.problems)))

    def clock(self) -> str:
        return f"2026-01-01T00:00:00.{self.loads:06}Z"

    def load(self, target: RandomDataset, seeds: SeedRecords, *, prune: bool) -> None:
        """Load seeds that bring the dataset to the target, and check the plan of the load."""
        self.loads += 1
        plan = self.load_seeds(seeds, prune=prune)
        before, self.records = self.records, target.records_after(seeds)
        origins = {key: target.origin(key) for key in self.records}
        added = {key for key, origin in origins.items() if origin is None}
        changed = {
            key for key, origin in origins.items() if origin and before[origin] != self.records[key]
        }
        removed = before.keys() - origins.values()
        seed_keys = {(type, record["id"]) for type, record in seeds}
        assert (plan.added.count, plan.changed.count, plan.removed.count, plan.unchanged) == (
            len(added), len(changed), len(removed), len(seed_keys - added - changed),
        )  # fmt: skip
        now = self.clock()
        self.version += bool(added or changed or removed)
        self.times = {
            key: (now, now)
            if origin is None
            else (self.times[origin][0], now if key in changed else self.times[origin][1])
            for key, origin in origins.items()
        }
        self.versions = {
            key: self.version if key in added | changed else self.versions[origin]
            for key, origin in origins.items()
        }
        renamed = {origin for key, origin in origins.items() if origin and origin != key}
        self.deleted |= dict.fromkeys(removed | renamed, self.version)
        self.deleted = {
            key: version for key, version in self.deleted.items() if key not in self.records
        }

    def check(self, *, fresh: bool) -> None:
        """Compare the open dataset with the expected records and all that follows from them.

        With `fresh`, compare it with a new dataset of the same records, too.
        """
        dataset = read_dataset()
        assert dataset.version == self.version
        assert stored_documents() == oracle.documents(self.records, self.times)
        assert [json.loads(line) for line in export_lines()] == [
            {"type": type, **record} for (type, _), record in self.records.items()
        ]
        assert dataset.digest == oracle.digest(self.records)
        assert stored_records() == {
            key: (oracle.canonical_hash(key[0], record), self.versions[key], *self.times[key])
            for key, record in self.records.items()
        }
        deletions = {(type, id): version for type, id, version in table_rows(Deletion)}
        assert deletions == self.deleted
        check_derived_rows(self.records)
        if ENGINE == "sqlite":
            assert fetch_all("PRAGMA foreign_key_check") == []
            assert fetch_all("PRAGMA integrity_check") == [("ok",)]
        if fresh:
            self.check_against_fresh(dataset)

    def check_against_fresh(self, dataset: Dataset) -> None:
        """A fresh dataset with the exported records has the same digest and the same rows."""
        path = self.folder / "export.jsonl"
        path.write_bytes(b"".join(export_lines()))
        rows = all_rows()
        with scratch():
            load([path], clock=self.clock)
            assert read_dataset().digest == dataset.digest
            assert all_rows() == rows


def check_derived_rows(records: oracle.Records) -> None:
    """Compare the tables and columns that follow from other records with the oracle's."""
    record_of = records_by_key()
    for type, expected_claims in (
        ("topic", oracle.topic_claims(records)),
        ("event", oracle.event_claims(records)),
    ):
        claims = fetch_all(f"SELECT {type}, listed, date_key, claim FROM {type}_claim")
        assert sorted(
            (record_of[key][1], listed, date, record_of[claim][1])
            for key, listed, date, claim in claims
        ) == sorted(expected_claims)
    for type, table, column in (
        ("topic", "broader", "broader"),
        ("event", "event_ancestor", "ancestor"),
    ):
        pairs = fetch_all(f"SELECT {type}, {column} FROM {table}")
        stored = {(record_of[key][1], record_of[ancestor][1]) for key, ancestor in pairs}
        # records that claims or positions no longer use may keep their rows
        ids = oracle.used_ids(records, type) | {id for id, _ in stored}
        assert stored == oracle.ancestors(records, type, ids)
        assert len(pairs) == len(stored)
    claimants = fetch_all("SELECT key, claimant FROM claim")
    assert {
        record_of[key][1]: record_of[claimant] for key, claimant in claimants
    } == oracle.claimants(records)
    publishers = fetch_all("SELECT claim, ordinal, publisher FROM report")
    assert sorted(
        (record_of[claim][1], n, publisher and record_of[publisher][1])
        for claim, n, publisher in publishers
    ) == sorted(oracle.publishers(records))
    counts = {
        (type, id): count
        for type in TYPES
        if type != "claim"
        for id, count in fetch_all(
            f"SELECT id, claim_count FROM {type} JOIN record ON record.key = {type}.key"
        )
    }
    assert counts == oracle.claim_counts(records)
    countries = fetch_all("SELECT key, country FROM claim")
    assert {record_of[key][1]: country for key, country in countries} == oracle.countries(records)
    roles = fetch_all("SELECT key, shown_role FROM claim")
    assert {record_of[key][1]: role for key, role in roles} == oracle.shown_roles(records)
    publishers = fetch_all("SELECT key, independent_publishers FROM claim")
    documents = stored_documents()
    assert all(
        count == documents[record_of[key]]["independent_publishers"] for key, count in publishers
    )
    # a name key has the type of its record
    name_keys = fetch_all("SELECT value, kind, record, ordinal FROM name_key WHERE type = ("
                  "SELECT type FROM record WHERE key = name_key.record)")  # fmt: skip
    assert sorted(
        (*record_of[record], kind, n, value) for value, kind, record, n in name_keys
    ) == sorted(expected_name_keys(records))
    assert stored_texts() == expected_texts(records)
    check_text_index()
    claim_tables = {"claim", *(link._meta.table_name for link in RECORD_TYPES["claim"].LINKS)}
    for table in claim_tables:
        owner = "key" if table == "claim" else "claim"
        for key, listed, date in fetch_all(f"SELECT {owner}, listed, date_key FROM {table}"):
            claim = records[record_of[key]]
            assert listed == int(claim["status"] in oracle.LISTED)
            assert date == oracle.date_number(claim.get("date"))


def check_text_index() -> None:
    """The engine's index has the words of the stored texts."""
    if ENGINE == "sqlite":
        database.execute_sql("INSERT INTO search_text (search_text) VALUES ('integrity-check')")
        return
    for words, lexemes in fetch_all("SELECT words, tsvector_to_array(lexemes) FROM search_text"):
        assert sorted(lexemes) == sorted(set(words.split()))


def expected_texts(records: oracle.Records) -> dict[oracle.Key, str]:
    """The words of each record, a space around each and a ¶ between fields."""
    expected = {}
    for (type, id), record in records.items():
        if type == "claim":
            party = "actor" if "actor" in record else "organization"
            claimant = records[party, record[party]]
            texts = [
                record["text"], record.get("quote"),
                *(report.get("exact") for report in record.get("reports", [])),
                *expected_name_texts(claimant),
            ]  # fmt: skip
        elif type == "source":
            texts = [record["title"], record.get("text")]
        elif type == "position":
            texts = [record["text"], record.get("label")]
        else:
            texts = [*expected_name_texts(record), record.get("description")]
        fields = [" ".join(words) for text in texts if (words := split_words(text or ""))]
        expected[type, id] = f" {' ¶ '.join(fields)} "
    return expected


def expected_name_texts(record: dict) -> list[str]:
    """The names of a record; a folded name follows that has other words (`obrien`)."""
    texts = []
    for name in (record["name"], *record.get("aliases", [])):
        texts += [name] if fold(name).split() == split_words(name) else [name, fold(name)]
    return texts


def expected_name_keys(records: oracle.Records) -> list[tuple]:
    """The values that find each record: (type, id, kind, ordinal, value)."""
    name_keys = []
    for (type, id), record in records.items():
        exact = [("former", former) for former in record.get("former_ids", [])]
        exact += [
            ("identifier", item["scheme"] + ":" + item["identifier"])
            for item in record.get("identifiers", [])
        ]
        name_keys += [(type, id, kind, n, value) for n, (kind, value) in enumerate(exact)]
        name_keys += [
            (type, id, "attribute", n, f"{name}:{value}")
            for n, (name, value) in enumerate(record.get("attributes", {}).items())
            if len(value) <= 200
        ]
        if type == "claim":
            continue
        name = record[{"source": "title", "position": "text"}.get(type, "name")]
        labels = [record["label"]] if "label" in record else []
        names = [name, *labels, *record.get("aliases", [])]
        for n, folded in enumerate(dict.fromkeys(map(fold, names))):
            name_keys.append((type, id, "name", n, folded))
            name_keys += [(type, id, "word", n, word) for word in set(folded.split())]
            spelled = [other for other in names if fold(other) == folded]
            keys = {key for other in spelled for key in (*spelling_keys(other), script_key(other))}
            name_keys += [(type, id, "spelling", n, key) for key in keys - {folded, None}]
        if record.get("kind") == "state" and "country" in record:
            name_keys.append((type, id, "spelling", 0, record["country"]))
    return name_keys
