"""FastAPI, SQLAlchemy and pydantic over a relational schema, after their documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from pydantic import AliasPath, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload as joined
from sqlalchemy.orm import selectinload as selected

from bench.relational_tables import (
    ActorName,
    Claim,
    Mention,
    Report,
    Source,
    Stance,
    Topic,
    engine,
    filed,
)


class View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class NamedView(View):
    id: str = Field(validation_alias="slug")
    name: str


class ActorView(NamedView):
    kind: str


class StanceView(View):
    id: str = Field(validation_alias=AliasPath("position", "slug"))
    text: str = Field(validation_alias=AliasPath("position", "name"))
    stance: str


class MentionView(View):
    type: str
    id: str = Field(validation_alias=AliasPath("party", "slug"))
    name: str = Field(validation_alias=AliasPath("party", "name"))


class SourceView(View):
    id: str = Field(validation_alias="slug")
    title: str = Field(validation_alias="name")
    date: str
    url: str


class ReportView(View):
    source: SourceView
    publisher: NamedView = Field(validation_alias=AliasPath("source", "publisher"))
    exact: str | None
    attribution: str | None


class ClaimView(View):
    id: str = Field(validation_alias="slug")
    text: str
    quote: str
    date: str | None
    status: str
    coder: str
    form: str
    language: str
    place: str | None
    actor: ActorView
    organization: NamedView | None
    event: NamedView | None
    topics: list[NamedView]
    positions: list[StanceView]
    about: list[MentionView]
    addressees: list[MentionView]
    reports: list[ReportView]


class Page(BaseModel):
    data: list[ClaimView]


class Total(BaseModel):
    total: int


class Count(BaseModel):
    id: str
    name: str
    count: int


class Facet(BaseModel):
    values: list[Count]


app = FastAPI()


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


OpenSession = Annotated[Session, Depends(open_session)]
ALL_RELATIONS = (
    joined(Claim.actor),
    joined(Claim.organization),
    joined(Claim.event),
    selected(Claim.topics),
    selected(Claim.positions).joinedload(Stance.position),
    selected(Claim.mentions).options(joined(Mention.actor), joined(Mention.organization)),
    selected(Claim.reports).joinedload(Report.source).joinedload(Source.publisher),
)


def matching(query: sa.Select, actor: str | None, topic: str | None) -> sa.Select:
    """The claims of an actor and under a topic, each by its folded name."""
    if actor:
        actor_id = sa.select(ActorName.actor_id).where(ActorName.folded == actor)
        query = query.where(Claim.actor_id == actor_id.scalar_subquery())
    if topic:
        topic_id = sa.select(Topic.id).where(Topic.folded == topic).scalar_subquery()
        link = sa.select(filed).where(filed.c.claim_id == Claim.id, filed.c.topic_id == topic_id)
        query = query.where(link.exists())
    return query


def page_query(actor: str | None, topic: str | None) -> sa.Select:
    """The newest claims, with all that their views show."""
    query = matching(sa.select(Claim).options(*ALL_RELATIONS), actor, topic)
    return query.order_by(Claim.sorted.desc(), Claim.id).limit(50)


def total_query(actor: str | None, topic: str | None) -> sa.Select:
    return matching(sa.select(sa.func.count(Claim.id)), actor, topic)


def facet_query(actor: str | None) -> sa.Select:
    """The most frequent topics."""
    by_topic = sa.select(filed.c.topic_id, sa.func.count().label("count"))
    by_topic = by_topic.group_by(filed.c.topic_id)
    if actor:
        by_topic = matching(by_topic.join(Claim, Claim.id == filed.c.claim_id), actor, None)
    counts = by_topic.subquery()
    query = sa.select(Topic.slug.label("id"), Topic.name, counts.c.count)
    query = query.join(counts, counts.c.topic_id == Topic.id)
    return query.order_by(counts.c.count.desc(), Topic.slug).limit(20)


@app.get("/claims")
def claims(
    session: OpenSession,
    actor: str | None = None,
    topic: str | None = None,
    date: str | None = None,
    after: int | None = None,
) -> Page:
    query = page_query(actor, topic)
    if after is not None:
        later = sa.or_(Claim.sorted < date, sa.and_(Claim.sorted == date, Claim.id > after))
        query = query.where(Claim.sorted <= date, later)
    return {"data": session.scalars(query)}  # type: ignore[return-value]


@app.get("/claims/{slug}")
def claim(session: OpenSession, slug: str) -> ClaimView:
    query = sa.select(Claim).where(Claim.slug == slug).options(*ALL_RELATIONS)
    return session.scalars(query).one()


@app.get("/total")
def total(session: OpenSession, actor: str | None = None, topic: str | None = None) -> Total:
    return Total(total=session.scalars(total_query(actor, topic)).one())


@app.get("/facet")
def facet(session: OpenSession, actor: str | None = None) -> Facet:
    rows = session.execute(facet_query(actor))
    return Facet(values=[Count(**row) for row in rows.mappings()])
