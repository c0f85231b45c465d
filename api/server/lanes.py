"""Which thread answers a request: granian's own, except for requests that may block it for long."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable
from threading import Lock, Semaphore, Thread, get_ident
from time import monotonic, sleep
from typing import Any, NamedTuple

from granian.wsgi import Response as Head
from granian.wsgi import ResponseIterWrap

from api.http.refusal import REFUSED
from api.http.streams import STREAMED

log = logging.getLogger("claimbase")

# requests with a body, and questions for readiness, that a process answers at once
MAX_BODIES, MAX_PROBES = 8, 4
# requests that wait for a thread, and the seconds that they do so, before they are refused
MAX_WAITING, MAX_WAIT = 1_000, 10.0
# a quick answer takes at most QUICK seconds; a thread without work rests for REST seconds
QUICK, REST = 0.01, 0.1

ENVIRON: dict[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    # werkzeug reads the body to its end
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


def granian_threads(threads: int) -> int:
    """The threads that granian needs so that this many answer requests at once."""
    return threads + 1 + MAX_BODIES


class Request(NamedTuple):
    """A request that granian has read the head of."""

    protocol: Any
    environ: dict[str, Any]
    arrival: float


class Lanes:
    """Granian's callback for each request. It never blocks all of granian's threads for long.

    Granian has more threads than those that answer (`granian_threads`): one to take the next
    request, which also answers probes of health, and those that may wait for the body of a request.
    Streams have threads of their own, since the client may read them slowly.

    Threads compete for Python's lock, so one thread gives all quick answers. A second thread
    answers only if the first one is slow; until then it rests. On PostgreSQL all threads answer,
    because a thread releases the lock while it waits for the database server.
    """

    def __init__(
        self, app: Callable[..., Any], threads: int, prefix: str = "", *, waits: bool = False
    ):
        """`prefix`: the path that a proxy may leave before all others.

        `waits`: whether answers wait for a database server.
        """
        self.app = app
        self.quick = 0.0 if waits else QUICK
        self.health_checks = {"/healthz", f"{prefix}/healthz"}
        self.readiness_checks = {"/readyz", f"{prefix}/readyz"}
        # each stands for a thread that may answer
        self.permits = deque([None] * threads)
        # by thread: when it began its present answer
        self.starts: dict[int, float] = {}
        self.waiting: deque[Request] = deque()
        # held by the resting thread that wakes first
        self.lookout = Lock()
        self.bodies = Semaphore(MAX_BODIES)
        self.probes = Semaphore(MAX_PROBES)

    def __call__(self, protocol: Any, scope: dict[str, Any]) -> None:
        environ = ENVIRON | scope
        request = Request(protocol, environ, monotonic())
        path = environ["PATH_INFO"]
        if path in self.health_checks:
            self.answer(request)
        elif path in self.readiness_checks:
            self.answer_in_thread(request, self.probes)
        elif environ["REQUEST_METHOD"] == "POST":
            self.answer_with_body(request)
        elif len(self.waiting) >= MAX_WAITING:
            self.refuse(request)
        else:
            self.waiting.append(request)
            self.answer_waiting()

    def answer_waiting(self) -> None:
        """Answer requests until none waits, or leave them to other threads."""
        thread = get_ident()
        while self.waiting:
            if self.another_is_quick():
                self.rest()
                if self.another_is_quick():
                    # the other thread answers all that wait; this one may take a health check
                    return
            try:
                permit = self.permits.pop()
            except IndexError:
                return
            try:
                while True:
                    request = self.waiting.popleft()
                    self.starts[thread] = monotonic()
                    self.answer(request)
            except IndexError:
                pass
            finally:
                self.starts.pop(thread, None)
                self.permits.append(permit)

    def another_is_quick(self) -> bool:
        """Whether another thread began its present answer less than `quick` seconds ago."""
        now = monotonic()
        return any(now - start < self.quick for start in [*self.starts.values()])

    def rest(self) -> None:
        """Sleep, so that other threads get Python's lock. One resting thread wakes early."""
        if self.lookout.acquire(blocking=False):
            sleep(self.quick)
            self.lookout.release()
        else:
            sleep(REST)

    def refuse_overdue(self) -> None:
        """Refuse requests that have waited for too long, since all threads are busy."""
        while self.waiting and monotonic() - self.waiting[0].arrival > MAX_WAIT:
            try:
                self.refuse(self.waiting.popleft())
            except IndexError:
                return

    def refuse(self, request: Request) -> None:
        """Answer that the server is too busy."""
        request.environ[REFUSED] = True
        self.answer(request)

    def answer_with_body(self, request: Request) -> None:
        """Answer in this thread, because granian drops the body when the thread returns."""
        if not self.bodies.acquire(blocking=False):
            self.refuse(request)
            return
        try:
            self.answer(request)
        finally:
            self.bodies.release()

    def answer_in_thread(self, request: Request, slots: Semaphore) -> None:
        """Answer in a new thread, or refuse if there are too many of its kind."""

        def answer() -> None:
            try:
                self.answer(request)
            finally:
                slots.release()

        if slots.acquire(blocking=False):
            Thread(target=answer, daemon=True).start()
        else:
            self.refuse(request)

    def answer(self, request: Request) -> None:
        """Have the application answer, and send its response."""
        protocol, environ, _ = request
        head = Head()
        try:
            body = self.app(environ, head)
            if isinstance(body, list):
                protocol.response_bytes(head.status, head.headers, b"".join(body))
            elif STREAMED in environ:
                arguments = (head.status, head.headers, ResponseIterWrap(body))
                Thread(target=protocol.response_iter, args=arguments, daemon=True).start()
            else:
                try:
                    content = b"".join(body)
                finally:
                    body.close()
                protocol.response_bytes(head.status, head.headers, content)
        except Exception:
            log.exception("request failed: %s", environ["PATH_INFO"])
            protocol.response_bytes(500, [], b"")
