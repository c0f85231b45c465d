"""The cache of compiled queries."""

from __future__ import annotations

import pytest

from models.queries.compiled import CompiledQuery, cache_compiled


def test_the_cache_of_compiled_queries_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most recent queries stay; a query above an eighth of the limit is not cached."""
    built = []
    monkeypatch.setattr("models.queries.compiled.COMPILED_BYTES", 20_000)

    @cache_compiled
    def build(number: int, length: int) -> CompiledQuery:
        built.append(number)
        return CompiledQuery("x" * length, ())

    for number in range(100):
        assert len(build(number, 500).sql) == 500
        assert build.cache.bytes <= 20_000
    assert built == [*range(100)]
    build(99, 500)
    assert built == [*range(100)]
    build(0, 500)
    assert built == [*range(100), 0]
    build(100, 2_000)
    build(100, 2_000)
    assert built == [*range(100), 0, 100, 100]
