"""Random datasets, and random changes to them, as plain records in seed form."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from tests.models.plain import Key, Records, first_day, last_day

TYPES = ("organization", "actor", "topic", "position", "event", "source", "claim")
AT_MOST = 6

NAMES = st.sampled_from(
    ["Recep Tayyip Erdoğan", "Türkiye", "Turkiye", "O’Brien", "NATO", "Mark Rutte", "rutte, MARK",
     "St. Petersburg", "Jean-Claude", "Straße 1", "北京", "Владимир Путин", "“Quoted” \\ name", "x"]
)  # fmt: skip
TEXTS = st.sampled_from([None, "Some words.", "Ein Satz – mit Strich.", "line\none"])
# every source's text begins alike, so that what is quoted stands there at the same place
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
ATTRIBUTES = st.sampled_from([{}, {"tone": "firm"}, {"tone": "soft", "No.": "7"}])
STANCES = st.sampled_from(["support", "oppose", "neutral"])
RELATIONS = ["repeats", "supports", "contradicts", "qualifies", "responds-to", "retracts"]
FORMS = st.sampled_from([None, "interview", "speech", "declaration", "post", "other"])
STATUSES = st.sampled_from(["coded", "verified", "draft", "withdrawn"])
KINDS = {
    "actor": st.sampled_from(["person", "group", "unnamed"]),
    "organization": st.sampled_from(["alliance", "state", "media", "other"]),
    "event": st.sampled_from(["summit", "interview", "other"]),
    "source": st.sampled_from(["article", "transcript", "other"]),
}

NAME = {"source": "title", "position": "text", "claim": "text"}

# where records of a type refer to others: its own fields, then its lists and what their items name
REFERS: dict[str, dict[str, str]] = {
    "organization": {"parent": "organization"},
    "topic": {"parent": "topic"},
    "event": {"parent": "event"},
    "source": {"publisher": "organization", "origin": "organization"},
    "claim": {"actor": "actor", "organization": "organization", "event": "event"},
}
LISTS: dict[str, dict[str, dict[str, str] | str]] = {
    "actor": {"memberships": {"organization": "organization"}},
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
# what tells the items of a list apart, where they must differ
DISTINCT = {
    "organizers": lambda one: one,
    "topics": lambda one: one,
    "positions": lambda one: one["position"],
    "addressees": lambda one: (one.get("actor"), one.get("organization")),
    "about": lambda one: (one.get("actor"), one.get("organization")),
    "relations": lambda one: (one["kind"], one["claim"]),
}


def without_empty(item: dict) -> dict:
    return {name: value for name, value in item.items() if value not in (None, [], {})}


def referred(type: str, record: dict) -> Iterator[tuple[Any, Any, str]]:
    """Each reference of a record: (what holds it, its name or index there, the type it names)."""
    for name, of in REFERS.get(type, {}).items():
        if name in record:
            yield record, name, of
    for section, named in LISTS.get(type, {}).items():
        items = record.get(section, [])
        for n, item in enumerate(items):
            if isinstance(named, str):
                yield items, n, named
            else:
                for name, of in named.items():
                    if name in item:
                        yield item, name, of


def parents_of(records: Records, type: str, id: str) -> Iterator[str]:
    """What stands above a thing; it ends where it would go round."""
    seen = {id}
    above = records[type, id].get("parent")
    while above and above not in seen:
        yield above
        seen.add(above)
        above = records[type, above].get("parent")


class World:
    """A dataset that is being changed: the records to be, and how to load them.

    `was` gives the id that a renamed record has in the dataset, `dirty` what a load that is not a
    whole one must hold, `whole` whether only a load of everything (prune) brings the change.
    """

    def __init__(self, loaded: Records):
        self.loaded = loaded
        self.records: Records = copy.deepcopy(loaded)
        self.was: dict[Key, Key] = {}
        self.dirty: set[Key] = set()
        self.whole = False

    def ids(self, type: str) -> list[str]:
        return [id for of, id in self.records if of == type]

    def formers(self, type: str) -> set[str]:
        return {
            former
            for (of, _), record in self.records.items()
            if of == type
            for former in record.get("former_ids", [])
        }

    def free_ids(self, type: str) -> list[str]:
        taken = {*self.ids(type), *self.formers(type)}
        return [id for n in range(1, 99) if (id := f"{type[:2]}-{n}") not in taken][:2]

    def put(self, type: str, id: str, values: dict) -> None:
        self.records[type, id] = without_empty({**self.records.get((type, id), {}), **values})
        self.dirty.add((type, id))

    def origin(self, key: Key) -> Key | None:
        """What a record is in the dataset, if it is there."""
        was = self.was.get(key, key)
        return was if was in self.loaded else None

    # changes

    def add(self, draw: Callable, type: str) -> None:
        if type == "claim" and not (self.ids("actor") or self.ids("organization")):
            return
        id = draw(st.sampled_from(self.free_ids(type)))
        values: dict = {"id": id}
        for n, field in enumerate(FIELDS[type]):
            # the first ones are required
            if n < REQUIRED[type] or draw(st.integers(0, 3)):
                values |= draw(field(self, type, id))
        self.put(type, id, values)

    def change(self, draw: Callable, type: str, id: str) -> None:
        """Draw any field anew."""
        field = draw(st.sampled_from(FIELDS[type]))
        self.put(type, id, draw(field(self, type, id)))

    def relink(self, draw: Callable, type: str, id: str) -> None:
        """Draw a field anew that others' documents and counts depend on."""
        field = draw(st.sampled_from(LINKING.get(type, FIELDS[type])))
        self.put(type, id, draw(field(self, type, id)))

    def retitle(self, draw: Callable, type: str, id: str) -> None:
        """Give a name that was not there before."""
        name = f"{draw(NAMES)} {draw(st.integers(1, 9999))}"
        self.put(type, id, {NAME.get(type, "name"): name})

    def rename(self, type: str, id: str, new: str) -> None:
        """Give another id, and leave the references that files need not say as they are."""
        record = self.records[type, id]
        if (type, id) in self.was or any(
            (type, former) in self.loaded for former in record.get("former_ids", [])
        ):
            return
        if (type, new) in self.loaded:
            return
        if (type, id) in self.loaded:
            self.was[type, new] = (type, id)
        renamed = {**record, "id": new, "former_ids": [*record.get("former_ids", []), id]}
        self.records = {
            (type, new) if key == (type, id) else key: renamed if key == (type, id) else one
            for key, one in self.records.items()
        }
        self.dirty = {(type, new) if key == (type, id) else key for key in self.dirty}
        self.dirty.add((type, new))
        self.redirect(type, id, new)

    def remove(self, type: str, id: str) -> None:
        """Take a record away, what refers to it, and claims that nobody makes any more."""
        self.whole = True
        del self.records[type, id]
        self.was.pop((type, id), None)
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
        """Another record takes the place of this one."""
        key = (type, other)
        if other == id or key not in self.loaded or key in self.was or (type, id) in self.was:
            return
        self.whole = True
        gone = self.records.pop((type, id))
        into = self.records[type, other]
        into["former_ids"] = [*into.get("former_ids", []), *gone.get("former_ids", []), id]
        self.redirect(type, id, other)
        top = [other, *parents_of(self.records, type, other)][-1]
        if self.records[type, top].get("parent") == other:
            del self.records[type, other]["parent"]

    def forget(self, type: str, id: str) -> None:
        """Drop a former id."""
        formers = self.records[type, id].get("former_ids", [])
        if formers and (type, formers[0]) not in self.loaded:
            self.put(type, id, {"former_ids": formers[1:]})

    def redirect(self, type: str, id: str, new: str | None) -> None:
        """Let every reference to one record name another, or drop it."""
        for of, owner in list(self.records):
            record = self.records[of, owner] = redirected(
                of, copy.deepcopy(self.records[of, owner]), type, id, new
            )
            if of == "claim":
                record["relations"] = [
                    one for one in record.get("relations", []) if one["claim"] != owner
                ]
            self.records[of, owner] = without_empty(record)

    def redraw(self, draw: Callable, operation: str, type: str) -> None:
        """One of the changes, to a record of a type."""
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

    def files(self, draw: Callable, *, prune: bool) -> list[tuple[str, dict]]:
        """The records of a load that brings the dataset here, in any order."""
        loose = [key for key in self.records if key not in self.dirty]
        beside = loose if prune or not loose else draw(st.lists(st.sampled_from(loose), max_size=3))
        keys = [*sorted(self.dirty & self.records.keys()), *dict.fromkeys(beside)]
        shuffled = draw(st.permutations(keys))
        formerly, short = draw(st.booleans()), draw(st.booleans())
        return [
            (type, self.written(type, self.records[type, id], formerly, short))
            for type, id in shuffled
        ]

    def written(self, type: str, record: dict, formerly: bool, short: bool) -> dict:
        """A record as a file may have it: referring by former ids, leaving defaults out."""
        record = copy.deepcopy(record)
        if formerly:
            for holder, name, of in referred(type, record):
                formers = self.records[of, holder[name]].get("former_ids", [])
                holder[name] = formers[-1] if formers else holder[name]
        if short:
            for name, default in (("kind", "person"), ("status", "coded")):
                if type in ("actor", "claim") and record.get(name) == default:
                    del record[name]
            record.setdefault("identifiers", [])
            record.setdefault("former_ids", None)
        return record

    def after(self, files: list[tuple[str, dict]]) -> Records:
        """The records in the order in which the dataset has them after the load."""
        place = {self.origin(key): key for key in self.records if self.origin(key)}
        order = [place[key] for key in self.loaded if key in place]
        order += [
            (type, record["id"])
            for type, record in files
            if self.origin((type, record["id"])) is None
        ]
        return {key: self.records[key] for key in order}


