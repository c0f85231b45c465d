"""The commands `claimbase backup` and `claimbase restore`."""

from __future__ import annotations

from pathlib import Path

import click

from api.terminal import (
    counted,
    database_option,
    exit_without_dataset,
    progress_display,
    reported_failures,
)

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@file_argument
@database_option
def backup_command(file: Path, url: str) -> None:
    """Copy a SQLite database to FILE while it is served and loaded, and verify the copy."""
    from models.opening import dataset_exists
    from models.records.backup import write_backup

    with reported_failures():
        if not dataset_exists(url):
            exit_without_dataset(url)
        with progress_display() as progress:
            dataset = write_backup(file, lambda done, total: progress("copying", done, total))
    click.echo(f"{counted(dataset.records, 'record')} of version {dataset.version} are in {file}")
    click.echo(f"digest {dataset.digest}")


@click.command("restore")
@file_argument
@database_option
def restore_command(file: Path, url: str) -> None:
    """Copy a backup over a SQLite database, all or nothing. Servers need no restart."""
    from models.migrations import SCHEMA_VERSION
    from models.records.backup import restore_backup

    with reported_failures(), progress_display() as progress:
        dataset = restore_backup(file, url, lambda done, total: progress("copying", done, total))
    click.echo(f"{counted(dataset.records, 'record')} of version {dataset.version} are restored")
    click.echo(f"digest {dataset.digest}")
    if dataset.schema < SCHEMA_VERSION:
        click.echo(f"the backup has schema {dataset.schema}: run claimbase migrate")
