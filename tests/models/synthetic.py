"""Large synthetic datasets, written straight into the tables."""

from __future__ import annotations

from models.claim import ATTRIBUTIONS, FORMS, STANCES
from models.database.connection import database
from models.values.dates import UNDATED
from models.values.folding import fold

TIME = "2026-01-02T03:04:05.123456Z"
# how many records of each type there are beside the claims
RECORD_COUNTS = {
    "actor": 60, "organization": 40, "topic": 30, "position": 30, "event": 60, "source": 120,
}  # fmt: skip
PUBLISHERS = 10
# each event of the last third is a part of the event this many places before it
EVENT_PARTS = RECORD_COUNTS["event"] // 3


def keys(type: str) -> range:
    """The keys of the records of one type."""
    first = 1
    for other, count in RECORD_COUNTS.items():
        if other == type:
            return range(first, first + count)
        first += count
    raise KeyError(type)


def parent_of(event: int) -> int | None:
    """The key of the event that an event is a part of."""
    return event - EVENT_PARTS if event in keys("event")[-EVENT_PARTS:] else None


# an event with a part, and that part
PARENT, PART = keys("event")[-2 * EVENT_PARTS], keys("event")[-EVENT_PARTS]


def fill(claims: int, *, links: bool = True, dated: bool = True) -> None:
    """Write this many claims, in the same proportions for any number.

    The first record of each type has about a quarter of the claims.
    """
    database.execute_sql("PRAGMA foreign_keys = 0")
    with database.writing():
        for type in RECORD_COUNTS:
            insert_records(type)
        database.execute_sql(
            "INSERT INTO event_ancestor (event, ancestor) SELECT key, key FROM event"
            " UNION ALL SELECT key, parent FROM event WHERE parent IS NOT NULL"
        )
        create_claim_table(claims, dated)
        insert_record_rows("SELECT key, seq, 'claim', 'claim-' || key FROM new_claim")
        database.execute_sql(
            "INSERT INTO claim (key, text, actor, organization, claimant, date, date_key, listed,"
            " seq, language, form, event, status, coder, country, independent_publishers)"
            " SELECT key, 'Claim ' || n, actor, organization, actor, date, date_key, listed, seq,"
            " language, form, event, status, coder, country, n % 3 FROM new_claim"
        )
        database.execute_sql(
            "INSERT INTO event_claim (event, listed, date_key, seq, claim)"
            " SELECT ancestor, listed, date_key, seq, key FROM new_claim"
            " JOIN event_ancestor ON event_ancestor.event = new_claim.event"
        )
        for table, columns in LINKS.items() if links else ():
            names, values = ", ".join(columns), ", ".join(columns.values())
            database.execute_sql(
                f"INSERT INTO {table} (claim, date_key, listed, seq, {names})"
                f" SELECT key, date_key, listed, seq, {values} FROM new_claim"
            )
    database.execute_sql("PRAGMA foreign_keys = 1")
    database.analyze(claims, of=claims)


# the columns of each link table, as SQL over the columns of `new_claim`
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


def insert_record_rows(select: str) -> None:
    """Insert the selected (key, seq, type, id) as records, with documents."""
    database.execute_sql(
        "INSERT INTO record (key, seq, type, id, hash, version, created_at, updated_at)"
        f" SELECT selected.*, x'00', 1, '{TIME}', '{TIME}' FROM ({select}) AS selected"
    )
    database.execute_sql(
        "INSERT INTO document (key, body)"
        " SELECT key, CAST(json_object('id', id) AS BLOB) FROM record"
        " WHERE NOT EXISTS (SELECT 1 FROM document WHERE document.key = record.key)"
    )


def insert_records(type: str) -> None:
    row: dict = {"key": None, "folded": None, "claim_count": 0}
    name_column = {"position": "text", "source": "title"}.get(type, "name")
    if type in ("actor", "organization", "event", "source"):
        row["kind"] = "person" if type == "actor" else "other"
    if type == "event":
        row |= {"start_date": "2025", "first": 20250000, "last": 20251231}
    if type == "source":
        row["date_key"] = UNDATED
    insert_name_key = (
        "INSERT INTO name_key (value, kind, type, record, ordinal) VALUES (?, ?, ?, ?, 0)"
    )
    numbers = ", ".join(f"({key})" for key in keys(type))
    insert_record_rows(
        f"SELECT column1, column1, '{type}', '{type}-' || column1 FROM (VALUES {numbers})"
    )
    for key in keys(type):
        name = f"{type.title()} Number {key}"
        row |= {name_column: name, "key": key, "folded": fold(name)}
        if type == "event":
            row["parent"] = parent_of(key)
        columns, params = ", ".join(row), ", ".join("?" * len(row))
        database.execute_sql(
            f"INSERT INTO {type} ({columns}) VALUES ({params})", tuple(row.values())
        )
        words = row["folded"].split()
        name_keys = [(row["folded"], "name"), *((word, "word") for word in words)]
        database.many(insert_name_key, [(value, kind, type, key) for value, kind in name_keys])


def create_claim_table(claims: int, dated: bool) -> None:
    """Create the temporary table `new_claim`: a row for each claim, with a link of each kind."""
    first = 1 + sum(RECORD_COUNTS.values())
    date = "printf('%04d-%02d-%02d', year, month, day)" if dated else "NULL"
    number = f"{UNDATED} - (year * 10000 + month * 100 + day)" if dated else f"{UNDATED}"
    columns = {
        **{
            type: skewed_key(type, prime) for type, prime in zip(RECORD_COUNTS, PRIMES, strict=True)
        },
        "date": date,
        "date_key": number,
        "listed": "n % 4 < 3",
        # in the opposite order of the keys
        "seq": f"{first + claims - 1} - n",
        "status": cycle_of(["coded", "verified", "coded", "draft"]),
        "form": cycle_of(FORMS),
        "stance": cycle_of(STANCES),
        "attribution": cycle_of(ATTRIBUTIONS),
        "language": cycle_of(["en", "en-GB", "tr", "fr", "de"]),
        "coder": cycle_of(["ab", "cd"]),
        "country": cycle_of(["TR", "NO", "US"]),
    }
    database.execute_sql("DROP TABLE IF EXISTS temp.new_claim")
    database.execute_sql(
        "CREATE TEMP TABLE new_claim AS WITH RECURSIVE numbers (n) AS"
        f" (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {claims}), days AS"
        " (SELECT n, 1990 + n * 7919 % 36 AS year, 1 + n * 31 % 12 AS month, 1 + n % 28 AS day"
        f" FROM numbers) SELECT n, {first} + n AS key,"
        f" {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM days"
    )


PRIMES = (7907, 6841, 5869, 4861, 3733, 2887)


def skewed_key(type: str, prime: int) -> str:
    """SQL for the key of a record: all keys occur, the first one most often."""
    count = RECORD_COUNTS[type]
    return f"{keys(type)[0]} + MAX(0, n * {prime} % 1009 * {count} * 4 / 3 / 1009 - {count // 3})"


def cycle_of(words: list[str] | tuple[str, ...]) -> str:
    """SQL for one word after another."""
    cases = " ".join(f"WHEN {n} THEN '{word}'" for n, word in enumerate(words))
    return f"CASE n % {len(words)} {cases} END"
