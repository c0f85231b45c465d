"""Who speaks in an article: mentions of names, and the speaker of each quotation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.values.folding import fold
from seeds.imports.draft.article import Article, sentence_ends
from seeds.imports.draft.cue_words import (
    ARTICLES,
    CONJUNCTIONS,
    CUE,
    NO_NAMES,
    PARTICLES,
    PREPOSITIONS,
    PRONOUNS,
    TITLES,
)
from seeds.imports.draft.quotations import Quotation

WORD = re.compile(r"[^\W\d_][\w’'.\-]*[^\W_]|[^\W\d_]")
# between a name and its verb: a dit, has also said
AUXILIARIES = re.compile(r"\s+(?:[\w’']{1,6}\s+){0,2}")
# the end of a name in the genitive
GENITIVE = re.compile(r"[’']s?$")
DESCRIPTION = re.compile(rf"\W*\b((?:{ARTICLES})\s[\w\s’'\-]{{2,60}}?)\W*", re.IGNORECASE)
END_OF_DESCRIPTION = re.compile(r"[,.;:—–(]|\s(?:who|which|in|on|at|of|for|to|after|during|as)\s")
NOBODY = "nobody is said to have spoken it"
NEAREST = "the nearest name is taken"
FAR = "the speaker of the quotation before is taken"
LAST_SPEAKER = "the paragraph names no speaker: the last one is taken"
MAX_HEADING = 150
# signs and spaces around the only quotation of a paragraph
MAX_MARKS = 20
# a description of a speaker has at most so many words
MAX_DESCRIPTION = 8


class Mention(NamedTuple):
    """A name in a text, without titles and genitive, or a pronoun."""

    start: int
    end: int
    name: str
    is_pronoun: bool = False
    # whether its place is that of a subject
    is_subject: bool = False


class Attribution(NamedTuple):
    """The speaker of a quotation as the article names it, and the reason for a doubt."""

    name: str
    is_named: bool = True
    doubt: str = ""


class Skipped(NamedTuple):
    """A quotation that nobody is said to have spoken, and why."""

    reason: str


class Clause(NamedTuple):
    """A part of a sentence beside a quotation."""

    start: int
    end: int


class Speakers:
    """Finds the speakers of an article's quotations, which are given in order."""

    def __init__(self, article: Article, quotations: Sequence[Quotation]) -> None:
        self.article = article
        self.quotations = quotations
        self.mentions = [
            mention
            for mention in find_mentions(article.text)
            if not is_quoted(quotations, mention.start)
        ]
        self.starts = [mention.start for mention in self.mentions]
        self.names = self.speaking_names()

    def attributions(self) -> list[Attribution | Skipped]:
        """The speaker of each quotation."""
        attributions: list[Attribution | Skipped] = []
        for number, quotation in enumerate(self.quotations):
            attributions.append(self.attribution(number, quotation, attributions))
        return attributions

    def attribution(
        self, number: int, quotation: Quotation, earlier: Sequence[Attribution | Skipped]
    ) -> Attribution | Skipped:
        if self.is_heading(quotation):
            return Skipped("a heading")
        doubt = "" if quotation.is_closed else "the quotation has no closing mark"
        before, after = self.clauses(number)
        speaker = self.speaker_after(after) or self.speaker_before(before)
        if speaker:
            return speaker._replace(doubt="; ".join(filter(None, (doubt, speaker.doubt))))
        previous = self.quotations[number - 1] if number else None
        spoken = earlier[-1] if earlier else None
        if previous and isinstance(spoken, Attribution):
            if previous.paragraph == quotation.paragraph:
                between = self.article.text[previous.after : quotation.start - 1]
                ends = [0, *sentence_ends(between)]
                # inside a sentence that tells of nobody who speaks: the “new plan” failed
                if WORD.search(between, ends[-1]):
                    return Skipped(NOBODY)
                return spoken._replace(doubt=doubt or ("" if len(ends) <= 2 else FAR))
            if quotation.continues:
                return spoken._replace(doubt=doubt)
            if self.is_whole_paragraph(quotation):
                return spoken._replace(doubt=LAST_SPEAKER)
        return Skipped(NOBODY)

    def is_heading(self, quotation: Quotation) -> bool:
        """Whether a quotation is a paragraph that ends like no sentence, or is a heading."""
        paragraph = self.article.paragraphs[quotation.paragraph]
        if paragraph.is_heading:
            return True
        text = self.article.text[quotation.start : quotation.end]
        return (
            self.is_whole_paragraph(quotation)
            and len(text) <= MAX_HEADING
            and not quotation.continues
            and (text[-1] not in ".!?…。" or is_title_case(text))
        )

    def is_whole_paragraph(self, quotation: Quotation) -> bool:
        paragraph = self.article.paragraphs[quotation.paragraph]
        if paragraph.end - paragraph.start - (quotation.end - quotation.start) > MAX_MARKS:
            return False
        text = self.article.text
        outside = text[paragraph.start : quotation.start] + text[quotation.after : paragraph.end]
        return not any(character.isalnum() for character in outside)

    def clauses(self, number: int) -> tuple[Clause, Clause]:
        """The part of a sentence that leads to a quotation, and the one that follows it."""
        quotation = self.quotations[number]
        paragraph = self.article.paragraphs[quotation.paragraph]
        start, end = paragraph.start, paragraph.end
        if number and self.quotations[number - 1].paragraph == quotation.paragraph:
            start = self.quotations[number - 1].after
        if number + 1 < len(self.quotations):
            end = min(end, self.quotations[number + 1].start - 1)
        text = self.article.text
        before = text[start : quotation.start - 1]
        # the last sentence, even if it ends: Rutte was blunt. “No.”
        ends = [place for place in sentence_ends(before) if before[place:].strip()]
        first = start + (ends[-1] if ends else 0)
        after = text[quotation.after : end]
        last = quotation.after + next(sentence_ends(after), len(after))
        # a new sentence follows, unless it tells who spoke: “Really?” Rutte asked.
        is_apart = after.lstrip()[:1].isupper() and text[quotation.end - 1] in ".!?…"
        if is_apart and not CUE.search(text, quotation.after, last):
            last = quotation.after
        return Clause(first, quotation.start - 1), Clause(quotation.after, last)

    def speaker_after(self, clause: Clause) -> Attribution | None:
        """The speaker whom the words after a quotation name: “…,” Rutte said, or said Rutte."""
        cue = CUE.search(self.article.text, clause.start, clause.end)
        return self.subject(cue, clause) if cue else None

    def speaker_before(self, clause: Clause) -> Attribution | None:
        """The speaker whom the words before a quotation name: Rutte added: “…”."""
        cues = [*CUE.finditer(self.article.text, clause.start, clause.end)]
        return self.subject(cues[-1], clause) if cues else None

    def subject(self, cue: re.Match[str], clause: Clause) -> Attribution | None:
        """The subject of a verb of speech: before it, else after it."""
        text = self.article.text
        before = self.mentions_between(clause.start, cue.start())
        subjects = [mention for mention in before if mention.is_subject]
        if before and self.stands_at(before[-1], cue):
            subjects.append(before[-1])
        if subjects:
            return self.named(subjects[-1])
        after = self.mentions_between(cue.end(), clause.end)
        if after and not any(
            word in PREPOSITIONS for word in text[cue.end() : after[0].start].lower().split()
        ):
            return self.named(after[0])
        description = described(text[clause.start : cue.start()]) or described(
            END_OF_DESCRIPTION.split(text[cue.end() : clause.end], maxsplit=1)[0]
        )
        if description:
            return Attribution(description, False, "the speaker has no name")
        if before:
            attribution = self.named(before[-1])
            return attribution and attribution._replace(doubt=NEAREST)
        return None

    def named(self, mention: Mention) -> Attribution | None:
        """The speaker of a mention; a pronoun stands for the last name that speaks."""
        if not mention.is_pronoun:
            return Attribution(self.full_name(mention.name))
        earlier_mentions = self.mentions[: bisect_left(self.starts, mention.start)]
        if mention.name == "who" and earlier_mentions and not earlier_mentions[-1].is_pronoun:
            return Attribution(self.full_name(earlier_mentions[-1].name))
        for earlier in reversed(earlier_mentions):
            name = self.full_name(earlier.name)
            if not earlier.is_pronoun and name in self.names:
                return Attribution(name)
            # names of people mostly have two words or more
            if not earlier.is_pronoun and earlier.is_subject and " " in name:
                return Attribution(name, doubt=NEAREST)
        return None

    def stands_at(self, mention: Mention, cue: re.Match[str]) -> bool:
        """Whether a name stands right before a verb, and is no place: the envoy in Ankara said."""
        text = self.article.text
        before = text[max(0, mention.start - 20) : mention.start].split()
        is_place = bool(before) and before[-1].lower() in PREPOSITIONS
        return text[mention.end : cue.start()].isspace() and not is_place

    def full_name(self, name: str) -> str:
        """The only longer name of the article that ends with a name, or the name."""
        longer = self.longer_names.get(fold(name), ())
        return next(iter(longer)) if len(longer) == 1 else name

    def speaking_names(self) -> set[str]:
        """The names that are subjects of verbs of speech anywhere in the article."""
        self.longer_names: dict[str, set[str]] = {}
        for mention in self.mentions:
            words = mention.name.split()
            for first in range(1, len(words)):
                key = fold(" ".join(words[first:]))
                self.longer_names.setdefault(key, set()).add(mention.name)
        text = self.article.text
        names: set[str] = set()
        for cue in CUE.finditer(text):
            place = bisect_left(self.starts, cue.start())
            before, after = self.mentions[max(0, place - 1) : place], self.mentions[place:][:1]
            if before and AUXILIARIES.fullmatch(text[before[0].end : cue.start()]):
                names.update(self.full_name(m.name) for m in before if not m.is_pronoun)
            elif after and text[cue.end() : after[0].start].isspace() and is_first(text, cue):
                names.update(self.full_name(m.name) for m in after if not m.is_pronoun)
        return names

    def mentions_between(self, start: int, end: int) -> list[Mention]:
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def is_quoted(quotations: Sequence[Quotation], place: int) -> bool:
    """Whether a place stands inside a quotation."""
    number = bisect_left(quotations, place + 1, key=lambda quotation: quotation.start) - 1
    return number >= 0 and place < quotations[number].end


