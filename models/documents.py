"""The read model: how a row becomes its JSON document, and which documents show it.

A document is rendered when its record, or a record that it shows, was written. So that none is
stale, a writer marks what it touches before and after its writes (`mark`) and renders in the same
transaction (`render_marked`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import orjson

from models import RESOURCES, TABLES
from models.base import Record, batches, connect, create_tables, database, dataset, rows
from models.claim import STANCES
from models.dates import overlaps
from models.names import NAME, NAMED
from models.records import named, picked

# raised whenever documents come out differently; older ones are rendered anew before serving
RENDER_VERSION = 1

Row = dict[str, Any]


class Batch:
    """The rows that the documents of some records of one type are made of."""

    def __init__(self, type: str, keys: list[int]):
        self.type = type
        self.keys = keys
        model = RESOURCES[type]
        self.own = picked(model, "key", keys)
        self.links: dict[str, dict[int, list[Row]]] = {}
        for link in model.LINKS:
            of = self.links[link.SECTION] = defaultdict(list)
            for row in picked(link, link.OWNER, keys):
                of[row[link.OWNER]].append(row)
        self.records = {row["key"]: row for row in picked(Record, "key", keys)}
        self.handles = defaultdict(list)
        for key, kind, value in named(keys):
            self.handles[key, kind].append(value)

    def section(self, name: str, key: int) -> list[Row]:
        return self.links[name].get(key, [])

    def documents(self) -> Iterator[tuple[int, dict]]:
        shape = SHAPES[self.type](self)
        for row in self.own:
            record = self.records[row["key"]]
            identifiers = [one.partition(":") for one in self.handles[row["key"], "identifier"]]
            yield (
                row["key"],
                {
                    "id": record["id"],
                    **shape(row),
                    "identifiers": [
                        {"scheme": scheme, "identifier": identifier}
                        for scheme, _, identifier in identifiers
                    ],
                    "former_ids": self.handles[row["key"], "former"],
                    "created_at": record["created_at"],
                    "updated_at": record["updated_at"],
                },
            )


def names(keys: Iterable[int | None]) -> dict[int, tuple[str, str, str]]:
    """Type, id and name of records, by key."""
    found = {}
    for batch in batches({key for key in keys if key is not None}):
        sql = (
            f"SELECT record.key, record.type, record.id, {NAME} FROM record {NAMED}"
            f" WHERE record.key IN {database.in_list}"
        )
        found.update({key: tuple(rest) for key, *rest in rows(sql, database.pack(batch))})
    return found


class Names:
    """How a document shows other records: by id and name."""

    def __init__(self, *columns: Iterable[int | None]):
        self.found = names(key for column in columns for key in column)

    def brief(self, key: int | None, name: str = "name") -> dict | None:
        """`{"id", "name"}`, or null."""
        if key is None:
            return None
        _, id, title = self.found[key]
        return {"id": id, name: title}

    def party(self, key: int) -> dict:
        """`{"type", "id", "name"}`: an actor or an organization."""
        return dict(zip(("type", "id", "name"), self.found[key], strict=True))


def column(rows: Iterable[Row], name: str) -> list:
    return [row[name] for row in rows]


def items(batch: Batch, section: str, name: str) -> list:
    return [row[name] for of in batch.links[section].values() for row in of]


def listed(text: str | None) -> Any:
    return orjson.loads(text) if text else []


def mapped(text: str | None) -> Any:
    return orjson.loads(text) if text else {}


def counts(sql: str, keys: list[int]) -> dict[int, int]:
    """Listed claims by key of what they have to do with."""
    return dict(rows(sql.format(keys=database.in_list), database.pack(keys)))


def actors(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(items(batch, "memberships", "organization"))

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "url": row["url"],
            "attributes": mapped(row["attributes"]),
            "memberships": [
                {
                    "organization": shown.brief(one["organization"]),
                    "role": one["role"],
                    "start_date": one["start_date"],
                    "end_date": one["end_date"],
                }
                for one in batch.section("memberships", row["key"])
            ],
            "claim_count": row["claim_count"],
        }

    return document


def organizations(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "parent"))

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "country": row["country"],
            "parent": shown.brief(row["parent"]),
            "url": row["url"],
            "attributes": mapped(row["attributes"]),
            "claim_count": row["claim_count"],
        }

    return document


def events(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(
        column(batch.own, "parent"),
        items(batch, "organizers", "organization"),
        items(batch, "participants", "party"),
    )

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "kind": row["kind"],
            "aliases": listed(row["aliases"]),
            "start_date": row["start_date"],
            "end_date": row["end_date"],
            "place": row["place"],
            "country": row["country"],
            "parent": shown.brief(row["parent"]),
            "organizers": [
                shown.brief(one["organization"]) for one in batch.section("organizers", row["key"])
            ],
            "participants": [
                {**shown.party(one["party"]), "role": one["role"]}
                for one in batch.section("participants", row["key"])
            ],
            "description": row["description"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def sources(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "publisher"), column(batch.own, "origin"))

    def document(row: Row) -> dict:
        return {
            "title": row["title"],
            "kind": row["kind"],
            "publisher": shown.brief(row["publisher"]),
            "origin": shown.brief(row["origin"]),
            "authors": listed(row["authors"]),
            "date": row["date"],
            "language": row["language"],
            "url": row["url"],
            "claim_count": row["claim_count"],
        }

    return document


def topics(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(column(batch.own, "parent"))

    def document(row: Row) -> dict:
        return {
            "name": row["name"],
            "aliases": listed(row["aliases"]),
            "description": row["description"],
            "parent": shown.brief(row["parent"]),
            "claim_count": row["claim_count"],
        }

    return document


def positions(batch: Batch) -> Callable[[Row], dict]:
    shown = Names(items(batch, "topics", "topic"))
    stances: dict[int, dict[str, int]] = defaultdict(dict)
    by_stance = (
        "SELECT position, stance, COUNT(*) FROM claim_position"
        f" WHERE listed = 1 AND position IN {database.in_list} GROUP BY position, stance"
    )
    for key, stance, count in rows(by_stance, database.pack(batch.keys)):
        stances[key][stance] = count

    def document(row: Row) -> dict:
        counted = {stance: stances[row["key"]].get(stance, 0) for stance in STANCES}
        return {
            "text": row["text"],
            "topics": [shown.brief(one["topic"]) for one in batch.section("topics", row["key"])],
            "stances": counted,
            "claim_count": row["claim_count"],
        }

    return document


def claims(batch: Batch) -> Callable[[Row], dict]:
    reported = {
        row["key"]: row
        for keys in batches(set(items(batch, "reports", "source")))
        for row in source_rows(keys)
    }
    shown = Names(
        *(column(batch.own, name) for name in ("actor", "organization", "event")),
        items(batch, "topics", "topic"),
        items(batch, "positions", "position"),
        items(batch, "about", "party"),
        items(batch, "addressees", "party"),
        items(batch, "reviews", "organization"),
        reported,
        *(column(reported.values(), name) for name in ("publisher", "origin")),
    )
    kinds = dict(
        rows(
            f"SELECT key, kind FROM actor WHERE key IN {database.in_list}",
            database.pack({key for key in column(batch.own, "actor") if key}),
        )
    )
    roles = derived_roles(batch.keys)
    related = relations(batch.keys)

    def report(one: Row) -> dict:
        source = reported[one["source"]]
        return {
            "source": {
                **(shown.brief(one["source"], "title") or {}),
                "date": source["date"],
                "url": source["url"],
            },
            "publisher": shown.brief(source["publisher"]),
            "origin": shown.brief(source["origin"]),
            "attribution": one["attribution"],
            "exact": one["exact"],
            "prefix": one["prefix"],
            "suffix": one["suffix"],
            "start": one["start"],
            "end": one["end"],
            "link": link(source["url"], one),
        }

    def publisher(one: Row) -> int:
        source = reported[one["source"]]
        return source["origin"] or source["publisher"] or source["key"]

    def document(row: Row) -> dict:
        key = row["key"]
        reports = batch.section("reports", key)
        direct = (
            one["exact"] for one in reports if one["attribution"] == "direct" and one["exact"]
        )
        actor = shown.brief(row["actor"])
        return {
            "text": row["text"],
            "quote": row["quote"] or next(direct, None),
            "date": row["date"],
            "role": row["role"],
            "status": row["status"],
            "coder": row["coder"],
            "form": row["form"],
            "language": row["language"],
            "place": row["place"],
            "attributes": mapped(row["attributes"]),
            "actor": actor
            and {**actor, "kind": kinds[row["actor"]], "role": row["role"] or roles.get(key)},
            "organization": shown.brief(row["organization"]),
            "event": shown.brief(row["event"]),
            "topics": [shown.brief(one["topic"]) for one in batch.section("topics", key)],
            "positions": [
                {**(shown.brief(one["position"], "text") or {}), "stance": one["stance"]}
                for one in batch.section("positions", key)
            ],
            "about": [shown.party(one["party"]) for one in batch.section("about", key)],
            "addressees": [shown.party(one["party"]) for one in batch.section("addressees", key)],
            "reports": [report(one) for one in reports],
            "independent_publishers": len({publisher(one) for one in reports}),
            "relations": related.get(key, []),
            "reviews": [
                {
                    "organization": shown.brief(one["organization"]),
                    "rating": one["rating"],
                    "url": one["url"],
                    "date": one["date"],
                    "summary": one["summary"],
                }
                for one in batch.section("reviews", key)
            ],
        }

    return document


def source_rows(keys: list[int]) -> list[Row]:
    """What a claim's reports show of their sources."""
    names = ("key", "date", "url", "publisher", "origin")
    sql = f"SELECT {', '.join(names)} FROM source WHERE key IN {database.in_list}"
    return [dict(zip(names, row, strict=True)) for row in rows(sql, database.pack(keys))]


