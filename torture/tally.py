"""What clients saw, and a client that asks for one thing now and then."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from urllib.error import HTTPError
from urllib.request import urlopen

# seconds between two questions, and without an answer
PAUSE, HANG = 0.1, 30.0


class Tally:
    """What clients saw."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.errors: Counter[str] = Counter()
        # of streams: too-many-streams
        self.told: Counter[str] = Counter()

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def summary(self) -> dict:
        return {
            "answers": len(self.seconds),
            "p50": round(self.percentile(0.5), 4),
            "p99": round(self.percentile(0.99), 4),
            "slowest": round(self.percentile(1), 4),
            "errors": dict(self.errors),
            "told": dict(self.told),
        }


def probe(port: int, paths: Sequence[str], end: float) -> Tally:
    """Ask for these paths in turn until a time of the monotonic clock."""
    tally, next_paths = Tally(), cycle(paths)
    while time.monotonic() < end:
        started = time.monotonic()
        try:
            with urlopen(f"http://127.0.0.1:{port}{next(next_paths)}", timeout=HANG) as response:
                response.read()
            tally.seconds.append(time.monotonic() - started)
        except HTTPError as error:
            tally.errors[str(error.code)] += 1
        except OSError as error:
            tally.errors[type(error).__name__] += 1
        time.sleep(PAUSE)
    return tally
