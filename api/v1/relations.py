"""Nested routes: lists and arrays below one record."""

from __future__ import annotations

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.query.display import ArrayQuery
from api.query.parser import Query
from api.query.path import PathRecord
from api.v1 import actors, claims, events, organizations, positions, sources, topics
from api.v1.lists import list_page
from api.v1.records import array_page
from models.record_table import type_of

BLUEPRINTS = {
    module.blp.name: module.blp
    for module in (actors, claims, events, organizations, positions, sources, topics)
}


def relation(
    rule: str,
    child: schemas.Resource,
    path_filter: str,
    summary: str,
    *,
    example: str | None = None,
) -> None:
    """A list whose filter `path_filter` the path fixes."""
    parent, _, name = rule.strip("/").split("/")
    type = parent.removesuffix("s")

    def view(query: Query, id: str) -> MakeAnswer:
        return list_page(child.model, query, **{path_filter: PathRecord(type, id)})

    view.__name__ = f"list_{type}_{name}"
    view.__doc__ = (
        f"{summary}\n\nTakes what /v1/{type_of(child.model)}s takes, but `{path_filter}`, "
        "which the path fixes."
    )
    query = child.query(exclude=(path_filter,))
    BLUEPRINTS[parent].list_route(rule, query, child.page, example=example)(view)


def array(rule: str, item: type[schemas.Schema], summary: str) -> None:
    """A route of one array of the record's document."""
    parent, _, name = rule.strip("/").split("/")
    type = parent.removesuffix("s")

    def view(query: Query, id: str) -> MakeAnswer:
        return array_page(PathRecord(type, id), name, query)

    view.__name__ = f"list_{type}_{name}"
    view.__doc__ = f"{summary}\n\nThe list `{name}` of the {type}, page by page and in its order."
    BLUEPRINTS[parent].list_route(rule, ArrayQuery(), schemas.page_of(item))(view)


relation("/actors/<id>/claims", claims.CLAIMS, "actor", "List what one actor claimed.")
relation(
    "/actors/<id>/events",
    events.EVENTS,
    "actor",
    "List the events where one actor took part or claimed something.",
)
relation(
    "/actors/<id>/organizations",
    organizations.ORGANIZATIONS,
    "actor",
    "List the organizations of which one actor is or was a member.",
)
relation(
    "/actors/<id>/sources",
    sources.SOURCES,
    "actor",
    "List the sources that report claims of one actor.",
)
relation("/actors/<id>/topics", topics.TOPICS, "actor", "List the topics of one actor's claims.")
relation(
    "/actors/<id>/positions",
    positions.POSITIONS,
    "actor",
    "List the positions on which one actor took a stance.",
)
array(
    "/actors/<id>/memberships",
    actors.MembershipSchema,
    "List one actor's roles in organizations.",
)

relation(
    "/organizations/<id>/claims",
    claims.CLAIMS,
    "organization",
    "List what was claimed on behalf of one organization.",
)
relation(
    "/organizations/<id>/actors",
    actors.ACTORS,
    "organization",
    "List the members of one organization; role and as_of narrow down which.",
)
relation(
    "/organizations/<id>/events",
    events.EVENTS,
    "organization",
    "List the events that one organization held, took part in, or claimed something at.",
)
relation(
    "/organizations/<id>/sources",
    sources.SOURCES,
    "publisher",
    "List the sources that one organization published.",
)
relation(
    "/organizations/<id>/topics",
    topics.TOPICS,
    "organization",
    "List the topics of claims on behalf of one organization.",
)
relation(
    "/organizations/<id>/positions",
    positions.POSITIONS,
    "organization",
    "List the positions on which claims on behalf of one organization take a stance.",
)
relation(
    "/organizations/<id>/suborganizations",
    organizations.ORGANIZATIONS,
    "parent",
    "List the organizations directly under one.",
    example="china",
)

relation("/events/<id>/claims", claims.CLAIMS, "event", "List what was claimed at one event.")
relation(
    "/events/<id>/actors",
    actors.ACTORS,
    "event",
    "List the actors who took part in one event, or claimed something there.",
    example="anadolu-agency-interview-rutte-antalya-2025",
)
relation(
    "/events/<id>/organizations",
    organizations.ORGANIZATIONS,
    "event",
    "List the organizations that held one event, took part, or claimed something there.",
)
relation(
    "/events/<id>/sources",
    sources.SOURCES,
    "event",
    "List the sources that report claims made at one event.",
)
relation(
    "/events/<id>/topics", topics.TOPICS, "event", "List the topics of claims made at one event."
)
relation(
    "/events/<id>/subevents",
    events.EVENTS,
    "parent",
    "List the events that are directly part of one.",
)

relation(
    "/topics/<id>/claims",
    claims.CLAIMS,
    "topic",
    "List the claims on one topic, or on narrower ones.",
)
relation(
    "/topics/<id>/positions",
    positions.POSITIONS,
    "topic",
    "List the positions on one topic, or on narrower ones.",
)
relation(
    "/topics/<id>/actors",
    actors.ACTORS,
    "topic",
    "List the actors with claims on one topic, or on narrower ones.",
)
relation(
    "/topics/<id>/organizations",
    organizations.ORGANIZATIONS,
    "topic",
    "List the organizations with claims on one topic, or on narrower ones.",
)
relation("/topics/<id>/subtopics", topics.TOPICS, "parent", "List the topics directly under one.")

relation(
    "/positions/<id>/claims",
    claims.CLAIMS,
    "position",
    "List the claims that take a stance on one position; stance narrows down which.",
)
relation(
    "/positions/<id>/actors",
    actors.ACTORS,
    "position",
    "List the actors who took a stance on one position.",
)
relation(
    "/positions/<id>/organizations",
    organizations.ORGANIZATIONS,
    "position",
    "List the organizations on whose behalf claims take a stance on one position.",
)

relation("/sources/<id>/claims", claims.CLAIMS, "source", "List what one source reports.")
relation(
    "/sources/<id>/actors",
    actors.ACTORS,
    "source",
    "List the actors whose claims one source reports.",
)
relation(
    "/sources/<id>/organizations",
    organizations.ORGANIZATIONS,
    "source",
    "List the organizations with claims on their behalf that one source reports.",
)

array(
    "/claims/<id>/relations",
    claims.RelationSchema,
    "List the claims that one claim repeats, contradicts …, and those that do so to it.",
)
array("/claims/<id>/reports", claims.ReportSchema, "List the reports of one claim.")
array("/claims/<id>/reviews", claims.ReviewSchema, "List the verdicts on one claim.")
