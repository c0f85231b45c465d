"""The fields of a claim's document that show more than a column or a list of its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from models.documents.batch import RenderBatch
from models.documents.related import RelatedRecords
from models.documents.roles import shown_role
from models.queries.fetch import Row


def claim_quote(batch: RenderBatch) -> Callable[[Row], str | None]:
    """The claim's quote, else the exact words of its first direct report."""
    reports = batch.links["reports"]

    def render(row: Row) -> str | None:
        direct = (
            report["exact"]
            for report in reports.get(row["key"], ())
            if report["attribution"] == "direct" and report["exact"]
        )
        return row["quote"] or next(direct, None)

    return render


def claim_actor(batch: RenderBatch) -> Callable[[Row], dict | None]:
    """The actor, with kind and role: the claim's own role, else that of the membership."""
    related = batch.related
    related.fetch(batch.column("actor"))
    related.fetch_claimants(batch.column("actor"))

    def render(row: Row) -> dict | None:
        actor = related.brief[row["actor"]]
        if actor is None:
            return None
        role = shown_role(row, related.memberships)
        return {**actor, "kind": related.actor_kind[row["actor"]], "role": role}

    return render


def claim_positions(batch: RenderBatch) -> Callable[[Row], list[dict]]:
    """The positions with their labels and texts, and the claim's stance on each."""
    positions, position = batch.links["positions"], batch.related.position
    batch.related.fetch_positions(batch.link_column("positions", "position"))
    return lambda row: [
        {**position[item["position"]], "stance": item["stance"]}
        for item in positions.get(row["key"], ())
    ]


def claim_reports(batch: RenderBatch) -> Callable[[Row], list[dict]]:
    reports, sources = batch.links["reports"], batch.related.source
    batch.related.fetch_sources(batch.link_column("reports", "source"))

    def render_report(report: Row) -> dict:
        source = sources[report["source"]]
        return {
            **source["shown"],
            "attribution": report["attribution"],
            "exact": report["exact"],
            "prefix": report["prefix"],
            "suffix": report["suffix"],
            "start": report["start"],
            "end": report["end"],
            "link": text_fragment_link(source["url"], report),
        }

    return lambda row: [render_report(report) for report in reports.get(row["key"], ())]


def independent_publishers(batch: RenderBatch) -> Callable[[Row], int]:
    """How many distinct origins, else publishers, else sources, report the claim."""
    reports, related = batch.links["reports"], batch.related
    related.fetch_sources(batch.link_column("reports", "source"))
    return lambda row: count_independent(reports.get(row["key"], ()), related)


def count_independent(reports: Iterable[Row], related: RelatedRecords) -> int:
    """The number of independent publishers among the known sources of a claim's reports."""
    sources = (related.source.get(report["source"]) for report in reports)
    return len({source["independent"] for source in sources if source})


def claim_relations(batch: RenderBatch) -> Callable[[Row], list[dict]]:
    return lambda row: batch.relations.get(row["key"], [])


def text_fragment_link(url: str | None, report: Row) -> str | None:
    """The source's URL, opening at the exact words (WICG Scroll to Text Fragment)."""
    if not url or not report["exact"]:
        return url
    before = f"{fragment_text(report['prefix'])}-," if report["prefix"] else ""
    after = f",-{fragment_text(report['suffix'])}" if report["suffix"] else ""
    start = "" if "#" in url else "#"
    return f"{url}{start}:~:text={before}{fragment_text(report['exact'])}{after}"


class PercentEncoding(dict[int, str]):
    """The encoding of characters in a text fragment, by code point, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self[code] = quote(chr(code), safe="").replace("-", "%2D")
        return self[code]


PERCENT_ENCODING = PercentEncoding()


def fragment_text(text: str) -> str:
    return text.translate(PERCENT_ENCODING)


CLAIM_FIELDS: dict[str, Callable[[RenderBatch], Callable[[Row], Any]]] = {
    "quote": claim_quote,
    "actor": claim_actor,
    "positions": claim_positions,
    "reports": claim_reports,
    "independent_publishers": independent_publishers,
    "relations": claim_relations,
}
