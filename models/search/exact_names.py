"""Records that a text names exactly: by id, former id, identifier, name or alias."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from models import RECORD_TYPES
from models.database.connection import database, fetch_all
from models.queries.names import NAME_SQL
from models.values.folding import fold
from models.values.spelling import script_key


class ExactQuery(NamedTuple):
    """A text that may name a record of some types."""

    types: tuple[str, ...]
    text: str
    # ids and former ids count; identifiers and names do not
    id_only: bool = False


class ExactMatch(NamedTuple):
    type: str
    id: str
    # None of a claim
    name: str | None
    # of a source
    url: str | None


# the tiers, of which the first that matches decides
ID, SAME_SCRIPT, NAME = range(3)
TEXT_COLUMNS = {
    "n": "integer", "types": "text", "id": "text", "identifier": "text", "folded": "text",
    "script": "text",
}  # fmt: skip
# a constant in the join would let SQLite read the whole table first
KIND_COLUMNS = (
    "'former' AS former, 'identifier' AS identifier_kind, 'name' AS name_kind,"
    " 'spelling' AS spelling_kind"
)


def match_exactly(queries: Sequence[ExactQuery]) -> list[list[ExactMatch]]:
    """The records that each text names, with one statement; never by single words.

    A name in another script than Latin means records with the same letters, if there are any.
    """
    if not queries:
        return []
    rows = fetch_all(exact_sql(), database.pack(map(query_texts, range(len(queries)), queries)))
    matches: list[dict[int, set[ExactMatch]]] = [defaultdict(set) for _ in queries]
    for n, tier, *columns in rows:
        match = ExactMatch(*columns)
        # names without letters and digits all fold to nothing
        if tier != NAME or fold(queries[n].text) or match.name == queries[n].text:
            matches[n][tier].add(match)
    return [
        sorted(tiers[min(tiers)], key=lambda match: match[:2]) if tiers else [] for tiers in matches
    ]


def query_texts(n: int, query: ExactQuery) -> dict:
    """A row of the table `queries`."""
    row = {"n": n, "types": f" {' '.join(query.types)} ", "id": query.text}
    if query.id_only:
        return row
    names = {"folded": fold(query.text), "script": script_key(query.text)}
    return row | names | {"identifier": query.text}


def exact_sql() -> str:
    """The statement of `match_exactly`."""
    fits = f"{database.position}(queries.types, ' ' || {{}}.type || ' ') > 0"

    def by_key(tier: int, column: str, kind: str) -> str:
        return (
            f"SELECT queries.n, {tier}, name_key.record FROM queries CROSS JOIN name_key"
            f" WHERE name_key.value = queries.{column} AND name_key.kind = queries.{kind}"
            f" AND {fits.format('name_key')}"
        )

    same_name = (
        " AND EXISTS (SELECT 1 FROM name_key AS name WHERE name.value = queries.folded"
        " AND name.kind = queries.name_kind AND name.type = name_key.type"
        " AND name.record = name_key.record)"
    )
    return (
        f"WITH queries AS (SELECT texts.*, {KIND_COLUMNS}"
        f" FROM {database.packed_rows(**TEXT_COLUMNS)} AS texts),"
        f" matches (n, tier, key) AS (SELECT queries.n, {ID}, record.key FROM queries"
        f" CROSS JOIN record WHERE record.type IN {tuple(RECORD_TYPES)}"
        f" AND record.id = queries.id AND {fits.format('record')}"
        f" UNION ALL {by_key(ID, 'id', 'former')}"
        f" UNION ALL {by_key(ID, 'identifier', 'identifier_kind')}"
        f" UNION ALL {by_key(SAME_SCRIPT, 'script', 'spelling_kind')}{same_name}"
        f" UNION ALL {by_key(NAME, 'folded', 'name_kind')})"
        f" SELECT matches.n, matches.tier, record.type, record.id, {NAME_SQL},"
        " (SELECT url FROM source WHERE source.key = record.key)"
        " FROM matches JOIN record ON record.key = matches.key"
    )