def derived_roles(keys: list[int]) -> dict[int, str]:
    """The claimants' roles in the organizations that they spoke for, at the claims' dates.

    Of several memberships that overlap the date the one that started last decides, then the first.
    """
    found: dict[int, tuple[str, str]] = {}
    memberships = rows(
        "SELECT claim.key, claim.date, membership.role, start_date, end_date FROM claim"
        " JOIN membership ON membership.actor = claim.actor"
        " AND membership.organization = claim.organization"
        f" WHERE claim.key IN {database.in_list} AND claim.date IS NOT NULL"
        " ORDER BY claim.key, membership.ordinal",
        database.pack(keys),
    )
    for key, date, role, start, end in memberships:
        if overlaps(date, start, end) and (key not in found or (start or "") > found[key][0]):
            found[key] = (start or "", role)
    return {key: role for key, (_, role) in found.items()}


def relations(keys: list[int]) -> dict[int, list[dict]]:
    """What claims do to others, in their records' order, then what others do to them, by id."""
    found: dict[int, list[dict]] = defaultdict(list)
    select = (
        "SELECT relation.{own}, relation.kind, record.id, claim.text, claim.date FROM relation"
        " JOIN record ON record.key = relation.{other} JOIN claim ON claim.key = relation.{other}"
        f" WHERE relation.{{own}} IN {database.in_list} ORDER BY relation.{{own}}, {{order}}"
    )
    for direction, own, other, order in (
        ("out", "claim", "target", "relation.ordinal"),
        ("in", "target", "claim", "record.id, relation.ordinal"),
    ):
        sql = select.format(own=own, other=other, order=order)
        for key, kind, id, text, date in rows(sql, database.pack(keys)):
            claim = {"id": id, "text": text, "date": date}
            found[key].append({"kind": kind, "direction": direction, "claim": claim})
    return found


