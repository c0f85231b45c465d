"""Documents of the API → an HTML page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import jinja2

from api.pages import (
    edges,
    graph,
    lists,
    network_form,
    network_words,
    networks,
    relations,
    words,
)
from api.pages.assets import static_path
from api.pages.lanes import lane_chart
from api.pages.links import PageAddress, web_address
from api.pages.picture import Picture
from api.pages.site import Site
from models.values.dates import in_words

NAVIGATION = ("claims", "actors", "organizations", "topics", "positions", "events", "sources")

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("api.pages"),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    # a member that no document has is a bug
    undefined=jinja2.StrictUndefined,
)
TEMPLATES.globals |= {
    "navigation": NAVIGATION,
    "static_path": static_path,
    "stances": words.STANCES,
    "sides": words.SIDES,
    "relations": words.RELATIONS,
    "edges": edges,
    "graph": graph,
    "lane_chart": lane_chart,
    "lists": lists,
    "relation_rows": relations,
    "networks": networks,
    "network_form": network_form,
    "network_words": network_words,
    "period": words.period,
    "parse_query": parse_qsl,
}
TEMPLATES.filters |= {
    "counted": words.amount,
    "date": in_words,
    "heading": words.heading,
    "highlighted": words.highlighted,
    "identifier_url": words.identifier_url,
    "latest_first": words.latest_first,
    "marked": words.marked,
    "plain": words.plain,
    "problem_detail": words.problem_detail,
    "result_text": words.result_text,
    "snippets": words.other_texts,
    "spaced": words.unhyphenated,
    "tie": words.TIES.__getitem__,
    "web": web_address,
}


class Further(NamedTuple):
    """A further document of a page, and its address without mount point."""

    url: str
    document: Mapping[str, Any]


class Shown(NamedTuple):
    """The documents of a page."""

    document: Mapping[str, Any]
    further: Mapping[str, Further] = {}
    # the type of the document's records, and the parameters of its URL
    type: str = ""
    parameters: Collection[str] = ()
    picture: Picture | None = None


def render_page(
    template: str, page: PageAddress, shown: Shown, site: Site, embedded: bool = False
) -> bytes:
    """The page of documents."""
    further = shown.further
    # the public address replaces the mount point
    public = page._replace(root=site.url or page.root)
    text = TEMPLATES.get_template(template).render(
        address=page,
        self_url=public.in_format("html"),
        site=site,
        embedded=embedded,
        type=shown.type,
        parameters=shown.parameters,
        document=shown.document,
        picture=shown.picture,
        further={name: part.document for name, part in further.items()},
        documents=[page.in_format("json"), *(page.root + part.url for part in further.values())],
    )
    return text.encode()


def render_problem(
    page: PageAddress, problem: Mapping[str, Any], site: Site, embedded: bool
) -> bytes:
    """The page of a problem."""
    return render_page("problem.html", page, Shown(problem), site, embedded)
