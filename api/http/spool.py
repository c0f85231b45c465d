"""A file between a thread that makes a body and a client that reads it at its own pace."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from threading import Condition
from time import monotonic

# what a reader takes at once; a client that stops reading is noticed after as much
CHUNK_BYTES = 1 << 14


class ReaderTooSlow(Exception):
    """A client has been behind for longer than it may."""


class Abandoned(Exception):
    """Nobody reads the rest."""


class Spool:
    """A file that one thread writes while another reads.

    The writer waits for the reader only if the file has `max_bytes`.
    """

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        # closed by the reader
        self.file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self.changed = Condition()
        # positions in the file
        self.written = self.taken = self.largest = 0
        self.full = self.ended = self.abandoned = False
        self.error: BaseException | None = None

    def write(self, part: bytes) -> None:
        """Append a part. Raises Abandoned if the reader has left."""
        with self.changed:
            if self.written >= self.max_bytes:
                self.full = True
                self.changed.wait_for(lambda: self.abandoned or self.taken == self.written)
                self.full = False
            if self.abandoned:
                raise Abandoned
            if self.taken == self.written >= min(CHUNK_BYTES, self.max_bytes):
                self.taken = self.written = 0
                self.file.truncate(0)
            while part:
                size = os.pwrite(self.file.fileno(), part, self.written)
                self.written += size
                part = part[size:]
            self.largest = max(self.largest, self.written)
            self.changed.notify_all()

    def end(self, error: BaseException | None = None) -> None:
        """Tell the reader that this is all, or that the rest failed."""
        with self.changed:
            self.ended, self.error = True, error
            self.changed.notify_all()

    def chunks(self, seconds: float, clock: Callable[[], float] = monotonic) -> Iterator[bytes]:
        """What was written. Raises the writer's error, or ReaderTooSlow.

        A reader is too slow if it is behind the writer for so many seconds.
        """
        behind_since = clock()
        while True:
            if clock() - behind_since > seconds:
                raise ReaderTooSlow(f"a client did not read its answer within {seconds:g} s")
            with self.changed:
                if self.taken == self.written and not self.ended:
                    # a full file is the reader's own fault
                    caught_up = not self.full
                    self.changed.notify_all()
                    self.changed.wait_for(lambda: self.taken < self.written or self.ended)
                    if caught_up:
                        behind_since = clock()
                if self.taken == self.written:
                    if self.error:
                        raise self.error
                    return
                size = min(CHUNK_BYTES, self.written - self.taken)
                chunk = os.pread(self.file.fileno(), size, self.taken)
                self.taken += len(chunk)
            yield chunk

    def close(self) -> None:
        """Let the writer stop, and delete the file."""
        with self.changed:
            self.abandoned = True
            self.changed.notify_all()
            self.file.close()

    def __del__(self) -> None:
        # of a response that a server never closed
        self.file.close()
