"""What a dataset must hold after its loads, kept beside it in plain records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import currently_in_test_context, note

from models import RECORD_TYPES, TABLES, Deletion
from models.base import Reference
from models.database.connection import fetch_all
from models.dataset import Dataset, read_dataset
from models.records.changes import export_lines as exported
from models.values.folding import fold
from seeds.loader import Plan, load
from seeds.problems import Refused
from tests.engines import ENGINE, scratch
from tests.models import plain
from tests.models.worlds import TYPES, World, lines

Files = list[tuple[str, dict]]


class Kept:
    """The records of the open dataset, and when and in which version each came to be as it is."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.records: plain.Records = {}
        self.times: plain.Times = {}
        self.versions: dict[plain.Key, int] = {}
        self.gone: dict[plain.Key, int] = {}
        self.version = 0
        self.moment = 0

    def file(self, files: Files) -> Path:
        text = lines(files)
        if currently_in_test_context():
            note(text)
        path = self.folder / "seeds.jsonl"
        path.write_text(text, encoding="utf-8")
        return path

    def loaded(self, files: Files, **options: bool) -> Plan:
        try:
            return load([self.file(files)], confirmed=True, clock=self.clock, **options)
        except Refused as refused:
            pytest.fail("\n".join(map(str, refused.problems)))

    def clock(self) -> str:
        return f"2026-01-01T00:00:00.{self.moment:06}Z"

    def load(self, world: World, files: Files, *, prune: bool) -> None:
        """Load files that bring the dataset to a world, and see that they do."""
        self.moment += 1
        plan = self.loaded(files, prune=prune)
        before, self.records = self.records, world.after(files)
        origins = {key: world.origin(key) for key in self.records}
        added = {key for key, was in origins.items() if was is None}
        changed = {key for key, was in origins.items() if was and before[was] != self.records[key]}
        removed = before.keys() - origins.values()
        in_files = {(type, record["id"]) for type, record in files}
        assert (plan.added.count, plan.changed.count, plan.removed.count, plan.unchanged) == (
            len(added), len(changed), len(removed), len(in_files - added - changed),
        )  # fmt: skip
        now = self.clock()
        self.version += bool(added or changed or removed)
        self.times = {
            key: (now, now)
            if was is None
            else (self.times[was][0], now if key in changed else self.times[was][1])
            for key, was in origins.items()
        }
        self.versions = {
            key: self.version if key in added | changed else self.versions[was]
            for key, was in origins.items()
        }
        renamed = {was for key, was in origins.items() if was and was != key}
        self.gone |= dict.fromkeys(removed | renamed, self.version)
        self.gone = {key: version for key, version in self.gone.items() if key not in self.records}

    def check(self, *, fresh: bool) -> None:
        now = read_dataset()
        assert now.version == self.version
        assert stored_documents() == plain.documents(self.records, self.times)
        assert [json.loads(line) for line in exported()] == [
            {"type": type, **record} for (type, _), record in self.records.items()
        ]
        assert now.digest == plain.digest(self.records)
        assert stored_records() == {
            key: (plain.canonical_hash(key[0], record), self.versions[key], *self.times[key])
            for key, record in self.records.items()
        }
        assert {(type, id): version for type, id, version in table(Deletion)} == self.gone
        check_derived(self.records)
        if ENGINE == "sqlite":
            assert fetch_all("PRAGMA foreign_key_check") == []
            assert fetch_all("PRAGMA integrity_check") == [("ok",)]
        if fresh:
            self.check_against_fresh(now)

    def check_against_fresh(self, now: Dataset) -> None:
        """A fresh dataset with the exported records has the same digest and the same rows."""
        path = self.folder / "export.jsonl"
        path.write_bytes(b"".join(exported()))
        ours = tables()
        with scratch():
            load([path], clock=self.clock)
            assert read_dataset().digest == now.digest
            assert tables() == ours


def dump() -> dict[str, list[tuple]]:
    return {model._meta.table_name: table(model) for model in TABLES}


def table(model) -> list[tuple]:
    names = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
    return fetch_all(f'SELECT {names} FROM "{model._meta.table_name}"')


def stored_documents() -> dict[plain.Key, dict]:
    found = fetch_all(
        "SELECT type, id, body FROM document JOIN record ON record.key = document.key"
        " ORDER BY record.entered"
    )
    return {(type, id): json.loads(body) for type, id, body in found}


