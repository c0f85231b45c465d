"""Names, former ids and identifiers by which records can be asked for."""

from __future__ import annotations

from peewee import SQL, CompositeKey, IntegerField, TextField

from models.base import Base, Record, foreign_key, word_check
from models.values.folding import fold

KINDS = ("former", "identifier", "attribute", "name", "spelling", "word")
MAX_ATTRIBUTE_NAME = 100
# a longer value of an attribute cannot be asked for: it would not fit into an index
MAX_ATTRIBUTE_VALUE = 200


class NameKey(Base):
    """One value by which a record can be asked for.

    `former` (ids) and `identifier` (`wikidata:Q57792`) are unique within a type. `attribute` is a
    name and a value (`party:green`). `name` is a folded name or alias, and `word` one word of it.
    `ordinal` numbers the keys, or the names, of a record.
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
        for n, name in enumerate(dict.fromkeys(map(fold, record_names(record)))):
            rows.append((name, "name", type, key, n))
            rows += [(word, "word", type, key, n) for word in set(name.split())]
    return rows


def record_names(record: dict) -> list[str]:
    """A record's name and aliases; a source's title, a position's text and label are names."""
    name = record.get("name") or record.get("title") or record.get("text")
    label = [record["label"]] if "label" in record else []
    return [name, *label, *record.get("aliases", ())]
