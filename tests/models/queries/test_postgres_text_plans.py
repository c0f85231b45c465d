"""Plans of searches for words on PostgreSQL: they suit how frequent the words are."""

from __future__ import annotations

import pytest

from models.claim import Claim
from models.database.connection import database, fetch_all
from models.queries.slots import Placeholder
from models.search.text_query import parse_text_query, text_filter
from tests.conftest import Load
from tests.engines import ENGINE
from tests.models.compiled_lists import bound_values, compiled_page

pytestmark = pytest.mark.skipif(ENGINE != "postgres", reason="tests PostgreSQL's planner")


@pytest.mark.parametrize(
    ("word", "index"), [("frequent", "search_text_pkey"), ("rare", "search_text_lexemes")]
)
def test_a_frequent_word_is_scanned_in_order_and_a_rare_one_looked_up(
    load: Load, word: str, index: str
) -> None:
    claims = [
        {"id": f"c{n}", "text": "rare" if n % 500 == 0 else f"frequent {n}", "actor": "a"}
        for n in range(3000)
    ]
    load(actors=[{"id": "a", "name": "A"}], claims=claims)
    database.execute_sql("ANALYZE")
    filters = {"q": text_filter(parse_text_query(word))}
    query = compiled_page(Claim, filters, sort="-date")
    bound = bound_values(Claim, filters, limit=51)
    values = [bound[value] if isinstance(value, Placeholder) else value for value in query.params]
    plan = "\n".join(line for (line,) in fetch_all(f"EXPLAIN {query.sql}", *values))
    assert index in plan, plan
    assert ("Sort" in plan) == (word == "rare"), plan
