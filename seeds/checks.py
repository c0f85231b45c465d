"""Checks across records, on the rows of a load before it commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

from rapidfuzz import fuzz

from models.database.connection import database, fetch_all
from seeds import staging
from seeds.lookalikes import NamePair, names_that_look_the_same
from seeds.problems import ProblemList, SeedProblem, SeedProblems, problem_kind, replacements

# kinds of name keys that only one record of a type may have, and their fields
UNIQUE_NAME_KEYS = {"former": "former_ids", "identifier": "identifiers"}
# parents of a circle that an error names
MAX_SHOWN_PARENTS = 10
HIERARCHIES = ("organization", "topic", "event")
# the least similarity of nearly equal names, of 100
MIN_NAME_SIMILARITY = 90
# with words in any order, and with words that are torn apart
SCORERS = (fuzz.token_sort_ratio, fuzz.ratio)
SIMILAR_TYPES = ("actor", "organization", "topic")
# words that more names share are not compared: most of these names differ
MAX_SHARED_WORD = 50
# names that follow in the alphabet are compared too: a slip mostly leaves the first letters
NEIGHBOURS = 3


def free_name_keys(
    type: str, id: str, rows: list[tuple], holders: dict[str, str], problems: SeedProblems
) -> list[tuple]:
    """A record's rows of NameKey, without unique values that another record has.

    Such a value is a problem of the record that comes last in the files. `holders` has the ids of
    the records that have unique values; the record's own are added.
    """
    free = []
    for row in rows:
        value, kind, *_ = row
        if kind in UNIQUE_NAME_KEYS:
            if holder := holders.get(value):
                field = UNIQUE_NAME_KEYS[kind]
                last = staging.last_staged(type, (id, holder))
                user = f"{type} {holder if last == id else id}"
                place = staging.staged_place(type, last, (field,))
                problems.add(SeedProblem(place, "is also used by", field, value, detail=user))
                continue
            holders[value] = id
        free.append(row)
    return free


def name_key_holders(type: str, rows: Iterable[tuple]) -> dict[str, str]:
    """The ids of the records in the dataset that have the unique values among these rows."""
    wanted = [{"value": value} for value, kind, *_ in rows if kind in UNIQUE_NAME_KEYS]
    if not wanted:
        return {}
    return dict(
        fetch_all(
            f"SELECT name_key.value, record.id FROM {database.packed_rows(value='text')} AS wanted"
            " CROSS JOIN name_key JOIN record ON record.key = name_key.record"
            f" WHERE name_key.value = wanted.value AND name_key.type = {database.param}"
            " AND name_key.kind IN ('former', 'identifier')",
            database.pack(wanted), type,
        )
    )  # fmt: skip


def check_former_ids(problems: SeedProblems) -> None:
    """No record has a former id of another as its id."""
    for type, former, id in fetch_all(
        "SELECT name_key.type, name_key.value, holder.id FROM name_key"
        " JOIN record ON record.type = name_key.type AND record.id = name_key.value"
        " JOIN record AS holder ON holder.key = name_key.record"
        " WHERE name_key.kind = 'former' ORDER BY 1, 2"
    ):
        if staging.is_staged(type, former):
            place = staging.staged_place(type, former, ("id",))
            message = f"is a former id of {type}"
            problems.add(SeedProblem(place, message, "id", former, detail=id))
        else:
            place = staging.staged_place(type, id, ("former_ids",))
            message = f"is the id of another {type}: to remove that, load all files with --prune"
            problems.add(SeedProblem(place, message, "former_ids", former))


def check_hierarchies(types: set[str], problems: SeedProblems) -> None:
    """No record of these types is among its own parents."""
    for type in HIERARCHIES:
        if type not in types:
            continue
        parents = dict(fetch_all(f"SELECT key, parent FROM {type} WHERE parent IS NOT NULL"))
        for circle in find_circles(parents):
            ids = ids_by_key(circle)
            shown = [ids[key] for key in circle]
            if len(shown) > MAX_SHOWN_PARENTS:
                shown[MAX_SHOWN_PARENTS:] = [f"… {len(shown) - MAX_SHOWN_PARENTS:,} more …"]
            path = " → ".join([*shown, shown[0]])
            place = staging.staged_place(type, ids[circle[0]], ("parent",))
            detail = path + merges_into(type, ids.values())
            problems.add(SeedProblem(place, "circular parents:", "parent", detail=detail))


def merges_into(type: str, ids: Iterable[str]) -> str:
    """The end of a message that says which merged records have become some of these."""
    sql = f"SELECT former, id FROM merged WHERE type = {database.param} ORDER BY former"
    merged = [(former, id) for former, id in fetch_all(sql, type) if id in set(ids)]
    return f", since {replacements(merged)}" if merged else ""


def find_circles(parents: Mapping[int, int]) -> list[list[int]]:
    """Each circle among parents once, from its lowest key on."""
    done: set[int] = set()
    circles = []
    for start in sorted(parents):
        # a dict: a list would be searched at each step
        places: dict[int, int] = {}
        key = start
        while key in parents and key not in done and key not in places:
            places[key] = len(places)
            key = parents[key]
        path = list(places)
        if key in places:
            circle = path[places[key] :]
            lowest = circle.index(min(circle))
            circles.append(circle[lowest:] + circle[:lowest])
        done.update(path)
    return circles


def ids_by_key(keys: Iterable[int]) -> dict[int, str]:
    sql = f"SELECT key, id FROM record WHERE key IN {database.in_list}"
    return dict(fetch_all(sql, database.pack(keys)))


# reports in sources that have their text
TEXT_REPORTS = "report JOIN source ON source.key = report.source AND source.text IS NOT NULL"
TOUCHED_CLAIMS = "(SELECT key FROM touched WHERE type = 'claim')"
TOUCHED_SOURCES = "(SELECT key FROM touched WHERE type = 'source')"


def check_texts(problems: SeedProblems) -> None:
    """Exact words and quotes are in the texts of their sources.

    Claims are checked that are touched, or that a touched source reports.
    """
    if fetch_all("SELECT 1 FROM source WHERE text IS NOT NULL LIMIT 1"):
        check_exact_words(problems)
        check_quotes(problems)


def check_exact_words(problems: SeedProblems) -> None:
    """A report's exact words are in its source's text, at `start` if that is given."""
    last_source, text = 0, ""
    for source, id, ordinal, exact, start in fetch_all(
        f"SELECT report.source, record.id, ordinal, exact, start FROM {TEXT_REPORTS}"
        " JOIN record ON record.key = report.claim"
        f" WHERE (report.claim IN {TOUCHED_CLAIMS} OR report.source IN {TOUCHED_SOURCES})"
        " AND exact IS NOT NULL ORDER BY report.source, report.claim, ordinal"
    ):
        if source != last_source:
            last_source, text = source, text_of(source)
        message = exact_words_error(exact, start, text)
        if message:
            place = staging.staged_place("claim", id, ("reports", ordinal, "exact"))
            problems.add(SeedProblem(place, message, f"reports.{ordinal}.exact", exact))


def exact_words_error(exact: str, start: int | None, text: str) -> str | None:
    if start is None:
        return None if exact in text else "not found in the source's text"
    if text[start : start + len(exact)] == exact:
        return None
    offset = text.find(exact)
    elsewhere = f", but at {offset}" if offset >= 0 else ""
    return f"not found at {start} in the source's text{elsewhere}"


def check_quotes(problems: SeedProblems) -> None:
    """A quote is in the text of one source, unless a source has no text or another language."""
    quotes: dict[str, list[tuple[str, int]]] = defaultdict(list)
    translated: set[str] = set()
    for id, quote, source, language, source_language in fetch_all(
        "SELECT record.id, quote, report.source, claim.language, source.language"
        f" FROM {TEXT_REPORTS}"
        " JOIN claim ON claim.key = report.claim JOIN record ON record.key = claim.key"
        f" WHERE (claim.key IN {TOUCHED_CLAIMS}"
        f" OR claim.key IN (SELECT claim FROM report WHERE source IN {TOUCHED_SOURCES}))"
        " AND quote IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM report AS other JOIN source AS textless"
        " ON textless.key = other.source AND textless.text IS NULL"
        " WHERE other.claim = report.claim) ORDER BY report.claim, ordinal"
    ):
        quotes[id].append((quote, source))
        languages = {tag.split("-")[0] for tag in (language, source_language) if tag}
        if len(languages) > 1:
            translated.add(id)
    for id, sources in quotes.items():
        if id in translated or any(quote in text_of(source) for quote, source in sources):
            continue
        place = staging.staged_place("claim", id, ("quote",))
        message = "not found in the text of any of the claim's sources"
        problems.add(SeedProblem(place, message, "quote", sources[0][0]))


def text_of(source: int) -> str:
    return fetch_all(f"SELECT text FROM source WHERE key = {database.param}", source)[0][0]


INCOMPLETE_CLAIMS = (
    "SELECT 'claim', record.id, 'has no date' FROM claim JOIN record ON record.key = claim.key"
    " WHERE date IS NULL UNION ALL"
    " SELECT 'claim', record.id, 'has no report' FROM claim JOIN record ON record.key = claim.key"
    " WHERE NOT EXISTS (SELECT 1 FROM report WHERE report.claim = claim.key) ORDER BY 2, 3"
)
SILENT_ACTORS = (
    "SELECT 'actor', record.id, 'makes no claim' FROM actor JOIN record ON record.key = actor.key"
    " WHERE NOT EXISTS (SELECT 1 FROM claim WHERE claim.actor = actor.key) ORDER BY actor.key"
)


def find_warnings(problems: SeedProblems) -> None:
    """Warn of probable mistakes in a valid dataset."""
    warnings = problems.warnings
    for sql in (INCOMPLETE_CLAIMS, SILENT_ACTORS):
        # row by row: there may be as many as claims
        for type, id, message in database.execute_sql(sql):
            warnings.add_lazily(
                problem_kind(type, "", message), partial(record_warning, type, id, message)
            )
    lookalikes = names_that_look_the_same()
    for type, key, other_key in sorted(lookalikes):
        warn_of_other(warnings, f"looks like the name of {type}", type, key, other_key)
    for type, key, other_key in sorted(similar_names() - lookalikes):
        warn_of_other(warnings, f"has nearly the name of {type}", type, key, other_key)
    warn_of_aliases_like_ids(warnings)


def record_warning(type: str, id: str, message: str) -> SeedProblem:
    return SeedProblem(staging.staged_place(type, id), message)


def warn_of_other(warnings: ProblemList, message: str, type: str, key: int, other_key: int) -> None:
    """Warn of a record because of its name and that of an earlier one of the type."""
    ids = ids_by_key([key, other_key])
    place = staging.staged_place(type, ids[other_key], ("name",))
    warnings.add(SeedProblem(place, message, detail=ids[key]))


def similar_names(
    types: tuple[str, ...] = SIMILAR_TYPES, least: int = MIN_NAME_SIMILARITY
) -> set[NamePair]:
    """Pairs of records of one type whose names are nearly equal."""
    similar = set()
    for type, key, name, other_key, other_name in neighbouring_names(types) + fetch_all(
        # first the words that some names share: most names share none
        "WITH rare AS MATERIALIZED (SELECT type, value FROM name_key WHERE kind = 'word'"
        f" AND type IN {types} GROUP BY type, value"
        f" HAVING COUNT(*) BETWEEN 2 AND {MAX_SHARED_WORD})"
        " SELECT a.type, a.record, a.value, b.record, b.value FROM rare"
        " CROSS JOIN name_key AS word CROSS JOIN name_key AS twin"
        " CROSS JOIN name_key AS a CROSS JOIN name_key AS b"
        " WHERE word.value = rare.value AND word.kind = 'word' AND word.type = rare.type"
        " AND twin.value = rare.value AND twin.kind = 'word' AND twin.type = rare.type"
        " AND twin.record > word.record"
        " AND a.record = word.record AND a.ordinal = word.ordinal AND a.kind = 'name'"
        " AND b.record = twin.record AND b.ordinal = twin.ordinal AND b.kind = 'name'"
    ):
        scores = (scorer(name, other_name) for scorer in SCORERS)
        if any(score >= least for score in scores):
            similar.add((type, key, other_key))
    return similar


def neighbouring_names(types: tuple[str, ...]) -> list[tuple]:
    """Pairs of names that are near each other in the alphabet."""
    names = fetch_all(
        "SELECT type, value, record FROM name_key WHERE kind = 'name'"
        f" AND type IN {types} ORDER BY type, value, record"
    )
    return [
        (
            type,
            *min((key, name), (other_key, other_name)),
            *max((key, name), (other_key, other_name)),
        )
        for n, (type, name, key) in enumerate(names)
        for other_type, other_name, other_key in names[n + 1 : n + 1 + NEIGHBOURS]
        if other_type == type and other_key != key
    ]


def warn_of_aliases_like_ids(warnings: ProblemList) -> None:
    """Warn of names that are the id of another record of their type."""
    for type, id, other_id, name in fetch_all(
        "SELECT name_key.type, holder.id, record.id, name_key.value FROM name_key"
        " JOIN record AS holder ON holder.key = name_key.record"
        " JOIN record ON record.type = name_key.type"
        " AND record.id = REPLACE(name_key.value, ' ', '-') AND record.key <> name_key.record"
        " WHERE name_key.kind = 'name' ORDER BY name_key.type, holder.id, record.id"
    ):
        place = staging.staged_place(type, id, ("aliases",))
        message = f"is also the id of {type}"
        warnings.add(SeedProblem(place, message, "aliases", name, detail=other_id))
