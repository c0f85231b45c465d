"""Behind a proxy: prefixes, and the headers of trusted proxies."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from api import create_app
from api.http.proxies import TrustedProxies, parse_prefix
from tests.api.world import LISTS

HTML = {"Accept": "text/html"}
ANY = {"Accept": "text/html, */*;q=0.5"}
PROXY = {"REMOTE_ADDR": "10.1.2.3"}
STRANGER = {"REMOTE_ADDR": "192.0.2.7"}


# how the prefix reaches the application: settings, headers, environ, and whether paths keep it
WAYS: list[tuple[dict, dict, dict, bool]] = [
    ({"PREFIX": "/kb"}, {}, {}, True),
    ({"PREFIX": "/kb/"}, {}, {}, False),
    ({"PREFIX": "/kb"}, {"X-Forwarded-Prefix": "/other"}, STRANGER, False),
    ({"PREFIX": "/kb", "TRUSTED_PROXIES": "10.0.0.0/8"}, {"X-Forwarded-Prefix": "/x"}, PROXY, True),
    ({"TRUSTED_PROXIES": "10.0.0.0/8"}, {"X-Forwarded-Prefix": "/kb"}, PROXY, False),
    ({"TRUSTED_PROXIES": "unix"}, {"X-Forwarded-Prefix": "/x, /kb/"}, {"REMOTE_ADDR": ""}, False),
    ({}, {}, {"SCRIPT_NAME": "/kb"}, False),
]


@pytest.mark.parametrize(("settings", "headers", "environ", "in_path"), WAYS)
def test_all_addresses_have_the_prefix(
    behind: Callable, settings: dict, headers: dict, environ: dict, in_path: bool
):
    client = behind(**settings)

    def get(path: str, **more: str) -> Any:
        url = f"/kb{path}" if in_path else path
        return client.get(url, headers={**headers, **more}, environ_overrides=environ)

    # the second round is from the cache
    for _ in range(2):
        assert get("/v1/claims?limit=1").headers["Link"].startswith("</kb/v1/claims?cursor=")
        assert get("/claims?limit=1").headers["Content-Location"] == "/kb/v1/claims?limit=1"
        assert get("/v1/claims/").headers["Location"] == "/kb/v1/claims"
        assert get("/v1/actors/m-rutte").headers["Location"] == "/kb/v1/actors/rutte"
        root = get("/v1").json
        assert [resource["url"] for resource in root["resources"]] == [
            f"/kb/v1/{path}" for path in sorted(LISTS, key=root_order(root))
        ]
        assert (root["spec"], root["docs"]) == ("/kb/v1/openapi.json", "/kb/v1/docs")
        (server,) = get("/v1/openapi.json").json["servers"]
        assert server["url"] == "/kb"
        problem = get("/v1/nothing").json
        assert problem["type"] == "/kb/v1/problems/not-found"
        assert problem["instance"] == "/kb/v1/nothing"
        manifest = get("/v1/reconcile").json
        assert manifest["identifierSpace"] == "http://localhost/kb/v1/reconcile/"
        assert get("/robots.txt").text == (
            "User-agent: *\n"
            "Disallow: /kb/*?\n"
            "Allow: /kb/*?format=html$\n"
            "Allow: /kb/static/\n"
            "Allow: /kb/sitemap.xml?part=\n"
            "Sitemap: http://localhost/kb/sitemap.xml\n"
        )
        assert "<loc>http://localhost/kb/sitemap.xml?part=0</loc>" in get("/sitemap.xml").text
        for path in ("/claims", "/actors/rutte", "/v1/nothing", "/"):
            page = get(path, **HTML)
            links = re.findall('(?:href|src|action|data-complete)="(/[^"]*)"', page.text)
            assert len(links) > 8
            assert {link[:4] for link in links} <= {"/kb/", "/kb?", "/kb"}
            assert "Set-Cookie" not in page.headers
        # relative, so that they hold under any prefix
        assert not re.findall('(?:href|src)="/', get("/v1/docs").text)
        assert '"/kb/v1/actors/rutte"' in get("/v1/actors/rutte?format=jsonld").text
        assert 'href="/kb/v1/claims' in get("/v1/claims?format=atom").text


def root_order(root: dict) -> Callable[[str], int]:
    names = [resource["name"] for resource in root["resources"]]
    return names.index


@pytest.mark.parametrize("path", ["/kb", "/kb/"])
def test_the_prefix_itself_is_the_root(behind: Callable, path: str):
    response = behind(PREFIX="/kb").get(path)
    assert (response.status_code, response.headers["Content-Location"]) == (200, "/kb/v1")


@pytest.mark.parametrize("path", ["/kbs/claims", "/k", "/kb/kb/claims", "/kb//claims", "/KB/v1"])
def test_no_other_path_has_the_prefix(behind: Callable, path: str):
    assert behind(PREFIX="/kb").get(path).status_code == 404


FORGED = {
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "198.51.100.1",
}
PATHS = ["/v1/claims?limit=1", "/claims", "/v1", "/v1/reconcile", "/robots.txt", "/sitemap.xml",
         "/v1/openapi.json", "/v1/nothing", "/v1/claims/"]  # fmt: skip


@pytest.mark.parametrize(
    ("trusted", "address"),
    [("", "127.0.0.1"), ("10.0.0.0/8", "192.0.2.7"), ("10.0.0.0/8", ""), ("unix", "10.1.2.3"),
     ("10.1.2.4,fd00::/8", "10.1.2.3"), ("10.0.0.0/8", "junk"), ("::1", "127.0.0.1")],
)  # fmt: skip
def test_the_headers_of_a_stranger_change_nothing(behind: Callable, trusted: str, address: str):
    client = behind(TRUSTED_PROXIES=trusted)
    environ = {"REMOTE_ADDR": address}
    for path in PATHS:
        # a cache must not give one the answer to the other
        forged = [client.get(path, headers=FORGED, environ_overrides=environ) for _ in range(2)]
        plain = client.get(path, environ_overrides=environ)
        for response in forged:
            assert (response.status_code, response.data) == (plain.status_code, plain.data)
            assert response.headers.get("Link") == plain.headers.get("Link")
            assert response.headers.get("Location") == plain.headers.get("Location")
            assert b"evil" not in response.data


@pytest.mark.parametrize(
    ("headers", "sitemap"),
    [
        ({}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Proto": "https"}, "https://localhost/sitemap.xml"),
        ({"X-Forwarded-Proto": "http, HTTPS"}, "https://localhost/sitemap.xml"),
        ({"X-Forwarded-Proto": "javascript"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Host": "a.example"}, "http://a.example/sitemap.xml"),
        ({"X-Forwarded-Host": "a.example, b.example:81"}, "http://b.example:81/sitemap.xml"),
        ({"X-Forwarded-Host": "a..b"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Host": 'a"><b'}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/a/b"}, "http://localhost/a/b/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "//evil.example"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "a"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/a/../b"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/.."}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/a b"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": '/"><b'}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/a%0d%0ab"}, "http://localhost/sitemap.xml"),
        ({"X-Forwarded-Prefix": "/" + "a" * 200}, "http://localhost/sitemap.xml"),
    ],
)
def test_a_trusted_proxy_tells_how_clients_reach_it(behind: Callable, headers: dict, sitemap: str):
    client = behind(TRUSTED_PROXIES="10.0.0.0/8")
    text = client.get("/robots.txt", headers=headers, environ_overrides=PROXY).text
    assert text.splitlines()[-1] == f"Sitemap: {sitemap}"


def test_prefixes_and_hosts_have_their_own_answers_from_the_cache(behind: Callable):
    client = behind(TRUSTED_PROXIES="10.0.0.0/8")
    seen: dict[tuple, set] = {}
    for _ in range(2):
        for prefix in ("", "/a", "/b"):
            for host in ("a.example", "b.example"):
                headers = {"X-Forwarded-Prefix": prefix, "X-Forwarded-Host": host, **ANY}
                for path in ("/claims?limit=1", "/claims/spend", "/v1/reconcile"):
                    response = client.get(path, headers=headers, environ_overrides=PROXY)
                    key = (path, prefix, host if path == "/v1/reconcile" else "")
                    seen.setdefault(key, set()).add((response.data, response.headers["ETag"]))
    assert all(len(answers) == 1 for answers in seen.values())
    # each body and each ETag belongs to one of them
    bodies, tags = zip(*(next(iter(answers)) for answers in seen.values()), strict=True)
    assert len(set(bodies)) == len(set(tags)) == len(seen) == 12


def test_the_public_url_wins_where_addresses_are_absolute(behind: Callable):
    client = behind(PUBLIC_URL="https://claims.example/kb", TRUSTED_PROXIES="10.0.0.0/8")
    headers = {"X-Forwarded-Prefix": "/other", "X-Forwarded-Host": "other.example"}
    response = client.get("/v1/reconcile", headers=headers, environ_overrides=PROXY)
    assert response.json["identifierSpace"] == "https://claims.example/kb/v1/reconcile/"
    robots = client.get("/robots.txt", headers=headers, environ_overrides=PROXY).text
    assert "Disallow: /kb/*?\n" in robots
    assert robots.endswith("Sitemap: https://claims.example/kb/sitemap.xml\n")
    page = client.get("/claims/spend", headers={**headers, **HTML}, environ_overrides=PROXY).text
    assert 'rel="canonical" href="https://claims.example/kb/claims/spend?format=html"' in page
    link = client.get("/v1/claims?limit=1", headers=headers, environ_overrides=PROXY).headers[
        "Link"
    ]
    assert link.startswith("</other/v1/claims?")


@pytest.mark.parametrize(
    ("setting", "prefix"),
    [
        ("", ""),
        (None, ""),
        ("/", ""),
        ("/a", "/a"),
        ("/a/b-c/", "/a/b-c"),
        ("/~x/v1.0", "/~x/v1.0"),
    ],
)
def test_a_prefix_is_a_path(setting: Any, prefix: str):
    assert parse_prefix(setting) == prefix


@pytest.mark.parametrize(
    "setting", ["a", "//a", "/a//b", "/a b", "/..", "/a/./b", "/a?b", "/a#b", "/é", "/%41", 7]
)
def test_other_prefixes_are_refused(setting: Any):
    with pytest.raises(ValueError, match="CLAIMBASE_PREFIX must be a path such as /claims-api"):
        parse_prefix(setting)


@pytest.mark.parametrize("prefix", ["/claims", "/v1", "/v1/x", "/static/a", "/healthz"])
def test_a_prefix_that_is_a_path_of_the_api_is_refused(world_url: str, prefix: str):
    with pytest.raises(ValueError, match=f"CLAIMBASE_PREFIX cannot be '{prefix}'"):
        create_app(DATABASE_URL=world_url, PREFIX=prefix)


@pytest.mark.parametrize("setting", ["localhost", "10.0.0.0/33", "10.0.0.1 10.0.0.2", "*", "1:2"])
def test_other_proxies_are_refused(setting: str):
    with pytest.raises(ValueError, match="CLAIMBASE_TRUSTED_PROXIES must be addresses"):
        TrustedProxies(setting)


@pytest.mark.parametrize(
    ("address", "forwarded_for", "client"),
    [
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711, [2001:db8::1]:80", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "junk", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, \n, 10.0.0.2", "10.0.0.2"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
    ],
)
def test_the_client_is_the_last_who_is_no_proxy(address: str, forwarded_for: str, client: str):
    assert TrustedProxies("10.0.0.0/8").client(address, forwarded_for) == client
