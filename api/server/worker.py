"""A worker of granian: a process that answers requests until it is told to end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
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
        url = settings["READ_URL"] or settings["DATABASE_URL"]
        prefix = parse_prefix(settings["PREFIX"])
        lanes = Lanes(app, self.threads, prefix, waits=not url.startswith("sqlite:"))
        seconds = settings["STREAM_SECONDS"]
        guard = ConnectionGuard(self.port, seconds)
        pause = min(CHECK_SECONDS, seconds / 4)
        Thread(target=watch, args=(lanes, guard, pause), daemon=True).start()
        return lanes


def end_children_by_signal() -> None:
    """Have SIGTERM end a child of this process at once, until the child sets a handler.

    A child would else run the handler of its parent, which ends nothing. The signal waits while
    the process forks.
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

    Granian's handler lets answers under way end. A time limit of granian would not do: on a busy
    machine it takes workers that have ended for alive, and warns.
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
