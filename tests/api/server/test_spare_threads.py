"""Threads of the server that wait while nobody needs them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest

from api.server import spare_threads
from api.server.spare_threads import SpareThreads


def take_request(threads: SpareThreads, returned: Callable[[], None] = lambda: None) -> Thread:
    """Have a new thread take a request, and wait if it is spare."""

    def take() -> None:
        threads.note()
        threads.wait_if_spare()
        returned()

    thread = Thread(target=take)
    thread.start()
    return thread


def spare_thread(threads: SpareThreads, returned: Callable[[], None] = lambda: None) -> Thread:
    """A thread that is waiting."""
    waiting_before = threads.waiting
    thread = take_request(threads, returned)
    while threads.waiting == waiting_before:
        assert thread.is_alive()
    return thread


def test_as_many_threads_as_are_needed_do_not_wait():
    threads = SpareThreads(2)
    threads.note()
    take_request(threads).join()
    assert threads.waiting == 0


def test_a_thread_waits_until_another_one_takes_no_requests():
    threads, returned = SpareThreads(1), Event()
    threads.note()
    thread = spare_thread(threads, returned.set)
    assert not returned.is_set()
    threads.replace()
    thread.join()
    assert threads.waiting == 0


def test_a_thread_that_may_have_ended_is_not_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spare_threads, "ALIVE_SECONDS", 0.0)
    threads = SpareThreads(1)
    threads.note()
    take_request(threads).join()
    assert threads.waiting == 0


def test_a_spare_thread_takes_requests_again_after_a_while(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spare_threads, "MAX_SPARE_SECONDS", 0.0)
    threads = SpareThreads(1)
    threads.note()
    take_request(threads).join()
    assert threads.waiting == 0
    # nobody is woken in vain afterwards
    threads.replace()
    assert not threads.wake.acquire(blocking=False)


def test_all_threads_go_at_the_end():
    threads = SpareThreads(1)
    threads.note()
    spares = [spare_thread(threads), spare_thread(threads)]
    threads.end()
    for thread in (*spares, take_request(threads)):
        thread.join()
    assert threads.waiting == 0
