"""The cases as SQL over Claimbase's own file, for the peers that are given its documents.

Names come folded. All claims of the dataset are listed ones, so `listed = 1` only serves the index.
"""

ACTOR = "(SELECT record FROM handle WHERE value = :actor AND kind = 'name' AND type = 'actor')"
TOPIC = "(SELECT record FROM handle WHERE value = :topic AND kind = 'name' AND type = 'topic')"
OF_ACTOR = f"FROM claim WHERE actor = {ACTOR} AND listed = 1"
OF_BOTH = (
    f"{OF_ACTOR} AND EXISTS (SELECT 1 FROM topic_claim WHERE topic = {TOPIC} AND listed = 1"
    # looked for in the order of dates, as Claimbase does
    " AND date_key = claim.date_key AND entered = claim.entered)"
)
LATER = "FROM claim WHERE listed = 1 AND (date_key, entered) > (:date_key, :entered)"


def page(rows: str) -> str:
    """The documents of the 50 newest."""
    newest = f"SELECT key {rows} ORDER BY date_key, entered LIMIT 50"
    return (
        f"SELECT CAST(body AS TEXT) AS body FROM ({newest}) AS page"
        " CROSS JOIN document ON document.key = page.key"
    )


def spread(pairs: str) -> str:
    """The 20 most frequent topics."""
    return (
        f"SELECT record.id, topic.name, counted.count FROM (SELECT topic, COUNT(*) AS count {pairs}"
        " GROUP BY topic) AS counted JOIN topic ON topic.key = counted.topic JOIN record ON"
        " record.key = counted.topic ORDER BY counted.count DESC, record.id LIMIT 20"
    )


QUERIES = {
    "page": page(OF_ACTOR),
    "two": page(OF_BOTH),
    "first": page("FROM claim WHERE listed = 1"),
    "deep": page(LATER),
    "single": "SELECT CAST(body AS TEXT) AS body FROM document WHERE key ="
    " (SELECT key FROM record WHERE type = 'claim' AND id = :id)",
    "total": f"SELECT COUNT(*) AS total {OF_ACTOR}",
    "total-two": f"SELECT COUNT(*) AS total {OF_BOTH}",
    "facet": spread("FROM topic_claim WHERE listed = 1"),
    "facet-actor": spread(
        "FROM topic_claim JOIN claim ON claim.key = topic_claim.claim"
        f" WHERE claim.actor = {ACTOR} AND claim.listed = 1"
    ),
}
