"""Quotations: the words between quotation marks, as ten languages write them."""

from __future__ import annotations

from typing import NamedTuple

from seeds.imports.draft.article import Article, Paragraph

# the marks that close a quotation, by the mark that opens it
CLOSING = {
    "“": "”",  # English, Turkish, Portuguese, Chinese
    "„": "“”",  # German, Czech, Bulgarian; Polish, Romanian, Hungarian
    "«": "»",  # French, Russian, Ukrainian, Italian, Spanish, Greek
    "»": "«»",  # German and Danish books; Finnish
    "”": "”",  # Swedish and Finnish
    "‘": "’",  # British English
    "‚": "‘’",  # German, inside others
    "‹": "›",  # Swiss
    "「": "」",  # Japanese, Chinese
    "『": "』",
    '"': '"',
}
# marks that open a quotation only after a space, since they close others, or are apostrophes
AMBIGUOUS = '”»"‘'
# French has a space after the opening mark
SPACED = "«‹"
APOSTROPHE = "’"
# characters of a quotation, as many as a claim may have
MAX_QUOTATION = 20_000
# words before and after a quotation that tell it from equal ones (W3C Web Annotation)
CONTEXT = 32


class Quotation(NamedTuple):
    """The place of a quotation in a text, without its marks, and in which paragraph it stands."""

    start: int
    end: int
    paragraph: int
    # the place after the closing mark, or of the paragraph's end
    after: int
    is_closed: bool = True
    # whether it goes on with the quotation of the paragraph before
    continues: bool = False


def find_quotations(article: Article) -> list[Quotation]:
    """The outermost quotations of an article, in order.

    A quotation of several paragraphs closes in the last, and each paragraph opens it again: it is
    one quotation a paragraph.
    """
    quotations: list[Quotation] = []
    for number, paragraph in enumerate(article.paragraphs):
        in_paragraph = quotations_of(article.text, paragraph, number)
        previous = quotations[-1] if quotations else None
        if (
            in_paragraph
            and previous
            and goes_on(article.text, previous, in_paragraph[0], paragraph)
        ):
            quotations[-1] = previous._replace(is_closed=True)
            in_paragraph[0] = in_paragraph[0]._replace(continues=True)
        quotations += in_paragraph
    return quotations


def goes_on(text: str, previous: Quotation, next: Quotation, paragraph: Paragraph) -> bool:
    """Whether a paragraph opens the quotation again that the paragraph before left open."""
    return (
        not previous.is_closed
        and previous.paragraph == next.paragraph - 1
        and text[paragraph.start : next.start].strip() == text[previous.start - 1 :][:1]
    )


def quotations_of(text: str, paragraph: Paragraph, number: int) -> list[Quotation]:
    quotations = []
    place = paragraph.start
    while place < paragraph.end:
        if opens(text, place, paragraph.start):
            limit = min(paragraph.end, place + MAX_QUOTATION)
            closing = closing_place(text, place, limit)
            end = limit if closing is None else closing
            start, last = trimmed(text, place + 1, end)
            after = min(end + 1, paragraph.end)
            if last > start:
                quotations.append(Quotation(start, last, number, after, closing is not None))
            place = after
        else:
            place += 1
    return quotations


def opens(text: str, place: int, first: int) -> bool:
    """Whether a mark opens a quotation: before a word, and where it can also close, not after."""
    mark, follows = text[place], text[place + 1 : place + 2]
    if mark not in CLOSING or not follows:
        return False
    if follows.isspace():
        return mark in SPACED
    return mark not in AMBIGUOUS or is_free(text, place, first)


def is_free(text: str, place: int, first: int) -> bool:
    """Whether a mark stands at the beginning, or after a space, bracket or dash."""
    return place == first or text[place - 1].isspace() or text[place - 1] in "([—–-:/"


def closing_place(text: str, place: int, end: int) -> int | None:
    """The place of the mark that closes a quotation; nested ones of the same marks are counted."""
    opening = text[place]
    closing = CLOSING[opening]
    depth = 1
    plural = None
    for next in range(place + 1, end):
        mark = text[next]
        if mark in closing and not is_apostrophe(text, next):
            depth -= 1
            if not depth:
                # “the allies’ budgets” has no end of a quotation
                if (
                    mark == APOSTROPHE
                    and text[next - 1] == "s"
                    and text[next + 1 : next + 2] == " "
                ):
                    plural, depth = plural or next, 1
                    continue
                return next
        elif mark == opening:
            if plural:
                break
            depth += 1
    return plural


def is_apostrophe(text: str, place: int) -> bool:
    """Whether a mark stands between two letters, as in “don’t”."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] == APOSTROPHE and len(around) == 2 and around.isalpha()


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The places of a part of a text without spaces around it and a comma at its end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",،，"):
        end -= 1
    return start, end
