"""Names that stand for records, as a query gives them and as they were understood."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_MATCHES = 100


@dataclass(frozen=True)
class NameQuery:
    """One value of a filter that names records."""

    text: str
    # the types whose records it may name
    types: tuple[str, ...]
    exclude: bool = False
    # ids, former ids and identifiers count; names do not
    id_only: bool = False


@dataclass
class NameMatch:
    """A record that a name stands for."""

    type: str
    key: int
    id: str
    name: str
    # of a state
    country: str | None = None


@dataclass
class ResolvedName:
    """How one name was understood: the tier that matched, and the records that it found."""

    query: NameQuery
    tier: str = "none"
    matches: list[NameMatch] = field(default_factory=list)
    # whether they have the same letters in another script than Latin
    same_script: bool = False
    # if nothing matched
    suggestions: list[NameMatch] = field(default_factory=list)

    @property
    def too_broad(self) -> bool:
        return len(self.matches) > MAX_MATCHES


def pinned(query: NameQuery) -> NameQuery:
    """`actor:mark-rutte` as a query for this id in this type."""
    type, _, id = query.text.partition(":")
    pins = {"actor", "organization"} & set(query.types)
    if type in pins and id:
        return NameQuery(id, (type,), query.exclude, id_only=True)
    return query


# of the row `record`
COUNTRY_SQL = (
    "CASE record.type WHEN 'organization' THEN (SELECT organization.country FROM organization"
    " WHERE organization.key = record.key AND organization.kind = 'state') END"
)
QUERY_COLUMNS = {
    "n": "integer",
    "types": "text",
    "text": "text",
    "folded": "text",
    "joined": "text",
    "spelled_out": "text",
    "code": "text",
    "script": "text",
    "word": "text",
    "words": "text",
    "size": "integer",
}
# the kinds are columns: with a constant in the join, SQLite would filter the whole table first
QUERIES = (
    "queries AS (SELECT input.*, 'former' AS former, 'identifier' AS identifier,"
    " 'name' AS name_kind, 'spelling' AS spelling_kind, 'word' AS word_kind"
    " FROM {queries} AS input)"
)
