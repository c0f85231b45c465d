"""Which documents show or count a record, as selects of their keys.

In each select, {keys} stands for a list of changed keys.
"""

from __future__ import annotations

from models import RECORD_TYPES
from models.references import reference_columns, referred_types


def referrer_selects(type: str) -> list[str]:
    """The records that refer to a record of this type, and so show it."""
    return [
        f"SELECT {getattr(table, 'OWNER', 'key')} FROM {table._meta.table_name}"
        f" WHERE {field.column_name} IN {{keys}}"
        for model in RECORD_TYPES.values()
        for table in (model, *model.LINKS)
        for field in reference_columns(table)
        if type in referred_types(field)
        # models/documents/claimants.py renames the actor in the documents of claims
        and (table._meta.table_name, field.name) != ("claim", "actor")
    ]


def claims_related_to(condition: str) -> list[str]:
    """The claims in relations with claims that meet a condition, whose claimants they show."""
    return [
        f"SELECT relation.{own} FROM claim JOIN relation ON relation.{other} = claim.key"
        f" WHERE claim.{condition}"
        for own, other in (("claim", "target"), ("target", "claim"))
    ]


# documents that show a record without referring to it
INDIRECT: dict[str, list[str]] = {
    "organization": [
        *claims_related_to("organization IN {keys}"),
        "SELECT report.claim FROM source JOIN report ON report.source = source.key"
        " WHERE source.publisher IN {keys}",
        "SELECT report.claim FROM source JOIN report ON report.source = source.key"
        " WHERE source.origin IN {keys}",
    ],
    "claim": ["SELECT target FROM relation WHERE claim IN {keys}"],
}
SHOWN_BY = {type: referrer_selects(type) + INDIRECT.get(type, []) for type in RECORD_TYPES}

# the records that count a claim
COUNTED_BY = (
    "SELECT actor FROM claim WHERE key IN {keys} AND actor IS NOT NULL",
    "SELECT organization FROM claim WHERE key IN {keys} AND organization IS NOT NULL",
    "SELECT event FROM event_claim WHERE claim IN {keys}",
    "SELECT source FROM report WHERE claim IN {keys}",
    "SELECT topic FROM topic_claim WHERE claim IN {keys}",
    "SELECT position FROM claim_position WHERE claim IN {keys}",
)

# how many listed claims each record of a type has: selects of (key, count)
CLAIM_COUNTS = {
    "actor": "SELECT actor, COUNT(*) FROM claim"
    " WHERE listed = 1 AND actor IN {keys} GROUP BY actor",
    "organization": "SELECT organization, COUNT(*) FROM claim"
    " WHERE listed = 1 AND organization IN {keys} GROUP BY organization",
    "event": "SELECT event, COUNT(*) FROM event_claim"
    " WHERE listed = 1 AND event IN {keys} GROUP BY event",
    "source": "SELECT source, COUNT(DISTINCT claim) FROM report"
    " WHERE listed = 1 AND source IN {keys} GROUP BY source",
    "topic": "SELECT topic, COUNT(*) FROM topic_claim"
    " WHERE listed = 1 AND topic IN {keys} GROUP BY topic",
    "position": "SELECT position, COUNT(*) FROM claim_position"
    " WHERE listed = 1 AND position IN {keys} GROUP BY position",
}