def redirected(of: str, record: dict, type: str, id: str, new: str | None) -> dict:
    for name, named in REFERS.get(of, {}).items():
        if named == type and record.get(name) == id:
            record[name] = new
    for section, named in LISTS.get(of, {}).items():
        if section not in record:
            continue
        kept = []
        for item in record[section]:
            if isinstance(named, str):
                item = new if named == type and item == id else item
            else:
                names = [name for name in named if item.get(name) == id and named[name] == type]
                item = {**item, **dict.fromkeys(names, new)}
                item = None if None in item.values() else item
            if item is not None:
                kept.append(item)
        alike = DISTINCT.get(section)
        if alike:
            kept = list({alike(item): item for item in reversed(kept)}.values())[::-1]
        record[section] = kept
    return record


# what records are made of: each draws some fields of a record

Field = Callable[[World, str, str], st.SearchStrategy[dict]]


def drawn(name: str, strategy: st.SearchStrategy) -> Field:
    return lambda world, type, id: strategy.map(lambda value: {name: value})


def kind(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    return KINDS[type].map(lambda value: {"kind": value})


def one_of(world: World, type: str) -> st.SearchStrategy:
    return st.sampled_from([None, *world.ids(type)])


def some_of(ids: list, most: int = 3) -> st.SearchStrategy[list]:
    return st.lists(st.sampled_from(ids), max_size=most, unique=True) if ids else st.just([])


def refer(name: str, type: str) -> Field:
    return lambda world, _, id: one_of(world, type).map(lambda value: {name: value})


def parent(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    fit = [
        other
        for other in world.ids(type)
        if other != id and id not in parents_of(world.records, type, other)
    ]
    return st.sampled_from([None, *fit]).map(lambda value: {"parent": value})


def identifiers(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    taken = [
        (one["scheme"], one["identifier"])
        for (of, other), record in world.records.items()
        if of == type and other != id
        for one in record.get("identifiers", [])
    ]
    free = [
        {"scheme": scheme, "identifier": value}
        for scheme in ("wikidata", "bioguide")
        for value in ("Q1", "Q2:x", "Ä 3")
        if (scheme, value) not in taken
    ]
    return lists_of(st.sampled_from(free), "identifiers", most=2) if free else st.just({})


def lists_of(item: st.SearchStrategy, name: str, most: int = 3) -> st.SearchStrategy[dict]:
    alike = DISTINCT.get(name) or (str if name == "identifiers" else None)
    return st.lists(item, max_size=most, unique_by=alike).map(lambda value: {name: value})


def names(name: str, most: int = 2) -> Field:
    return drawn(name, st.lists(NAMES, max_size=most, unique=True))


def period(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    fit = [one for one in PERIODS if one[0]]
    return st.sampled_from(fit).map(lambda one: {"start_date": one[0], "end_date": one[1]})


def memberships(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    if not world.ids("organization"):
        return st.just({})
    item = st.builds(
        lambda organization, role, period: without_empty(
            {
                "organization": organization,
                "role": role,
                "start_date": period[0],
                "end_date": period[1],
            }
        ),
        st.sampled_from(world.ids("organization")),
        ROLES,
        st.sampled_from(PERIODS),
    )
    return lists_of(item, "memberships")


def parties(name: str) -> Field:
    def field(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
        found = [{of: one} for of in ("actor", "organization") for one in world.ids(of)]
        if not found:
            return st.just({})
        item = st.sampled_from(found)
        if name == "participants":
            item = st.builds(lambda one, role: without_empty({**one, "role": role}), item, ROLES)
        return lists_of(item, name)

    return field


def ids_of(name: str, type: str) -> Field:
    return lambda world, _, id: some_of(world.ids(type)).map(lambda value: {name: value})


def claimant(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    pairs = [
        {"actor": actor, "organization": organization}
        for actor in (None, *world.ids("actor"))
        for organization in (None, *world.ids("organization"))
        if actor or organization
    ]
    return st.sampled_from(pairs)


def positions(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    if not world.ids("position"):
        return st.just({})
    item = st.fixed_dictionaries(
        {"position": st.sampled_from(world.ids("position")), "stance": STANCES}
    )
    return lists_of(item, "positions")


def reports(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    if not world.ids("source"):
        return st.just({})

    def report(source: str, exact: str | None, around: tuple, placed: str, how: str | None) -> dict:
        one = {"source": source, "exact": exact, "attribution": how}
        if exact and placed:
            one["start"] = BODY.index(exact)
            one["end"] = one["start"] + len(exact) if placed == "both" else None
        return without_empty({**one, "prefix": around[0], "suffix": around[1]})

    item = st.builds(
        report,
        st.sampled_from(world.ids("source")),
        st.sampled_from([None, *EXACTS]),
        st.sampled_from([(None, None), ("will ", None), (None, " – so"), ("a-b, ", " & c")]),
        st.sampled_from(["", "start", "both"]),
        st.sampled_from([None, "direct", "indirect", "mixed"]),
    )
    return lists_of(item, "reports")


def relations(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    others = [other for other in world.ids("claim") if other != id]
    if not others:
        return st.just({})
    item = st.fixed_dictionaries(
        {"kind": st.sampled_from(RELATIONS), "claim": st.sampled_from(others)}
    )
    return lists_of(item, "relations")


def reviews(world: World, type: str, id: str) -> st.SearchStrategy[dict]:
    if not world.ids("organization"):
        return st.just({})
    item = st.builds(
        lambda organization, rating, url, date, summary: without_empty(
            {
                "organization": organization,
                "rating": rating,
                "url": url,
                "date": date,
                "summary": summary,
            }
        ),
        st.sampled_from(world.ids("organization")),
        st.sampled_from(["True", "Mostly false"]),
        URLS,
        st.sampled_from(DATES),
        TEXTS,
    )
    return lists_of(item, "reviews", most=2)


DATE = drawn("date", st.sampled_from(DATES))
DESCRIPTION = drawn("description", TEXTS)
URL = drawn("url", URLS)
ATTRIBUTED = drawn("attributes", ATTRIBUTES)

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
    "topic": [drawn("name", NAMES), parent, names("aliases"), DESCRIPTION, identifiers],
    "position": [drawn("text", NAMES), ids_of("topics", "topic"), identifiers],
    "event": [
        drawn("name", NAMES), kind, period, parent, ids_of("organizers", "organization"),
        parties("participants"), names("aliases"), drawn("place", NAMES),
        drawn("country", COUNTRIES), DESCRIPTION, URL, identifiers,
    ],
    "source": [
        drawn("title", NAMES), kind, refer("publisher", "organization"),
        refer("origin", "organization"), names("authors"), DATE, drawn("language", LANGUAGES), URL,
        drawn("text", SOURCE_TEXTS), identifiers,
    ],
    "claim": [
        drawn("text", NAMES), claimant, drawn("status", STATUSES), DATE, drawn("role", ROLES),
        refer("event", "event"), ids_of("topics", "topic"), positions, parties("about"),
        parties("addressees"), reports, relations, reviews,
        drawn("quote", st.sampled_from([None, *EXACTS])), drawn("language", LANGUAGES),
        drawn("form", FORMS), drawn("place", NAMES),
        drawn("coder", st.sampled_from([None, "ab", "A.B."])), ATTRIBUTED, identifiers,
    ],
}  # fmt: skip


# those of them that links, roles and counts come from
LINKING: dict[str, list[Field]] = {
    "actor": [memberships, kind],
    "topic": [parent],
    "organization": [parent],
    "source": [
        refer("publisher", "organization"), refer("origin", "organization"), URL, DATE,
    ],
    "claim": [
        claimant, drawn("status", STATUSES), DATE, refer("event", "event"),
        ids_of("topics", "topic"), positions, parties("about"), parties("addressees"), reports,
        relations, reviews, drawn("role", ROLES),
    ],
}  # fmt: skip


def lines(files: list[tuple[str, dict]]) -> str:
    return "".join(
        json.dumps({"type": type, **record}, ensure_ascii=False) + "\n" for type, record in files
    )
