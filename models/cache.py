"""What was worked out lately, kept for when it is asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")
# what an entry takes besides its content: keys, links, the numbers of Python's objects
OVERHEAD = 400


class Remembered(Generic[T]):
    """Values by key, those that were used last, within a bound in bytes.

    `size` tells the bytes of a value; what alone would take more than an eighth is not kept.
    """

    def __init__(self, bound: int, size: Callable[[Any, T], int]):
        self.bound = bound
        self.size = size
        self.bytes = 0
        # with the bytes that each takes: to tell them can cost as much as a search
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: T) -> bool:
        """Keep the value; whether it was not too large for that."""
        taken = self.size(key, value) + OVERHEAD
        if taken * 8 > self.bound:
            return False
        with self._lock:
            self._drop(key)
            self._values[key] = value, taken
            self.bytes += taken
            while self.bytes > self.bound:
                self._drop(next(iter(self._values)))
        return True

    def forget(self, key: Hashable) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if key in self._values:
            _, taken = self._values.pop(key)
            self.bytes -= taken
