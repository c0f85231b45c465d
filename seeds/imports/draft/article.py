"""Articles: their text, paragraphs and title, from plain text or HTML."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

MAX_BYTES = 16_000_000
MAX_CHARACTERS = 1_000_000
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
# elements whose text is no part of an article
SKIPPED = frozenset({
    *("script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside"),
    *("form", "button", "select", "figcaption", "iframe", "head"),
})  # fmt: skip
# elements that begin a paragraph
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {
    *("p", "div", "section", "article", "main", "blockquote", "li", "ul", "ol", "dl", "dt"),
    *("dd", "table", "tr", "td", "th", "figure", "br", "hr", "pre", "address", "details"),
    "summary",
}
# the elements that hold an article, the narrowest first
CONTAINERS = ("article", "main", "body")
COUNTED = SKIPPED | HEADINGS | {*CONTAINERS, "title"}
# control characters, except tab and line feed; the rest of the text keeps its places
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# the usual characters of a line in a text that is wrapped
WRAPPED_WIDTHS = (50, 100)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ArticleError(ValueError):
    """A file that is no article."""


class Paragraph(NamedTuple):
    """The place of a paragraph in a text."""

    start: int
    end: int
    is_heading: bool = False


class Article(NamedTuple):
    """A text in Unicode's NFC form, its paragraphs, and what its file tells of it."""

    text: str
    paragraphs: list[Paragraph]
    title: str = ""
    date: str = ""
    language: str = ""
    url: str = ""


def read_article(path: Path, encoding: str = "utf-8-sig") -> Article:
    """The article of a file. Raises ArticleError if the file is too large, or no text."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ArticleError(f"the file has more than {MAX_BYTES:,} bytes: cut it to the article")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in content:
        raise ArticleError("the file is no text: give a .txt or .html file")
    try:
        text = content.decode(encoding)
    except LookupError:
        raise ArticleError(f"there is no encoding {encoding!r}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = "name its encoding, such as --encoding cp1252"
        raise ArticleError(f"line {line} is not in {encoding}: {advice}") from None
    is_html = path.suffix.lower() in HTML_SUFFIXES
    article = article_of_html(text) if is_html else article_of_text(text)
    if not article.text:
        raise ArticleError("the file has no text")
    if len(article.text) > MAX_CHARACTERS:
        length = f"{len(article.text):,} characters, {MAX_CHARACTERS:,} at most"
        raise ArticleError(f"the text has {length}: cut it to the article")
    return article


def plain_text(text: str) -> str:
    """A text in NFC, with line feeds alone as line ends, and without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").replace("\x85", "\n").replace("\ufeff", "")
    return unicodedata.normalize("NFC", CONTROL.sub(" ", text)).strip()


def article_of_text(text: str) -> Article:
    """The article of a plain text, whose paragraphs are lines or stand between empty lines."""
    text = plain_text(text)
    separator = re.compile(r"\n[ \t]*\n\s*" if is_wrapped(text) else r"\n\s*")
    paragraphs = []
    start = 0
    for gap in separator.finditer(text):
        paragraphs.append(Paragraph(start, gap.start()))
        start = gap.end()
    paragraphs.append(Paragraph(start, len(text)))
    first_line = text[: paragraphs[0].end]
    is_title = len(paragraphs) > 1 and len(first_line) <= 150 and first_line[-1] not in ".!?…"
    return Article(
        text, paragraphs, title=first_line if is_title and "\n" not in first_line else ""
    )


def is_wrapped(text: str) -> bool:
    """Whether a text breaks its lines at a width, and has empty lines between paragraphs."""
    lines = text.split("\n")
    broken = [len(line) for line, next in pairwise(lines) if line.strip() and next.strip()]
    has_gaps = any(not line.strip() for line in lines)
    widths = WRAPPED_WIDTHS
    return (
        has_gaps
        and bool(broken)
        and max(map(len, lines)) <= widths[1]
        and median(broken) >= widths[0]
    )


def article_of_html(text: str) -> Article:
    """The article of an HTML page: its paragraphs, one a line."""
    parser = ArticleParser()
    parser.feed(text)
    parser.close()
    blocks = parser.blocks_of_article()
    paragraphs = []
    start = 0
    for block, is_heading in blocks:
        paragraphs.append(Paragraph(start, start + len(block), is_heading))
        start += len(block) + 1
    text = "\n".join(block for block, _ in blocks)
    meta = parser.meta
    dates = DATE.search(meta.get("article:published_time") or meta.get("date") or "")
    return Article(
        text,
        paragraphs,
        plain_text(meta.get("og:title") or parser.title),
        dates.group() if dates else "",
        parser.language,
        parser.url or meta.get("og:url", ""),
    )


class ArticleParser(HTMLParser):
    """Collects the paragraphs of an HTML page, each with the containers around it.

    Open elements are counted by name, so that a missing end tag does no harm elsewhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: Counter[str] = Counter()
        self.words: list[str] = []
        self.blocks: list[tuple[str, frozenset[str], bool]] = []
        self.meta: dict[str, str] = {}
        self.title = self.language = self.url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag == "meta":
            name = attributes.get("property") or attributes.get("name", "")
            self.meta.setdefault(name.lower(), attributes.get("content", ""))
        elif tag == "link" and attributes.get("rel") == "canonical":
            self.url = attributes.get("href", "")
        if tag in BLOCKS:
            self.end_block()
        if tag in COUNTED:
            self.open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_block()
        if self.open[tag]:
            self.open[tag] -= 1

    def handle_data(self, data: str) -> None:
        if self.open["title"] and not self.open["svg"]:
            self.title += data
        elif not any(self.open[tag] for tag in SKIPPED):
            self.words.append(data)

    def close(self) -> None:
        super().close()
        self.end_block()

    def end_block(self) -> None:
        text = plain_text(" ".join("".join(self.words).split()))
        self.words = []
        if text:
            around = frozenset(tag for tag in CONTAINERS if self.open[tag])
            self.blocks.append((text, around, any(self.open[tag] for tag in HEADINGS)))

    def blocks_of_article(self) -> list[tuple[str, bool]]:
        """The paragraphs inside the narrowest container, each with whether it is a heading."""
        containers = [
            container
            for container in CONTAINERS
            if any(container in around for _, around, _ in self.blocks)
        ]
        return [
            (text, is_heading)
            for text, around, is_heading in self.blocks
            if not containers or containers[0] in around
        ]


def sentence_ends(text: str) -> Iterator[int]:
    """The places after each sentence of a text; an initial or an abbreviation ends none."""
    for match in SENTENCE_END.finditer(text):
        if not ABBREVIATION.search(text, max(0, match.start() - 12), match.start() + 1):
            yield match.end()


SENTENCE_END = re.compile(r"[.!?…](?=[\s\"”’»)\]]|$)|[。！？]")
ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:[A-ZÀ-ÞА-Я]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sen|Rep|Gov|St|Jr|Sr|No|vs|Inc|Corp"
    r"|[Uu]\.S|[Uu]\.K|U\.N|e\.g|i\.e|z\.B|Hr|Fr|Nr|bzw|ca|p\.m|a\.m)\.$"
)
