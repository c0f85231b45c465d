"""The command `claimbase`."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.backup_commands import backup_command, restore_command
from api.draft_commands import draft_command, new_command
from api.import_commands import import_group
from api.terminal import (
    all_option,
    counted,
    database_option,
    exit_with,
    exit_without_dataset,
    print_groups,
    print_plan,
    problem_printer,
    progress_display,
    replace_control_option,
    reported_failures,
)

if TYPE_CHECKING:
    from seeds.loader import Plan

NO_DATASET_TO_SERVE = (
    "load seed files first (claimbase load PATH...), serve an empty dataset (--create), or look at"
    " the one that Claimbase brings along (claimbase demo)"
)
SERVED_EXAMPLES = ("/v1", "/v1/claims?actor=Rutte", "/v1/docs")
paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="claimbase")
def main() -> None:
    """Claimbase: who claimed what."""


for command in (import_group, draft_command, new_command, backup_command, restore_command):
    main.add_command(command)


@main.command("load")
@paths_argument
@database_option
@click.option("--dry-run", is_flag=True, help="Show the changes, but write nothing.")
@click.option("--prune", is_flag=True, help="Remove the records that the files lack.")
@click.option("--yes", is_flag=True, help="Confirm that more than a tenth is removed.")
@click.option("--quiet", is_flag=True, help="Print only errors.")
@click.option(
    "--wait",
    default=300,
    show_default=True,
    type=click.IntRange(0, 1 << 20),
    help="The seconds to wait for another load that is under way.",
)
@replace_control_option
@all_option
def load_command(
    paths: tuple[Path, ...],
    url: str,
    dry_run: bool,
    prune: bool,
    yes: bool,
    quiet: bool,
    wait: int,
    replace_control: bool,
    list_all: bool,
) -> None:
    """Load seed files and folders (.yaml, .yml, .json, .jsonl, .ndjson), all or nothing."""
    from models.database.patience import Patience
    from models.opening import dataset_exists, open_dataset
    from seeds import loader

    def tell() -> None:
        if not quiet:
            click.echo(f"another load is under way: waiting for at most {wait} s", err=True)

    patience = Patience(wait, tell)
    with reported_failures("nothing was changed", quiet=quiet):
        exists = dataset_exists(url, patience)
        open_dataset(url if exists or not dry_run else "sqlite:///:memory:")
        with progress_display(quiet=quiet, bars=not list_all) as progress:
            plan = loader.load(
                paths,
                prune=prune,
                confirmed=yes,
                dry_run=dry_run,
                replace_control=replace_control,
                progress=progress,
                report=problem_printer(quiet=quiet) if list_all else None,
                patience=patience,
            )
    if not quiet:
        print_groups("warning", plan.warnings.groups())
        print_plan(plan, conditional=dry_run)


@main.command("check")
@paths_argument
@database_option
@replace_control_option
@all_option
def check_command(paths: tuple[Path, ...], url: str, replace_control: bool, list_all: bool) -> None:
    """Check seed files, and change nothing: print the errors of a load, and warnings.

    Files that are not valid alone are checked beside the dataset, if there is one; with --all,
    they are checked alone.
    """
    import tempfile

    from models.database.connection import without_password
    from models.opening import dataset_exists, open_dataset
    from seeds import checks, loader
    from seeds.problems import Refused

    def check(**options: Any) -> Plan:
        with progress_display(bars=not list_all) as progress:
            return loader.load(
                paths,
                dry_run=True,
                replace_control=replace_control,
                progress=progress,
                report=problem_printer() if list_all else None,
                **options,
            )

    condition = ""
    with reported_failures(), tempfile.TemporaryDirectory() as folder:
        open_dataset(f"sqlite:///{folder}/check.db")
        try:
            plan = check(inspect=checks.find_warnings)
        except Refused:
            # all errors of the files alone were listed
            if list_all or not dataset_exists(url):
                raise
            open_dataset(url)
            plan = check()
            condition = f" beside the dataset at {without_password(url)!r}, but not alone"
    print_groups("warning", plan.warnings.groups())
    count = plan.added.count + plan.changed.count + plan.unchanged
    verb = "is" if count == 1 else "are"
    warnings = counted(plan.warnings.count, "warning")
    click.echo(f"{counted(count, 'record')} {verb} valid{condition}, with {warnings}")


@main.command("export")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A table to write all claims to, with the columns of /v1/claims?format=csv.",
)
@click.option("--bom", is_flag=True, help="Begin the table with a byte order mark, for Excel.")
@database_option
def export_command(folder: Path | None, table: Path | None, bom: bool, url: str) -> None:
    """Write the dataset to FOLDER as seed files that load back to the same digest."""
    from models.opening import dataset_exists, open_dataset
    from seeds.export import write_csv, write_export

    if not (folder or table):
        raise click.UsageError("name a FOLDER for seed files, or a file by --csv")
    with reported_failures():
        if not dataset_exists(url):
            exit_without_dataset(url)
        open_dataset(url)
        if folder:
            click.echo(f"{counted(write_export(folder), 'record')} written to {folder}")
        if table:
            click.echo(f"{counted(write_csv(table, bom=bom), 'claim')} written to {table}")


@main.command("remove")
@click.argument("type")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@database_option
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
def remove_command(type: str, ids: tuple[str, ...], url: str, dry_run: bool) -> None:
    """Remove records of a TYPE (actor, claim …) by their IDs, unless others refer to them."""
    from models import RECORD_TYPES
    from models.opening import dataset_exists, open_dataset
    from seeds.removal import remove

    if type not in RECORD_TYPES:
        raise click.BadParameter(
            f"{type!r}: use one of {', '.join(RECORD_TYPES)}", param_hint="TYPE"
        )
    with reported_failures("nothing was changed"):
        if not dataset_exists(url):
            exit_without_dataset(url)
        open_dataset(url)
        plan = remove(type, ids, dry_run=dry_run)
    print_plan(plan, conditional=dry_run)


@main.command("migrate")
@database_option
def migrate_command(url: str) -> None:
    """Migrate a database of an earlier release to this release's schema."""
    from models.opening import dataset_exists, migrate_dataset

    with reported_failures("nothing was changed"):
        if not dataset_exists(url):
            exit_without_dataset(url)
        before, now = migrate_dataset(url)
    click.echo(f"schema {now}" + (f", from {before}" if before != now else " already"))


