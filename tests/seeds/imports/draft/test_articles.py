"""Articles in plain text and HTML, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from seeds.imports.draft.article import ArticleError, article_of_html, article_of_text, read_article

PAGE = """<!doctype html><html lang="en-GB"><head><title>A title | Site</title>
<meta property="article:published_time" content="2025-05-14T10:00:00+03:00">
<link rel="canonical" href="https://news.test/a">
<style>p { color: red }</style></head><body><nav><p>“Menu”</p></nav>
<article><h1>“A heading”</h1><p>Rutte said: “We <em>need</em>
it.”<p>Next &amp; last.<script>“no”</script></article><footer>“Rights”</footer></body></html>"""


LINE = "A line of some sixty characters, at which a writer broke it:"


def paragraphs(article: object) -> list[str]:
    return [article.text[part.start : part.end] for part in article.paragraphs]  # type: ignore[attr-defined]


def test_html_pages_give_the_paragraphs_of_their_article() -> None:
    article = article_of_html(PAGE)
    assert paragraphs(article) == ["“A heading”", "Rutte said: “We need it.”", "Next & last."]
    assert [part.is_heading for part in article.paragraphs] == [True, False, False]
    assert article[2:] == ("A title | Site", "2025-05-14", "en-GB", "https://news.test/a")


@pytest.mark.parametrize(
    ("text", "expected", "title"),
    [
        ("A title\nOne.\n\nTwo.\r\nThree.", ["A title", "One.", "Two.", "Three."], "A title"),
        (f"{LINE}\n{LINE}\n\n{LINE}\nhere.", [f"{LINE}\n{LINE}", f"{LINE}\nhere."], ""),
    ],
)
def test_plain_texts_have_a_paragraph_a_line_unless_they_are_wrapped(
    text: str, expected: list[str], title: str
) -> None:
    article = article_of_text(text)
    assert paragraphs(article) == expected
    assert article.title == title


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Erdog\u0306an\x07 spoke".encode(), "Erdoğan  spoke"),
        ("\ufeffErdoğan".encode(), "Erdoğan"),
        ("Erdoğan".encode("utf-16"), "Erdoğan"),
    ],
)
def test_texts_are_in_nfc_without_control_characters(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    assert read_article(path).text == expected


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "the file has no text"),
        ("a.html", b"<html><nav>menu</nav></html>", "the file has no text"),
        ("a.txt", b"PK\x03\x04\x00\x00", "the file is no text: give a .txt or .html file"),
        ("a.txt", "Erdo\n\u2019".encode("cp1252"),
         "line 2 is not in utf-8-sig: name its encoding, such as --encoding cp1252"),
        ("a.txt", b"a" * 1_000_001,
         "the text has 1,000,001 characters, 1,000,000 at most: cut it to the article"),
        ("a.txt", b"a" * 16_000_001,
         "the file has more than 16,000,000 bytes: cut it to the article"),
    ],
    ids=["empty", "empty page", "binary", "cp1252", "long text", "large file"],
)  # fmt: skip
def test_files_that_are_no_articles(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ArticleError) as failure:
        read_article(path)
    assert str(failure.value) == message
