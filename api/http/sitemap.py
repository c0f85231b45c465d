"""The sitemap and robots.txt, for crawlers."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from api.http.etags import etag, etag_header, etag_matches
from api.http.middleware import CACHE_CONTROL
from api.http.problems import HTTPProblem, parameter_error
from api.http.urls import public_url
from models.database.connection import database, fetch_all
from models.dataset import Dataset
from models.reading import reading

# keys of one part; a sitemap may have 50,000 addresses
PART = 10_000
MEDIA_TYPE = "application/xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

PARAMETERS = ("part",)

blp = Blueprint("sitemap", __name__)


@blp.get("/robots.txt")
def robots() -> Response:
    """Crawlers read pages and records, not every combination of filters."""
    root = public_url()
    path = urlsplit(root).path
    return Response(
        f"User-agent: *\nDisallow: {path}/*?\nAllow: {path}/*?format=html$\n"
        f"Allow: {path}/static/\nAllow: {path}/sitemap.xml?part=\n"
        f"Sitemap: {root}/sitemap.xml\n",
        content_type="text/plain; charset=utf-8",
    )


@blp.get("/sitemap.xml")
def sitemap() -> Response:
    """All parts of the sitemap, or with `part` the pages of one."""
    for name in request.args:
        if name not in PARAMETERS:
            raise HTTPProblem(
                "unknown-parameter",
                f"This path has no parameter {name[:200]!r}. It takes: part.",
                [parameter_error(name[:200], "unknown parameter")],
            )
    root = public_url()
    part = request.args.get("part")
    with reading() as dataset:
        tag = etag(dataset, f"{root}/sitemap.xml", str(part), MEDIA_TYPE)
        if etag_matches(tag, request.headers.get("If-None-Match", "")):
            response = Response(status=304)
        elif part is None:
            urls = [f"{root}/sitemap.xml?part={n}" for n in range(part_count(dataset))]
            response = xml_response("sitemapindex", "sitemap", urls)
        else:
            urls = [f"{root}{path}?format=html" for path in part_paths(part, dataset)]
            response = xml_response("urlset", "url", urls)
    response.headers.extend([CACHE_CONTROL, ("ETag", etag_header(tag, ""))])
    return response


def part_count(dataset: Dataset) -> int:
    return dataset.last_key // PART + 1


def part_paths(part: str, dataset: Dataset) -> list[str]:
    """The paths of a part as a query names it. Raises HTTPProblem."""
    parts = part_count(dataset)
    if part not in map(str, range(parts)):
        raise HTTPProblem("not-found", f"There is no part {part[:20]!r}; there are {parts}.")
    return page_paths(int(part))


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
    return Response(text, content_type=MEDIA_TYPE)


for view in (robots, sitemap):
    view.formats = ()  # type: ignore[attr-defined]
