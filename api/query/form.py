"""Forms: bodies of `application/x-www-form-urlencoded`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.http.problems import HTTPProblem, invalid_body
from api.query.parameters import MAX_LENGTH
from api.query.parser import decode_query

# more are not read
MAX_FIELDS = 10
FORM_TYPE = "application/x-www-form-urlencoded"


def parse_form(body: bytes, names: Sequence[str]) -> tuple[str, str]:
    """The name and the value of the only field of a form. Raises HTTPProblem: invalid-body."""
    taken = " or ".join(names)
    try:
        pairs = decode_query(body) if body.count(b"&") < MAX_FIELDS else []
    except HTTPProblem:
        raise invalid_body([form_error("is not percent-encoded UTF-8, or holds NUL")]) from None
    for name, _ in pairs:
        if name not in names:
            raise invalid_body([form_error(f"has an unknown field: it takes {taken}", name)])
    if len(pairs) != 1:
        raise invalid_body([form_error(f"must have one field, which is {taken}")])
    return pairs[0]


def form_error(message: str, value: str | None = None) -> dict[str, Any]:
    return {"pointer": "", "message": message, "value": value and value[:MAX_LENGTH]}
