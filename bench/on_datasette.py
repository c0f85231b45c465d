"""Datasette on Claimbase's own file, with a named query for each case."""

import os
from pathlib import Path
from typing import Any

from datasette import __version__
from datasette.app import Datasette

from bench.queries import QUERIES

# its default of a second would cut big facets off
SETTINGS = {"sql_time_limit_ms": 60_000}


def app() -> Any:
    path = os.environ["BENCH_DATABASE"]
    queries = {name: {"sql": sql} for name, sql in QUERIES.items()}
    described = "metadata" if __version__.startswith("0.") else "config"
    options = {described: {"databases": {Path(path).stem: {"queries": queries}}}}
    return Datasette([], immutables=[path], settings=SETTINGS, **options).app()
