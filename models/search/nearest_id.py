"""The id that was probably meant by one that no record has."""

from __future__ import annotations

from string import ascii_lowercase

from rapidfuzz import process

from models.database.connection import database, fetch_all
from models.search.misspellings import neighbours
from models.search.names import NameQuery
from models.search.resolution import resolve_names
from models.search.suggestions import MIN_SIMILARITY
from models.values.folding import fold

# ids on each side in the alphabet that are compared
MAX_BESIDE = 1000
# ids are longer than names; a longer one is not looked for with a slip
MAX_PROBED_ID = 100
# a name of a query is not longer
MAX_NAME = 200


def nearest_id(type: str, id: str) -> str | None:
    """The id of this type with one slip, of a record with this name, or the most similar one."""
    id = id.lower()
    return id_with_one_slip(type, id) or id_by_name(type, id) or similar_id(type, id)


def id_with_one_slip(type: str, id: str) -> str | None:
    ids = neighbours(id, f"{ascii_lowercase}-", MAX_PROBED_ID)
    rows = fetch_all(
        f"SELECT MIN(record.id) FROM {database.packed_rows(id='text')} AS wanted"
        f" CROSS JOIN record WHERE record.type = {database.param} AND record.id = wanted.id",
        database.pack({"id": neighbour} for neighbour in ids), type,
    )  # fmt: skip
    return rows[0][0]


def id_by_name(type: str, id: str) -> str | None:
    """The id of a record whose name, or words of it, the id has."""
    if type == "claim":
        return None
    (resolved,) = resolve_names([NameQuery(fold(id)[:MAX_NAME], (type,))])
    matches = resolved.matches or resolved.suggestions
    return next((match.id for match in matches if match.type == type), None)


def similar_id(type: str, id: str) -> str | None:
    """The most similar id, among those beside it in the alphabet."""
    param = database.param
    rows = fetch_all(
        f"SELECT id FROM (SELECT id FROM record WHERE type = {param} AND id >= {param}"
        f" ORDER BY id LIMIT {MAX_BESIDE}) AS after UNION ALL"
        f" SELECT id FROM (SELECT id FROM record WHERE type = {param} AND id < {param}"
        f" ORDER BY id DESC LIMIT {MAX_BESIDE}) AS before",
        type, id, type, id,
    )  # fmt: skip
    nearest = process.extractOne(
        id[:MAX_NAME], sorted(other for (other,) in rows), score_cutoff=MIN_SIMILARITY
    )
    return nearest[0] if nearest else None
