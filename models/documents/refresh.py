"""The read model: each record's JSON document, and which documents show it.

A document is rendered when its record, or a record that it shows, was written. So that none is
stale, a writer marks what it touches before and after its writes (`mark`, and `show_claimants`) and
renders in the same transaction (`render_marked`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from models import TABLES
from models.base import connect, create_tables, database, dataset, rows
from models.documents.render import Batch, Shown

# raised whenever documents come out differently; older ones are rendered anew before serving
RENDER_VERSION = 1

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

# which documents show a record: {type: selects of their keys, {of} the keys that changed}
SHOWN_BY = {
    # and who makes a claim: see `show_claimants`
    "actor": (
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
    ),
}
# what counts a claim that comes or goes; of one that changes, what its rows referred to, and do now
COUNTED_BY = (
    "SELECT actor FROM claim WHERE key IN {of} AND actor IS NOT NULL",
    "SELECT organization FROM claim WHERE key IN {of} AND organization IS NOT NULL",
    "SELECT event FROM claim WHERE key IN {of} AND event IS NOT NULL",
    "SELECT source FROM report WHERE claim IN {of}",
    "SELECT topic FROM topic_claim WHERE claim IN {of}",
    "SELECT position FROM claim_position WHERE claim IN {of}",
)


def begin() -> None:
    """Make ready to mark: a writer puts what it touches in `touched`; `stale` is what shows it.

    `change` is `added`, `changed` or `removed`.
    """
    database.temporary("touched", "key INTEGER PRIMARY KEY, type TEXT, change TEXT")
    database.temporary("stale", "key INTEGER PRIMARY KEY")


def mark(*, alone: bool = False) -> None:
    """Mark the documents that show or count the touched records, as the rows stand now.

    New claims are rendered when they are written, but for those in relations. Where all that is
    touched is `alone`, in a dataset that was empty, no others show it.
    """
    mark_selected("SELECT key FROM touched WHERE type <> 'claim' OR change <> 'added'")
    if alone:
        mark_selected("SELECT claim FROM relation WHERE true")
        mark_selected("SELECT target FROM relation WHERE true")
        return
    for type, selects in SHOWN_BY.items():
        if type != "claim":
            mark_those(f"type = '{type}'", selects)
    new = "type = 'claim' AND change = 'added'"
    database.execute_sql(f"DELETE FROM stale WHERE key IN (SELECT key FROM touched WHERE {new})")
    mark_those(new, ["SELECT claim FROM relation WHERE claim IN {of}"])
    mark_those("type = 'claim'", SHOWN_BY["claim"])
    mark_those("type = 'claim' AND change <> 'changed'", COUNTED_BY)


def mark_those(touched: str, selects: Iterable[str]) -> None:
    """Mark what is selected of some of the touched records."""
    if rows(f"SELECT 1 FROM touched WHERE {touched} LIMIT 1"):
        for select in selects:
            mark_selected(select.format(of=f"(SELECT key FROM touched WHERE {touched})"))


def mark_selected(select: str) -> None:
    """Mark the documents of the records whose keys a statement selects."""
    database.execute_sql(f"INSERT INTO stale {select} ON CONFLICT DO NOTHING")


def mark_these(keys: Iterable[int]) -> None:
    """Mark the documents of these records."""
    sql = f"INSERT INTO stale VALUES ({database.param}) ON CONFLICT DO NOTHING"
    database.many(sql, [(key,) for key in keys])


class Claimant(NamedTuple):
    """What claims show of an actor who makes them: the name, and what else there is."""

    id: str
    name: str
    # kind, and the memberships that give a role
    rest: tuple


def claimants() -> dict[int, Claimant]:
    """The touched actors, as claims show them, by key."""
    of = "(SELECT key FROM touched WHERE type = 'actor')"
    memberships = defaultdict(list)
    for key, *membership in rows(
        "SELECT actor, organization, role, start_date, end_date FROM membership"
        f" WHERE actor IN {of} ORDER BY actor, ordinal"
    ):
        memberships[key].append(membership)
    return {
        key: Claimant(id, name, (kind, memberships.get(key)))
        for key, id, name, kind in rows(
            "SELECT record.key, record.id, actor.name, actor.kind FROM actor"
            f" JOIN record ON record.key = actor.key WHERE actor.key IN {of}"
        )
    }


def show_claimants(before: Mapping[int, Claimant]) -> None:
    """Have claims show their claimants as they are by now, with what else is marked known.

    Where nothing but the name changed, it takes the place of the old one in the documents; they
    can be a tenth of all. The claims of others are marked. Claims whose claimant has another id by
    now are signed anew, and marked, anyway.
    """
    one = database.param
    of = f"(SELECT key FROM claim WHERE actor = {one})"
    replace = (
        f"UPDATE document SET body = {database.replaced('body')} WHERE key IN {of}"
        " AND NOT EXISTS (SELECT 1 FROM stale WHERE stale.key = document.key)"
    )
    now = claimants() if before else {}
    for key in before.keys() & now.keys():
        was, is_now = before[key], now[key]
        if was.rest != is_now.rest:
            mark_selected(f"SELECT key FROM claim WHERE actor = {key}")
        elif was.name != is_now.name:
            database.execute_sql(replace, (named(was), named(is_now), key))


def named(claimant: Claimant) -> str:
    """How a claim's document begins to show its claimant: no other text in it can read so."""
    shown = orjson.dumps({"id": claimant.id, "name": claimant.name}).decode()
    return f'"actor":{shown[:-1]}'


