"""What must hold between records, looked up among the rows of an unfinished load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz import fuzz

from models.database.connection import database, fetch_all
from seeds import staging
from seeds.problems import Problem, Problems

# names this alike, of 100, may be one thing twice
ALIKE = 90
COMMON = 50


def holder(type: str, value: str) -> str | None:
    """The id of the record that has this former id or identifier."""
    one = database.param
    found = fetch_all(
        "SELECT record.id FROM handle JOIN record ON record.key = handle.record"
        f" WHERE handle.value = {one} AND handle.type = {one}"
        " AND handle.kind IN ('former', 'identifier')",
        value, type,
    )  # fmt: skip
    return found[0][0] if found else None


def handles(problems: Problems) -> None:
    """A former id is not the id of a living record."""
    for type, former, id in fetch_all(
        "SELECT handle.type, handle.value, holder.id FROM handle"
        " JOIN record ON record.type = handle.type AND record.id = handle.value"
        " JOIN record AS holder ON holder.key = handle.record"
        " WHERE handle.kind = 'former' ORDER BY 1, 2"
    ):
        if staging.staged(type, former):
            there = staging.place(type, former, ("id",))
            problems.add(Problem(there, f"is a former id of {type} {id}", "id", former))
        else:
            there = staging.place(type, id, ("former_ids",))
            message = f"is the id of another {type}: to drop it, load all files with --prune"
            problems.add(Problem(there, message, "former_ids", former))


def hierarchies(problems: Problems) -> None:
    """Nothing is among its own parents."""
    for type in ("organization", "topic", "event"):
        if not fetch_all(f"SELECT 1 FROM touched WHERE type = '{type}' LIMIT 1"):
            continue
        parents = dict(fetch_all(f"SELECT key, parent FROM {type} WHERE parent IS NOT NULL"))
        for circle in circles(parents):
            names = dict(
                fetch_all(
                    f"SELECT key, id FROM record WHERE key IN {database.in_list}",
                    database.pack(circle),
                )
            )
            path = " → ".join(names[key] for key in [*circle, circle[0]])
            there = staging.place(type, names[circle[0]], ("parent",))
            problems.add(Problem(there, f"goes round in a circle: {path}", "parent"))


def circles(parents: Mapping[int, int]) -> list[list[int]]:
    """Each circle among parents once, from its first key on."""
    done: set[int] = set()
    found = []
    for start in sorted(parents):
        path: list[int] = []
        key = start
        while key in parents and key not in done and key not in path:
            path.append(key)
            key = parents[key]
        if key in path:
            circle = path[path.index(key) :]
            first = circle.index(min(circle))
            found.append(circle[first:] + circle[:first])
        done.update(path)
    return found


def quotes(problems: Problems) -> None:
    """Where a source has its text, a report's exact words stand in it, and a quote does."""
    if not fetch_all("SELECT 1 FROM source WHERE text IS NOT NULL LIMIT 1"):
        return
    claims = "SELECT key FROM touched WHERE type = 'claim'"
    sources = "SELECT key FROM touched WHERE type = 'source'"
    of = "FROM report JOIN source ON source.key = report.source AND source.text IS NOT NULL"
    text = (0, "")
    for source, id, ordinal, exact, start in fetch_all(
        f"SELECT report.source, record.id, ordinal, exact, start {of}"
        " JOIN record ON record.key = report.claim"
        f" WHERE (report.claim IN ({claims}) OR report.source IN ({sources}))"
        " AND exact IS NOT NULL ORDER BY report.source, report.claim, ordinal"
    ):
        if source != text[0]:
            text = (source, text_of(source))
        message = stands(exact, start, text[1])
        if message:
            there = staging.place("claim", id, ("reports", ordinal, "exact"))
            problems.add(Problem(there, message, f"reports.{ordinal}.exact", exact))
    unquoted: dict[str, list[tuple[str, int]]] = defaultdict(list)
    translated: set[str] = set()
    for id, quote, source, language, other in fetch_all(
        f"SELECT record.id, quote, report.source, claim.language, source.language {of}"
        " JOIN claim ON claim.key = report.claim JOIN record ON record.key = claim.key"
        f" WHERE (claim.key IN ({claims})"
        f" OR claim.key IN (SELECT claim FROM report WHERE source IN ({sources})))"
        " AND quote IS NOT NULL"
        # a quote may stand in a source whose text is not here
        " AND NOT EXISTS (SELECT 1 FROM report AS also JOIN source AS textless"
        " ON textless.key = also.source AND textless.text IS NULL"
        " WHERE also.claim = report.claim) ORDER BY report.claim, ordinal"
    ):
        unquoted[id].append((quote, source))
        # or be a translation
        if language and other and language.split("-")[0] != other.split("-")[0]:
            translated.add(id)
    for id, places in unquoted.items():
        if id not in translated and not any(quote in text_of(one) for quote, one in places):
            there = staging.place("claim", id, ("quote",))
            message = "stands in the text of none of the claim's sources"
            problems.add(Problem(there, message, "quote", places[0][0]))


