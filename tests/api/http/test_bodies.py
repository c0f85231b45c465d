"""Requests with bodies: methods, headers, bounds, and bodies that are refused."""

from __future__ import annotations

import io
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.http.bodies import MAX_BODY_BYTES
from tests.api.http.problems import problem_of
from tests.serving import serving

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ASKED = b'{"queries": [{"parameter": "actor", "name": "rutte"}]}'
RECONCILED = b"queries=%7B%22q%22%3A%20%7B%22query%22%3A%20%22rutte%22%7D%7D"
# (path, media type, a valid body)
QUESTIONS = [("resolve", JSON, ASKED), ("reconcile", FORM, RECONCILED)]
PREFIXES = ("/v1/", "/")


def post(client: FlaskClient, url: str, body: Any, media_type: str | None, **options: Any):
    return client.post(url, data=body, content_type=media_type, **options)


class TestMethods:
    @pytest.mark.parametrize("prefix", PREFIXES)
    @pytest.mark.parametrize("path", ["resolve", "reconcile"])
    def test_two_paths_and_their_aliases_take_post(
        self, world: FlaskClient, prefix: str, path: str
    ):
        url = f"{prefix}{path}"
        preflight = world.options(url, headers={"Access-Control-Request-Method": "POST"})
        assert preflight.status_code == 204
        assert preflight.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
        assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
        allowed = preflight.headers["Access-Control-Allow-Headers"].split(", ")
        assert set(allowed) >= {"If-None-Match", "Content-Type"}
        for method in ("PUT", "DELETE", "PATCH"):
            response = world.open(url, method=method)
            problem_of(response, "method-not-allowed")
            allowed = response.headers["Allow"].split(", ")
            assert set(allowed) == {"GET", "HEAD", "OPTIONS", "POST"}

    def test_no_other_path_takes_post(self, app: Flask):
        methods = {str(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
        assert methods == {"/resolve", "/v1/resolve", "/reconcile", "/v1/reconcile"}

    @pytest.mark.parametrize(
        "path", ["claims", "resolve/x", "reconcile/actor:rutte", "reconcile/properties"]
    )
    def test_other_paths_refuse_a_post(self, world: FlaskClient, path: str):
        response = post(world, f"/v1/{path}", ASKED, JSON)
        code = "not-found" if path == "resolve/x" else "method-not-allowed"
        problem_of(response, code)
        assert "POST" not in response.headers.get("Allow", "")

    def test_a_trailing_slash_moves_the_question(self, world: FlaskClient):
        response = post(world, "/v1/resolve/", ASKED, JSON)
        assert (response.status_code, response.headers["Location"]) == (308, "/v1/resolve")
        assert post(world, "/v1/resolve/", ASKED, JSON, follow_redirects=True).status_code == 200


class TestHeaders:
    @pytest.mark.parametrize(("path", "media_type", "body"), QUESTIONS)
    def test_an_answer_to_a_post_is_never_cached(
        self, caching_world: FlaskClient, path: str, media_type: str, body: bytes
    ):
        url = f"/v1/{path}"
        middleware: Any = caching_world.application.wsgi_app
        answers = [post(caching_world, url, body, media_type) for _ in range(2)]
        # a condition does not count, and no encoding is chosen
        headers = {"If-None-Match": "*", "Accept-Encoding": "gzip"}
        answers.append(post(caching_world, url, body, media_type, headers=headers))
        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert not {"ETag", "Cache-Status", "Content-Encoding"} & set(answer.headers.keys())
            assert answer.headers["Vary"] == "Accept, Accept-Encoding"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.data == answers[0].data
        assert not middleware.requests._entries
        assert not middleware.responses._entries
        # a GET of the same path is neither answered by the POST nor the other way round
        query = "?actor=isik" if path == "resolve" else ""
        first, second = (caching_world.get(url + query) for _ in range(2))
        assert first.headers["Cache-Status"] == "claimbase; fwd=miss; stored"
        assert second.headers["Cache-Status"] == "claimbase; hit"
        assert second.headers["Cache-Control"] == "public, no-cache"
        assert first.data == second.data != answers[0].data
        assert post(caching_world, url, body, media_type).data == answers[0].data

    @pytest.mark.parametrize("url", ["/v1/resolve?actor=rutte", "/v1/reconcile",
                                     "/v1/reconcile?queries={}", "/v1/reconcile/actor:rutte",
                                     "/v1/reconcile/properties"])  # fmt: skip
    def test_a_get_has_an_etag_and_answers_304(self, caching_world: FlaskClient, url: str):
        first = caching_world.get(url)
        for method in ("GET", "HEAD"):
            again = caching_world.open(
                url, method=method, headers={"If-None-Match": first.headers["ETag"]}
            )
            assert (again.status_code, again.data) == (304, b"")
        assert caching_world.head(url).headers["ETag"] == first.headers["ETag"]

    @pytest.mark.parametrize(("path", "media_type", "body"), QUESTIONS)
    def test_an_alias_answers_the_same_without_content_location(
        self, world: FlaskClient, path: str, media_type: str, body: bytes
    ):
        versioned = post(world, f"/v1/{path}", body, media_type)
        alias = post(world, f"/{path}", body, media_type)
        assert alias.data == versioned.data
        # a GET of the path would not answer so: RFC 9110, 8.7
        assert "Content-Location" not in {*versioned.headers.keys(), *alias.headers.keys()}

    def test_an_answer_follows_a_load(self, client: FlaskClient, load: Any):
        body = b'{"queries": [{"parameter": "actor", "name": "new"}]}'
        assert '"candidates":[]' in post(client, "/v1/resolve", body, JSON).text
        load(actors=[{"id": "new", "name": "New"}])
        assert '"score":100' in post(client, "/v1/resolve", body, JSON).text

    def test_an_unaccepted_format_is_refused(self, world: FlaskClient):
        response = post(world, "/v1/resolve", ASKED, JSON, headers={"Accept": "text/csv"})
        problem_of(response, "not-acceptable")
        assert response.headers["Cache-Control"] == "no-store"

    def test_a_crash_has_a_request_id(
        self,
        app: Flask,
        world: FlaskClient,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ):
        def crash(*args: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr("api.v1.resolve.candidates_of", crash)
        with caplog.at_level(logging.ERROR):
            problem = problem_of(post(world, "/v1/resolve", ASKED, JSON), "internal-error")
        assert problem["request_id"] in caplog.text


class TestMediaTypes:
    @pytest.mark.parametrize(
        "given",
        [None, "", "text/plain", "application/xml", "multipart/form-data; boundary=x", "json", ";"],
    )
    @pytest.mark.parametrize(("path", "media_type", "body"), QUESTIONS)
    def test_another_media_type_is_refused(
        self, world: FlaskClient, path: str, media_type: str, body: bytes, given: str | None
    ):
        response = post(world, f"/v1/{path}", body, given)
        problem = problem_of(response, "unsupported-media-type")
        assert media_type in problem["detail"]
        assert response.headers["Accept"] == media_type
        assert response.headers["Cache-Control"] == "no-store"

    def test_the_media_type_of_the_other_path_is_refused(self, world: FlaskClient):
        problem_of(post(world, "/v1/resolve", ASKED, FORM), "unsupported-media-type")
        problem_of(post(world, "/v1/reconcile", RECONCILED, JSON), "unsupported-media-type")

    @pytest.mark.parametrize("parameters", ["; charset=utf-8", ";charset=UTF-8; x=y", " "])
    @pytest.mark.parametrize(("path", "media_type", "body"), QUESTIONS)
    def test_parameters_of_the_media_type_do_not_count(
        self, world: FlaskClient, path: str, media_type: str, body: bytes, parameters: str
    ):
        response = post(world, f"/v1/{path}", body, media_type.upper() + parameters)
        assert response.status_code == 200, response.text

    def test_a_compressed_body_is_refused(self, world: FlaskClient):
        response = post(world, "/v1/resolve", ASKED, JSON, headers={"Content-Encoding": "gzip"})
        assert "Content-Encoding" in problem_of(response, "unsupported-media-type")["detail"]
        assert response.headers["Accept-Encoding"] == "identity"
        headers = {"Content-Encoding": "identity"}
        assert post(world, "/v1/resolve", ASKED, JSON, headers=headers).status_code == 200


# (body, pointer, a part of the message, value)
INVALID_JSON: list[tuple[bytes, str, str, str | None]] = [
    (b"", "", "is not JSON in UTF-8", None),
    (b"{", "", "is not JSON in UTF-8", None),
    (b"actor=Rutte", "", "is not JSON in UTF-8", None),
    (b"\xff\xfe", "", "is not JSON in UTF-8", None),
    (b"\xef\xbb\xbf{}", "", "is not JSON in UTF-8", None),
    (ASKED.decode().encode("utf-16"), "", "is not JSON in UTF-8", None),
    (b'{"queries": [{"parameter": "actor", "name": "\xe9"}]}', "", "is not JSON in UTF-8", None),
    (b'{"queries": NaN}', "", "is not JSON in UTF-8", None),
    (b'{"queries": Infinity}', "", "is not JSON in UTF-8", None),
    (b'{"queries": 1e999}', "", "is not JSON in UTF-8", None),
    (b"9" * 5000, "", "is not JSON in UTF-8", None),
    (b"[" * 500_000, "", "is not JSON in UTF-8", None),
    (b'{"a":' * 100_000, "", "is not JSON in UTF-8", None),
    (b"[" * 1000 + b"]" * 1000, "", "is nested too deep", None),
    (b'{"queries": ' + b"[" * 300 + b"]" * 300 + b"}", "/queries/0", "must be an object", "[…]"),
    (b'{"queries": [{"parameter": "actor", "name": "\\ud800"}]}', "", "is not JSON", None),
    (b'{"queries": [], "queries": [1]}', "", "has two members 'queries'", None),
    (b'{"queries": [{"name": "a", "name": "b"}]}', "", "has two members 'name'", None),
    (b"[]", "", "must be an object", "[]"),
    (b"null", "", "must be an object", "null"),
    (b'"queries"', "", "must be an object", "queries"),
    (b"{}", "", "lacks the member 'queries'", "{}"),
    (b'{"querys": []}', "", "lacks the member 'queries'", "{…}"),
    (b'{"queries": [], "x/~y": 1}', "/x~1~0y", "is unknown here: known are queries", "1"),
    (b'{"queries": []}', "/queries", "has 0 items, and must have 1 to 100", "[]"),
    (b'{"queries": {}}', "/queries", "must be an array", "{}"),
    (b'{"queries": "Rutte"}', "/queries", "must be an array", "Rutte"),
    (b'{"queries": [1]}', "/queries/0", "must be an object", "1"),
    (b'{"queries": [null]}', "/queries/0", "must be an object", "null"),
    (b'{"queries": [{"parameter": "actor"}]}', "/queries/0", "lacks the member 'name'", "{…}"),
    (b'{"queries": [{"name": "x"}]}', "/queries/0", "lacks the member 'parameter'", "{…}"),
    (b'{"queries": [{"parameter": "actor", "name": "x", "q": 1}]}', "/queries/0/q",
     "is unknown here: known are parameter, name", "1"),
    (b'{"queries": [{"parameter": "person", "name": "x"}]}', "/queries/0/parameter",
     "must be one of actor, organization, claimant", "person"),
    (b'{"queries": [{"parameter": ["actor"], "name": "x"}]}', "/queries/0/parameter",
     "must be one of actor", "[…]"),
    (b'{"queries": [{"parameter": "actor", "name": 5}]}', "/queries/0/name", "must be a string",
     "5"),
    (b'{"queries": [{"parameter": "actor", "name": true}]}', "/queries/0/name",
     "must be a string", "true"),
    (b'{"queries": [{"parameter": "actor", "name": ""}]}', "/queries/0/name", "is empty", ""),
    (b'{"queries": [{"parameter": "actor", "name": " \\n"}]}', "/queries/0/name", "is empty",
     " \n"),
    (b'{"queries": [{"parameter": "actor", "name": "a\\u0000b"}]}', "/queries/0/name",
     "holds the character NUL", "a\\u0000b"),
    (b'{"queries": [{"parameter": "actor", "name": "%s"}]}' % (b"a" * 201), "/queries/0/name",
     "is a name longer than 200 characters", "a" * 200),
    (b'{"queries": [{"parameter": "actor", "name": "%s"}]}' % (b"a" * 402), "/queries/0/name",
     "is longer than 401 characters", "a" * 200),
    (json.dumps({"queries": [{"parameter": "actor", "name": "x"}] * 101}).encode(), "/queries",
     "has 101 items, and must have 1 to 100", "[…]"),
]  # fmt: skip

INVALID_FORMS = [
    (b"", "must have one field, which is queries or extend"),
    (b"queries", "/queries is not JSON in UTF-8"),
    (b"queries=", "/queries is not JSON in UTF-8"),
    (b"extend=", "/extend is not JSON in UTF-8"),
    (b"queries=%7B%7D&queries=%7B%7D", "must have one field"),
    (b"queries=%7B%7D&extend=%7B%7D", "must have one field"),
    (b"&" * 999_999, "must have one field"),
    (b"query=x", "has an unknown field: it takes queries or extend"),
    (b'{"queries": {}}', "has an unknown field"),
    (b"queries=%FF", "is not percent-encoded UTF-8, or holds NUL"),
    (b"queries=%00", "is not percent-encoded UTF-8, or holds NUL"),
    (b"\xff=1", "is not percent-encoded UTF-8, or holds NUL"),
    (b"queries=" + b"[" * 900_000, "/queries is not JSON in UTF-8"),
]


class TestInvalidBodies:
    @pytest.mark.parametrize(
        ("body", "pointer", "message", "value"),
        INVALID_JSON,
        ids=[repr(row[0][:50]) for row in INVALID_JSON],
    )
    def test_invalid_json_is_refused(
        self, world: FlaskClient, body: bytes, pointer: str, message: str, value: str | None
    ):
        problem = problem_of(post(world, "/v1/resolve", body, JSON), "invalid-body")
        (error,) = problem["errors"]
        assert (error["pointer"], error["value"]) == (pointer, value)
        assert message in error["message"]
        assert message in problem["detail"]
        assert error["parameter"] is None

    @pytest.mark.parametrize(
        ("body", "message"), INVALID_FORMS, ids=[repr(row[0][:50]) for row in INVALID_FORMS]
    )
    def test_an_invalid_form_is_refused(self, world: FlaskClient, body: bytes, message: str):
        problem = problem_of(post(world, "/v1/reconcile", body, FORM), "invalid-body")
        assert message in problem["detail"]

    def test_the_errors_of_all_names_are_told(self, world: FlaskClient):
        names = [("actor", "rutte"), ("person", "x"), ("actor", ""), ("topic", 3)]
        queries = [{"parameter": parameter, "name": name} for parameter, name in names]
        response = world.post("/v1/resolve", json={"queries": queries})
        errors = problem_of(response, "invalid-body")["errors"]
        assert [(error["pointer"], error["value"]) for error in errors] == [
            ("/queries/1/parameter", "person"),
            ("/queries/2/name", ""),
            ("/queries/3/name", "3"),
        ]


def padded(body: bytes, size: int) -> bytes:
    """A JSON text of this size."""
    return body + b" " * (size - len(body))


class TestSize:
    def test_a_body_has_at_most_a_million_bytes(self, world: FlaskClient):
        assert MAX_BODY_BYTES == 1_000_000
        response = post(world, "/v1/resolve", padded(ASKED, MAX_BODY_BYTES), JSON)
        assert response.status_code == 200
        response = post(world, "/v1/resolve", padded(ASKED, MAX_BODY_BYTES + 1), JSON)
        problem = problem_of(response, "too-large")
        assert "1,000,000 bytes" in problem["detail"]
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(("path", "media_type", "body"), QUESTIONS)
    def test_a_large_body_is_not_read_to_its_end(
        self, world: FlaskClient, path: str, media_type: str, body: bytes
    ):
        for headers in ({}, {"CONTENT_LENGTH": str(10_000_000)}, {"CONTENT_LENGTH": "5"}):
            stream = io.BytesIO(padded(body, 10_000_000))
            response = self.post_stream(world, f"/v1/{path}", media_type, stream, headers)
            problem_of(response, "too-large")
            assert stream.tell() <= MAX_BODY_BYTES + 1

    def test_a_body_without_a_length_is_read(self, world: FlaskClient):
        response = self.post_stream(world, "/v1/resolve", JSON, io.BytesIO(ASKED), {})
        assert response.status_code == 200

    def test_a_body_that_breaks_off_is_invalid(self, world: FlaskClient):
        headers = {"CONTENT_LENGTH": "1000", "wsgi.input_terminated": False}
        response = self.post_stream(world, "/v1/resolve", JSON, io.BytesIO(ASKED[:20]), headers)
        problem_of(response, "invalid-body")

    def post_stream(
        self,
        client: FlaskClient,
        url: str,
        media_type: str,
        stream: io.BytesIO,
        environ: dict[str, Any],
    ) -> TestResponse:
        """Send a stream as a server does that marks its end."""
        environ = {"wsgi.input_terminated": True, **environ}
        if not environ["wsgi.input_terminated"]:
            del environ["wsgi.input_terminated"]
        return client.post(
            url, content_type=media_type, input_stream=stream, environ_overrides=environ
        )


@pytest.fixture(scope="module")
def address(world_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The host and the port of a server of the records of world.py."""
    with serving(world_url, tmp_path_factory.mktemp("bodies")) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 80)


class TestServer:
    """The same over HTTP, by sockets, since clients would not send such requests."""

    def exchange(self, address: tuple[str, int], *parts: bytes) -> tuple[int, dict[str, Any]]:
        """The status and the JSON of the answer to a request."""
        with socket.create_connection(address, timeout=20) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
            except OSError:
                # the server answered before the end
                pass
            answer = b""
            try:
                while chunk := connection.recv(65536):
                    answer += chunk
            except ConnectionResetError:
                pass
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)

    def head(self, *headers: str) -> bytes:
        lines = ["POST /v1/resolve HTTP/1.1", "Host: x", "Connection: close",
                 f"Content-Type: {JSON}", *headers]  # fmt: skip
        return "\r\n".join([*lines, "", ""]).encode()

    def test_a_chunked_body_is_read(self, address: tuple[str, int]):
        chunks = b"".join(b"%x\r\n%b\r\n" % (1, ASKED[n : n + 1]) for n in range(len(ASKED)))
        status, answer = self.exchange(
            address, self.head("Transfer-Encoding: chunked"), chunks, b"0\r\n\r\n"
        )
        assert (status, answer["data"][0]["candidates"][0]["id"]) == (200, "rutte")

    def test_a_large_chunked_body_is_refused(self, address: tuple[str, int]):
        chunk = b"%x\r\n%b\r\n" % (100_000, b" " * 100_000)
        status, problem = self.exchange(
            address, self.head("Transfer-Encoding: chunked"), *[chunk] * 20, b"0\r\n\r\n"
        )
        assert (status, problem["code"]) == (413, "too-large")

    def test_a_large_body_is_refused_before_it_is_sent(self, address: tuple[str, int]):
        status, problem = self.exchange(address, self.head("Content-Length: 10000000"))
        assert (status, problem["code"]) == (413, "too-large")

    def test_a_body_without_length_is_empty(self, address: tuple[str, int]):
        status, problem = self.exchange(address, self.head())
        assert (status, problem["code"]) == (422, "invalid-body")

    def test_a_body_ends_at_its_length(self, address: tuple[str, int]):
        status, problem = self.exchange(address, self.head("Content-Length: 5"), ASKED)
        assert (status, problem["code"]) == (422, "invalid-body")

    def test_the_server_answers_after_a_client_left(self, address: tuple[str, int]):
        for _ in range(4):
            with socket.create_connection(address, timeout=20) as connection:
                connection.sendall(self.head("Content-Length: 1000") + ASKED)
        length = f"Content-Length: {len(ASKED)}"
        assert self.exchange(address, self.head(length), ASKED)[0] == 200
