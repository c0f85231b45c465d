"""Reading the dataset: a snapshot of one version, which a client may ask to be no older."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic, sleep

from models.database.connection import database, ensure_own_connections, fetch_all
from models.dataset import SELECT_DATASET, Dataset, had_version, require_schema

# seconds that a request waits for a standby, and between two looks at it
MAX_WAIT = 1.0
POLL = 0.02


class AtLeast:
    """A version that a client knows, and by when it must be there."""

    def __init__(self, id: str, version: int, token: str):
        self.id = id
        self.version = version
        self.token = token
        self.until = monotonic() + MAX_WAIT

    @property
    def name(self) -> str:
        return f"{self.id}-{self.version}-{self.token}"

    def is_in(self, dataset: Dataset) -> bool:
        """Whether a snapshot has the version, or a later one. Raises VersionAbsent."""
        if self.id == dataset.id:
            if self.version > dataset.version:
                return False
            if self.token == dataset.version_token or had_version(self.version, self.token):
                return True
        raise VersionAbsent(self, for_good=True)


class VersionAbsent(Exception):
    """The database does not have a version that a client knows."""

    def __init__(self, at_least: AtLeast, *, for_good: bool):
        """`for_good`: the version is another database's, or a restore has lost it."""
        super().__init__(at_least.name)
        self.name = at_least.name
        self.for_good = for_good


@contextmanager
def reading(at_least: AtLeast | None = None) -> Iterator[Dataset]:
    """One snapshot of the dataset for all statements inside.

    Waits for a standby that is behind. Raises UnsupportedDatabase, VersionAbsent.
    """
    ensure_own_connections()
    while True:
        with database.snapshot(SELECT_DATASET) as row:
            dataset = supported_dataset(row)
            if at_least is None or at_least.is_in(dataset):
                yield dataset
                return
            ((is_standby,),) = fetch_all(f"SELECT {database.is_standby}")
        if not is_standby or monotonic() > at_least.until:
            raise VersionAbsent(at_least, for_good=False)
        sleep(POLL)


def peek_dataset(at_least: AtLeast | None = None) -> Dataset:
    """The dataset's row at this moment, for a caller that reads nothing else.

    Raises as `reading` does.
    """
    if at_least:
        with reading(at_least) as dataset:
            return dataset
    ensure_own_connections()
    return supported_dataset(database.peek(SELECT_DATASET))


@lru_cache(maxsize=16)
def supported_dataset(row: tuple) -> Dataset:
    dataset = Dataset._make(row)
    require_schema(dataset.schema)
    return dataset
