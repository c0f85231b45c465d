"""Whether the process lives, and whether the database answers."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic

import orjson
import peewee
from flask import Blueprint, Response

from models.database.connection import database, ensure_own_connections
from models.database.engine import Engine
from models.dataset import SELECT_DATASET
from models.reading import peek_dataset, supported_dataset

PATHS = ("/healthz", "/readyz")
# seconds that a probe waits for the database
PATIENCE = 1.0
# seconds after which a question that the database does not answer is given up
GIVE_UP = 30.0

blp = Blueprint("health", __name__)

NO_STORE = {"Cache-Control": "no-store"}


class ReadinessProbe:
    """Asks the database on a connection that no query uses; one question at a time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.answer: Future[int] | None = None
        self.asked_at = 0.0

    def version(self) -> int:
        """The dataset's version. Raises an error of the database, or UnsupportedDatabase."""
        if not database.reopens:
            return peek_dataset().version
        with self.lock:
            if self.answer is None or monotonic() - self.asked_at > GIVE_UP:
                self.answer, self.asked_at = Future(), monotonic()
                arguments = (database.unconnected(), self.answer)
                Thread(target=self.ask, args=arguments, daemon=True).start()
            answer = self.answer
        try:
            return answer.result(PATIENCE)
        except TimeoutError:
            raise peewee.OperationalError(
                f"no answer from the database within {PATIENCE:g} s"
            ) from None

    def ask(self, engine: Engine, answer: Future[int]) -> None:
        """Answer with the version that the database gives."""
        try:
            version = supported_dataset(engine.peek(SELECT_DATASET)).version
        except BaseException as error:
            self.finish(answer)
            answer.set_exception(error)
        else:
            self.finish(answer)
            answer.set_result(version)
        finally:
            engine.close()
            engine.close_idle()

    def finish(self, answer: Future[int]) -> None:
        """Let the next request ask again."""
        with self.lock:
            if self.answer is answer:
                self.answer = None


probe = ReadinessProbe()


@blp.get("/healthz")
def healthz() -> Response:
    """Whether the process lives."""
    return Response(b'{"status":"ok"}', headers=NO_STORE, content_type="application/json")


@blp.get("/readyz")
def readyz() -> Response:
    """Whether the database answers."""
    ensure_own_connections()
    body = {"status": "ok", "version": probe.version()}
    return Response(orjson.dumps(body), headers=NO_STORE, content_type="application/json")
