"""The command `claimbase`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from seeds.loader import Change, Plan
    from seeds.problems import Problem

DATABASE = "sqlite:///claimbase.db"

database_option = click.option(
    "--database",
    "url",
    envvar=["CLAIMBASE_DATABASE_URL", "DATABASE_URL"],
    default=DATABASE,
    show_default=True,
    help="The database's URL (also CLAIMBASE_DATABASE_URL or DATABASE_URL).",
)
paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="claimbase")
def main() -> None:
    """Claimbase: who claimed what."""


@main.command()
@paths_argument
@database_option
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--prune", is_flag=True, help="The files are the whole dataset: remove the rest.")
@click.option("--yes", is_flag=True, help="Remove even more than a tenth of the dataset.")
@click.option("--quiet", is_flag=True, help="Print nothing where all is well.")
def load(
    paths: tuple[Path, ...], url: str, dry_run: bool, prune: bool, yes: bool, quiet: bool
) -> None:
    """Load seed files and folders (.yaml, .yml, .json, .jsonl), all or nothing."""
    from models.opening import dataset_exists, open_dataset
    from seeds import loader

    with failures():
        open_dataset(url if dataset_exists(url) or not dry_run else "sqlite:///:memory:")
        with progress(quiet) as show:
            plan = loader.load(paths, prune=prune, confirmed=yes, dry_run=dry_run, progress=show)
    if not quiet:
        tell(plan, "would be" if dry_run else "")


@main.command()
@paths_argument
def check(paths: tuple[Path, ...]) -> None:
    """Check seed files without a database: all that a load would refuse, and warnings."""
    import tempfile

    from models.opening import open_dataset
    from seeds import checks, loader

    warnings: list[Problem] = []
    with failures(), tempfile.TemporaryDirectory() as folder:
        open_dataset(f"sqlite:///{folder}/check.db")
        with progress() as show:
            plan = loader.load(
                paths,
                dry_run=True,
                progress=show,
                inspect=lambda: warnings.extend(checks.warnings()),
            )
    for warning in warnings:
        click.echo(f"warning: {warning}")
    click.echo(f"{plan.added.count} records are right, with {len(warnings)} warnings")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@database_option
def export(folder: Path, url: str) -> None:
    """Write the dataset to FOLDER as seed files that load back to the same digest."""
    from models.opening import dataset_exists, open_dataset
    from seeds import export as exporter

    with failures():
        if not dataset_exists(url):
            stop_without_dataset(url)
        open_dataset(url)
        count = exporter.export(folder)
    click.echo(f"{count} records written to {folder}")


@main.command()
@database_option
def migrate(url: str) -> None:
    """Bring a database that an earlier release made to the schema of this one."""
    from models.opening import dataset_exists, migrate_dataset

    with failures():
        if not dataset_exists(url):
            stop_without_dataset(url)
        before, now = migrate_dataset(url)
    click.echo(f"schema {now}" + (f", from {before}" if before != now else " already"))


@main.command()
@database_option
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option(
    "--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535)
)
@click.option(
    "--workers",
    envvar="CLAIMBASE_WORKERS",
    default=min(4, os.cpu_count() or 1),
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many processes answer.",
)
@click.option(
    "--threads",
    envvar="CLAIMBASE_THREADS",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many requests a process answers at once.",
)
def serve(url: str, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the API."""
    import peewee
    from granian.constants import Interfaces
    from granian.server import Server

    from models.opening import open_dataset

    with failures():
        try:
            open_dataset(url)
        except peewee.OperationalError as error:
            click.echo(f"the database does not answer yet: {error}", err=True)
    os.environ["CLAIMBASE_DATABASE_URL"] = url
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for path in ("/v1", "/v1/claims?actor=Rutte", "/v1/docs"):
        click.echo(base + path)
    Server(
        "api:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # seconds for running requests to end; a worker may miss the signal while it starts
        workers_kill_timeout=10,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


@main.command()
def openapi() -> None:
    """Print the OpenAPI specification as YAML."""
    from api import create_app
    from api.openapi.specification import as_yaml

    click.echo(as_yaml(create_app(DATABASE_URL="sqlite:///:memory:")), nl=False)


@contextmanager
def failures() -> Iterator[None]:
    """Say what went wrong in plain words, and that nothing has changed; leave nothing open."""
    import peewee

    from models.database.connection import UnsupportedDatabase, disconnect
    from seeds.loader import Unconfirmed
    from seeds.problems import Refused

    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            click.echo(f"error: {problem}", err=True)
        more = refused.count - len(refused.problems)
        if more:
            click.echo(f"… and {more} more", err=True)
        stop(f"{refused}: nothing was changed")
    except Unconfirmed as unconfirmed:
        tell(unconfirmed.plan, "would be")
        stop(f"{unconfirmed}; nothing was changed")
    except UnsupportedDatabase as error:
        stop(str(error))
    except peewee.DatabaseError as error:
        stop(f"the database refused: {error}; nothing was changed")
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        stop(f"{what}; nothing was changed")
    except KeyboardInterrupt:
        stop("stopped; nothing was changed", 130)
    finally:
        disconnect()


def stop_without_dataset(url: str) -> None:
    stop(f"there is no dataset at {url.rpartition('@')[2]!r}")  # without a password


def stop(message: str, status: int = 1) -> None:
    click.echo(message, err=True)
    sys.exit(status)


COUNTED = {"reading": "bytes", "writing": "records", "rendering": "documents"}


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[str, int, int], Any]]:
    """A bar for each phase on a terminal, elsewhere a line when one is done."""
    bars: dict[str, Any] = {}
    terminal = sys.stderr.isatty()

    def show(phase: str, done: int, total: int) -> None:
        if quiet:
            return
        if terminal:
            bar = bars.get(phase)
            if bar is None:
                for other in bars.values():
                    other.render_finish()
                bar = bars[phase] = click.progressbar(
                    length=total, label=phase.capitalize(), file=sys.stderr
                )
            bar.update(done - bar.pos)
        elif done >= total and phase not in bars:
            bars[phase] = None
            click.echo(f"{phase}: {total:,} {COUNTED[phase]}", err=True)

    try:
        yield show
    finally:
        for bar in bars.values():
            if bar is not None:
                bar.render_finish()


def tell(plan: Plan, would: str) -> None:
    """Print what a load did, or would do."""
    for name, change in (
        ("added", plan.added),
        ("changed", plan.changed),
        ("removed", plan.removed),
    ):
        if change.count:
            click.echo(f"{line_of(change)} {would} {name}".replace("  ", " "))
            if would:
                for one in change.first:
                    click.echo(f"  {one}")
                if change.count > len(change.first):
                    click.echo(f"  … and {change.count - len(change.first)} more")
    click.echo(f"{plan.unchanged} records unchanged")


def line_of(change: Change) -> str:
    return ", ".join(f"{count} {type}{'s' * (count != 1)}" for type, count in change.counts.items())
