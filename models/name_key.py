"""Names, former ids and identifiers by which records can be asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from peewee import SQL, CompositeKey, IntegerField, TextField

from models.base import Base, Record, foreign_key, word_check
from models.values.folding import fold
from models.values.spelling import script_key, spelling_keys

KINDS = ("former", "identifier", "attribute", "name", "spelling", "word")
MAX_ATTRIBUTE_NAME = 100
# a longer value of an attribute cannot be asked for: it would not fit into an index
MAX_ATTRIBUTE_VALUE = 200
# a filter takes no longer name, so a longer name needs no spellings
MAX_SPELLED_NAME = 200


class NameKey(Base):
    """One value by which a record can be asked for.

    `former` (ids) and `identifier` (`wikidata:Q57792`) are unique within a type. `attribute` is a
    name and a value (`party:green`). `name` is a folded name or alias, and `word` one word of it.
    `spelling` is another spelling of a name, its letters in another script than Latin, or the
    code of a state in capitals. `ordinal` numbers the keys, or the names, of a record.
    """

    value = TextField()
    kind = TextField(constraints=[word_check("kind", KINDS)])
    type = TextField()
    record = foreign_key(Record)
    ordinal = IntegerField()

    class Meta:
        primary_key = CompositeKey("value", "kind", "type", "record", "ordinal")
        without_rowid = True


NameKey.add_index(NameKey.record, name="name_key_record")
NameKey.add_index(
    NameKey.type,
    NameKey.value,
    NameKey.record,
    NameKey.ordinal,
    where=SQL("kind = 'word'"),
    name="name_key_word",
)
NameKey.add_index(
    NameKey.type,
    NameKey.value,
    unique=True,
    where=SQL("kind IN ('former', 'identifier')"),
    name="name_key_unique",
)


def name_keys(type: str, key: int, record: dict) -> list[tuple]:
    """The rows of NameKey for a record in seed form."""
    unique = [("former", id) for id in record.get("former_ids", ())]
    unique += [
        ("identifier", f"{identifier['scheme']}:{identifier['identifier']}")
        for identifier in record.get("identifiers", ())
    ]
    rows = [(value, kind, type, key, n) for n, (kind, value) in enumerate(unique)]
    rows += [
        (f"{name}:{value}", "attribute", type, key, n)
        for n, (name, value) in enumerate(record.get("attributes", {}).items())
        if len(value) <= MAX_ATTRIBUTE_VALUE
    ]
    if type != "claim":
        for n, (folded, names) in enumerate(names_by_fold(record).items()):
            rows.append((folded, "name", type, key, n))
            rows += [(word, "word", type, key, n) for word in set(folded.split())]
            spellings = {spelling for name in names for spelling in other_spellings(name)}
            rows += [(spelling, "spelling", type, key, n) for spelling in spellings - {folded}]
        if record.get("kind") == "state" and "country" in record:
            rows.append((record["country"], "spelling", type, key, 0))
    return rows


def names_by_fold(record: dict) -> dict[str, list[str]]:
    """A record's names and aliases by their folded form."""
    names: dict[str, list[str]] = defaultdict(list)
    for name in record_names(record):
        names[fold(name)].append(name)
    return names


def other_spellings(name: str) -> Iterator[str]:
    """The keys of a name, beside its folded form, by which it can be asked for."""
    if len(name) <= MAX_SPELLED_NAME:
        yield from spelling_keys(name)
        if script := script_key(name):
            yield script


def record_names(record: dict) -> list[str]:
    """A record's name and aliases; a source's title, a position's text and label are names."""
    name = record.get("name") or record.get("title") or record.get("text")
    label = [record["label"]] if "label" in record else []
    return [name, *label, *record.get("aliases", ())]
