"""Paths of the API, with records of the test world."""

from __future__ import annotations

from tests.api.world import FULL, LISTS, NESTED

RECORD_PATHS = [f"{path}/{id}" for path, id in FULL.items()]
PATHS = [*LISTS, *RECORD_PATHS, *NESTED]
