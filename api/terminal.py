"""What the commands print: failures, problems, plans and progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from seeds.loader import Plan
    from seeds.loading.plan import PlannedChanges
    from seeds.problems import ProblemGroup, SeedProblem

DEFAULT_URL = "sqlite:///claimbase.db"
# the units that the phases of a load count
PROGRESS_UNITS = {
    "reading": "bytes", "writing": "records", "rendering": "documents", "copying": "pages",
}  # fmt: skip

database_option = click.option(
    "--database",
    "url",
    envvar=["CLAIMBASE_DATABASE_URL", "DATABASE_URL"],
    default=DEFAULT_URL,
    show_default=True,
    help="The database's URL (also CLAIMBASE_DATABASE_URL or DATABASE_URL).",
)
replace_control_option = click.option(
    "--replace-control", is_flag=True, help="Put a space in place of each control character."
)
all_option = click.option("--all", "list_all", is_flag=True, help="List every error and warning.")


@contextmanager
def reported_failures(assurance: str = "", *, quiet: bool = False) -> Iterator[None]:
    """Report errors without a traceback, exit, and close all connections.

    `assurance` says what a failure leaves behind, for commands that write. `quiet` leaves out
    warnings.
    """
    import peewee

    from api.config import InvalidSetting
    from models.database.connection import UnsupportedDatabase, disconnect
    from models.database.sqlite_copy import DatabaseBusy
    from models.records.backup import BackupRefused
    from seeds.loader import Unconfirmed
    from seeds.problems import Refused

    def exit_after(message: str, separator: str = "; ", status: int = 1) -> None:
        exit_with(f"{message}{separator}{assurance}" if assurance else message, status)

    try:
        yield
    except Refused as refused:
        if not quiet:
            print_groups("warning", refused.warnings)
        print_groups("error", refused.groups)
        exit_after(str(refused), separator=": ")
    except Unconfirmed as unconfirmed:
        print_plan(unconfirmed.plan, conditional=True)
        exit_after(str(unconfirmed))
    except (UnsupportedDatabase, InvalidSetting, BackupRefused, DatabaseBusy) as error:
        exit_with(str(error))
    except (peewee.DatabaseError, peewee.InterfaceError) as error:
        exit_after(f"database error: {error}")
    except OSError as error:
        exit_after(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        exit_after("interrupted", status=130)
    finally:
        disconnect()


def exit_without_dataset(url: str, advice: str = "") -> None:
    from models.database.connection import without_password

    message = f"there is no dataset at {without_password(url)!r}"
    exit_with(f"{message}: {advice}" if advice else message)


def exit_with(message: str, status: int = 1) -> None:
    click.echo(message, err=True)
    sys.exit(status)


@contextmanager
def progress_display(
    *, quiet: bool = False, bars: bool = True
) -> Iterator[Callable[[str, int, int], Any]]:
    """Show progress: a bar for each phase on a terminal, elsewhere a line when a phase is done.

    `bars` is false where other lines are printed meanwhile.
    """
    shown: dict[str, Any] = {}
    terminal = bars and sys.stderr.isatty()

    def show(phase: str, done: int, total: int) -> None:
        if quiet:
            return
        if terminal:
            bar = shown.get(phase)
            if bar is None:
                for earlier in shown.values():
                    earlier.render_finish()
                bar = shown[phase] = click.progressbar(
                    length=total, label=phase.capitalize(), file=sys.stderr
                )
            bar.update(done - bar.pos)
        elif done >= total and phase not in shown:
            shown[phase] = None
            click.echo(f"{phase}: {total:,} {PROGRESS_UNITS[phase]}", err=True)

    try:
        yield show
    finally:
        for bar in shown.values():
            if bar is not None:
                bar.render_finish()


def problem_printer(*, quiet: bool = False) -> Callable[[str, SeedProblem], None]:
    """A function that prints a problem; `quiet` leaves out warnings."""

    def print_problem(label: str, problem: SeedProblem) -> None:
        if label == "error" or not quiet:
            click.echo(f"{label}: {problem}", err=label == "error")

    return print_problem


def print_groups(label: str, groups: list[ProblemGroup]) -> None:
    """Print errors or warnings, and how many more there are of each kind."""
    err = label == "error"
    print_problem = problem_printer()
    for problems, total in groups:
        for problem in problems:
            print_problem(label, problem)
        if more := total - len(problems):
            of_kind = "like these" if problems else "of other kinds"
            click.echo(f"  … and {more:,} more {of_kind}", err=err)
    if any(total > len(problems) for problems, total in groups):
        click.echo(f"--all lists every {label}", err=err)


def print_plan(plan: Plan, *, conditional: bool) -> None:
    """Print what a load did; if conditional, what it would do, with examples."""
    for change, planned in (
        ("added", plan.added),
        ("changed", plan.changed),
        ("removed", plan.removed),
    ):
        if not planned.count:
            continue
        click.echo(f"{counts_line(planned)} {'would be ' if conditional else ''}{change}")
        if conditional:
            for example in planned.examples:
                click.echo(f"  {example}")
            if planned.count > len(planned.examples):
                click.echo(f"  … and {planned.count - len(planned.examples)} more")
    click.echo(f"{counted(plan.unchanged, 'record')} unchanged")


def counts_line(planned: PlannedChanges) -> str:
    return ", ".join(counted(count, type) for type, count in planned.counts.items())


def counted(count: int, noun: str) -> str:
    """A number of things, in words."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
