"""Topics."""

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    SortParameter,
)
from api.query.parameters import FullTextParameter, IdParameter, NameParameter
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Topic

blp = Blueprint(
    "topics",
    __name__,
    description="Policy issues, in a hierarchy.",
    example="defence",
)


class TopicSchema(schemas.Schema):
    """A policy issue; a claim on it is also a claim on every broader one."""

    id = schemas.id_field()
    name = schemas.text_field("The name.")
    aliases = schemas.texts_field("Other names.")
    description = schemas.text_field("A description of the topic.", nullable=True)
    parent = schemas.object_field(schemas.ReferenceSchema, "The next broader topic.")
    attributes = schemas.attributes_field()
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class TopicQuery(ListQuery):
    q = FullTextParameter("Topics with these words in their names or description.", "defence")
    id = IdParameter(["defence"])
    parent = NameParameter(
        "topic", description="Topics directly under these ones.", example=["defence"]
    )
    actor = NameParameter(
        "actor",
        description="Topics of claims of these actors, broader ones included.",
        example=["mark-rutte"],
    )
    organization = NameParameter(
        "organization",
        description="Topics of claims on behalf of these organizations, broader ones included.",
        example=["nato"],
    )
    event = NameParameter(
        "event",
        description="Topics of claims made at these events or parts of them, broader ones "
        "included.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    sort = SortParameter(Topic, "name")
    facet = FacetParameter(Topic)
    include = IncludeParameter("topic")
    fields = FieldsParameter(TopicSchema)  # type: ignore[assignment]  # a parameter, not the fields


TOPICS = schemas.resource(Topic, TopicSchema, TopicQuery)


@blp.list_route(
    "/topics",
    TopicQuery(),
    TOPICS.page,
    sample="actor=Rutte&sort=-claim_count",
)
def list_topics(query: Query) -> MakeAnswer:
    """List topics, by name.

    Topics form a hierarchy: `parent` finds the topics directly under another, and the count of a
    topic includes its narrower topics. `actor`, `organization` and `event` hold for one and the
    same claim.
    """
    return list_page(Topic, query)


@blp.record_route("/topics/<id>", TOPICS)
def get_topic(query: Query, id: str) -> MakeAnswer:
    """Get one topic.

    It shows the next broader topic. A former id redirects to the present one.
    """
    return record_document("topic", id, query)
