"""Records: drafts with ids in place of names, over the records that the dataset has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from models.queries.fetch import fetch_keys
from models.records.rows import from_rows
from models.search.exact_names import ExactQuery, match_exactly
from seeds.fields import MAX_ID_LENGTH
from seeds.imports.drafts import (
    BATCH,
    Draft,
    DraftStore,
    folded_name,
    named_by,
    reference_keys,
    with_ids,
)
from seeds.imports.making import TypedId, ids_of_names, made_record_of_name, short_hash
from seeds.schema_checks import is_empty

# the end of a claim's id: date and hash
MAX_CLAIM_SUFFIX = 20

# lists that drafts add to, with the names whose values tell items apart
JOINED: dict[str, tuple[str, ...]] = {
    "aliases": (),
    "identifiers": ("scheme", "identifier"),
    "memberships": ("organization", "role", "on_behalf_of", "area", "start_date"),
    "reviews": ("organization", "url", "date"),
}


class DraftedRecord(NamedTuple):
    """A record that a draft describes, as far as the dataset had it."""

    # the number of the draft
    n: int
    draft: Draft
    record: dict[str, Any]
    stored: dict[str, Any] | None


def drafted_records(store: DraftStore) -> Iterator[DraftedRecord]:
    """The records of all drafts whose names have records."""
    batch: list[tuple[int, Draft]] = []
    for n, draft in store.drafts():
        batch.append((n, draft))
        if len(batch) == BATCH:
            yield from batch_records(store, batch)
            batch = []
    yield from batch_records(store, batch)


def batch_records(store: DraftStore, batch: list[tuple[int, Draft]]) -> Iterator[DraftedRecord]:
    keys = {key for _, draft in batch for key in reference_keys(draft.fields)}
    ids = ids_of_names(store, sorted(keys))
    resolved: list[tuple[int, Draft]] = []
    made: dict[int, dict[str, Any]] = {}
    for n, draft in batch:
        if ids.keys() >= set(reference_keys(draft.fields)):
            fields = with_ids(draft.fields, ids)
            if draft.type == "claim" and not fields.get("id"):
                fields["id"] = claim_id(fields)
            resolved.append((n, draft._replace(fields=fields)))
            if (name := named_by(draft)) is not None:
                made[n] = made_record_of_name(store, name) or {}
    stored = fetch_stored([(draft.type, draft.fields["id"]) for _, draft in resolved])
    for n, draft in resolved:
        known = stored.get((draft.type, draft.fields["id"]))
        yield DraftedRecord(n, draft, over_stored(draft, known or made.get(n, {})), known)


def claim_id(claim: dict[str, Any]) -> str:
    """The id of a claim that has none: it follows from claimant, date, text and sources."""
    claimant = claim.get("actor") or claim.get("organization") or "nobody"
    date = claim.get("date") or "undated"
    sources = sorted({report["source"] for report in claim.get("reports") or ()})
    hash = short_hash(claimant, date, folded_name(claim["text"]), *sources)
    longest = MAX_ID_LENGTH - MAX_CLAIM_SUFFIX
    return f"{claimant[:longest].rstrip('-')}-{date}-{hash}"


def fetch_stored(ids: list[TypedId]) -> dict[TypedId, dict[str, Any]]:
    """The records of the dataset in seed form, by type and present or former id."""
    matches = match_exactly([ExactQuery((type,), id, True) for type, id in ids])
    present = {
        typed_id: (records_with_id[0].type, records_with_id[0].id)
        for typed_id, records_with_id in zip(ids, matches, strict=True)
        if records_with_id
    }
    keys = fetch_keys(set(present.values()))
    records: dict[int, dict[str, Any]] = {}
    for type in {type for type, _ in keys}:
        records |= from_rows(type, [key for (of_type, _), key in keys.items() if of_type == type])
    return {typed_id: records[keys[present[typed_id]]] for typed_id in present}


def over_stored(draft: Draft, stored: dict[str, Any]) -> dict[str, Any]:
    """The stored record with what the draft says in place of what it has."""
    fields = draft.fields | {"id": stored.get("id", draft.fields["id"])}
    if "reports" in fields:
        fields["reports"] = merged_reports(fields["reports"] or [], stored.get("reports", []))
    for name, item_names in JOINED.items():
        if name in fields and stored.get(name):
            fields[name] = joined_items(fields[name] or [], stored[name], item_names)
    if draft.attributes:
        fields["attributes"] = (
            (fields.get("attributes") or stored.get("attributes") or {}) | draft.attributes
        )  # fmt: skip
    record = stored | fields
    if "attributes" in record:
        record["attributes"] = {
            name: value for name, value in (record["attributes"] or {}).items() if value is not None
        }
    if "aliases" in fields:
        record["aliases"] = [alias for alias in record["aliases"] if alias != record["name"]]
    return {name: value for name, value in record.items() if not is_empty(value)}


def joined_items(drafted: list, stored: list, item_names: tuple[str, ...]) -> list:
    """The stored items, then further drafted ones; drafted ones replace those of the same names."""

    def key(item: Any) -> Any:
        return tuple(item.get(name) for name in item_names) if item_names else item

    items: dict[Any, list] = {}
    for item in stored:
        items.setdefault(key(item), []).append(item)
    items |= {key(item): [] for item in drafted}
    for item in drafted:
        items[key(item)].append(item)
    return [item for group in items.values() for item in group]


def merged_reports(drafted: list[dict], stored: list[dict]) -> list[dict]:
    """The drafted reports; one of a source alone stands for the stored reports of that source.

    Stored reports keep their order unless the drafted sources have another one.
    """
    if any(report.keys() != {"source"} for report in drafted):
        return drafted
    sources = list(dict.fromkeys(report["source"] for report in drafted))
    if sources == list(dict.fromkeys(report["source"] for report in stored)):
        return stored
    return [
        report
        for source in sources
        for report in [report for report in stored if report["source"] == source]
        or [{"source": source}]
    ]
