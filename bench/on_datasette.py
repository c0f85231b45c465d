"""Datasette on Claimbase's database, with a named query for each case."""

import os
from pathlib import Path
from typing import Any

from datasette import __version__
from datasette.app import Datasette

from bench.queries import QUERIES

# the default of one second would cut off big facets
SETTINGS = {"sql_time_limit_ms": 60_000}


def app() -> Any:
    path = os.environ["BENCH_DATABASE"]
    queries = {name: {"sql": sql} for name, sql in QUERIES.items()}
    option = "metadata" if __version__.startswith("0.") else "config"
    options = {option: {"databases": {Path(path).stem: {"queries": queries}}}}
    return Datasette([], immutables=[path], settings=SETTINGS, **options).app()
