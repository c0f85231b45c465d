"""Metrics of servers with several processes, and settings that no server takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import check_settings
from api.config import InvalidSetting
from api.http.metrics import parse_metrics
from tests.api.test_serve import workers_of
from tests.serving import BIN, ROOT, Serving, free_port, running, wait_for

# seconds
MAX_COUNT_TIME = 10
# (method, path, route, status) and how often it is asked
REQUESTS = [
    ("GET", "/v1/claims?limit=3", "/v1/claims", 200, 12),
    ("GET", "/claims?limit=3", "/v1/claims", 200, 8),
    ("HEAD", "/claims?limit=3", "/v1/claims", 200, 2),
    ("GET", "/actors/mark-rutte", "/v1/actors/{id}", 200, 4),
    ("GET", "/v1/actors/nobody", "/v1/actors/{id}", 404, 3),
    ("GET", "/nothing", "none", 404, 2),
    ("BREW", "/v1/claims", "none", 405, 1),
    ("GET", "/v1/export", "/v1/export", 200, 2),
]


@contextmanager
def counted_server(url: str, folder: Path, metrics: str) -> Iterator[Serving]:
    """A server with two processes that counts requests."""
    port = free_port()
    command = ["claimbase", "serve", f"--database={url}", f"--port={port}", "--workers=2"]
    with running(command, port, folder, CLAIMBASE_METRICS=metrics) as server:
        yield server


def ask(url: str, method: str = "GET") -> int:
    try:
        with urlopen(Request(url, method=method)) as response:
            response.read()
            return int(response.status)
    except HTTPError as error:
        return error.code


def samples(url: str) -> dict[tuple, float]:
    """The value of each sample, by its name and the values of its labels."""
    with urlopen(url) as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        text = response.read().decode()
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def all_samples(url: str, times: int = 1) -> dict[tuple, float]:
    """The samples when all requests are counted: an export is, after its last byte was sent."""
    expected = sum(count for *_, count in REQUESTS) * times
    end = time.monotonic() + MAX_COUNT_TIME
    while True:
        values = samples(url)
        if sum(request_counts(values).values()) >= expected or time.monotonic() > end:
            return values


def request_counts(values: dict[tuple, float]) -> dict[tuple, float]:
    """The counts of requests other than those of the test itself."""
    return {
        key: value
        for key, value in values.items()
        if key[0] == "claimbase_requests_total" and key[2] not in ("/readyz", "/metrics")
    }


def send_all(server: Serving) -> None:
    for method, path, _, status, count in REQUESTS:
        for _ in range(count):
            assert ask(server.address + path, method) == status


def check_counts(values: dict[tuple, float], times: int = 1) -> None:
    """Check that the metrics have all requests, `times` over."""
    expected: dict[tuple, int] = {}
    for method, _, route, status, count in REQUESTS:
        label = method if method != "BREW" else "other"
        key = ("claimbase_requests_total", label, route, str(status))
        expected[key] = expected.get(key, 0) + count * times
    assert request_counts(values) == expected
    assert values["claimbase_request_seconds_count", "/v1/claims"] == 22 * times
    assert values["claimbase_request_seconds_bucket", "+Inf", "/v1/claims"] == 22 * times
    assert values["claimbase_request_seconds_sum", "/v1/claims"] > 0
    # each process fills its own cache
    misses = values["claimbase_cache_answers_total", "miss"]
    assert 2 <= misses <= 4 * times
    assert values["claimbase_cache_answers_total", "hit"] == 26 * times - misses
    assert values[("claimbase_streams",)] == 0
    assert values[("claimbase_dataset_version",)] == 1
    # the seeds were loaded at 2026-01-02
    assert values[("claimbase_dataset_age_seconds",)] > 86_400
    assert values[("claimbase_database_up",)] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads the children of a process from /proc")
def test_the_counts_of_all_processes_are_added(shipped_url: str, tmp_path: Path):
    with counted_server(shipped_url, tmp_path, "path") as server:
        send_all(server)
        values = all_samples(f"{server.address}/metrics")
        check_counts(values)
        assert values[("claimbase_connections",)] >= 1
        # what a process counted stays when it dies
        for worker in workers_of(server.process.pid):
            os.kill(worker, signal.SIGKILL)
        wait_for(server.process, server.address, tmp_path / "log")
        send_all(server)
        check_counts(all_samples(f"{server.address}/metrics", times=2), times=2)


def test_metrics_at_a_port_of_their_own(shipped_url: str, tmp_path: Path):
    port = free_port()
    with counted_server(shipped_url, tmp_path, str(port)) as server:
        send_all(server)
        check_counts(all_samples(f"http://127.0.0.1:{port}/metrics"))
        assert ask(f"{server.address}/metrics") == 404
    with pytest.raises(OSError, match="refused"):
        urlopen(f"http://127.0.0.1:{port}/metrics")


@pytest.mark.slow
@pytest.mark.parametrize("preload", [True, False])
def test_gunicorn_adds_the_counts_of_its_processes(shipped_url: str, tmp_path: Path, preload: bool):
    port = free_port()
    shared = tmp_path / "shared"
    shared.mkdir()
    command = [
        "gunicorn", *(["--preload"] if preload else []), "--workers=2", "--threads=2",
        f"--bind=127.0.0.1:{port}", "api:create_app()",
    ]  # fmt: skip
    environment = {
        "CLAIMBASE_DATABASE_URL": shipped_url,
        "CLAIMBASE_METRICS": "path",
        "PROMETHEUS_MULTIPROC_DIR": str(shared),
    }
    with running(command, port, tmp_path, **environment) as server:
        send_all(server)
        check_counts(all_samples(f"{server.address}/metrics"))


STREAMS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from api import create_app
from werkzeug.test import EnvironBuilder

app = create_app(DATABASE_URL=sys.argv[1], METRICS="path")
other_thread = ThreadPoolExecutor(1)

def streams():
    text = other_thread.submit(lambda: app.test_client().get("/metrics").text).result()
    return [line for line in text.splitlines() if line.startswith("claimbase_streams ")]

def send(path):
    return app(EnvironBuilder(path=path).get_environ(), lambda *_: lambda data: None)

page, export = send("/v1/claims"), send("/v1/export")
iterator = iter(export)
next(iterator)
print(streams())
export.close()
export.close()
print(streams())
broken = send("/v1/export")
iterator = iter(broken)
next(iterator)
print(streams())
iterator.close()
print(streams())
"""


