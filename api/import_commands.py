"""The commands `claimbase import …`: one a format, with the same options and the same report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.terminal import (
    all_option,
    counted,
    database_option,
    print_groups,
    problem_printer,
    progress_display,
    reported_failures,
)

if TYPE_CHECKING:
    from seeds.imports.drafts import DraftStore
    from seeds.imports.report import ImportReport, ListedNames


@click.group("import")
def import_group() -> None:
    """Import a foreign file: write its records as seeds, or load them."""


file_argument = click.argument(
    "path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)


def import_options(command: Callable) -> Callable:
    """The options that all formats share; the command hands them on to `run`."""
    for option in (
        all_option,
        click.option("--dry-run", is_flag=True, help="Show the report, but write nothing."),
        click.option("--load", is_flag=True, help="Load the records, all or nothing."),
        click.option(
            "--to",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The seed file to write; by default the input's name with .jsonl.",
        ),
        click.option(
            "--create",
            type=click.Choice(["things", "none"]),
            default="things",
            show_default=True,
            help="Whether names that the dataset lacks make new records.",
        ),
        database_option,
    ):
        command = option(command)
    return command


def run(
    path: Path,
    read: Callable[[Path, DraftStore], Any],
    *,
    url: str,
    create: str,
    to: Path | None,
    load: bool,
    dry_run: bool,
    list_all: bool,
    after: Callable[[DraftStore, ImportReport], Any] | None = None,
) -> None:
    """Import a file by the function that reads its format, and print the report."""
    import tempfile

    from models.opening import dataset_exists, open_dataset
    from seeds.imports.run import run_import

    if load and to:
        raise click.UsageError("--to writes a file and --load loads: give one of them")
    target = None if load else to or path.with_suffix(".jsonl")
    if target and target.exists() and target.samefile(path):
        raise click.UsageError(f"{target} is the input itself: name another file by --to")
    assurance = "nothing was changed" if load else "nothing was written"
    with reported_failures(assurance), tempfile.TemporaryDirectory() as folder:
        keeps_dataset = dataset_exists(url) or (load and not dry_run)
        open_dataset(url if keeps_dataset else f"sqlite:///{folder}/empty.db")
        with progress_display(bars=not list_all) as progress:
            report = run_import(
                read,
                path,
                target=target,
                dry_run=dry_run,
                create=create == "things",
                list_all=list_all,
                progress=progress,
                report_problem=problem_printer() if list_all else None,
                after=after,
            )
    print_report(report, loads=load, dry_run=dry_run)


def print_report(report: ImportReport, *, loads: bool, dry_run: bool) -> None:
    """Print what an import did, or would do."""
    print_groups("warning", report.warnings.groups())
    for what, count in report.told.items():
        click.echo(f"{count:,} {what}")
    for type in dict.fromkeys(type for type, _ in report.drafted):
        states = ", ".join(
            f"{count:,} {state}"
            for (of_type, state), count in report.drafted.items()
            if of_type == type
        )
        click.echo(f"{type}s: {states}")
    made = ", ".join(counted(count, type) for type, count in report.made.items())
    print_names(f"new records for names: {made}", report.made_names)
    print_names("names that the dataset has", report.found_names)
    print_names("nearly the same names, to be looked at", report.near_names)
    for path in report.written:
        click.echo(f"written: {path}")
    if dry_run:
        click.echo("dry run: nothing was written")
    elif loads:
        click.echo("loaded")


def print_names(title: str, names: ListedNames) -> None:
    if not names.total:
        return
    click.echo(f"{title} ({names.total:,}):")
    for line in names.lines:
        click.echo(f"  {line}")
    if more := names.total - len(names.lines):
        click.echo(f"  … and {more:,} more; --all lists them")
