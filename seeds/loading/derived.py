"""Columns and rows that several records decide together."""

from __future__ import annotations

from models import Broader
from models.base import insert_rows
from models.database.connection import database, fetch_all
from models.documents.refresh import mark_selected
from models.topic import broader_rows

CHANGED_KEYS = "(SELECT key FROM touched WHERE change = 'changed' AND type = '{}')"


def fill_inherited() -> None:
    """Set the columns that claims inherit from sources and events, if one of them changed.

    New claims have them already.
    """
    claims, sources, events = map(CHANGED_KEYS.format, ("claim", "source", "event"))
    database.execute_sql(
        "UPDATE report SET publisher ="
        " (SELECT source.publisher FROM source WHERE source.key = report.source)"
        f" WHERE publisher IS NULL AND claim IN {claims} OR source IN {sources}"
    )
    database.execute_sql(
        "UPDATE claim SET country ="
        " (SELECT event.country FROM event WHERE event.key = claim.event)"
        f" WHERE event IS NOT NULL AND country IS NULL AND key IN {claims} OR event IN {events}"
    )


def begin_reclassifying() -> None:
    """Create the empty table `reclassified`, of the claims whose topics change."""
    database.temporary("reclassified", "claim INTEGER PRIMARY KEY")


def update_topic_claims(topics_touched: bool) -> None:
    """Bring `topic_claim` up to date: each claim is under its topics and their broader ones.

    `reclassified` has the changed claims that have other topics than before.
    """
    if topics_touched:
        database.execute_sql(
            "INSERT INTO reclassified SELECT DISTINCT claim FROM topic_claim"
            " WHERE topic IN (SELECT key FROM touched WHERE type = 'topic')"
            " ON CONFLICT DO NOTHING"
        )
        database.execute_sql("DELETE FROM broader")
        insert_rows(Broader, broader_rows(dict(fetch_all("SELECT key, parent FROM topic"))))
    former_rows = "topic_claim WHERE claim IN (SELECT claim FROM reclassified)"
    mark_selected(f"SELECT topic FROM {former_rows}")
    database.execute_sql(f"DELETE FROM {former_rows}")
    database.execute_sql(
        "INSERT INTO reclassified SELECT key FROM touched WHERE type = 'claim' AND change = 'added'"
    )
    if not fetch_all("SELECT 1 FROM reclassified LIMIT 1"):
        return
    # few or all: without statistics, the planner would read the claims of every topic
    database.execute_sql("ANALYZE reclassified")
    database.execute_sql(
        "INSERT INTO topic_claim (topic, listed, date_key, entered, claim)"
        " SELECT broader.broader, listed, date_key, entered, claim_topic.claim"
        " FROM reclassified JOIN claim_topic ON claim_topic.claim = reclassified.claim"
        " JOIN broader ON broader.topic = claim_topic.topic"
        # distinct, and sorted: many rows are appended to the table in its own order
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
    )
    mark_selected(
        "SELECT topic FROM topic_claim WHERE claim IN (SELECT claim FROM reclassified"
        " JOIN touched ON touched.key = claim WHERE change = 'changed')"
    )