def text_of(source: int) -> str:
    return fetch_all(f"SELECT text FROM source WHERE key = {database.param}", source)[0][0]


def stands(exact: str, start: int | None, text: str) -> str | None:
    """What is wrong with exact words that should stand in a text."""
    if start is None:
        return None if exact in text else "does not stand in the source's text"
    there = text[start : start + len(exact)]
    if there == exact:
        return None
    found = text.find(exact)
    where = f"; it stands at {found}" if found >= 0 else ""
    return f"does not stand at {start} in the source's text{where}"


def warnings() -> list[Problem]:
    """What may be a slip, in a dataset that is otherwise right."""
    found = []
    for id, message in fetch_all(
        "SELECT record.id, 'has no date' FROM claim JOIN record ON record.key = claim.key"
        " WHERE date IS NULL UNION ALL"
        " SELECT record.id, 'has no report' FROM claim JOIN record ON record.key = claim.key"
        " WHERE NOT EXISTS (SELECT 1 FROM report WHERE report.claim = claim.key) ORDER BY 1, 2"
    ):
        found.append(Problem(staging.place("claim", id), message))
    for (id,) in fetch_all(
        "SELECT record.id FROM actor JOIN record ON record.key = actor.key"
        " WHERE NOT EXISTS (SELECT 1 FROM claim WHERE claim.actor = actor.key) ORDER BY actor.key"
    ):
        found.append(Problem(staging.place("actor", id), "makes no claim"))
    return found + alike() + aliases()


def alike() -> list[Problem]:
    """Records of one type whose names are nearly the same."""
    found = {}
    for type, one, name, other, near in neighbours() + fetch_all(
        # the words that some names share, first: most names share none
        "WITH rare AS MATERIALIZED (SELECT type, value FROM handle WHERE kind = 'word'"
        " AND type IN ('actor', 'organization', 'topic') GROUP BY type, value"
        f" HAVING COUNT(*) BETWEEN 2 AND {COMMON})"
        " SELECT a.type, a.record, a.value, b.record, b.value FROM rare"
        " CROSS JOIN handle AS word CROSS JOIN handle AS twin"
        " CROSS JOIN handle AS a CROSS JOIN handle AS b"
        " WHERE word.value = rare.value AND word.kind = 'word' AND word.type = rare.type"
        " AND twin.value = rare.value AND twin.kind = 'word' AND twin.type = rare.type"
        " AND twin.record > word.record"
        " AND a.record = word.record AND a.ordinal = word.ordinal AND a.kind = 'name'"
        " AND b.record = twin.record AND b.ordinal = twin.ordinal AND b.kind = 'name'"
    ):
        if fuzz.token_sort_ratio(name, near) >= ALIKE:
            found[type, one, other] = (name, near)
    problems = []
    for type, one, other in sorted(found):
        ids = dict(
            fetch_all(
                f"SELECT key, id FROM record WHERE key IN {database.in_list}",
                database.pack([one, other]),
            )
        )
        message = f"has nearly the name of {type} {ids[one]}"
        problems.append(Problem(staging.place(type, ids[other], ("name",)), message))
    return problems


def neighbours() -> list[tuple]:
    """Names that stand near each other in the alphabet, as those with a slip inside mostly do."""
    names = fetch_all(
        "SELECT type, value, record FROM handle WHERE kind = 'name'"
        " AND type IN ('actor', 'organization', 'topic') ORDER BY type, value, record"
    )
    return [
        (type, *min((one, name), (other, near)), *max((one, name), (other, near)))
        for n, (type, name, one) in enumerate(names)
        for of, near, other in names[n + 1 : n + 4]
        if of == type and other != one
    ]


def aliases() -> list[Problem]:
    """Names that are the id of another record of their type."""
    found = []
    for type, id, other, name in fetch_all(
        "SELECT handle.type, holder.id, record.id, handle.value FROM handle"
        " JOIN record AS holder ON holder.key = handle.record"
        " JOIN record ON record.type = handle.type"
        " AND record.id = REPLACE(handle.value, ' ', '-') AND record.key <> handle.record"
        " WHERE handle.kind = 'name' ORDER BY handle.type, holder.id, record.id"
    ):
        message = f"is also the id of {type} {other}"
        found.append(Problem(staging.place(type, id, ("aliases",)), message, "aliases", name))
    return found
