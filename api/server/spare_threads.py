"""Threads of granian that nobody needs wait here, so that fewer compete for Python's lock."""

from __future__ import annotations

from threading import Lock, Semaphore, get_ident
from time import monotonic

# a thread that took a request so recently is alive: granian ends one that takes none for 30 s
ALIVE_SECONDS = 5.0
# so long a spare thread waits at most, before it takes requests again
MAX_SPARE_SECONDS = 20.0


class SpareThreads:
    """Keeps `needed` threads at taking requests; others wait until one of these reads a body.

    Each request that waits wakes a thread that takes it. With many of them, most of the time of a
    quick answer went into passing Python's lock.
    """

    def __init__(self, needed: int):
        self.needed = needed
        self.lock = Lock()
        # when each thread that is neither spare nor reads a body took its last request
        self.taken: dict[int, float] = {}
        self.waiting = 0
        self.wake = Semaphore(0)
        self.ending = False

    def note(self) -> None:
        """This thread has taken a request."""
        self.taken[get_ident()] = monotonic()

    def wait_if_spare(self) -> None:
        """Keep this thread here if enough others take requests."""
        with self.lock:
            now = monotonic()
            alive = sum(now - time < ALIVE_SECONDS for time in [*self.taken.values()])
            if self.ending or alive <= self.needed:
                return
            del self.taken[get_ident()]
            self.waiting += 1
        if not self.wake.acquire(timeout=MAX_SPARE_SECONDS):
            with self.lock:
                # nobody has woken it meanwhile
                if not self.wake.acquire(blocking=False):
                    self.waiting -= 1

    def replace(self) -> None:
        """This thread takes no requests for a while: a spare one does so in its place."""
        with self.lock:
            self.taken.pop(get_ident(), None)
            if self.waiting:
                self.waiting -= 1
                self.wake.release()

    def end(self) -> None:
        """Let all threads go, and none wait any more."""
        with self.lock:
            self.ending = True
            for _ in range(self.waiting):
                self.wake.release()
            self.waiting = 0
