"""LRUCache: a bound in bytes, and eviction of the least recently used entries."""

from __future__ import annotations

from models.cache import ENTRY_BYTES, LRUCache


def new_cache(max_bytes: int) -> LRUCache[str]:
    """A cache that counts only the letters of its values, without the overhead of an entry."""
    return LRUCache(max_bytes, lambda key, value: len(value) - ENTRY_BYTES)


def test_the_least_recently_used_entry_is_evicted() -> None:
    cache = new_cache(80)
    for n in range(8):
        assert cache.put(n, "x" * 10)
    assert cache.get(0)
    cache.put(8, "x" * 10)
    assert [n for n in range(9) if cache.get(n)] == [0, 2, 3, 4, 5, 6, 7, 8]
    assert cache.bytes == 80


def test_a_new_value_replaces_the_old_one() -> None:
    cache = new_cache(80)
    cache.put(1, "x" * 10)
    cache.put(1, "y" * 5)
    assert (cache.get(1), cache.bytes) == ("y" * 5, 5)
    cache.remove(1)
    cache.remove(1)
    assert (cache.get(1), cache.bytes) == (None, 0)


def test_a_value_above_an_eighth_of_the_bound_is_not_cached() -> None:
    cache = new_cache(80)
    assert not cache.put(1, "x" * 11)
    assert (cache.get(1), cache.bytes) == (None, 0)
