"""Streams: bodies of any length, made at the database's pace and sent at the client's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from contextvars import copy_context
from threading import Semaphore, Thread

from api.http.compression import compress_stream
from api.http.problems import HTTPProblem
from api.http.spool import Abandoned, Spool
from models.database.connection import database
from models.database.deadline import begin_deadline, end_deadline
from models.dataset import Dataset
from models.reading import AtLeast, reading

MakeChunks = Callable[[Dataset], Iterator[bytes]]

# the name in a WSGI environment that tells a server that the body is a stream
STREAMED = "claimbase.stream"
# seconds
RETRY_AFTER = 30


class StreamSlots:
    """A bound on the streams that a process sends at once."""

    def __init__(self, slots: int, seconds: float, spool_megabytes: int, part_seconds: float):
        """`seconds`: for how long a client may be behind; `spool_megabytes`: of each stream.

        `part_seconds`: the deadline for each part.
        """
        self.slots = slots
        self.seconds = seconds
        self.part_seconds = part_seconds
        self.spool_bytes = spool_megabytes << 20
        self.free = Semaphore(slots)

    def begin(self, make_chunks: MakeChunks, coding: str, at_least: AtLeast | None) -> Stream:
        """Take a slot and begin to make the body. Raises HTTPProblem: too-many-streams.

        It raises the problems of `make_chunks`, too.
        """
        if not self.free.acquire(blocking=False):
            raise HTTPProblem(
                "too-many-streams",
                f"The server already sends {self.slots} exports or whole lists, as many as it may "
                f"at once. Try again after {RETRY_AFTER} s, or read pages, which have no such "
                "bound.",
                headers={"Retry-After": str(RETRY_AFTER)},
            )
        try:
            return Stream(self, make_chunks, coding, at_least)
        except BaseException:
            self.free.release()
            raise


class Stream:
    """One body, from one snapshot of the dataset.

    A thread reads the snapshot into a spool, so that a slow client does not prolong it.
    """

    def __init__(
        self, slots: StreamSlots, make_chunks: MakeChunks, coding: str, at_least: AtLeast | None
    ):
        self.slots = slots
        self.at_least = at_least
        self.make_chunks = make_chunks
        self.coding = coding
        self.beginning: Future[Dataset] = Future()
        self.closed = False
        if database.reopens:
            self.spool = Spool(slots.spool_bytes)
            make = copy_context().run
            Thread(target=make, args=(self.make_in_thread,), daemon=True).start()
        else:
            # no other thread can read a database in memory
            self.spool = Spool(1 << 62)
            self.make()
        try:
            self.dataset = self.beginning.result()
        except BaseException:
            self.spool.close()
            raise

    def make_in_thread(self) -> None:
        try:
            self.make()
        finally:
            database.close()

    def make(self) -> None:
        """Write the body into the spool."""
        part_seconds = self.slots.part_seconds
        begin_deadline(part_seconds)
        try:
            with ExitStack() as stack:
                stack.enter_context(database.unmapped())
                dataset = stack.enter_context(reading(self.at_least))
                chunks = self.make_chunks(dataset)
                self.beginning.set_result(dataset)
                snapshot = stack.enter_context(stack.pop_all())
                for part in compress_stream(within(snapshot, chunks), self.coding):
                    self.spool.write(part)
                    begin_deadline(part_seconds)
        except Abandoned:
            pass
        except BaseException as error:
            if self.beginning.done():
                self.spool.end(error)
            else:
                self.beginning.set_exception(error)
        else:
            self.spool.end()
        finally:
            end_deadline()

    def chunks(self) -> Iterator[bytes]:
        """The body. Raises ReaderTooSlow, or what failed while it was made."""
        try:
            yield from self.spool.chunks(self.slots.seconds)
        finally:
            self.close()

    def close(self) -> None:
        """Give back the slot, and end the snapshot if it is still read."""
        if not self.closed:
            self.closed = True
            self.spool.close()
            self.slots.free.release()


def within(snapshot: ExitStack, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks; the snapshot ends before the last is given, since its end may fail."""
    previous = b""
    with snapshot:
        for chunk in chunks:
            if previous:
                yield previous
            previous = chunk
    yield previous
