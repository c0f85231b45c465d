"""Relations between resources: each route is a list of one kind of record, tied to one record."""

from __future__ import annotations

from flask import Response

from api.openapi import schemas
from api.query.parameters import ArrayQuery
from api.query.parser import Query
from api.v1 import actors, claims, events, organizations, positions, sources, topics
from api.v1.lists import array, page
from api.v1.records import Path

BLUEPRINTS = {
    module.blp.name: module.blp
    for module in (actors, claims, events, organizations, positions, sources, topics)
}


def relation(rule: str, listing: schemas.Listing, filter: str, summary: str) -> None:
    """A list whose `filter` the path fixes."""
    parent, _, child = rule.strip("/").split("/")
    type = parent.removesuffix("s")

    def view(query: Query, id: str) -> Response:
        return page(listing.model, query, **{filter: Path(type, id)})

    view.__name__ = f"list_{type}_{child}"
    things = listing.model._meta.table_name
    view.__doc__ = (
        f"{summary}\n\nTakes what /v1/{things}s takes, but `{filter}`, which the path fixes."
    )
    query = listing.query(exclude=(filter,))
    BLUEPRINTS[parent].list(rule, query, listing.page)(view)


def section(rule: str, item: type[schemas.Schema], summary: str) -> None:
    """The list of that name in the record's document."""
    parent, _, name = rule.strip("/").split("/")
    type = parent.removesuffix("s")

    def view(query: Query, id: str) -> Response:
        return array(Path(type, id), name, query)

    view.__name__ = f"list_{type}_{name}"
    view.__doc__ = f"{summary}\n\nThe list `{name}` of the {type}, page by page and in its order."
    BLUEPRINTS[parent].list(rule, ArrayQuery(), schemas.page_of(item))(view)


relation("/actors/<id>/claims", claims.LISTING, "actor", "List what one actor claimed.")
relation(
    "/actors/<id>/events",
    events.LISTING,
    "actor",
    "List the events where one actor took part or claimed something.",
)
relation(
    "/actors/<id>/organizations",
    organizations.LISTING,
    "actor",
    "List the organizations of which one actor is or was a member.",
)
relation(
    "/actors/<id>/sources",
    sources.LISTING,
    "actor",
    "List the sources that report claims of one actor.",
)
relation("/actors/<id>/topics", topics.LISTING, "actor", "List the topics of one actor's claims.")
relation(
    "/actors/<id>/positions",
    positions.LISTING,
    "actor",
    "List the positions on which one actor took a stance.",
)
section(
    "/actors/<id>/memberships",
    actors.MembershipSchema,
    "List one actor's roles in organizations.",
)

relation(
    "/organizations/<id>/claims",
    claims.LISTING,
    "organization",
    "List what was claimed on behalf of one organization.",
)
relation(
    "/organizations/<id>/actors",
    actors.LISTING,
    "organization",
    "List the members of one organization; role and as_of narrow down which.",
)
relation(
    "/organizations/<id>/events",
    events.LISTING,
    "organization",
    "List the events that one organization held, took part in, or claimed something at.",
)
relation(
    "/organizations/<id>/sources",
    sources.LISTING,
    "publisher",
    "List the sources that one organization published.",
)
relation(
    "/organizations/<id>/suborganizations",
    organizations.LISTING,
    "parent",
    "List the organizations directly under one.",
)

relation("/events/<id>/claims", claims.LISTING, "event", "List what was claimed at one event.")
relation(
    "/events/<id>/actors",
    actors.LISTING,
    "event",
    "List the actors who took part in one event, or claimed something there.",
)
relation(
    "/events/<id>/organizations",
    organizations.LISTING,
    "event",
    "List the organizations that held one event, took part, or claimed something there.",
)
relation(
    "/events/<id>/sources",
    sources.LISTING,
    "event",
    "List the sources that report claims made at one event.",
)
relation(
    "/events/<id>/topics", topics.LISTING, "event", "List the topics of claims made at one event."
)
relation(
    "/events/<id>/subevents",
    events.LISTING,
    "parent",
    "List the events that are directly part of one.",
)

relation(
    "/topics/<id>/claims",
    claims.LISTING,
    "topic",
    "List the claims on one topic, or on narrower ones.",
)
relation(
    "/topics/<id>/positions",
    positions.LISTING,
    "topic",
    "List the positions on one topic, or on narrower ones.",
)
relation("/topics/<id>/subtopics", topics.LISTING, "parent", "List the topics directly under one.")

relation(
    "/positions/<id>/claims",
    claims.LISTING,
    "position",
    "List the claims that take a stance on one position; stance narrows down which.",
)
relation(
    "/positions/<id>/actors",
    actors.LISTING,
    "position",
    "List the actors who took a stance on one position.",
)

relation("/sources/<id>/claims", claims.LISTING, "source", "List what one source reports.")
relation(
    "/sources/<id>/actors",
    actors.LISTING,
    "source",
    "List the actors whose claims one source reports.",
)

section(
    "/claims/<id>/relations",
    claims.RelationSchema,
    "List the claims that one claim repeats, contradicts …, and those that do so to it.",
)
section("/claims/<id>/reports", claims.ReportSchema, "List the reports of one claim.")
section("/claims/<id>/reviews", claims.ReviewSchema, "List the verdicts on one claim.")