def is_first(text: str, cue: re.Match[str]) -> bool:
    """Whether a verb stands after a sign: “…,” said Rutte."""
    return not text[max(0, cue.start() - 3) : cue.start()].rstrip()[-1:].isalnum()


def is_title_case(text: str) -> bool:
    words = [word for word in WORD.findall(text) if len(word) > 3]
    return bool(words) and all(word[0].isupper() for word in words)


def described(text: str) -> str:
    """The description that a text consists of, such as “a senior official”; or nothing."""
    match = DESCRIPTION.fullmatch(text)
    description = match.group(1).strip() if match else ""
    return description if len(description.split()) <= MAX_DESCRIPTION else ""


def find_mentions(text: str) -> Iterator[Mention]:
    """The names and pronouns of a text: words with capitals side by side, without titles."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        adjacent = run and text[run[-1].end() : word.start()] in (" ", "\u00a0")
        is_part = word.group()[0].isupper() or (adjacent and word.group() in PARTICLES)
        if run and not (adjacent and is_part and not GENITIVE.search(run[-1].group())):
            yield from mention_of(text, run)
            run = []
        # French and Portuguese join them to verbs: dit-il
        pronoun = word.group().lower().rpartition("-")[2]
        if pronoun in PRONOUNS:
            yield from mention_of(text, run)
            run = []
            yield Mention(word.end() - len(pronoun), word.end(), pronoun, True, True)
        elif is_part and (run or word.group() not in PARTICLES):
            run.append(word)
    yield from mention_of(text, run)


def mention_of(text: str, run: list[re.Match[str]]) -> Iterator[Mention]:
    """The name in a run of words with capitals, if any."""
    words = run[:]
    is_subject = bool(words) and follows_as_subject(text, words[0].start())
    while words and words[0].group().lower() in NO_NAMES:
        words = words[1:]
    titles = [number for number, word in enumerate(words[:-1]) if is_title(word.group())]
    words = words[titles[-1] + 1 :] if titles else words
    while words and words[-1].group() in PARTICLES:
        words = words[:-1]
    if words and (words[0].group().isupper() or not is_title(words[0].group())):
        name = GENITIVE.sub("", text[words[0].start() : words[-1].end()])
        is_genitive = len(name) < words[-1].end() - words[0].start()
        yield Mention(
            words[0].start(), words[-1].end(), name, False, is_subject and not is_genitive
        )


def is_title(word: str) -> bool:
    return word.lower().rstrip(".") in TITLES


def follows_as_subject(text: str, place: int) -> bool:
    """Whether a name at a place is a subject: after a sign, a conjunction, or at the beginning."""
    before = text[max(0, place - 40) : place].rstrip()
    if not before or not before[-1].isalnum():
        return True
    words = before.split()
    while words and words[-1].lower() in ("the", "a", "an", "der", "die", "le", "la", "el", "il"):
        words = words[:-1]
    return bool(words) and words[-1].lower() in CONJUNCTIONS
