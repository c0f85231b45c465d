"""Topics."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import Facets, Fields, Ids, Include, ListQuery, Names, Sort, one_query
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Topic
from models.queries.facets import FACETS

blp = Blueprint("topics", __name__, description="Policy issues, in a hierarchy.")


class TopicSchema(schemas.Schema):
    """A policy issue; a claim on it is also a claim on every broader one."""

    id = schemas.record_id()
    name = schemas.text("The name.")
    aliases = schemas.texts("Other names.")
    description = schemas.text("What it is about.", nullable=True)
    parent = schemas.one(schemas.Reference, "The next broader topic.")
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class TopicQuery(ListQuery):
    id = Ids(["defence"])
    parent = Names("topic", description="Topics directly under these ones.", example=["defence"])
    actor = Names(
        "actor",
        description="Topics of claims of these actors, broader ones included.",
        example=["mark-rutte"],
    )
    event = Names(
        "event",
        description="Topics of claims made at these events, broader ones included.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    sort = Sort("TopicSort", Topic.SORTS, "name")
    facet = Facets("TopicFacet", FACETS[Topic])
    include = Include("topic")
    fields = Fields(TopicSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Topic, TopicQuery, schemas.page_of(TopicSchema))


@blp.list("/topics", TopicQuery(), LISTING.page)
def list_topics(query: Query) -> Response:
    """List topics, by name.

    They stand in a hierarchy: `parent` finds those directly under another, and what is counted for
    a topic includes its narrower ones.
    """
    return page(Topic, query)


@blp.one("/topics/<id>", TopicSchema, one_query("topic", TopicSchema))
def get_topic(query: Query, id: str) -> Response:
    """Get one topic.

    With the next broader one. A former id redirects to the one that replaced it.
    """
    return document("topic", id, query)
