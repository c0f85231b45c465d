"""A cache that is bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
# bytes of an entry besides its content: key, links, the headers of Python objects
ENTRY_BYTES = 400


class LRUCache(Generic[Value]):
    """The most recently used values by key, within a bound in bytes; safe between threads.

    `size` gives the bytes of a value. A value of more than an eighth of the bound is not stored.
    """

    def __init__(self, max_bytes: int, size: Callable[[Any, Value], int]):
        self.max_bytes = max_bytes
        self.size = size
        self.bytes = 0
        # each value with its size, since measuring can take as long as a query
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value) -> bool:
        """Store a value; False if it is too large."""
        size = self.size(key, value) + ENTRY_BYTES
        if size * 8 > self.max_bytes:
            return False
        with self._lock:
            self._drop(key)
            self._entries[key] = value, size
            self.bytes += size
            while self.bytes > self.max_bytes:
                self._drop(next(iter(self._entries)))
        return True

    def remove(self, key: Hashable) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if key in self._entries:
            _, size = self._entries.pop(key)
            self.bytes -= size
