"""The configurations of docs/deploying.md run."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.serving import BIN, MAX_START_TIME, ROOT, Serving, free_port, running, serving_process

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
DOCS = (ROOT / "docs" / "deploying.md").read_text()


def block(language: str) -> str:
    """The configuration in one language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return str(text)


@contextmanager
def nginx(upstream: str, folder: Path) -> Iterator[str]:
    """The documented nginx in front of a server; gives its address."""
    port = free_port()
    configuration = block("nginx").replace("listen 80;", f"listen 127.0.0.1:{port};")
    configuration = configuration.replace("server 127.0.0.1:8000;", f"server {upstream};")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths}\n{configuration}}}\n"
    )
    process = subprocess.Popen([str(NGINX), "-p", folder, "-c", file, "-e", folder / "error.log"])
    try:
        wait_for_port(port, process, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for_port(port: int, process: subprocess.Popen, folder: Path) -> None:
    end = time.monotonic() + MAX_START_TIME
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"nginx did not start: {(folder / 'error.log').read_text()}")


@contextmanager
def granian(url: str, folder: Path) -> Iterator[tuple[Serving, str]]:
    with serving_process(url, folder) as server:
        yield server, server.address.removeprefix("http://")


@contextmanager
def gunicorn(url: str, folder: Path) -> Iterator[tuple[Serving, str]]:
    port = free_port()
    command = [
        "gunicorn", "--workers=1", "--threads=2", f"--bind=unix:{folder}/socket",
        f"--bind=127.0.0.1:{port}", "api:create_app()",
    ]  # fmt: skip
    with running(command, port, folder, CLAIMBASE_DATABASE_URL=url) as server:
        yield server, f"unix:{folder}/socket"


@pytest.mark.skipif(NGINX is None, reason="nginx is absent")
@pytest.mark.parametrize("serve", [granian, gunicorn])
def test_claimbase_behind_nginx(
    shipped_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Callable
):
    monkeypatch.setenv("CLAIMBASE_PREFIX", "/claims-api")
    monkeypatch.setenv("CLAIMBASE_TRUSTED_PROXIES", "127.0.0.1,unix")
    monkeypatch.setenv("CLAIMBASE_LOG", "json")
    monkeypatch.setenv("CLAIMBASE_METRICS", "path")
    (tmp_path / "metrics").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    with serve(shipped_url, tmp_path) as (_, upstream), nginx(upstream, tmp_path) as root:
        check_links(f"{root}/claims-api", root)
        check_encodings(f"{root}/claims-api")
        check_refusals(root)
    entries = [
        json.loads(line)
        for line in (tmp_path / "log").read_text().splitlines()
        if line.startswith('{"time"')
    ]
    (entry,) = [entry for entry in entries if entry["url"] == "/claims-api/claims?limit=1"]
    assert (entry["client"], entry["route"]) == ("127.0.0.1", "/v1/claims")
    # nginx names requests
    assert re.fullmatch("[0-9a-f]{32}", entry["request_id"])


FORGED = {
    "X-Forwarded-For": "198.51.100.1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Request-ID": "evil",
}


def check_links(base: str, root: str) -> None:
    """Check that all addresses have the prefix, and the host of nginx."""
    with urlopen(Request(f"{base}/claims?limit=1", headers=FORGED)) as response:
        assert response.headers["Link"].startswith("</claims-api/v1/claims?cursor=")
        assert response.headers["Content-Location"] == "/claims-api/v1/claims?limit=1"
        assert response.headers["Server"] == "nginx"
        assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])
    with urlopen(Request(f"{base}/v1/claims/", headers=FORGED)) as response:
        assert response.url == f"{base}/v1/claims"
    with urlopen(Request(f"{base}/v1/reconcile", headers=FORGED)) as response:
        assert json.load(response)["identifierSpace"] == f"{base}/v1/reconcile/"
    with urlopen(f"{base}/robots.txt") as response:
        assert response.read().decode().splitlines()[-1] == f"Sitemap: {base}/sitemap.xml"
    with urlopen(Request(f"{base}/claims", headers={"Accept": "text/html"})) as response:
        hrefs = re.findall('(?:href|src|action)="(/[^"]*)"', response.read().decode())
    for href in {href for href in hrefs if "/static/" in href or "format=" in href}:
        with urlopen(root + unescape(href)) as response:
            assert response.status == 200
    for path in ("", "/", "/v1", "/v1/docs"):
        with urlopen(base + path) as response:
            assert response.status == 200


def check_encodings(base: str) -> None:
    """Check that each answer is compressed once, and that its ETag is taken back."""
    for path, coding in (
        ("/v1/claims?limit=20", "br"),
        ("/v1/docs/swagger-ui.css", "gzip"),
        ("/v1/export", "zstd"),
    ):
        headers = {"Accept-Encoding": coding}
        with urlopen(Request(base + path, headers=headers)) as response:
            assert response.headers.get_all("Content-Encoding") == [coding]
            headers["If-None-Match"] = response.headers["ETag"]
            response.read()
        assert status_of(Request(base + path, headers=headers)) == 304
    # nginx compresses what Claimbase does not
    headers = {"Accept-Encoding": "gzip"}
    with urlopen(Request(f"{base}/sitemap.xml?part=0", headers=headers)) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.read()).count(b"<loc>") > 100
        tag = response.headers["ETag"]
    assert tag.startswith('W/"')
    headers["If-None-Match"] = tag
    assert status_of(Request(f"{base}/sitemap.xml?part=0", headers=headers)) == 304


def check_refusals(root: str) -> None:
    assert status_of(Request(f"{root}/claims-api/metrics")) == 403
    assert status_of(Request(f"{root}/other")) == 404
    body = Request(f"{root}/claims-api/v1/resolve", data=b"x" * 1_100_000, method="POST")
    assert status_of(body) == 413
    assert status_of(Request(f"{root}/claims-api/v1/claims?q={'a' * 9000}")) == 414


def status_of(request: Request) -> int:
    try:
        with urlopen(request) as response:
            return int(response.status)
    except HTTPError as error:
        error.read()
        return error.code


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is absent")
def test_systemd_accepts_the_unit(tmp_path: Path):
    unit = block("systemd")
    command = "/opt/claimbase/.venv/bin/claimbase"
    assert command in unit
    (tmp_path / "claimbase.service").write_text(unit.replace(command, str(BIN / "claimbase")))
    process = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "claimbase.service"],
        capture_output=True, text=True,
    )  # fmt: skip
    complaints = [line for line in process.stderr.splitlines() if "claimbase.service" in line]
    assert (process.returncode, complaints) == (0, [])
