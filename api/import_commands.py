"""The commands `claimbase import …`: one a format, with the same options and the same report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.terminal import (
    all_option,
    counted,
    database_option,
    print_groups,
    print_plan,
    problem_printer,
    progress_display,
    replace_control_option,
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
        replace_control_option,
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


@import_group.command("csv")
@file_argument
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="COLUMN=HEADER",
    callback=lambda context, parameter, values: parse_mapped(values),
    help="The header of a column: actor='Speaker', attribute:party='Party'.",
)
@click.option(
    "--ignore", multiple=True, metavar="HEADER", help="A column to leave out; '*': all unknown."
)
@click.option(
    "--dates",
    type=click.Choice(["iso", "dmy", "mdy"]),
    default="iso",
    show_default=True,
    help="The order of day, month and year.",
)
@click.option(
    "--encoding",
    callback=lambda context, parameter, value: known_encoding(value),
    help="The file's encoding, such as cp1252 or utf-16; by default UTF-8.",
)
@import_options
def import_csv_command(
    path: Path,
    mapped: dict[str, str],
    ignore: tuple[str, ...],
    dates: str,
    encoding: str | None,
    **options: Any,
) -> None:
    """Import a CSV or TSV file: one row is one claim (docs/bringing-data.md)."""
    from seeds.imports.csv import CSVImport, CSVOptions
    from seeds.imports.csv_columns import ColumnOptions
    from seeds.imports.csv_ids import write_ids

    csv_import = CSVImport(CSVOptions(ColumnOptions(mapped, ignore), dates, encoding))
    run(path, csv_import.read, **options, after=partial(write_ids, csv_import))


@import_group.command("dna")
@file_argument
@click.option(
    "--type", "type", default="DNA Statement", show_default=True, help="The statement type."
)
@click.option("--person", default="person", show_default=True, help="The variable of actors.")
@click.option(
    "--organization",
    default="organization",
    show_default=True,
    help="The variable of organizations.",
)
@click.option("--concept", default="concept", show_default=True, help="The variable of positions.")
@click.option(
    "--agreement", default="agreement", show_default=True, help="The variable of stances."
)
@import_options
def import_dna_command(
    path: Path,
    type: str,
    person: str,
    organization: str,
    concept: str,
    agreement: str,
    **options: Any,
) -> None:
    """Import a project of Discourse Network Analyzer 3 (docs/bringing-data.md).

    An empty name of a variable ('') says that the statement type has none.
    """
    from seeds.imports.dna import DNAImport, DNAOptions

    dna_import = DNAImport(DNAOptions(type, person, organization, concept, agreement))
    run(path, dna_import.read, **options)


@import_group.command("claimreview")
@file_argument
@import_options
def import_claimreview_command(path: Path, **options: Any) -> None:
    """Import fact-checks: ClaimReview as JSON-LD or JSON Lines (docs/bringing-data.md)."""
    from seeds.imports.claimreview import ClaimReviewImport

    run(path, ClaimReviewImport().read, **options)


@import_group.command("popolo")
@file_argument
@click.option(
    "--scheme",
    default="",
    callback=lambda context, parameter, value: valid_scheme(value),
    help="The scheme under which the ids of the file are kept as identifiers.",
)
@import_options
def import_popolo_command(path: Path, scheme: str, **options: Any) -> None:
    """Import persons, organizations and their roles from Popolo JSON (docs/bringing-data.md)."""
    from seeds.imports.popolo import PopoloImport

    run(path, PopoloImport(scheme).read, **options)


def valid_scheme(scheme: str) -> str:
    """A scheme of identifiers, if it is one."""
    from seeds.schemas import SeedIdentifier

    errors = scheme and SeedIdentifier().validate({"scheme": scheme, "identifier": "1"})
    if errors:
        raise click.BadParameter(f"{scheme!r}: {'; '.join(errors['scheme'])}")
    return scheme


def parse_mapped(values: tuple[str, ...]) -> dict[str, str]:
    """The headers by column that --map gives."""
    from seeds.imports.csv_columns import COLUMNS, column_of

    mapped = {}
    for value in values:
        name, equals, header = value.partition("=")
        column = column_of(name)
        if not equals or not header.strip():
            raise click.BadParameter(f"{value!r}: write COLUMN=HEADER")
        if not column:
            raise click.BadParameter(
                f"{name!r} is no column: use {', '.join(COLUMNS)} or attribute:NAME"
            )
        if column in mapped:
            raise click.BadParameter(f"{column} is mapped twice")
        mapped[column] = header
    return mapped


def known_encoding(name: str | None) -> str | None:
    """The name of an encoding of text, if it is one."""
    try:
        # a codec of bytes, such as hex, does not encode text
        "".encode(name or "utf-8")
    except LookupError:
        raise click.BadParameter(f"{name!r}: use utf-8, cp1252, utf-16 …") from None
    return name


def run(
    path: Path,
    read: Callable[[Path, DraftStore], Any],
    *,
    url: str,
    create: str,
    to: Path | None,
    load: bool,
    dry_run: bool,
    replace_control: bool,
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
                replace_control=replace_control,
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
        click.echo(f"{what}: {count:,}")
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
    if loads and report.plan:
        print_plan(report.plan, conditional=dry_run)
    for path in report.written:
        click.echo(f"written: {path}")
    if dry_run:
        click.echo("nothing was written")
    elif not loads:
        click.echo(f"to load it: claimbase load {report.written[0]}")


def print_names(title: str, names: ListedNames) -> None:
    if not names.total:
        return
    click.echo(f"{title} ({names.total:,}):")
    for line in names.lines:
        click.echo(f"  {line}")
    if more := names.total - len(names.lines):
        click.echo(f"  … and {more:,} more; --all lists them")
