"""Metrics for Prometheus, counted by all processes in files of one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from tempfile import TemporaryDirectory
from time import time
from typing import Any

from flask import Blueprint, Response, request

from api.config import InvalidSetting
from api.http.requests import AnsweredRequest, Observer
from models import RECORD_TYPES
from models.database.connection import database, fetch_all
from models.reading import reading

# its value before prometheus_client is imported decides that files hold the values
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
# seconds
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# states of a connection in /proc/net/tcp
ESTABLISHED = "01"


def parse_metrics(setting: object) -> str | int:
    """The setting METRICS: off, path or a port. Raises InvalidSetting."""
    if setting in ("off", "path"):
        return str(setting)
    with suppress(ValueError):
        port = int(str(setting))
        if 0 < port < 65536:
            return port
    raise InvalidSetting(f"CLAIMBASE_METRICS must be off, path or a port, not {setting!r}")


class Metrics(Observer):
    """Counts answered requests. The values of all labels are few."""

    def __init__(self) -> None:
        """Raises InvalidSetting without the folder of all processes."""
        if FOLDER_VARIABLE not in os.environ:
            raise InvalidSetting(
                f"CLAIMBASE_METRICS needs {FOLDER_VARIABLE}, the path of an empty folder that all "
                "processes share; claimbase serve makes one"
            )
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        registry = CollectorRegistry()
        self.requests = Counter(
            "claimbase_requests",
            "Answered requests.",
            ["route", "method", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "claimbase_request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.cache = Counter(
            "claimbase_cache_answers",
            "Answers that the response cache had (hit) or had not (miss).",
            ["result"],
            registry=registry,
        )
        self.streams = Gauge(
            "claimbase_streams",
            "Whole lists and exports that are being sent.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        # finding a child takes as long as counting
        self.counter_of = lru_cache(maxsize=4096)(self.requests.labels)
        self.histogram_of = lru_cache(maxsize=1024)(self.seconds.labels)
        self.cache_counter_of = lru_cache(maxsize=4)(self.cache.labels)

    def stream_began(self) -> None:
        self.streams.inc()

    def observe(self, answered: AnsweredRequest) -> None:
        environ = answered.environ
        route = environ.get("claimbase.route") or "none"
        method = environ["REQUEST_METHOD"]
        if method not in METHODS:
            method = "other"
        self.counter_of(route, method, answered.status).inc()
        self.histogram_of(route).observe(answered.seconds)
        if answered.cache:
            self.cache_counter_of(answered.cache).inc()
        if "claimbase.stream" in environ:
            self.streams.dec()


@cache
def process_metrics() -> Metrics:
    """The metrics of this process: two objects would overwrite each other's files."""
    return Metrics()


class LiveProcesses:
    """Forgets the gauges of processes that ended, before the files are read."""

    def __init__(self, folder: str):
        self.folder = Path(folder)

    def collect(self) -> Iterator[Any]:
        from prometheus_client.multiprocess import mark_process_dead

        for path in self.folder.glob("gauge_live*_*.db"):
            process = int(path.stem.rpartition("_")[2])
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                mark_process_dead(process, str(self.folder))
            except PermissionError:
                # it lives, under another user
                pass
        return iter(())


class DatasetCollector:
    """What the database says of itself at the moment."""

    def __init__(self, ensure_open: Callable[[], None]):
        self.ensure_open = ensure_open

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        values: dict[tuple[str, str], float] = {}
        try:
            self.ensure_open()
            with reading() as dataset:
                values["claimbase_dataset_version", "The version of the dataset."] = dataset.version
                if last_change := last_change_of_records():
                    age = time() - last_change
                    described = "Seconds since a record was last added or changed."
                    values["claimbase_dataset_age_seconds", described] = age
            up = 1
        except Exception:
            # readyz tells why
            up = 0
        values["claimbase_database_up", "Whether the database answers."] = up
        for (name, described), value in values.items():
            yield GaugeMetricFamily(name, described, value=value)


def last_change_of_records() -> float | None:
    """The seconds since 1970 of the last change of a record; an index has it for each type."""
    sql = f"SELECT MAX(updated_at) FROM record WHERE type = {database.param}"
    times = [fetch_all(sql, type)[0][0] for type in RECORD_TYPES]
    last = max(filter(None, times), default=None)
    if last is None:
        return None
    return datetime.strptime(last, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).timestamp()


class ConnectionCollector:
    """How many clients are connected to a port, where Linux tells it."""

    def __init__(self, port: Callable[[], int]):
        self.port = port

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        connections = count_connections(self.port())
        if connections is not None:
            described = "Open connections to the server."
            yield GaugeMetricFamily("claimbase_connections", described, value=connections)


def count_connections(port: int) -> int | None:
    """The established connections to a local port, of all processes; None if unknown."""
    local_port = f":{port:04X}"
    count = None
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            # number, local address, remote address, state …
            rows = [line.split() for line in Path("/proc/net", name).read_text().splitlines()[1:]]
            matching = [row for row in rows if row[1].endswith(local_port)]
            count = (count or 0) + sum(row[3] == ESTABLISHED for row in matching)
    return count


def metrics_registry(ensure_open: Callable[[], None], port: Callable[[], int]) -> Any:
    """What a scrape reads: the files of all processes, the dataset and the connections."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    registry.register(LiveProcesses(os.environ[FOLDER_VARIABLE]))
    MultiProcessCollector(registry)
    registry.register(DatasetCollector(ensure_open))
    registry.register(ConnectionCollector(port))
    return registry


def metrics_blueprint(ensure_open: Callable[[], None]) -> Blueprint:
    """The route /metrics."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    blp = Blueprint("metrics", __name__)
    registry = metrics_registry(ensure_open, lambda: int(request.environ["SERVER_PORT"]))

    @blp.get("/metrics")
    def metrics() -> Response:
        """Metrics for Prometheus."""
        headers = {"Cache-Control": "no-store"}
        return Response(
            generate_latest(registry), headers=headers, content_type=CONTENT_TYPE_LATEST
        )

    metrics.formats = ()  # type: ignore[attr-defined]
    return blp


@contextmanager
def metrics_folder(setting: str | int) -> Iterator[None]:
    """A folder for the metrics of all processes, unless they are off or have one."""
    if setting == "off" or FOLDER_VARIABLE in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="claimbase-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]


@contextmanager
def serving_metrics(
    setting: str | int, host: str, served_port: int, ensure_open: Callable[[], None]
) -> Iterator[None]:
    """Serve metrics at a port, from a process of their own that answers while others are busy."""
    if not isinstance(setting, int):
        yield
        return
    arguments = (setting, host, served_port, ensure_open)
    # started before any thread, so that it holds no lock
    process = get_context("fork").Process(target=serve_metrics, args=arguments, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def serve_metrics(port: int, host: str, served_port: int, ensure_open: Callable[[], None]) -> None:
    """Serve metrics until the parent process ends."""
    from prometheus_client import start_http_server

    signal(SIGINT, SIG_IGN)
    start_http_server(port, host, registry=metrics_registry(ensure_open, lambda: served_port))
    parent: Any = parent_process()
    parent.join()
