"""The header If-Dataset-At-Least: a client never reads an older version than it knows."""

from __future__ import annotations

import re
from typing import Any

from api.http.problems import HTTPProblem, parameter_error
from models.reading import AtLeast, VersionAbsent

HEADER = "If-Dataset-At-Least"
ENVIRON_KEY = "HTTP_IF_DATASET_AT_LEAST"
# a longer number would not fit into a column
DATASET_NAME = re.compile("([0-9a-f]{16})-([0-9]{1,9})-([0-9a-f]{16})")
# seconds
RETRY_AFTER = "1"


def at_least_of(environ: dict[str, Any]) -> AtLeast | None:
    """The version that a request asks for at least. Raises HTTPProblem.

    It stays the same while the request lasts, and so does the time to wait for it.
    """
    text = environ.get(ENVIRON_KEY)
    if text is None:
        return None
    known: AtLeast | None = environ.get("claimbase.at_least")
    if known is None:
        parts = DATASET_NAME.fullmatch(text.strip())
        if not parts:
            message = "is no version of a dataset: take it as it stands from meta.dataset"
            raise HTTPProblem(
                "invalid-value",
                f"{HEADER} {message}.",
                [parameter_error(HEADER, message, text[:200])],
            )
        id, version, token = parts.groups()
        known = environ["claimbase.at_least"] = AtLeast(id, int(version), token)
    return known


def problem_of(error: VersionAbsent) -> HTTPProblem:
    """The problem of a version that the database does not have, or not yet."""
    if error.for_good:
        return HTTPProblem(
            "resync",
            f"{HEADER} names another database, or a version from before a restore: read the "
            "dataset anew.",
            [parameter_error(HEADER, "names a version that this database never had", error.name)],
        )
    return HTTPProblem(
        "database-unavailable",
        f"This database does not have the version yet that {HEADER} names: try again.",
        [parameter_error(HEADER, "names a later version", error.name)],
        {"Retry-After": RETRY_AFTER},
    )
