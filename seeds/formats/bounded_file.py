"""Files that are read as a whole, within a bound."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, BinaryIO

from seeds.raw_record import Unreadable

MAX_FILE_BYTES = 64_000_000


class BoundedFile:
    """A file that refuses to be read beyond 64 MB, and tells `done` of the bytes read."""

    def __init__(self, file: BinaryIO, done: Callable[[int], Any]):
        self.file = file
        self.done = done
        self.size = 0
        self.check_size(os.fstat(file.fileno()).st_size)

    def read(self, size: int = -1) -> bytes:
        # the file may grow: one byte more than allowed shows that it is too large
        data = self.file.read(size if size >= 0 else MAX_FILE_BYTES + 1 - self.size)
        self.size += len(data)
        self.check_size(self.size)
        self.done(len(data))
        return data

    @staticmethod
    def check_size(size: int) -> None:
        if size > MAX_FILE_BYTES:
            megabytes = MAX_FILE_BYTES // 1_000_000
            raise Unreadable(f"is larger than {megabytes} MB: split it, or write JSON Lines")