def link(url: str | None, report: Row) -> str | None:
    """The source's URL, opening at the exact words (W3C text fragment)."""
    if not url or not report["exact"]:
        return url
    before = f"{fragment(report['prefix'])}-," if report["prefix"] else ""
    after = f",-{fragment(report['suffix'])}" if report["suffix"] else ""
    start = "" if "#" in url else "#"
    return f"{url}{start}:~:text={before}{fragment(report['exact'])}{after}"


def fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")


SHAPES: dict[str, Callable[[Batch], Callable[[Row], dict]]] = {
    "actor": actors,
    "organization": organizations,
    "event": events,
    "source": sources,
    "topic": topics,
    "position": positions,
    "claim": claims,
}

# how many listed claims have to do with each
COUNTS = {
    "actor": "SELECT actor, COUNT(*) FROM claim"
    " WHERE listed = 1 AND actor IN {keys} GROUP BY actor",
    "organization": "SELECT organization, COUNT(*) FROM claim"
    " WHERE listed = 1 AND organization IN {keys} GROUP BY organization",
    "event": "SELECT event, COUNT(*) FROM claim"
    " WHERE listed = 1 AND event IN {keys} GROUP BY event",
    "source": "SELECT source, COUNT(DISTINCT claim) FROM report"
    " WHERE listed = 1 AND source IN {keys} GROUP BY source",
    "topic": "SELECT topic, COUNT(*) FROM topic_claim"
    " WHERE listed = 1 AND topic IN {keys} GROUP BY topic",
    "position": "SELECT position, COUNT(*) FROM claim_position"
    " WHERE listed = 1 AND position IN {keys} GROUP BY position",
}

