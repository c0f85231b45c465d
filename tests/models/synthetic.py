"""Large datasets, written straight into the tables."""

from __future__ import annotations

from models.claim import ATTRIBUTIONS, FORMS, STANCES
from models.database.connection import database
from models.values.dates import UNDATED
from models.values.folding import fold

TIME = "2026-01-02T03:04:05.123456Z"
THINGS = {
    "actor": 60, "organization": 40, "topic": 30, "position": 30, "event": 60, "source": 120,
}  # fmt: skip
PUBLISHERS = 10


def keys(type: str) -> range:
    """The keys of the things of one type."""
    first = 1
    for other, count in THINGS.items():
        if other == type:
            return range(first, first + count)
        first += count
    raise KeyError(type)


def fill(claims: int, *, links: bool = True, dated: bool = True) -> None:
    """So many claims, of the same things and in the same proportions whatever their number.

    The first thing of each type has about a quarter of them.
    """
    database.execute_sql("PRAGMA foreign_keys = 0")
    with database.writing():
        for type in THINGS:
            things(type)
        make(claims, dated)
        enter("SELECT key, entered, 'claim', 'claim-' || key FROM made")
        database.execute_sql(
            "INSERT INTO claim (key, text, actor, organization, date, date_key, listed, entered,"
            " language, form, event, status, coder, country) SELECT key, 'Claim ' || n, actor,"
            " organization, date, date_key, listed, entered, language, form, event, status, coder,"
            " country FROM made"
        )
        for table, columns in LINKS.items() if links else ():
            given = ", ".join(columns)
            database.execute_sql(
                f"INSERT INTO {table} (claim, date_key, listed, entered, {given})"
                f" SELECT key, date_key, listed, entered, {', '.join(columns.values())} FROM made"
            )
    database.execute_sql("PRAGMA foreign_keys = 1")
    database.analyze(claims, of=claims)


LINKS = {
    "claim_topic": {"ordinal": "0", "topic": "topic"},
    "topic_claim": {"topic": "topic"},
    "claim_position": {"ordinal": "0", "position": "position", "stance": "stance"},
    "about": {"ordinal": "0", "party": "CASE n % 2 WHEN 0 THEN actor ELSE organization END"},
    "addressee": {"ordinal": "0", "party": "CASE n % 3 WHEN 0 THEN actor ELSE organization END"},
    "report": {
        "ordinal": "0",
        "source": "source",
        "publisher": f"{keys('organization')[0]} + source % {PUBLISHERS}",
        "attribution": "attribution",
    },
}


def enter(select: str) -> None:
    """Records (key, entered, type, id) and their documents."""
    database.execute_sql(
        "INSERT INTO record (key, entered, type, id, hash, version, created_at, updated_at)"
        f" SELECT made.*, x'00', 1, '{TIME}', '{TIME}' FROM ({select}) AS made"
    )
    database.execute_sql(
        "INSERT INTO document (key, body)"
        " SELECT key, CAST(json_object('id', id) AS BLOB) FROM record"
        " WHERE NOT EXISTS (SELECT 1 FROM document WHERE document.key = record.key)"
    )


def things(type: str) -> None:
    row: dict = {"key": None, "folded": None, "claim_count": 0}
    name = {"position": "text", "source": "title"}.get(type, "name")
    if type in ("actor", "organization", "event", "source"):
        row["kind"] = "person" if type == "actor" else "other"
    if type == "event":
        row |= {"start_date": "2025", "first": 20250000, "last": 20251231}
    if type == "source":
        row["date_key"] = UNDATED
    handle = "INSERT INTO handle (value, kind, type, record, ordinal) VALUES (?, ?, ?, ?, 0)"
    numbers = ", ".join(f"({key})" for key in keys(type))
    enter(f"SELECT column1, column1, '{type}', '{type}-' || column1 FROM (VALUES {numbers})")
    for key in keys(type):
        row |= {name: f"{type.title()} Number {key}"}
        row |= {"key": key, "folded": fold(row[name])}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        database.execute_sql(f"INSERT INTO {type} ({names}) VALUES ({marks})", tuple(row.values()))
        handles = [(row["folded"], "name"), *((word, "word") for word in row["folded"].split())]
        database.many(handle, [(value, kind, type, key) for value, kind in handles])


def make(claims: int, dated: bool) -> None:
    """The temporary table `made`: claims, each with one of everything."""
    first = 1 + sum(THINGS.values())
    date = "printf('%04d-%02d-%02d', year, month, day)" if dated else "NULL"
    number = f"{UNDATED} - (year * 10000 + month * 100 + day)" if dated else f"{UNDATED}"
    columns = {
        **{type: some(type, prime) for type, prime in zip(THINGS, PRIMES, strict=True)},
        "date": date,
        "date_key": number,
        "listed": "n % 4 < 3",
        # backwards
        "entered": f"{first + claims - 1} - n",
        "status": chosen(["coded", "verified", "coded", "draft"]),
        "form": chosen(FORMS),
        "stance": chosen(STANCES),
        "attribution": chosen(ATTRIBUTIONS),
        "language": chosen(["en", "en-GB", "tr", "fr", "de"]),
        "coder": chosen(["ab", "cd"]),
        "country": chosen(["TR", "NO", "US"]),
    }
    database.execute_sql("DROP TABLE IF EXISTS temp.made")
    database.execute_sql(
        "CREATE TEMP TABLE made AS WITH RECURSIVE numbers (n) AS"
        f" (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {claims}), days AS"
        " (SELECT n, 1990 + n * 7919 % 36 AS year, 1 + n * 31 % 12 AS month, 1 + n % 28 AS day"
        f" FROM numbers) SELECT n, {first} + n AS key,"
        f" {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM days"
    )


PRIMES = (7907, 6841, 5869, 4861, 3733, 2887)


def some(type: str, prime: int) -> str:
    """A key of a thing, spread over all, and the first one more often."""
    count = THINGS[type]
    return f"{keys(type)[0]} + MAX(0, n * {prime} % 1009 * {count} * 4 / 3 / 1009 - {count // 3})"


def chosen(words: list[str] | tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN {n} THEN '{word}'" for n, word in enumerate(words))
    return f"CASE n % {len(words)} {cases} END"
