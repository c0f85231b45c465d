"""Slow clients beside fast ones.

`python -m torture.connections` serves a dataset whose export has some megabytes. 200 clients read
pages for 30 seconds, first alone, then beside 20 clients each that send a head slowly, send a body
slowly, read the export slowly and read pages slowly, and beside 1,000 silent connections. The
result goes to build/torture/connections.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from torture.servers import load, publish, serving, stop_servers_on_sigterm
from torture.tally import HANG, Tally, probe

SECONDS, CLIENTS, SLOW, SILENT = 30.0, 200, 20, 1_000
# of the dataset
SOURCES, TEXT_BYTES = 1_000, 10_000
# seconds between two bytes of a slow client
PAUSE = 1.0
# bytes that a slow reader takes before it reads, and at once
BUFFER, SLOW_BYTES = 4_096, 256
# how far the pages may become slower, and the slowest answer of /healthz in seconds
MAX_RATIO, MAX_HEALTH = 3.0, 1.0
HOST = "Host: x\r\n"
POST = "Content-Type: application/json\r\nContent-Length: 100000\r\n"


class Target(NamedTuple):
    """A server, and the time at which the clients end."""

    port: int
    end: float

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.end


async def connect(
    target: Target, limit: int = 1 << 16
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", target.port, limit=limit)


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of an answer with a Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return int(head[9:12]), await reader.readexactly(int(length or 0))


async def ask_repeatedly(target: Target, tally: Tally, paths: Iterator[str]) -> None:
    """Send one request after the other on a connection."""
    while not target.is_over:
        writer = None
        try:
            reader, writer = await connect(target)
            while not target.is_over:
                started = time.monotonic()
                writer.write(f"GET {next(paths)} HTTP/1.1\r\n{HOST}\r\n".encode())
                status, _ = await asyncio.wait_for(read_answer(reader), HANG)
                tally.seconds.append(time.monotonic() - started)
                if status != 200:
                    tally.errors[str(status)] += 1
        except (OSError, EOFError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
            await asyncio.sleep(0.1)
        finally:
            if writer:
                writer.close()


def page_paths(seed: int) -> Iterator[str]:
    """Pages, most of which no one has asked for."""
    chance = random.Random(seed)
    while True:
        yield f"/v1/sources?limit=5&q={chance.randrange(10**9)}"
        yield f"/v1/sources?limit={chance.randrange(1, 20)}"
        yield f"/v1/topics?q={chance.randrange(10**9)}"


async def write_slowly(target: Target, tally: Tally, head: str, rest: Callable[[], str]) -> None:
    """Send a byte of a request now and then, and begin anew if the server ends the connection."""
    while not target.is_over:
        with suppress(OSError):
            _, writer = await connect(target)
            try:
                writer.write(head.encode())
                while not target.is_over and not writer.is_closing():
                    writer.write(rest().encode())
                    await writer.drain()
                    await asyncio.sleep(PAUSE)
            finally:
                writer.close()
        await asyncio.sleep(0.1)


async def read_slowly(target: Target, tally: Tally, path: str) -> None:
    """Read a few bytes of an answer now and then."""
    while not target.is_over:
        with suppress(OSError, EOFError, TimeoutError):
            reader, writer = await connect(target, BUFFER)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\n{HOST}\r\n".encode())
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HANG)
                note_stream(tally, head, await reader.read(SLOW_BYTES))
                while not target.is_over and head.startswith(b"HTTP/1.1 200"):
                    if not await reader.read(SLOW_BYTES):
                        break
                    await asyncio.sleep(PAUSE)
            finally:
                writer.close()
        await asyncio.sleep(PAUSE)


def note_stream(tally: Tally, head: bytes, body: bytes) -> None:
    """Count an answer to a slow reader."""
    status = head[9:12].decode()
    if status == "503" and b"too-many-streams" in body and b"\r\nretry-after:" in head.lower():
        tally.told["too-many-streams"] += 1
    elif status != "200":
        tally.errors[status] += 1


async def stay_silent(target: Target, tally: Tally) -> None:
    with suppress(OSError):
        reader, writer = await connect(target)
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(), max(0.0, target.end - time.monotonic()))
        writer.close()


async def run_clients(target: Target, *, slow: bool) -> dict:
    """Run all clients to the end; gives what they saw."""
    pages, others = Tally(), Tally()
    tasks: list[Awaitable[None]] = [
        ask_repeatedly(target, pages, page_paths(seed)) for seed in range(CLIENTS)
    ]
    if slow:
        header = f"GET /v1/claims HTTP/1.1\r\n{HOST}X-Slow: "
        body = f"POST /v1/resolve HTTP/1.1\r\n{HOST}{POST}\r\n"
        for _ in range(SLOW):
            tasks.append(write_slowly(target, others, header, lambda: "x"))
            tasks.append(write_slowly(target, others, body, lambda: " "))
            tasks.append(read_slowly(target, others, "/v1/export"))
            tasks.append(read_slowly(target, others, "/v1/sources?limit=200"))
        tasks += [stay_silent(target, others) for _ in range(SILENT)]
    with ProcessPoolExecutor(1) as prober:
        # it has nothing else to do
        probing = prober.submit(probe, target.port, ["/healthz"], target.end)
        await asyncio.gather(*tasks)
        probes = probing.result()
    return {"pages": pages.summary(), "healthz": probes.summary(), "slow": others.summary()}


@contextmanager
def large_server() -> Iterator[int]:
    """A server of a dataset whose answers outgrow the buffers of slow readers; gives its port."""
    with TemporaryDirectory() as folder:
        seeds = Path(folder, "sources.jsonl")
        chance = random.Random(1)
        with seeds.open("w") as file:
            for n in range(SOURCES):
                text = chance.randbytes(TEXT_BYTES // 2).hex()
                source = {"id": f"s{n}", "title": f"Source {n}", "kind": "post", "text": text}
                file.write(json.dumps({"type": "source", **source}) + "\n")
        database_url = f"sqlite:///{folder}/claimbase.db"
        load(database_url, seeds)
        with serving(database_url) as port:
            yield port


def faults_of(alone: dict, beside: dict) -> list[str]:
    """What the server did worse than it may."""
    faults = []
    for name, run in (("alone", alone), ("beside slow clients", beside)):
        faults += [
            f"{name}, {kind}: {count} × {error}"
            for kind in ("pages", "healthz", "slow")
            for error, count in run[kind]["errors"].items()
        ]
    ratio = beside["pages"]["p99"] / (alone["pages"]["p99"] or 1)
    if ratio > MAX_RATIO:
        faults.append(f"p99 of pages is {ratio:.1f} times as long beside slow clients")
    if beside["healthz"]["slowest"] > MAX_HEALTH:
        faults.append(f"/healthz took {beside['healthz']['slowest']} s")
    return faults


def attack(port: int, seconds: float) -> dict:
    """The result of both runs, and the faults."""
    alone = asyncio.run(run_clients(Target(port, time.monotonic() + seconds), slow=False))
    beside = asyncio.run(run_clients(Target(port, time.monotonic() + seconds), slow=True))
    return {
        "seconds": seconds,
        "clients": CLIENTS,
        "slow clients of each kind": SLOW,
        "silent connections": SILENT,
        "alone": alone,
        "beside": beside,
        "faults": faults_of(alone, beside),
    }


def main() -> None:
    stop_servers_on_sigterm()
    parser = argparse.ArgumentParser(prog="python -m torture.connections", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="the seconds of each run")
    options = parser.parse_args()
    with large_server() as port:
        result = attack(port, options.seconds)
    publish("connections", result)


if __name__ == "__main__":
    main()
