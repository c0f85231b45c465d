"""Drafts: an article's quotations as seed claims that wait for a coder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from models.search.names import NameQuery
from models.search.resolution import match_names
from models.values.folding import fold
from seeds.imports.draft.article import Article, sentence_ends
from seeds.imports.draft.quotations import CONTEXT, Quotation, find_quotations
from seeds.imports.draft.speakers import Attribution, Skipped, Speakers

# the attribute of a claim whose text is the article's own sentence
TO_PARAPHRASE = {"text": "the source's own sentence, to be paraphrased"}
MAX_ID = 80


class DraftedQuotation(NamedTuple):
    """A quotation, its speaker's reference in a seed, and a reason for a doubt."""

    quotation: Quotation
    speaker: Mapping[str, str]
    name: str
    doubt: str = ""


class ArticleDraft(NamedTuple):
    """The sections of a seed file, and what a person should look at."""

    sections: dict[str, list[dict[str, Any]]]
    quotations: list[DraftedQuotation]
    skipped: list[tuple[Quotation, str]]


class SpeakerRecords:
    """The records of speakers: those that the dataset knows, and new ones."""

    def __init__(self, source_id: str, is_open: bool) -> None:
        self.source_id = source_id
        # whether a dataset is open
        self.is_open = is_open
        self.actors: dict[str, dict[str, Any]] = {}
        self.organizations: dict[str, dict[str, Any]] = {}
        self.cache: dict[Attribution, tuple[dict[str, str], str]] = {}

    def reference(self, attribution: Attribution) -> tuple[dict[str, str], str]:
        """The member of a claim that names a speaker, and a reason for a doubt."""
        key = attribution._replace(doubt="")
        if key not in self.cache:
            self.cache[key] = self.new_reference(key)
        return self.cache[key]

    def new_reference(self, attribution: Attribution) -> tuple[dict[str, str], str]:
        name = attribution.name
        if not attribution.is_named:
            return self.unnamed(name), ""
        resolved = match_names([NameQuery(name, ("actor", "organization"))]) if self.is_open else []
        matches = resolved[0].matches if resolved else []
        if len(matches) == 1:
            is_whole = resolved[0].tier != "words"
            doubt = "" if is_whole else f"the dataset knows {matches[0].name!r}"
            return {matches[0].type: matches[0].id}, doubt
        if matches:
            ids = ", ".join(match.id for match in matches[:5])
            return self.unnamed(name), f"{name!r} may be {ids}"
        if name.isupper() and " " not in name:
            return self.added("organization", self.organizations, name, {"kind": "other"}), ""
        return self.added("actor", self.actors, name, {}), ""

    def unnamed(self, description: str) -> dict[str, str]:
        """A reference to an actor that stands for an unknown person."""
        id = short_id(f"{self.source_id} {description}")
        self.actors[id] = {"id": id, "name": description, "kind": "unnamed"}
        return {"actor": id}

    def added(
        self, type: str, records: dict[str, dict[str, Any]], name: str, fields: dict[str, str]
    ) -> dict[str, str]:
        id = short_id(name)
        records[id] = {"id": id, "name": name, **fields}
        return {type: id}


def short_id(name: str) -> str:
    return "-".join(fold(name).split())[:MAX_ID].strip("-")


def draft_article(article: Article, source: Mapping[str, Any], is_open: bool) -> ArticleDraft:
    """The draft of an article. `source` has the fields of its source record.

    If a dataset `is_open`, its names tell who speaks. Raises no error: an article without
    quotations gives its source alone.
    """
    quotations = find_quotations(article)
    records = SpeakerRecords(source["id"], is_open)
    drafted: list[DraftedQuotation] = []
    skipped = []
    for quotation, attribution in zip(
        quotations, Speakers(article, quotations).attributions(), strict=True
    ):
        if isinstance(attribution, Skipped):
            skipped.append((quotation, attribution.reason))
            continue
        reference, doubt = records.reference(attribution)
        doubts = "; ".join(filter(None, (attribution.doubt, doubt)))
        drafted.append(DraftedQuotation(quotation, reference, attribution.name, doubts))
    sections = {
        "organizations": [*records.organizations.values()],
        "actors": [*records.actors.values()],
        "sources": [{**source, "text": article.text}],
        "claims": [*claims_of(article, source, drafted)],
    }
    return ArticleDraft(
        {name: section for name, section in sections.items() if section}, drafted, skipped
    )


def claims_of(
    article: Article, source: Mapping[str, Any], drafted: list[DraftedQuotation]
) -> Iterator[dict[str, Any]]:
    """A claim for each quotation, numbered in the order of the article."""
    width = len(str(len(drafted)))
    for number, (quotation, speaker, _, _) in enumerate(drafted, 1):
        text = article.text
        paragraph = article.paragraphs[quotation.paragraph]
        start, end = quotation.start, quotation.end
        report = {
            "source": source["id"],
            "exact": text[start:end],
            "prefix": text[max(paragraph.start, start - CONTEXT) : start],
            "suffix": text[end : min(paragraph.end, end + CONTEXT)],
            "start": start,
            "end": end,
            "attribution": "direct" if is_whole_clause(article, quotation) else "mixed",
        }
        yield {
            "id": f"{source['id']}-{number:0{width}}",
            "text": sentence_around(article, quotation),
            **speaker,
            **({"date": source["date"]} if source.get("date") else {}),
            **({"language": source["language"]} if source.get("language") else {}),
            "reports": [{name: value for name, value in report.items() if value != ""}],
            "status": "draft",
            "attributes": TO_PARAPHRASE,
        }


def is_whole_clause(article: Article, quotation: Quotation) -> bool:
    """Whether a quotation stands for itself, and not inside a sentence of the article."""
    paragraph = article.paragraphs[quotation.paragraph]
    before = article.text[paragraph.start : quotation.start - 1].rstrip()
    return not before or not before[-1].isalnum() or article.text[quotation.start].isupper()


def sentence_around(article: Article, quotation: Quotation) -> str:
    """The article's sentence that holds a quotation, on one line."""
    paragraph = article.paragraphs[quotation.paragraph]
    text = article.text
    ends = [
        paragraph.start + place for place in sentence_ends(text[paragraph.start : quotation.start])
    ]
    start = ends[-1] if ends else paragraph.start
    tail = text[quotation.after : paragraph.end]
    is_over = text[quotation.end - 1] in ".!?…" and not tail.lstrip()[:1].islower()
    end = quotation.after if is_over else quotation.after + next(sentence_ends(tail), len(tail))
    return " ".join(text[start:end].split())