def render_marked(progress: Callable[[int], Any] = lambda done: None) -> None:
    """Render every marked document anew, of those records that are still there."""
    sql = (
        "SELECT stale.key, record.type FROM stale JOIN record ON record.key = stale.key"
        f" WHERE stale.key > {database.param} ORDER BY stale.key LIMIT 500"
    )
    shown = Shown()
    last = 0
    while found := rows(sql, last):
        of_type = defaultdict(list)
        for last, type in found:
            of_type[type].append(last)
        for type, keys in of_type.items():
            render(type, keys, shown)
        progress(len(found))


def counts(sql: str, keys: list[int]) -> dict[int, int]:
    """Listed claims by key of what they have to do with."""
    return dict(rows(sql.format(keys=database.in_list), database.pack(keys)))


def render(type: str, keys: list[int], shown: Shown) -> None:
    """Render the documents of some records of one type, and count their claims."""
    if type in COUNTS:
        counted = counts(COUNTS[type], keys)
        database.many(
            f"UPDATE {type} SET claim_count = {database.param} WHERE key = {database.param}",
            [(counted.get(key, 0), key) for key in keys],
        )
    keep(rendered(Batch.kept(type, keys, shown)))


def rendered(batch: Batch) -> list[tuple[int, bytes]]:
    return [(key, orjson.dumps(document)) for key, document in batch.documents()]


def keep(bodies: Iterable[tuple[int, bytes]]) -> None:
    """Keep documents by their keys, in place of older ones."""
    database.many(
        f"INSERT INTO document (key, body) VALUES ({database.param}, {database.param})"
        " ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        bodies,
    )


def render_all() -> None:
    """Render every document anew, as after an upgrade that renders differently."""
    with database.writing():
        begin()
        database.execute_sql("INSERT INTO stale SELECT key FROM record")
        render_marked()
        database.execute_sql(f"UPDATE dataset SET render = {RENDER_VERSION}")


def is_there(url: str) -> bool:
    """Whether there is a dataset; where there is none, none is made. It may be about to be made."""
    connect(url)
    if not database.may_exist():
        return False
    database.wait()
    return database.table_exists("dataset")


def open_dataset(url: str) -> None:
    """Connect to a dataset, made if it is not there, and render what older software rendered."""
    connect(url)
    create_tables(TABLES, RENDER_VERSION)
    if dataset().render != RENDER_VERSION:
        render_all()
