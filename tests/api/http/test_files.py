"""The static files of pages and of the documentation: compressed, with ETags, without ranges."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.http.test_compression import DECODERS

SCRIPT = "/v1/docs/swagger-ui-bundle.js"
STYLE = "/v1/docs/swagger-ui.css"
FILES = [
    (SCRIPT, "text/javascript; charset=utf-8", "public, max-age=86400"),
    (STYLE, "text/css; charset=utf-8", "public, max-age=86400"),
    ("/static/claimbase.css", "text/css; charset=utf-8", "no-cache"),
    ("/static/claimbase.js", "text/javascript; charset=utf-8", "no-cache"),
    ("/static/icon.svg", "image/svg+xml", "no-cache"),
]


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
@pytest.mark.parametrize(("url", "content_type", "cache_control"), FILES)
def test_a_file_is_compressed(
    world: FlaskClient, url: str, content_type: str, cache_control: str, coding: str
):
    plain = world.get(url)
    response = world.get(url, headers={"Accept-Encoding": coding})
    headers = response.headers
    assert headers["Content-Encoding"] == coding
    assert headers["Content-Type"] == plain.content_type == content_type
    assert headers["Cache-Control"] == cache_control
    assert headers["Vary"] == "Accept, Accept-Encoding"
    assert headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"'
    assert headers["Content-Length"] == str(len(response.data))
    assert "Content-Encoding" not in plain.headers
    assert DECODERS[coding](response.data) == plain.data
    assert len(response.data) < len(plain.data)


@pytest.mark.parametrize(
    ("coding", "most"), [("zstd", 430_000), ("br", 420_000), ("gzip", 480_000)]
)
def test_the_documentation_takes_less_than_half_a_megabyte(
    world: FlaskClient, coding: str, most: int
):
    headers = {"Accept-Encoding": coding}
    assert sum(len(world.get(url, headers=headers).data) for url in (SCRIPT, STYLE)) < most


def test_an_image_that_is_compressed_stays_as_it_is(world: FlaskClient):
    url = "/v1/docs/favicon-32x32.png"
    response = world.get(url, headers={"Accept-Encoding": "gzip, br, zstd"})
    assert "Content-Encoding" not in response.headers
    assert response.content_type == "image/png"
    assert response.data.startswith(b"\x89PNG")


@pytest.mark.parametrize("coding", ["", "zstd", "br", "gzip"])
@pytest.mark.parametrize("url", [STYLE, "/static/claimbase.css"])
def test_a_client_that_has_the_file_gets_304(world: FlaskClient, url: str, coding: str):
    headers = {"Accept-Encoding": coding}
    tag = world.get(url, headers=headers).headers["ETag"]
    for if_none_match in (tag, f"W/{tag}", f'"x", {tag}'):
        response = world.get(url, headers={**headers, "If-None-Match": if_none_match})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert world.get(url, headers={**headers, "If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    "ranges",
    ["bytes=0-1", "bytes=9999999-", "bytes=5-2", "bytes=-0", "bytes=0-1,4-5", "bytes=0-", "x=0-1",
     "bytes=" + "0-1," * 900, "bytes=0-99999999999999999999"],
)  # fmt: skip
@pytest.mark.parametrize("url", [STYLE, "/static/claimbase.css", "/v1/docs/favicon-32x32.png"])
def test_a_range_gets_the_whole_file(world: FlaskClient, url: str, ranges: str):
    response = world.get(url, headers={"Range": ranges, "If-Range": "x"})
    assert (response.status_code, response.data) == (200, world.get(url).data)
    assert response.headers["Accept-Ranges"] == "none"


@pytest.mark.parametrize("url", [SCRIPT, "/static/icon.svg"])
def test_head_of_a_file_has_its_length(world: FlaskClient, url: str):
    headers = {"Accept-Encoding": "br", "X-Request-ID": "a"}
    get, head = world.get(url, headers=headers), world.head(url, headers=headers)
    assert (head.data, dict(head.headers)) == (b"", dict(get.headers))


@pytest.mark.parametrize(
    "url",
    ["/v1/docs/LICENSE", "/v1/docs/oauth2-redirect.html", "/v1/docs/VERSION", "/v1/docs/x.css",
     "/static/x.css", "/static/claimbase.css%00", "/v1/docs/..%2Fswagger-ui.css"],
)  # fmt: skip
def test_there_are_no_other_files(world: FlaskClient, url: str):
    assert world.get(url).status_code in (400, 404)
