"""Sources."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import (
    Dates,
    Day,
    Facets,
    Fields,
    Ids,
    Include,
    Languages,
    ListQuery,
    Names,
    OneOf,
    Sort,
    one_query,
)
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Source
from models.queries.facets import FACETS
from models.source import KINDS

blp = Blueprint("sources", __name__, description="The documents that report claims.")


class SourceSchema(schemas.Schema):
    """An article, a transcript, a declaration, a post …"""

    id = schemas.record_id()
    title = schemas.text("The title.")
    kind = schemas.word("SourceKind", KINDS, "What kind of document it is.")
    publisher = schemas.one(schemas.Reference, "Who published it.")
    origin = schemas.one(schemas.Reference, "Whose report it repeats.")
    authors = schemas.texts("Who wrote it.")
    date = schemas.date("When it was published.")
    language = schemas.text("Its language, as BCP 47 tag.", nullable=True)
    url = schemas.text("Where it is.", nullable=True)
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class SourceQuery(ListQuery):
    id = Ids(["defensehere-2025-05-14-post"])
    kind = OneOf("SourceKind", KINDS, "Sources of these kinds.")
    publisher = Names(
        "organization",
        description="Sources that these organizations published.",
        example=["defensehere"],
    )
    origin = Names(
        "organization",
        description="Sources that repeat a report of these organizations.",
        example=["anadolu-agency"],
    )
    language = Languages("Sources in these languages.", ["en"])
    actor = Names(
        "actor",
        description="Sources that report claims of these actors.",
        example=["mark-rutte"],
    )
    event = Names(
        "event",
        description="Sources that report claims made at these events.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    topic = Names(
        "topic",
        description="Sources that report claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    date = Dates("Sources whose date lies within these dates.", ["2025-05"])
    from_date = Day("Sources of this date or a later one.", "2025-05-14")
    to_date = Day("Sources of this date or an earlier one.", "2025")
    sort = Sort("SourceSort", Source.SORTS, "name")
    facet = Facets("SourceFacet", FACETS[Source])
    include = Include("source")
    fields = Fields(SourceSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Source, SourceQuery, schemas.page_of(SourceSchema))


@blp.list("/sources", SourceQuery(), LISTING.page)
def list_sources(query: Query) -> Response:
    """List sources, by title.

    What a source says is not shown, but for the words that a claim's reports quote.
    """
    return page(Source, query)


@blp.one("/sources/<id>", SourceSchema, one_query("source", SourceSchema))
def get_source(query: Query, id: str) -> Response:
    """Get one source.

    Who published it, and whose report it repeats. A former id redirects to the one that replaced
    it.
    """
    return document("source", id, query)
