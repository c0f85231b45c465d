"""The commands that begin seed files: `claimbase draft` and `claimbase new`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.terminal import counted, database_option, exit_with, reported_failures

if TYPE_CHECKING:
    from seeds.imports.draft.article import Article
    from seeds.imports.draft.claims import ArticleDraft
    from seeds.imports.draft.quotations import Quotation

SOURCE_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
# characters of a quotation in a message
SHOWN = 60


@click.command("draft")
@click.argument("path", metavar="ARTICLE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", "source_id", required=True, metavar="ID", help="The id of the source.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The seed file to write; by default ID.yaml.",
)
@click.option("--title", help="The source's title; by default that of the article.")
@click.option("--date", help="The date of the source and its claims, such as 2025-05-14.")
@click.option("--language", help="The language, such as en.")
@click.option("--url", "source_url", help="The address of the source.")
@click.option("--encoding", default="utf-8", show_default=True, help="The file's encoding.")
@click.option("--force", is_flag=True, help="Replace the seed file if there is one.")
@database_option
def draft_command(
    path: Path,
    source_id: str,
    to: Path | None,
    title: str | None,
    date: str | None,
    language: str | None,
    source_url: str | None,
    encoding: str,
    force: bool,
    url: str,
) -> None:
    """Draft claims from the quotations of an ARTICLE (.txt, .html).

    Each quotation that someone is said to have spoken becomes a claim in status draft, with its
    place in the text. The names that the dataset knows tell who speaks.
    """
    from models.opening import dataset_exists, open_dataset
    from models.reading import reading
    from models.records.changes import stored_record
    from models.records.yaml import records_as_yaml
    from seeds.imports.draft.article import ArticleError, read_article
    from seeds.imports.draft.claims import draft_article

    if len(source_id) > 200 or not SOURCE_ID.fullmatch(source_id):
        raise click.BadParameter(
            f"{source_id!r}: take lower-case letters, digits and single hyphens",
            param_hint="--source",
        )
    target = to or Path(f"{source_id}.yaml")
    if target.exists() and not force:
        exit_with(f"{target} exists: name another file by --to, or replace it by --force")
    with reported_failures("nothing was written"):
        try:
            article = read_article(path, encoding)
        except ArticleError as error:
            exit_with(f"{path}: {error}; nothing was written")
        given = {"title": title, "date": date, "language": language, "url": source_url}
        if is_open := dataset_exists(url):
            open_dataset(url)
            with reading():
                stored = stored_record("source", source_id)
                known = stored.record if stored else {}
                draft = draft_article(article, source_of(source_id, article, given, known), is_open)
        else:
            draft = draft_article(article, source_of(source_id, article, given, {}), is_open)
        part = target.with_name(f"{target.name}.part")
        part.write_text(records_as_yaml(draft.sections), "utf-8")
        part.replace(target)
    print_draft(draft, article, target)


def source_of(
    id: str, article: Article, given: dict[str, str | None], known: dict[str, object]
) -> dict[str, object]:
    """The source's fields: those given, then those of the dataset, then those of the article."""
    told = {
        "title": article.title[:500] or id.replace("-", " "),
        "kind": "article",
        "date": article.date,
        "language": article.language,
        "url": article.url,
    }
    fields = told | known | {name: value for name, value in given.items() if value}
    return {"id": id, **{name: value for name, value in fields.items() if value}}


def print_draft(draft: ArticleDraft, article: Article, target: Path) -> None:
    """Print what was drafted, and what a person should look at."""

    def words(quotation: Quotation) -> str:
        text = " ".join(article.text[quotation.start : quotation.end].split())
        return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"

    speakers = dict.fromkeys((quoted.name, *quoted.speaker.items()) for quoted in draft.quotations)
    click.echo(f"{counted(len(draft.quotations), 'quotation')} drafted as claims")
    for name, (type, id) in speakers:
        click.echo(f"  spoken by {name}: {type} {id}")
    doubtful = [quoted for quoted in draft.quotations if quoted.doubt]
    if doubtful:
        click.echo("to be looked at:")
    for quoted in doubtful:
        click.echo(f"  {words(quoted.quotation)}, by {quoted.name}: {quoted.doubt}")
    if draft.skipped:
        click.echo("not drafted:")
    for quotation, reason in draft.skipped:
        click.echo(f"  {words(quotation)}: {reason}")
    click.echo(f"written: {target}")


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def new_command(folder: Path) -> None:
    """Write a few commented seed files into FOLDER, to begin with."""
    from importlib.resources import files

    starter = sorted(
        (file for file in files("seeds").joinpath("starter").iterdir()),
        key=lambda file: file.name,
    )
    with reported_failures():
        folder.mkdir(parents=True, exist_ok=True)
        if present := [file.name for file in starter if (folder / file.name).exists()]:
            exit_with(f"{folder} has {', '.join(present)} already: name another folder")
        for file in starter:
            (folder / file.name).write_bytes(file.read_bytes())
    click.echo(f"{counted(len(starter), 'seed file')} written to {folder}")
    click.echo(f"check them by: claimbase check {folder}")
    click.echo(f"load them by:  claimbase load {folder}")
