"""Sources."""

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    MatchParameter,
    SortParameter,
)
from api.query.parameters import (
    DateParameter,
    DayParameter,
    EnumFilter,
    FullTextParameter,
    IdParameter,
    LanguageParameter,
    NameParameter,
)
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Source
from models.claim import STANCES
from models.source import KINDS

blp = Blueprint(
    "sources",
    __name__,
    description="The documents that report claims.",
    example="defensehere-2025-05-14-post",
)


class SourceSchema(schemas.Schema):
    """An article, a transcript, a declaration, a post …"""

    id = schemas.id_field()
    title = schemas.text_field("The title.")
    kind = schemas.enum_field("SourceKind", KINDS, "The kind of document.")
    publisher = schemas.object_field(schemas.ReferenceSchema, "The publisher.")
    origin = schemas.object_field(
        schemas.ReferenceSchema, "The organization whose report it repeats."
    )
    authors = schemas.texts_field("The authors.")
    date = schemas.date_field("The date of publication.")
    language = schemas.text_field("Its language, as BCP 47 tag.", nullable=True)
    url = schemas.text_field("The address.", nullable=True)
    archive_url = schemas.text_field("The address of an archived copy.", nullable=True)
    accessed = schemas.date_field("The date at which the coder read it.")
    attributes = schemas.attributes_field()
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class SourceQuery(ListQuery):
    q = FullTextParameter("Sources with these words in their title or text.", "NATO summit")
    id = IdParameter(["defensehere-2025-05-14-post"])
    kind = EnumFilter("SourceKind", KINDS, "Sources of these kinds.")
    publisher = NameParameter(
        "organization",
        description="Sources that these organizations published.",
        example=["defensehere"],
    )
    origin = NameParameter(
        "organization",
        description="Sources that repeat a report of these organizations.",
        example=["anadolu-agency"],
    )
    language = LanguageParameter("Sources in these languages.", ["en"])
    actor = NameParameter(
        "actor",
        description="Sources that report claims of these actors.",
        example=["mark-rutte"],
    )
    organization = NameParameter(
        "organization",
        description="Sources that report claims on behalf of these organizations.",
        example=["nato"],
    )
    event = NameParameter(
        "event",
        description="Sources that report claims made at these events or parts of them.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    topic = NameParameter(
        "topic",
        description="Sources that report claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = NameParameter(
        "position",
        description="Sources that report claims that take a stance on these positions.",
        example=["ukraine-will-join-nato"],
    )
    stance = EnumFilter(
        "Stance", STANCES, "Sources that report claims that take one of these stances."
    )
    match = MatchParameter()
    date = DateParameter("Sources whose date lies within these dates.", ["2025-05"])
    from_date = DayParameter("Sources of this date or a later one.", "2025-05-14")
    to_date = DayParameter("Sources of this date or an earlier one.", "2025")
    sort = SortParameter(Source, "name")
    facet = FacetParameter(Source)
    include = IncludeParameter("source")
    fields = FieldsParameter(SourceSchema)  # type: ignore[assignment]  # a parameter, not the fields


SOURCES = schemas.resource(Source, SourceSchema, SourceQuery)


@blp.list_route(
    "/sources",
    SourceQuery(),
    SOURCES.page,
    sample="actor=Rutte&date=2025-05",
)
def list_sources(query: Query) -> MakeAnswer:
    """List sources, by title.

    The text of a source is not shown; the reports of claims quote its words. `actor`,
    `organization`, `event`, `topic`, `position` and `stance` hold for one and the same claim.
    """
    return list_page(Source, query)


@blp.record_route("/sources/<id>", SOURCES)
def get_source(query: Query, id: str) -> MakeAnswer:
    """Get one source.

    It shows its publisher and its origin. A former id redirects to the present one.
    """
    return record_document("source", id, query)
