"""Naming: the records that the names of an imported file stand for.

A name is an id, former id or identifier, or an exact folded name or alias: in the dataset, then in
the file. Names without a record get an entity, from which `making.py` makes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from models.database.connection import database, fetch_all
from models.search.exact_names import ExactMatch, ExactQuery, match_exactly
from seeds.imports.drafts import BATCH, DraftStore, folded_name
from seeds.imports.making import hashed_id, name_slug, short_hash

COLUMNS = "key, types, text, id, identifier, variant, creates, folded, script, line, column_name"


class ImportedName(NamedTuple):
    """A name of the imported file, and the first line that has it."""

    key: int
    types: str
    text: str
    id: str
    identifier: str
    variant: str
    creates: int
    folded: str
    script: str
    line: int
    column: str

    @property
    def identifiers(self) -> list[str]:
        return self.identifier.split("\n") if self.identifier else []


class NameCandidate(NamedTuple):
    """A record that a name may stand for: of the dataset, or of an entity of the file."""

    type: str
    id: str | None
    entity: int | None = None


def settle_names(store: DraftStore) -> None:
    """Find the records of all names; those of the file become entities."""
    store.flush()
    store.scratch.execute("CREATE TABLE candidate (name INTEGER, type TEXT, id TEXT)")
    for batch in imported_names(store, "1 = 1", "key"):
        find_in_dataset(store, batch)
    store.scratch.execute("CREATE INDEX candidate_name ON candidate (name)")
    # names that the file tells apart come before those that may mean any of their namesakes
    own = "types NOT LIKE '% %' AND text <> ''"
    for condition in ("variant <> '' AND script <> ''", "variant <> '' AND script = ''",
                      "variant = '' AND script <> ''", "variant = '' AND script = ''"):  # fmt: skip
        for batch in imported_names(store, f"id = '' AND {own} AND {condition}", "key"):
            for name in batch:
                settle(store, name)
    # names of several types, and sources that have only a URL, mean what other names have made
    for batch in imported_names(store, f"id = '' AND NOT ({own})", "key"):
        for name in batch:
            settle(store, name)
    store.scratch.execute("CREATE INDEX name_entity ON name (entity)")


def imported_names(store: DraftStore, condition: str, order: str) -> Iterator[list[ImportedName]]:
    """Names in batches."""
    sql = f"SELECT {COLUMNS} FROM name WHERE key > ? AND {condition} ORDER BY {order} LIMIT {BATCH}"
    last = 0
    while rows := store.select(sql, last):
        yield [ImportedName(*row) for row in rows]
        last = rows[-1][0]


def find_in_dataset(store: DraftStore, names: Sequence[ImportedName]) -> None:
    """Note the records of the dataset that names may stand for; names with an id are settled."""
    texts, ids = [], []
    for name in names:
        types = tuple(name.types.split())
        texts.append(ExactQuery(types, name.text))
        ids.append(ExactQuery(types, name.id, id_only=True))
    by_text, by_id = map(match_exactly, (texts, ids))
    by_identifier = records_by_identifier(names)
    by_url = sources_by_url({name.variant for name in names if is_untitled(name)})
    namesakes = [match for n, name in enumerate(names) if name.identifier for match in by_text[n]]
    known_identifiers = identifiers_of(namesakes)
    rows: list[tuple] = []
    for n, name in enumerate(names):
        if name.id:
            settle_by_id(store, name, by_id[n], by_text[n])
            continue
        matches = by_identifier.get(name.key, [])
        if not matches and is_untitled(name):
            matches = by_url.get(name.variant, [])
        elif not matches:
            matches = [
                match
                for match in fitting(name, by_text[n])
                if not contradicts(name, known_identifiers.get(match[:2], ()))
            ]
        rows += [(name.key, match.type, match.id) for match in matches]
    store.scratch.executemany("INSERT INTO candidate VALUES (?, ?, ?)", rows)


def records_by_identifier(names: Sequence[ImportedName]) -> dict[int, list[ExactMatch]]:
    """The records of the dataset that have identifiers of names, by the keys of these."""
    pairs = [(name, identifier) for name in names for identifier in name.identifiers]
    queries = [ExactQuery(tuple(name.types.split()), identifier) for name, identifier in pairs]
    records: dict[int, list[ExactMatch]] = {}
    for (name, _), matches in zip(pairs, match_exactly(queries), strict=True):
        known = records.setdefault(name.key, [])
        known += [match for match in matches if match not in known]
    return records


def identifiers_of(matches: Sequence[ExactMatch]) -> dict[tuple[str, str], set[str]]:
    """The identifiers of records of the dataset, by type and id."""
    identifiers: dict[tuple[str, str], set[str]] = {}
    if not matches:
        return identifiers
    for type, id, identifier in fetch_all(
        "SELECT record.type, record.id, name_key.value"
        f" FROM {database.packed_rows(type='text', id='text')} AS wanted"
        " CROSS JOIN record CROSS JOIN name_key"
        " WHERE record.type = wanted.type AND record.id = wanted.id"
        " AND name_key.record = record.key AND name_key.kind = 'identifier'",
        database.pack({"type": match.type, "id": match.id} for match in matches),
    ):
        identifiers.setdefault((type, id), set()).add(identifier)
    return identifiers


def contradicts(name: ImportedName, identifiers: Iterable[str]) -> bool:
    """Whether a record has only other identifiers of a scheme than the file gives."""
    schemes = {identifier.partition(":")[0] for identifier in name.identifiers}
    return any(identifier.partition(":")[0] in schemes for identifier in identifiers)


def is_untitled(name: ImportedName) -> bool:
    """Whether the file gives a source only by its URL."""
    return name.types == "source" and not name.text


def sources_by_url(urls: set[str]) -> dict[str, list[ExactMatch]]:
    """The sources of the dataset that have these URLs."""
    if not urls:
        return {}
    matches: dict[str, list[ExactMatch]] = {}
    # the sources first: they have no index of URLs
    for url, id, title in fetch_all(
        "SELECT source.url, record.id, source.title FROM source"
        " JOIN record ON record.key = source.key"
        f" WHERE source.url IN (SELECT url FROM {database.packed_rows(url='text')} AS wanted)"
        " ORDER BY record.id",
        database.pack({"url": url} for url in sorted(urls)),
    ):
        matches.setdefault(url, []).append(ExactMatch("source", id, title, url))
    return matches


def fitting(name: ImportedName, matches: list[ExactMatch]) -> list[ExactMatch]:
    """The matches with the URL that the file gives, else those without one."""
    if name.types != "source" or not name.variant:
        return matches
    same = [match for match in matches if match.url == name.variant]
    return same or [match for match in matches if match.url is None]


def settle_by_id(
    store: DraftStore, name: ImportedName, by_id: list[ExactMatch], by_text: list[ExactMatch]
) -> None:
    """A name with an id is the record of the dataset with that id, else one to be made."""
    if not by_id:
        if not name.text:
            store.error(
                name.line, name.column, "unknown id: give the name beside it to make a record",
                name.id,
            )  # fmt: skip
        elif not (name.creates and store.create):
            report_missing(store, name)
        else:
            join_entity(store, name, entity_with_id(store, name))
        return
    note_candidates(store, name, [NameCandidate(match.type, match.id) for match in by_id])
    if name.text and len(by_id) == 1 and not is_name_of(name, by_id[0], by_text):
        message = f"is no name of {by_id[0].type} {by_id[0].id!r}, whose id stands beside it"
        store.warn(name.line, name.column, f"{message}: the id decides", name.text)


def is_name_of(name: ImportedName, match: ExactMatch, by_text: list[ExactMatch]) -> bool:
    """Whether a record has a name; what the name finds may be another record, by its id."""
    named = {(named.type, named.id) for named in by_text}
    return (match.type, match.id) in named or folded_name(match.name or "") == name.folded


def entity_with_id(store: DraftStore, name: ImportedName) -> int:
    rows = store.select("SELECT key FROM entity WHERE type = ? AND id = ?", name.types, name.id)
    return rows[0][0] if rows else new_entity(store, name)


def settle(store: DraftStore, name: ImportedName) -> None:
    """A name without an id is a record of the dataset or of the file, else a new one."""
    candidates = [
        NameCandidate(type, id)
        for type, id in store.select("SELECT type, id FROM candidate WHERE name = ?", name.key)
    ]
    # a name that the dataset has does not mean a namesake in the file that has another variant
    if not (candidates and name.variant):
        candidates += entities_of(store, name)
    if len(candidates) > 1 and name.variant:
        # of namesakes, the one that an earlier import has made
        id = hashed_id(
            name_slug(name.folded), short_hash(name.folded, name.script, name.variant)
        )  # fmt: skip
        candidates = [candidate for candidate in candidates if candidate.id == id] or candidates
    if candidates:
        note_candidates(store, name, candidates)
    elif name.creates and store.create:
        join_entity(store, name, new_entity(store, name))
    else:
        report_missing(store, name)


def entities_of(store: DraftStore, name: ImportedName) -> list[NameCandidate]:
    """The entities of the file that a name may mean: by their given ids, else by their names."""
    with_id = "SELECT type, NULL, key FROM entity WHERE id = ? AND type IN (?, ?)"
    types = name.types.split()
    if name.text and (rows := store.select(with_id, name.text, types[0], types[-1])):
        return [NameCandidate(*row) for row in rows]
    conditions, values = ["type = ?"], []
    if is_untitled(name):
        conditions.append("variant = ?")
        values.append(name.variant)
    else:
        conditions.append("folded = ?")
        values.append(name.folded)
        if name.variant:
            conditions.append("variant IN ('', ?)")
            values.append(name.variant)
    sql = (
        f"SELECT DISTINCT entity, script, variant FROM entity_name WHERE {' AND '.join(conditions)}"
    )
    candidates = []
    for type in types:
        rows = store.select(sql, type, *values)
        # of names in another script than Latin, those with the same letters
        same = [row for row in rows if row[1] == name.script]
        if name.script:
            rows = same or [row for row in rows if not row[1]]
        candidates += [
            NameCandidate(type, None, entity) for entity in sorted({row[0] for row in rows})
        ]
    return candidates


def new_entity(store: DraftStore, name: ImportedName) -> int:
    cursor = store.scratch.execute(
        "INSERT INTO entity (type, id, line, column_name) VALUES (?, ?, ?, ?)",
        (name.types, name.id, name.line, name.column),
    )
    return cursor.lastrowid or 0


def join_entity(store: DraftStore, name: ImportedName, entity: int) -> None:
    """Let a name stand for an entity, which has this name from now on."""
    store.scratch.execute(
        "INSERT OR IGNORE INTO entity_name VALUES (?, ?, ?, ?, ?)",
        (name.types, name.folded, name.script, name.variant, entity),
    )
    note_candidates(store, name, [NameCandidate(name.types, None, entity)])


def note_candidates(store: DraftStore, name: ImportedName, candidates: list[NameCandidate]) -> None:
    """Settle a name that has one candidate; several are reported once all have ids."""
    if len(candidates) == 1:
        sql = "UPDATE name SET type = ?, record = ?, entity = ? WHERE key = ?"
        store.scratch.execute(sql, (*candidates[0], name.key))
    else:
        rows = [(name.key, *candidate) for candidate in candidates]
        store.scratch.executemany("INSERT INTO ambiguous VALUES (?, ?, ?, ?)", rows)


def report_missing(store: DraftStore, name: ImportedName) -> None:
    types = name.types.split()
    if len(types) > 1:
        message = (
            f"no {' or '.join(types)} has this name: correct it, or write actor:NAME or"
            " organization:NAME to make a record"
        )
    elif name.id:
        message = f"no {types[0]} has this id: correct it, or leave out --create none"
    else:
        message = f"no {types[0]} has this name: correct it, or leave out --create none"
    store.error(name.line, name.column, message, name.id or name.text or name.variant)


def report_ambiguous(store: DraftStore) -> None:
    """Report the names that have several candidates, with the ids of these."""
    rows = store.select(
        "SELECT name.line, name.column_name, name.text, name.variant,"
        " GROUP_CONCAT(ambiguous.type || ' ' || COALESCE(ambiguous.id, entity.id), ', ')"
        " FROM ambiguous JOIN name ON name.key = ambiguous.name"
        " LEFT JOIN entity ON entity.key = ambiguous.entity GROUP BY name.key"
        " ORDER BY name.line LIMIT 1000"
    )
    for line, column, text, variant, candidates in rows:
        message = f"is the name of several records ({candidates}): give the id of one"
        store.error(line, column, message, text or variant)
