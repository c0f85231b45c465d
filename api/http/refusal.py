"""Requests that the server has no time for."""

from __future__ import annotations

from flask import request

from api.http.problems import HTTPProblem

# the name in a WSGI environment by which a server has a request refused
REFUSED = "claimbase.refused"
# seconds
RETRY_AFTER = 5


def refuse_if_busy() -> None:
    """Raise HTTPProblem, too-busy, if the server has marked the request."""
    if REFUSED in request.environ:
        raise HTTPProblem(
            "too-busy",
            "The server has more requests under way than it can answer soon. Try again after "
            f"{RETRY_AFTER} s.",
            headers={"Retry-After": str(RETRY_AFTER)},
        )
