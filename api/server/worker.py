"""A worker of granian: a process that answers requests until it is told to end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

import granian.server.mp
from granian.server.mp import MPServer

from api.http.connections import CAN_INSPECT
from api.http.error_handlers import log
from api.http.proxies import parse_prefix
from api.server.guard import ConnectionGuard
from api.server.lanes import Lanes

# seconds that answers under way have after the signal to end
GRACE = 8.0
# seconds between two looks at the connections, at most
CHECK_SECONDS = 2.0


class Worker:
    """Granian's target for a worker's process."""

    def __init__(self, port: int, threads: int):
        self.port = port
        self.threads = threads

    def __call__(self, *arguments: Any) -> None:
        # a terminal sends SIGINT to all processes; the parent then sends SIGTERM
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        end_in_time()
        # granian calls this with the application, before it accepts connections
        granian.server.mp._wsgi_call_wrap = self.callback  # type: ignore[assignment]
        MPServer._spawn_wsgi_worker(*arguments)
        # the interpreter would wait for threads that still hold a client's request
        os._exit(0)

    def callback(self, app: Callable[..., Any], *options: Any) -> Lanes:
        settings = app.config  # type: ignore[attr-defined]
        prefix = parse_prefix(settings["PREFIX"])
        lanes = Lanes(app, self.threads, prefix, waits=waits_for_server(settings))
        seconds = settings["STREAM_SECONDS"]
        guard = ConnectionGuard(self.port, seconds)
        pause = min(CHECK_SECONDS, seconds / 4)
        Thread(target=watch, args=(lanes, guard, pause), daemon=True).start()
        return lanes


def waits_for_server(settings: Mapping[str, Any]) -> bool:
    """Whether requests read a database server, not a file."""
    url: str = settings["READ_URL"] or settings["DATABASE_URL"]
    return not url.startswith("sqlite:")


def end_children_by_signal() -> None:
    """Have SIGTERM end a child process at once, until the child sets a handler.

    Otherwise the child runs its parent's handler, which does not end the child. SIGTERM is blocked
    while the process forks, so no child misses it.
    """

    def block() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def unblock() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def reset() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        unblock()

    os.register_at_fork(before=block, after_in_parent=unblock, after_in_child=reset)


def end_in_time() -> None:
    """Have the process end after a SIGTERM, even if a client keeps a connection busy.

    Granian's handler waits for the answers under way. Granian's time limit is not set: on a busy
    machine, granian warns that it kills a worker that has already ended.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def wait() -> None:
        while signal.SIGTERM not in os.read(reader, 16):
            pass
        Event().wait(GRACE)
        os._exit(0)

    Thread(target=wait, daemon=True).start()


def watch(lanes: Lanes, guard: ConnectionGuard, pause: float) -> None:
    """Refuse overdue requests and end overdue connections, again and again."""
    never = Event()
    while not never.wait(pause):
        try:
            lanes.refuse_overdue()
            if CAN_INSPECT:
                guard.check()
        except Exception:
            log.exception("the watch over connections failed, and goes on")