def stored_records() -> dict[plain.Key, tuple]:
    found = fetch_all("SELECT type, id, hash, version, created_at, updated_at FROM record")
    return {(type, id): tuple(rest) for type, id, *rest in found}


def keys() -> dict[int, plain.Key]:
    return {key: (type, id) for key, type, id in fetch_all("SELECT key, type, id FROM record")}


def check_derived(records: plain.Records) -> None:
    """The tables and columns that follow from other records' rows."""
    of = keys()
    topic_claim = fetch_all("SELECT topic, listed, date_key, claim FROM topic_claim")
    assert sorted(
        (of[topic][1], listed, date, of[claim][1]) for topic, listed, date, claim in topic_claim
    ) == sorted(plain.topic_claims(records))
    broader = fetch_all("SELECT topic, broader FROM broader")
    assert sorted((of[topic][1], of[above][1]) for topic, above in broader) == sorted(
        plain.broader(records)
    )
    publisher = fetch_all("SELECT claim, ordinal, publisher FROM report")
    assert sorted(
        (of[claim][1], n, publisher and of[publisher][1]) for claim, n, publisher in publisher
    ) == sorted(plain.publishers(records))
    counts = {
        (type, id): count
        for type in TYPES
        if type != "claim"
        for id, count in fetch_all(
            f"SELECT id, claim_count FROM {type} JOIN record ON record.key = {type}.key"
        )
    }
    assert counts == plain.claim_counts(records)
    country = fetch_all("SELECT key, country FROM claim")
    assert {of[key][1]: country for key, country in country} == plain.countries(records)
    handle = fetch_all("SELECT value, kind, record, ordinal FROM handle WHERE type = ("
                  "SELECT type FROM record WHERE key = handle.record)")  # fmt: skip
    assert sorted((*of[record], kind, n, value) for value, kind, record, n in handle) == sorted(
        handles_of(records)
    )
    listed = {"claim", *(link._meta.table_name for link in RECORD_TYPES["claim"].LINKS)}
    for name in listed:
        own = "key" if name == "claim" else "claim"
        for key, shown, date in fetch_all(f"SELECT {own}, listed, date_key FROM {name}"):
            claim = records[of[key]]
            assert shown == int(claim["status"] in plain.LISTED)
            assert date == plain.date_number(claim.get("date"))


def handles_of(records: plain.Records) -> list[tuple]:
    """What each record can be asked for by: (type, id, kind, number, value)."""
    found = []
    for (type, id), record in records.items():
        asked = [("former", former) for former in record.get("former_ids", [])]
        asked += [
            ("identifier", one["scheme"] + ":" + one["identifier"])
            for one in record.get("identifiers", [])
        ]
        found += [(type, id, kind, n, value) for n, (kind, value) in enumerate(asked)]
        if type == "claim":
            continue
        own = record[{"source": "title", "position": "text"}.get(type, "name")]
        names = []
        for name in [own, *record.get("aliases", [])]:
            if fold(name) not in names:
                names.append(fold(name))
        for n, name in enumerate(names):
            found.append((type, id, "name", n, name))
            found += [(type, id, "word", n, word) for word in set(name.split())]
    return found


def tables() -> dict[str, list]:
    """All rows of all tables, with type and id in place of keys, without versions and times."""
    of = keys()
    entered = dict(fetch_all("SELECT entered, key FROM record"))
    found = {}
    for model in TABLES:
        name = model._meta.table_name
        if name in ("dataset", "deletion", "record", "document", "seed_file", "seeded"):
            continue
        fields = model._meta.sorted_fields
        columns = [field.column_name for field in fields]
        told = {field.column_name: of for field in fields if isinstance(field, Reference)}
        told["entered"] = {place: of[key] for place, key in entered.items()}
        found[name] = sorted(
            repr(
                [
                    told[c].get(one) if c in told else one
                    for c, one in zip(columns, row, strict=True)
                ]
            )
            for row in table(model)
        )
    found["order"] = [of[key] for _, key in sorted(entered.items())]
    found["document"] = [
        (key, {**document, "created_at": None, "updated_at": None})
        for key, document in stored_documents().items()
    ]
    return found