def address_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --host and --port."""
    port_type = click.IntRange(1, 65535)
    port = click.option("--port", envvar="PORT", default=8000, show_default=True, type=port_type)
    host = click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
    return host(port(command))


@main.command("serve")
@database_option
@click.option("--create", is_flag=True, help="Create an empty dataset if there is none.")
@address_options
@click.option(
    "--workers",
    envvar="CLAIMBASE_WORKERS",
    default=min(4, os.cpu_count() or 1),
    show_default=True,
    type=click.IntRange(1, 64),
    help="The number of processes.",
)
@click.option(
    "--threads",
    envvar="CLAIMBASE_THREADS",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="The number of requests that a process answers at once.",
)
def serve_command(url: str, create: bool, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the API."""
    import peewee

    from api.app import check_settings
    from api.http.metrics import metrics_folder, serving_metrics
    from api.http.opening import Opening
    from api.server.preparation import open_in_child
    from api.server.run import run_server

    with reported_failures():
        metrics = check_settings()
        read_url = os.environ.get("CLAIMBASE_READ_URL", "")
        try:
            if not open_in_child(url, read_url, create=create):
                exit_without_dataset(url, NO_DATASET_TO_SERVE)
        except peewee.OperationalError as error:
            click.echo(f"the database does not answer yet: {error}", err=True)
            click.echo("until it does, /healthz answers, and all else is 503", err=True)
        check_free(host, port)
        if isinstance(metrics, int):
            check_free(host, metrics)
    os.environ["CLAIMBASE_DATABASE_URL"] = url
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for path in SERVED_EXAMPLES:
        click.echo(base + path)
    with (
        metrics_folder(metrics),
        serving_metrics(metrics, host, port, Opening(url, read_url).require),
    ):
        run_server(host, port, workers, threads)


@main.command("demo")
@click.option("--database", "url", help="The database's URL; without it, a temporary one.")
@address_options
@click.pass_context
def demo_command(context: click.Context, url: str | None, host: str, port: int) -> None:
    """Load the seeds that Claimbase brings along, and serve them."""
    import tempfile

    import seeds

    with tempfile.TemporaryDirectory(prefix="claimbase-demo-") as folder:
        url = url or f"sqlite:///{folder}/demo.db"
        shipped = Path(seeds.__file__).parent / "data"
        context.invoke(load_command, paths=(shipped,), url=url, quiet=True)
        context.invoke(serve_command, url=url, host=host, port=port, workers=1)


def check_free(host: str, port: int) -> None:
    """Exit if another server listens on the port: with it, the kernel would share the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        exit_with(f"cannot serve on {host}: {error.strerror}")


@main.command("openapi")
def openapi_command() -> None:
    """Print the OpenAPI specification as YAML."""
    from api import create_app
    from api.openapi.specification import as_yaml

    click.echo(as_yaml(create_app(DATABASE_URL="sqlite:///:memory:")), nl=False)
