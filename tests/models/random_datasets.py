"""Random datasets in seed form, and random changes to them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from tests.models.oracle import Key, Records
from tests.models.partial_dates import first_day, last_day

TYPES = ("organization", "actor", "topic", "position", "event", "source", "claim")

NAMES = st.sampled_from(
    ["Recep Tayyip Erdoğan", "Türkiye", "Turkiye", "O’Brien", "NATO", "Mark Rutte", "rutte, MARK",
     "St. Petersburg", "Jean-Claude", "Straße 1", "北京", "Владимир Путин", "“Quoted” \\ name", "x"]
)  # fmt: skip
LABELS = st.sampled_from([None, "Two percent", "NATO"])
TEXTS = st.sampled_from([None, "Some words.", "Ein Satz – mit Strich.", "line\none"])
# every source's text begins alike, so that a quotation has the same offsets in all of them
BODY = "We will defend every inch – no doubt, “100%” & more. Then co-operate, all of us."
EXACTS = ["defend every inch", "no doubt, “100%” & more", "co-operate, all of us", "We"]
SOURCE_TEXTS = st.sampled_from([None, BODY, BODY + " Applause."])
URLS = st.sampled_from(
    [None, "https://example.org/a", "https://example.org/b#part", "HTTP://example.org/ü?q=1"]
)
DATES = [
    None, "2024", "2024-02", "2024-02-29", "2024-12-31", "2025", "2025-01", "2025-05-14", "2025-05",
    "2025-06-01", "0001", "9999-12-31",
]  # fmt: skip
PERIODS = [
    (start, end)
    for start in DATES
    for end in DATES
    if not (start and end and last_day(end) < first_day(start))
]
ROLES = st.sampled_from([None, "Secretary General", "President", "Başkan"])
COUNTRIES = st.sampled_from([None, "TR", "NO"])
LANGUAGES = st.sampled_from([None, "en", "tr"])
ATTRIBUTES = st.sampled_from(
    [{}, {"tone": "firm"}, {"tone": "soft", "No.": "7", "note": "x" * 201}]
)
STANCES = st.sampled_from(["support", "oppose", "neutral"])
RELATIONS = ["repeats", "supports", "contradicts", "qualifies", "responds-to", "retracts"]
FORMS = st.sampled_from([None, "interview", "speech", "declaration", "post", "other"])
STATUSES = st.sampled_from(["coded", "verified", "draft", "withdrawn"])
KINDS = {
    "actor": st.sampled_from(["person", "group", "unnamed"]),
    "organization": st.sampled_from(["alliance", "state", "parliament", "other"]),
    "event": st.sampled_from(["summit", "vote", "other"]),
    "source": st.sampled_from(["article", "transcript", "other"]),
}

# the field with the name, where it is not `name`
NAME_FIELDS = {"source": "title", "position": "text", "claim": "text"}

# the references of each type: in its own fields, then in the items of its lists
FIELD_REFERENCES: dict[str, dict[str, str]] = {
    "organization": {"parent": "organization"},
    "topic": {"parent": "topic"},
    "event": {"parent": "event"},
    "source": {"publisher": "organization", "origin": "organization"},
    "claim": {"actor": "actor", "organization": "organization", "event": "event"},
}
LIST_REFERENCES: dict[str, dict[str, dict[str, str] | str]] = {
    "actor": {
        "memberships": {"organization": "organization", "on_behalf_of": "organization"},
    },
    "position": {"topics": "topic"},
    "event": {
        "organizers": "organization",
        "participants": {"actor": "actor", "organization": "organization"},
    },
    "claim": {
        "topics": "topic",
        "positions": {"position": "position"},
        "addressees": {"actor": "actor", "organization": "organization"},
        "about": {"actor": "actor", "organization": "organization"},
        "reports": {"source": "source"},
        "relations": {"claim": "claim"},
        "reviews": {"organization": "organization"},
    },
}
# the unique key of a list's items
UNIQUE_KEYS = {
    "organizers": lambda item: item,
    "topics": lambda item: item,
    "positions": lambda item: item["position"],
    "addressees": lambda item: (item.get("actor"), item.get("organization")),
    "about": lambda item: (item.get("actor"), item.get("organization")),
    "relations": lambda item: (item["kind"], item["claim"]),
}


def without_empty(item: dict) -> dict:
    return {name: value for name, value in item.items() if value not in (None, [], {})}


def references(type: str, record: dict) -> Iterator[tuple[Any, Any, str]]:
    """Each reference of a record: (dict or list, name or index in it, the target's type)."""
    for name, target_type in FIELD_REFERENCES.get(type, {}).items():
        if name in record:
            yield record, name, target_type
    for section, target_types in LIST_REFERENCES.get(type, {}).items():
        items = record.get(section, [])
        for n, item in enumerate(items):
            if isinstance(target_types, str):
                yield items, n, target_types
            else:
                for name, target_type in target_types.items():
                    if name in item:
                        yield item, name, target_type


def ancestors(records: Records, type: str, id: str) -> Iterator[str]:
    """The ids of a record's parent, its parent's parent and so on; a cycle ends them."""
    seen = {id}
    parent = records[type, id].get("parent")
    while parent and parent not in seen:
        yield parent
        seen.add(parent)
        parent = records[type, parent].get("parent")


class RandomDataset:
    """A dataset to be: a loaded one with changes that a load will bring.

    `loaded_as` gives the key that a renamed record has in the loaded dataset. `dirty` has the
    keys that a load without prune must hold. `needs_prune` says that only a load of all records
    with prune brings the changes.
    """

    def __init__(self, loaded: Records):
        self.loaded = loaded
        self.records: Records = copy.deepcopy(loaded)
        self.loaded_as: dict[Key, Key] = {}
        self.dirty: set[Key] = set()
        self.needs_prune = False

    def ids(self, type: str) -> list[str]:
        return [id for record_type, id in self.records if record_type == type]

    def former_ids(self, type: str) -> set[str]:
        return {
            former
            for (record_type, _), record in self.records.items()
            if record_type == type
            for former in record.get("former_ids", [])
        }

    def free_ids(self, type: str) -> list[str]:
        taken = {*self.ids(type), *self.former_ids(type)}
        return [id for n in range(1, 99) if (id := f"{type[:2]}-{n}") not in taken][:2]

    def put(self, type: str, id: str, values: dict) -> None:
        self.records[type, id] = without_empty({**self.records.get((type, id), {}), **values})
        self.dirty.add((type, id))

    def origin(self, key: Key) -> Key | None:
        """The key that a record has in the loaded dataset; None for a new record."""
        loaded_key = self.loaded_as.get(key, key)
        return loaded_key if loaded_key in self.loaded else None

    # changes

    def add(self, draw: Callable, type: str) -> None:
        if type == "claim" and not (self.ids("actor") or self.ids("organization")):
            return
        id = draw(st.sampled_from(self.free_ids(type)))
        values: dict = {"id": id}
        for n, field in enumerate(FIELDS[type]):
            # the first fields are required
            if n < REQUIRED[type] or draw(st.integers(0, 3)):
                values |= draw(field(self, type, id))
        self.put(type, id, values)

    def change(self, draw: Callable, type: str, id: str) -> None:
        """Draw new values for any field."""
        field = draw(st.sampled_from(FIELDS[type]))
        self.put(type, id, draw(field(self, type, id)))

    def relink(self, draw: Callable, type: str, id: str) -> None:
        """Draw new values for a field that other records' documents or counts depend on."""
        field = draw(st.sampled_from(LINKING.get(type, FIELDS[type])))
        self.put(type, id, draw(field(self, type, id)))

    def retitle(self, draw: Callable, type: str, id: str) -> None:
        """Give a record a new name."""
        name = f"{draw(NAMES)} {draw(st.integers(1, 9999))}"
        self.put(type, id, {NAME_FIELDS.get(type, "name"): name})

    def rename(self, type: str, id: str, new: str) -> None:
        """Give a record another id and keep the old one as a former id."""
        record = self.records[type, id]
        if (type, id) in self.loaded_as or any(
            (type, former) in self.loaded for former in record.get("former_ids", [])
        ):
            return
        if (type, new) in self.loaded:
            return
        if (type, id) in self.loaded:
            self.loaded_as[type, new] = (type, id)
        renamed = {**record, "id": new, "former_ids": [*record.get("former_ids", []), id]}
        self.records = {
            (type, new) if key == (type, id) else key: renamed if key == (type, id) else record
            for key, record in self.records.items()
        }
        self.dirty = {(type, new) if key == (type, id) else key for key in self.dirty}
        self.dirty.add((type, new))
        self.redirect(type, id, new)

    def remove(self, type: str, id: str) -> None:
        """Remove a record, all references to it, and claims that have no claimant then."""
        self.needs_prune = True
        del self.records[type, id]
        self.loaded_as.pop((type, id), None)
        self.redirect(type, id, None)
        orphans = [
            key
            for key, record in self.records.items()
            if key[0] == "claim" and not ("actor" in record or "organization" in record)
        ]
        for key in orphans:
            if key in self.records:
                self.remove(*key)

    def merge(self, type: str, id: str, other: str) -> None:
        """Replace a record by another one, which takes its former ids."""
        key = (type, other)
        renamed = key in self.loaded_as or (type, id) in self.loaded_as
        if other == id or key not in self.loaded or renamed or self.cannot_merge(type, id, other):
            return
        removed = self.records.pop((type, id))
        self.dirty.add(key)
        target = self.records[type, other]
        former_ids = [*target.get("former_ids", []), id, *removed.get("former_ids", [])]
        target["former_ids"] = former_ids
        self.redirect(type, id, other)
        top = [other, *ancestors(self.records, type, other)][-1]
        if self.records[type, top].get("parent") == other:
            del self.records[type, other]["parent"]

    def cannot_merge(self, type: str, id: str, other: str) -> bool:
        """Whether a claim takes two stances on the records, or one relates to the other."""
        pair = {id, other}
        for (record_type, record_id), record in self.records.items():
            if record_type != "claim":
                continue
            stances = {
                item["stance"]
                for item in record.get("positions", [])
                if type == "position" and item["position"] in pair
            }
            related = {item["claim"] for item in record.get("relations", [])}
            if len(stances) > 1 or (type == "claim" and record_id in pair and related & pair):
                return True
        return False

    def forget(self, type: str, id: str) -> None:
        """Drop a former id, which only a load with prune does."""
        self.needs_prune = True
        former_ids = self.records[type, id].get("former_ids", [])
        if former_ids and (type, former_ids[0]) not in self.loaded:
            self.put(type, id, {"former_ids": former_ids[1:]})

    def redirect(self, type: str, id: str, new: str | None) -> None:
        """Point every reference to a record at another one, or drop the reference."""
        for owner in list(self.records):
            record = copy.deepcopy(self.records[owner])
            record = redirected(owner[0], record, type, id, new)
            if owner[0] == "claim":
                record["relations"] = [
                    item for item in record.get("relations", []) if item["claim"] != owner[1]
                ]
            self.records[owner] = without_empty(record)

    def apply(self, draw: Callable, operation: str, type: str) -> None:
        """Apply an operation to a drawn record of a type."""
        ids = self.ids(type)
        if operation == "add" or not ids:
            self.add(draw, type)
            return
        id = draw(st.sampled_from(ids))
        if operation in ("change", "relink", "retitle"):
            getattr(self, operation)(draw, type, id)
        elif operation == "rename":
            self.rename(type, id, draw(st.sampled_from(self.free_ids(type))))
        elif operation == "merge":
            self.merge(type, id, draw(st.sampled_from(ids)))
        else:
            getattr(self, operation)(type, id)

    # loads

    def seed_records(self, draw: Callable, *, prune: bool) -> list[tuple[str, dict]]:
        """The records of a load that brings the changes, in a drawn order."""
        clean = [key for key in self.records if key not in self.dirty]
        extra = clean if prune or not clean else draw(st.lists(st.sampled_from(clean), max_size=3))
        keys = [*sorted(self.dirty & self.records.keys()), *dict.fromkeys(extra)]
        shuffled = draw(st.permutations(keys))
        use_former_ids, omit_defaults = draw(st.booleans()), draw(st.booleans())
        seeds = [
            (type, self.seed_record(type, self.records[type, id], use_former_ids, omit_defaults))
            for type, id in shuffled
        ]
        if not prune and draw(st.booleans(), label="lacks former ids"):
            for type, record in seeds:
                self.drop_kept_ids(type, record)
        return seeds

    def drop_kept_ids(self, type: str, record: dict) -> None:
        """Drop the former ids that the dataset has already, for this or for a merged record."""
        kept = {
            former
            for (loaded_type, _), loaded in self.loaded.items()
            if loaded_type == type
            for former in loaded.get("former_ids", [])
        }
        former_ids = record.get("former_ids") or []
        record["former_ids"] = [former for former in former_ids if former not in kept]

    def dirty_records(self) -> list[tuple[str, dict]]:
        """The records that a load without prune must hold."""
        return [(key[0], record) for key, record in self.records.items() if key in self.dirty]

    def all_records(self) -> list[tuple[str, dict]]:
        return [(type, record) for (type, _), record in self.records.items()]

    def seed_record(
        self, type: str, record: dict, use_former_ids: bool, omit_defaults: bool
    ) -> dict:
        """A record as a seed file may have it."""
        record = copy.deepcopy(record)
        if use_former_ids:
            for holder, name, target_type in references(type, record):
                former_ids = self.records[target_type, holder[name]].get("former_ids", [])
                holder[name] = former_ids[-1] if former_ids else holder[name]
        if omit_defaults:
            for name, default in (("kind", "person"), ("status", "coded")):
                if type in ("actor", "claim") and record.get(name) == default:
                    del record[name]
            record.setdefault("identifiers", [])
            record.setdefault("former_ids", None)
        return record

    def records_after(self, seeds: list[tuple[str, dict]]) -> Records:
        """The records in the order that the dataset has after a load of these seeds."""
        new_keys = {self.origin(key): key for key in self.records if self.origin(key)}
        order = [new_keys[key] for key in self.loaded if key in new_keys]
        order += [
            (type, record["id"])
            for type, record in seeds
            if self.origin((type, record["id"])) is None
        ]
        return {key: self.records[key] for key in order}


def redirected(owner_type: str, record: dict, type: str, id: str, new: str | None) -> dict:
    """A record with its references to one record pointed at another, or dropped.

    List items that become equal by that are one.
    """
    if not any(
        holder[name] == id and target_type == type
        for holder, name, target_type in references(owner_type, record)
    ):
        return record
    for name, target_type in FIELD_REFERENCES.get(owner_type, {}).items():
        if target_type == type and record.get(name) == id:
            record[name] = new
    for section, target_types in LIST_REFERENCES.get(owner_type, {}).items():
        # each item once, and whether it was pointed at the other record
        items: list[tuple[Any, bool]] = []
        for before in record.get(section, []):
            item = redirected_item(before, target_types, type, id, new)
            changed = item != before
            if item is None or any(item == other and (changed or was) for other, was in items):
                continue
            items.append((item, changed))
        record[section] = [item for item, _ in items]
    return record


def redirected_item(
    item: Any, target_types: dict[str, str] | str, type: str, id: str, new: str | None
) -> Any:
    """An item of a list with its references pointed at another record; None if that is none."""
    if isinstance(target_types, str):
        return new if target_types == type and item == id else item
    names = [
        name
        for name, target_type in target_types.items()
        if target_type == type and item.get(name) == id
    ]
    item = {**item, **dict.fromkeys(names, new)}
    return None if None in item.values() else item


# strategies that each draw some fields of a record

Field = Callable[[RandomDataset, str, str], st.SearchStrategy[dict]]


def drawn(name: str, strategy: st.SearchStrategy) -> Field:
    return lambda dataset, type, id: strategy.map(lambda value: {name: value})


def kind(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    return KINDS[type].map(lambda value: {"kind": value})


def id_or_none(dataset: RandomDataset, type: str) -> st.SearchStrategy:
    return st.sampled_from([None, *dataset.ids(type)])


def some_of(ids: list, most: int = 3) -> st.SearchStrategy[list]:
    return st.lists(st.sampled_from(ids), max_size=most, unique=True) if ids else st.just([])


def reference(name: str, type: str) -> Field:
    return lambda dataset, _, id: id_or_none(dataset, type).map(lambda value: {name: value})


def parent(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    candidates = [
        other
        for other in dataset.ids(type)
        if other != id and id not in ancestors(dataset.records, type, other)
    ]
    return st.sampled_from([None, *candidates]).map(lambda value: {"parent": value})


def identifiers(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    taken = [
        (item["scheme"], item["identifier"])
        for (other_type, other), record in dataset.records.items()
        if other_type == type and other != id
        for item in record.get("identifiers", [])
    ]
    free = [
        {"scheme": scheme, "identifier": value}
        for scheme in ("wikidata", "bioguide")
        for value in ("Q1", "Q2:x", "Ä 3")
        if (scheme, value) not in taken
    ]
    return lists_of(st.sampled_from(free), "identifiers", most=2) if free else st.just({})


def lists_of(item: st.SearchStrategy, name: str, most: int = 3) -> st.SearchStrategy[dict]:
    unique_key = UNIQUE_KEYS.get(name) or (str if name == "identifiers" else None)
    return st.lists(item, max_size=most, unique_by=unique_key).map(lambda value: {name: value})


def names(name: str, most: int = 2) -> Field:
    return drawn(name, st.lists(NAMES, max_size=most, unique=True))


def period(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    periods = [(start, end) for start, end in PERIODS if start]
    return st.sampled_from(periods).map(
        lambda period: {"start_date": period[0], "end_date": period[1]}
    )


def memberships(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    if not dataset.ids("organization"):
        return st.just({})
    item = st.builds(
        lambda organization, role, on_behalf_of, area, period: without_empty(
            {
                "organization": organization,
                "role": role,
                "on_behalf_of": on_behalf_of,
                "area": area,
                "start_date": period[0],
                "end_date": period[1],
            }
        ),
        st.sampled_from(dataset.ids("organization")),
        ROLES,
        id_or_none(dataset, "organization"),
        st.sampled_from([None, "Brussels-Capital"]),
        st.sampled_from(PERIODS),
    )
    return lists_of(item, "memberships")


def party_list(name: str) -> Field:
    def field(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
        parties = [
            {party_type: party_id}
            for party_type in ("actor", "organization")
            for party_id in dataset.ids(party_type)
        ]
        if not parties:
            return st.just({})
        item = st.sampled_from(parties)
        if name == "participants":
            item = st.builds(
                lambda party, role: without_empty({**party, "role": role}), item, ROLES
            )
        return lists_of(item, name)

    return field


def ids_of(name: str, type: str) -> Field:
    return lambda dataset, _, id: some_of(dataset.ids(type)).map(lambda value: {name: value})


def claimant(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    pairs = [
        {"actor": actor, "organization": organization}
        for actor in (None, *dataset.ids("actor"))
        for organization in (None, *dataset.ids("organization"))
        if actor or organization
    ]
    return st.sampled_from(pairs)


def positions(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    if not dataset.ids("position"):
        return st.just({})
    item = st.fixed_dictionaries(
        {"position": st.sampled_from(dataset.ids("position")), "stance": STANCES}
    )
    return lists_of(item, "positions")


def reports(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    if not dataset.ids("source"):
        return st.just({})

    def report(
        source: str, exact: str | None, context: tuple, offsets: str, attribution: str | None
    ) -> dict:
        item = {"source": source, "exact": exact, "attribution": attribution}
        if exact and offsets:
            item["start"] = BODY.index(exact)
            item["end"] = item["start"] + len(exact) if offsets == "both" else None
        return without_empty({**item, "prefix": context[0], "suffix": context[1]})

    item = st.builds(
        report,
        st.sampled_from(dataset.ids("source")),
        st.sampled_from([None, *EXACTS]),
        st.sampled_from([(None, None), ("will ", None), (None, " – so"), ("a-b, ", " & c")]),
        st.sampled_from(["", "start", "both"]),
        st.sampled_from([None, "direct", "indirect", "mixed"]),
    )
    return lists_of(item, "reports")


def relations(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    targets = [target for target in dataset.ids("claim") if target != id]
    if not targets:
        return st.just({})
    item = st.fixed_dictionaries(
        {"kind": st.sampled_from(RELATIONS), "claim": st.sampled_from(targets)}
    )
    return lists_of(item, "relations")


def reviews(dataset: RandomDataset, type: str, id: str) -> st.SearchStrategy[dict]:
    if not dataset.ids("organization"):
        return st.just({})
    item = st.builds(
        lambda organization, rating, verdict, author, title, url, date, summary: without_empty(
            {
                "organization": organization,
                "rating": rating,
                "verdict": verdict or (None if rating or url else "other"),
                "author": author,
                "title": title,
                "url": url,
                "date": date,
                "summary": summary,
            }
        ),
        st.sampled_from(dataset.ids("organization")),
        st.sampled_from([None, "True", "Mostly false", "mostly FALSE!", "★★"]),
        st.sampled_from([None, "true", "mostly-false"]),
        st.sampled_from([None, "A. Author"]),
        TEXTS,
        URLS,
        st.sampled_from(DATES),
        TEXTS,
    )
    return lists_of(item, "reviews", most=2)


DATE = drawn("date", st.sampled_from(DATES))
DESCRIPTION = drawn("description", TEXTS)
URL = drawn("url", URLS)
ATTRIBUTED = drawn("attributes", ATTRIBUTES)

# how many of the first FIELDS are required
REQUIRED = {
    "organization": 2, "actor": 2, "topic": 1, "position": 1, "event": 3, "source": 2, "claim": 3,
}  # fmt: skip
FIELDS: dict[str, list[Field]] = {
    "organization": [
        drawn("name", NAMES), kind, names("aliases"), DESCRIPTION, drawn("country", COUNTRIES),
        parent, URL, ATTRIBUTED, identifiers,
    ],
    "actor": [
        drawn("name", NAMES), kind, memberships, names("aliases"), DESCRIPTION, URL, ATTRIBUTED,
        identifiers,
    ],
    "topic": [drawn("name", NAMES), parent, names("aliases"), DESCRIPTION, ATTRIBUTED, identifiers],
    "position": [
        drawn("text", NAMES), drawn("label", LABELS), ids_of("topics", "topic"), ATTRIBUTED,
        identifiers,
    ],
    "event": [
        drawn("name", NAMES), kind, period, parent, ids_of("organizers", "organization"),
        party_list("participants"), names("aliases"), drawn("place", NAMES),
        drawn("country", COUNTRIES), DESCRIPTION, URL, ATTRIBUTED, identifiers,
    ],
    "source": [
        drawn("title", NAMES), kind, reference("publisher", "organization"),
        reference("origin", "organization"), names("authors"), DATE, drawn("language", LANGUAGES),
        URL, drawn("archive_url", URLS), drawn("accessed", st.sampled_from(DATES)),
        drawn("text", SOURCE_TEXTS), ATTRIBUTED, identifiers,
    ],
    "claim": [
        drawn("text", NAMES), claimant, drawn("status", STATUSES), DATE, drawn("role", ROLES),
        reference("event", "event"), ids_of("topics", "topic"), positions, party_list("about"),
        party_list("addressees"), reports, relations, reviews,
        drawn("quote", st.sampled_from([None, *EXACTS])), drawn("language", LANGUAGES),
        drawn("form", FORMS), drawn("place", NAMES),
        drawn("coder", st.sampled_from([None, "ab", "A.B."])), ATTRIBUTED, identifiers,
    ],
}  # fmt: skip


# the fields that links, roles and counts come from
LINKING: dict[str, list[Field]] = {
    "actor": [memberships, kind],
    "topic": [parent],
    "organization": [parent],
    "event": [parent, drawn("country", COUNTRIES)],
    "source": [
        reference("publisher", "organization"), reference("origin", "organization"), URL, DATE,
    ],
    "claim": [
        claimant, drawn("status", STATUSES), DATE, reference("event", "event"),
        ids_of("topics", "topic"), positions, party_list("about"), party_list("addressees"),
        reports, relations, reviews, drawn("role", ROLES),
    ],
}  # fmt: skip


def json_lines(records: list[tuple[str, dict]]) -> str:
    return "".join(
        json.dumps({"type": type, **record}, ensure_ascii=False) + "\n" for type, record in records
    )