def test_streams_are_counted_while_they_are_sent(shipped_url: str, tmp_path: Path):
    process = subprocess.run(
        [sys.executable, "-c", STREAMS, shipped_url],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert process.stdout.splitlines() == [
        f"['claimbase_streams {count}.0']" for count in (1, 0, 1, 0)
    ]


@pytest.mark.parametrize(("setting", "parsed"), [("off", "off"), ("path", "path"), (9100, 9100)])
def test_a_setting_of_the_metrics(setting: object, parsed: object):
    assert parse_metrics(setting) == parsed


@pytest.mark.parametrize("setting", ["on", "", "0", 65536, "/metrics", None, True, 9.5])
def test_other_settings_of_the_metrics_are_refused(setting: object):
    with pytest.raises(ValueError, match="CLAIMBASE_METRICS must be off, path or a port"):
        parse_metrics(setting)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("METRICS", "on", "CLAIMBASE_METRICS must be off, path or a port, not 'on'"),
        ("LOG", "xml", "CLAIMBASE_LOG must be off, combined or json, not 'xml'"),
        ("CACHE_MB", "many", "CLAIMBASE_CACHE_MB must be a whole number of megabytes, not 'many'"),
        ("PREFIX", "kb", "CLAIMBASE_PREFIX must be a path such as /claims-api"),
        ("TRUSTED_PROXIES", "nginx", "CLAIMBASE_TRUSTED_PROXIES must be addresses and networks"),
    ],
)
def test_wrong_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
):
    monkeypatch.setenv(f"CLAIMBASE_{variable}", value)
    with pytest.raises(InvalidSetting, match=message):
        check_settings()


def test_a_server_does_not_start_with_a_wrong_setting(shipped_url: str):
    process = subprocess.run(
        [BIN / "claimbase", "serve", f"--database={shipped_url}", f"--port={free_port()}"],
        env={**os.environ, "CLAIMBASE_METRICS": "on"},
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr == "CLAIMBASE_METRICS must be off, path or a port, not 'on'\n"
