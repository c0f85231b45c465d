"""The cases as SQL on Claimbase's database, for the servers that use its documents.

Names are folded. All claims of the dataset are listed, so `listed = 1` only serves the index.
"""

ACTOR = "(SELECT record FROM name_key WHERE value = :actor AND kind = 'name' AND type = 'actor')"
TOPIC = "(SELECT record FROM name_key WHERE value = :topic AND kind = 'name' AND type = 'topic')"
OF_ACTOR = f"FROM claim WHERE actor = {ACTOR} AND listed = 1"
OF_BOTH = (
    f"{OF_ACTOR} AND EXISTS (SELECT 1 FROM topic_claim WHERE topic = {TOPIC} AND listed = 1"
    # searched by date as Claimbase does, because claims come in that order
    " AND date_key = claim.date_key AND seq = claim.seq)"
)
AFTER_CURSOR = "FROM claim WHERE listed = 1 AND (date_key, seq) > (:date_key, :seq)"
# the rows of the texts have the order of the claims, newest first, as models/search_text.py says
WITH_WORD = (
    "FROM search_text CROSS JOIN claim ON listed = 1"
    f" AND date_key = (search_text.rowid >> 32) & {(1 << 28) - 1}"
    f" AND seq = search_text.rowid & {(1 << 32) - 1}"
    f" WHERE search_text MATCH '\"' || :word || '\"' AND search_text.rowid < {1 << 60}"
)


def page_query(rows: str, order: str = "date_key, seq") -> str:
    """The documents of the 50 newest claims."""
    newest = f"SELECT key {rows} ORDER BY {order} LIMIT 50"
    return (
        f"SELECT CAST(body AS TEXT) AS body FROM ({newest}) AS page"
        " CROSS JOIN document ON document.key = page.key"
    )


def facet_query(pairs: str) -> str:
    """The 20 most frequent topics, with their counts."""
    return (
        f"SELECT record.id, topic.name, counted.count FROM (SELECT topic, COUNT(*) AS count {pairs}"
        " GROUP BY topic) AS counted JOIN topic ON topic.key = counted.topic JOIN record ON"
        " record.key = counted.topic ORDER BY counted.count DESC, record.id LIMIT 20"
    )


QUERIES = {
    "page": page_query(OF_ACTOR),
    "two": page_query(OF_BOTH),
    "word": page_query(WITH_WORD, order="search_text.rowid"),
    "first": page_query("FROM claim WHERE listed = 1"),
    "deep": page_query(AFTER_CURSOR),
    "single": "SELECT CAST(body AS TEXT) AS body FROM document WHERE key ="
    " (SELECT key FROM record WHERE type = 'claim' AND id = :id)",
    "total": f"SELECT COUNT(*) AS total {OF_ACTOR}",
    "total-two": f"SELECT COUNT(*) AS total {OF_BOTH}",
    "facet": facet_query("FROM topic_claim WHERE listed = 1"),
    "facet-actor": facet_query(
        "FROM topic_claim JOIN claim ON claim.key = topic_claim.claim"
        f" WHERE claim.actor = {ACTOR} AND claim.listed = 1"
    ),
}
