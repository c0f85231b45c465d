"""The sitemap and robots.txt, for crawlers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from api.http.problems import HTTPProblem
from api.http.urls import public_url
from models.database.connection import database, fetch_all
from models.dataset import reading

# keys of one part; a sitemap may have 50,000 addresses
PART = 10_000
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

blp = Blueprint("sitemap", __name__)


@blp.get("/robots.txt")
def robots() -> Response:
    """Crawlers read pages and records, not every combination of filters."""
    return Response(
        "User-agent: *\nDisallow: /*?\nAllow: /*?format=html$\nAllow: /sitemap.xml?part=\n"
        f"Sitemap: {public_url()}/sitemap.xml\n",
        content_type="text/plain; charset=utf-8",
    )


@blp.get("/sitemap.xml")
def sitemap() -> Response:
    """All parts of the sitemap, or with `part` the pages of one."""
    root = public_url()
    with reading() as dataset:
        parts = dataset.last_key // PART + 1
        part = request.args.get("part")
        if part is None:
            urls = [f"{root}/sitemap.xml?part={n}" for n in range(parts)]
            return xml_response("sitemapindex", "sitemap", urls)
        if part not in map(str, range(parts)):
            raise HTTPProblem("not-found", f"There is no part {part[:20]!r}; there are {parts}.")
        return xml_response(
            "urlset", "url", [f"{root}{path}?format=html" for path in page_paths(int(part))]
        )


def page_paths(part: int) -> list[str]:
    """The paths of the records of a part; claims that no list shows are left out."""
    param = database.param
    rows = fetch_all(
        "SELECT record.type, record.id FROM record LEFT JOIN claim ON claim.key = record.key"
        f" WHERE record.key >= {param} AND record.key < {param}"
        " AND (claim.key IS NULL OR claim.listed = 1) ORDER BY record.key",
        part * PART,
        (part + 1) * PART,
    )
    home = ["/"] if part == 0 else []
    return [*home, *(f"/{type}s/{id}" for type, id in rows)]


def xml_response(name: str, item: str, urls: list[str]) -> Response:
    items = "".join(f"<{item}><loc>{escape(url)}</loc></{item}>\n" for url in urls)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} {NAMESPACE}>\n{items}</{name}>\n'
    return Response(text, content_type="application/xml")


for view in (robots, sitemap):
    view.formats = ()  # type: ignore[attr-defined]
