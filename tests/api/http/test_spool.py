"""The file between the thread that makes a body and the client that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from threading import Thread

import pytest

from api.http.spool import CHUNK_BYTES, Abandoned, ReaderTooSlow, Spool

NO_BOUND = 1 << 40


def spool_with(*parts: bytes, max_bytes: int = NO_BOUND) -> Spool:
    spool = Spool(max_bytes)
    for part in parts:
        spool.write(part)
    return spool


@pytest.mark.parametrize(
    "parts", [[], [b"a"], [b"a", b"", b"bc"], [b"x" * CHUNK_BYTES] * 3, [b"y" * 100_001]]
)
def test_a_reader_gets_what_was_written(parts: list[bytes]) -> None:
    spool = spool_with(*parts)
    spool.end()
    chunks = [*spool.chunks(60)]
    assert b"".join(chunks) == b"".join(parts)
    assert all(0 < len(chunk) <= CHUNK_BYTES for chunk in chunks)
    spool.close()


@pytest.mark.parametrize("max_bytes", [1, 50_000, NO_BOUND])
def test_the_file_does_not_outgrow_its_bound(max_bytes: int) -> None:
    spool = Spool(max_bytes)
    part = bytes(10_000)

    def write() -> None:
        for _ in range(100):
            spool.write(part)
        spool.end()

    writer = Thread(target=write)
    writer.start()
    assert b"".join(spool.chunks(60)) == part * 100
    writer.join()
    # a part more than the bound
    assert spool.largest <= max_bytes + len(part)
    spool.close()


def test_a_writer_learns_that_the_reader_has_left() -> None:
    spool = spool_with(b"a" * 10, max_bytes=10)
    errors: list[Exception] = []

    def write() -> None:
        try:
            spool.write(b"b")
        except Abandoned as error:
            errors.append(error)

    writer = Thread(target=write)
    writer.start()
    spool.close()
    writer.join()
    assert len(errors) == 1


def test_a_reader_gets_the_writers_error_after_what_was_written() -> None:
    spool = spool_with(b"a")
    spool.end(ValueError("broken"))
    chunks = spool.chunks(60)
    assert next(chunks) == b"a"
    with pytest.raises(ValueError, match="broken"):
        next(chunks)
    spool.close()


def clock(*seconds: float) -> Iterator[float]:
    return chain(seconds, repeat(seconds[-1]))


def test_a_reader_that_is_behind_for_too_long_gets_no_more() -> None:
    spool = spool_with(bytes(CHUNK_BYTES), b"rest")
    chunks = spool.chunks(60, clock(0, 0, 59, 61).__next__)
    assert len(next(chunks)) == CHUNK_BYTES
    assert next(chunks) == b"rest"
    with pytest.raises(ReaderTooSlow, match="did not read its answer within 60 s"):
        next(chunks)
    spool.close()


def test_a_reader_that_waits_for_the_writer_is_not_behind() -> None:
    spool = spool_with(b"a")
    chunks = spool.chunks(60, clock(0, 0, 50, 50, 100, 100).__next__)
    assert next(chunks) == b"a"
    writer = Thread(target=spool.write, args=(b"b",))
    writer.start()
    assert next(chunks) == b"b"
    writer.join()
    spool.end()
    assert [*chunks] == []
    spool.close()
