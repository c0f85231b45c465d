"""Request bodies: bounded, and of the media type that the path takes."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from api.http.problems import HTTPProblem

MAX_BODY_BYTES = 1_000_000


def read_body(media_type: str) -> bytes:
    """The body of the request. Raises HTTPProblem: unsupported-media-type, too-large.

    The number of bytes that are read is bounded, whatever Content-Length says.
    """
    if request.mimetype != media_type:
        given = (
            f"not {request.mimetype[:100]}" if request.mimetype else "and Content-Type must tell"
        )
        raise unsupported(f"This path takes a body of the type {media_type}, {given}.", media_type)
    if request.content_encoding not in (None, "identity"):
        raise unsupported("This path takes no compressed body: send no Content-Encoding.")
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise too_large()
    stream = get_input_stream(request.environ)
    content = b""
    try:
        while chunk := stream.read(MAX_BODY_BYTES + 1 - len(content)):
            content += chunk
            if len(content) > MAX_BODY_BYTES:
                raise too_large()
    except ClientDisconnected:
        # the rest is missing: the parser says so
        pass
    return content


def unsupported(detail: str, media_type: str | None = None) -> HTTPProblem:
    headers = {"Accept": media_type} if media_type else {"Accept-Encoding": "identity"}
    return HTTPProblem("unsupported-media-type", detail, headers=headers)


def too_large() -> HTTPProblem:
    detail = f"A body has at most {MAX_BODY_BYTES:,} bytes: ask for fewer names at once."
    return HTTPProblem("too-large", detail)