# the records that documents name: {type: {name: (their type, None where each says it, the path)}}
INCLUDES: dict[str, dict[str, tuple[str | None, tuple[str, ...]]]] = {
    "actor": {"organization": ("organization", ("memberships", "organization"))},
    "organization": {"parent": ("organization", ("parent",))},
    "event": {
        "parent": ("event", ("parent",)),
        "organizer": ("organization", ("organizers",)),
        "participant": (None, ("participants",)),
    },
    "source": {
        "publisher": ("organization", ("publisher",)),
        "origin": ("organization", ("origin",)),
    },
    "topic": {"parent": ("topic", ("parent",))},
    "position": {"topic": ("topic", ("topics",))},
    "claim": {
        "actor": ("actor", ("actor",)),
        "organization": ("organization", ("organization",)),
        "event": ("event", ("event",)),
        "source": ("source", ("reports", "source")),
        "publisher": ("organization", ("reports", "publisher")),
        "topic": ("topic", ("topics",)),
        "position": ("position", ("positions",)),
        "about": (None, ("about",)),
        "addressee": (None, ("addressees",)),
    },
}

# which documents show a record: {type: selects of their keys, {of} the keys that changed}
SHOWN_BY = {
    "actor": (
        "SELECT key FROM claim WHERE actor IN {of}",
        "SELECT claim FROM about WHERE party IN {of}",
        "SELECT claim FROM addressee WHERE party IN {of}",
        "SELECT event FROM participant WHERE party IN {of}",
    ),
    "organization": (
        "SELECT key FROM claim WHERE organization IN {of}",
        "SELECT claim FROM about WHERE party IN {of}",
        "SELECT claim FROM addressee WHERE party IN {of}",
        "SELECT claim FROM review WHERE organization IN {of}",
        "SELECT report.claim FROM source JOIN report ON report.source = source.key"
        " WHERE source.publisher IN {of}",
        "SELECT report.claim FROM source JOIN report ON report.source = source.key"
        " WHERE source.origin IN {of}",
        "SELECT key FROM organization WHERE parent IN {of}",
        "SELECT actor FROM membership WHERE organization IN {of}",
        "SELECT event FROM participant WHERE party IN {of}",
        "SELECT event FROM organizer WHERE organization IN {of}",
        "SELECT key FROM source WHERE publisher IN {of}",
        "SELECT key FROM source WHERE origin IN {of}",
    ),
    "topic": (
        "SELECT claim FROM claim_topic WHERE topic IN {of}",
        "SELECT position FROM position_topic WHERE topic IN {of}",
        "SELECT key FROM topic WHERE parent IN {of}",
        # its claims count for the broader ones
        "SELECT broader FROM broader WHERE topic IN {of}",
    ),
    "position": ("SELECT claim FROM claim_position WHERE position IN {of}",),
    "event": (
        "SELECT key FROM claim WHERE event IN {of}",
        "SELECT key FROM event WHERE parent IN {of}",
    ),
    "source": ("SELECT claim FROM report WHERE source IN {of}",),
    "claim": (
        "SELECT target FROM relation WHERE claim IN {of}",
        "SELECT claim FROM relation WHERE target IN {of}",
        # the counts
        "SELECT actor FROM claim WHERE key IN {of} AND actor IS NOT NULL",
        "SELECT organization FROM claim WHERE key IN {of} AND organization IS NOT NULL",
        "SELECT event FROM claim WHERE key IN {of} AND event IS NOT NULL",
        "SELECT source FROM report WHERE claim IN {of}",
        "SELECT topic FROM topic_claim WHERE claim IN {of}",
        "SELECT position FROM claim_position WHERE claim IN {of}",
    ),
}


