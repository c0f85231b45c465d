"""Opening the dataset while requests are answered: the database may be locked or absent."""

from __future__ import annotations

from threading import Lock, Thread

import peewee

from api.http.error_handlers import log
from models.database.connection import disconnect
from models.opening import open_dataset, open_to_read

# seconds that the server's start, and a request, wait for a database that does not answer
START_PATIENCE = 2.0
REQUEST_PATIENCE = 1.0


class Opening:
    """Opens a dataset in a thread of its own; after a failure, the next request tries again."""

    def __init__(self, url: str, read_url: str = ""):
        """With `read_url`, only that database is opened, and nothing is written to it."""
        self.url = url
        self.read_url = read_url
        self.opened = False
        self.error: Exception | None = None
        self.lock = Lock()
        self.thread: Thread | None = None

    def begin(self) -> None:
        """Open the dataset, and wait a little. Raises all errors but the database's own."""
        try:
            self.require(START_PATIENCE)
        except peewee.OperationalError as error:
            log.warning("the database does not answer yet: %s", error)

    def require(self, patience: float = REQUEST_PATIENCE) -> None:
        """Raise an error unless the dataset is open, or opens within some seconds."""
        if self.opened:
            return
        with self.lock:
            # in a forked process, the thread of the parent is not alive
            if not self.opened and (self.thread is None or not self.thread.is_alive()):
                self.thread = Thread(target=self.open, daemon=True)
                self.thread.start()
            thread = self.thread
        if thread:
            thread.join(patience)
        if not self.opened:
            raise self.error or peewee.OperationalError(
                "the database is not open yet: another process holds it, as a first load does"
            )

    def open(self) -> None:
        try:
            if self.read_url:
                open_to_read(self.read_url)
            else:
                open_dataset(self.url)
            self.opened, self.error = True, None
        except Exception as error:
            self.error = error
        finally:
            # the server may fork
            disconnect()