def begin() -> None:
    """Make ready to mark: a writer puts what it touches in `touched`; `stale` is what shows it."""
    database.temporary("touched", "key INTEGER PRIMARY KEY, type TEXT")
    database.temporary("stale", "key INTEGER PRIMARY KEY")


def mark() -> None:
    """Mark the documents that show the touched records, as the rows stand now."""
    into = "INSERT INTO stale {} ON CONFLICT DO NOTHING"
    database.execute_sql(into.format("SELECT key FROM touched WHERE true"))
    for type, selects in SHOWN_BY.items():
        of = f"(SELECT key FROM touched WHERE type = '{type}')"
        if rows(f"SELECT 1 FROM touched WHERE type = '{type}' LIMIT 1"):
            for select in selects:
                database.execute_sql(into.format(select.format(of=of)))


def render_marked(progress: Callable[[int], Any] = lambda done: None) -> None:
    """Render every marked document anew, of those records that are still there."""
    sql = (
        "SELECT stale.key, record.type FROM stale JOIN record ON record.key = stale.key"
        f" WHERE stale.key > {database.param} ORDER BY stale.key LIMIT 500"
    )
    last = 0
    while found := rows(sql, last):
        of_type = defaultdict(list)
        for last, type in found:
            of_type[type].append(last)
        for type, keys in of_type.items():
            render(type, keys)
        progress(len(found))


def render(type: str, keys: list[int]) -> None:
    """Render the documents of some records of one type, and count their claims."""
    if type in COUNTS:
        counted = counts(COUNTS[type], keys)
        database.many(
            f"UPDATE {type} SET claim_count = {database.param} WHERE key = {database.param}",
            [(counted.get(key, 0), key) for key in keys],
        )
    database.many(
        f"INSERT INTO document (key, body) VALUES ({database.param}, {database.param})"
        " ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        [(key, orjson.dumps(document)) for key, document in Batch(type, keys).documents()],
    )


def render_all() -> None:
    """Render every document anew, as after an upgrade that renders differently."""
    with database.writing():
        begin()
        database.execute_sql("INSERT INTO stale SELECT key FROM record")
        render_marked()
        database.execute_sql(f"UPDATE dataset SET render = {RENDER_VERSION}")


def open_dataset(url: str) -> None:
    """Connect to a dataset, made if it is not there, and render what older software rendered."""
    connect(url)
    create_tables(TABLES, RENDER_VERSION)
    if dataset().render != RENDER_VERSION:
        render_all()
