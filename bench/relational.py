"""FastAPI, SQLAlchemy and pydantic over a relational schema, after their documentation.

As a program, this module fills the database from a folder of seed files.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
from fastapi import Depends, FastAPI
from pydantic import AliasPath, BaseModel, ConfigDict, Field
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.orm import joinedload as joined
from sqlalchemy.orm import selectinload as selected

engine = sa.create_engine(f"sqlite:///{os.environ['BENCH_DATABASE']}")


@sa.event.listens_for(engine, "connect")
def set_pragmas(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA mmap_size = 2147418112")
    connection.execute("PRAGMA cache_size = -32768")


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Named(Base):
    __abstract__ = True
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


def foreign_key(target: str) -> Any:
    return mapped_column(sa.ForeignKey(f"{target}.id"))


class Organization(Named):
    __tablename__ = "organization"


class Actor(Named):
    __tablename__ = "actor"
    kind: Mapped[str]


class ActorName(Base):
    """A name or an alias, folded."""

    __tablename__ = "actor_name"
    folded: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[int] = foreign_key("actor")


class Topic(Named):
    __tablename__ = "topic"
    folded: Mapped[str] = mapped_column(index=True)


class Position(Named):
    __tablename__ = "position"


class Event(Named):
    __tablename__ = "event"


class Source(Named):
    __tablename__ = "source"
    date: Mapped[str]
    url: Mapped[str]
    publisher_id: Mapped[int] = foreign_key("organization")
    publisher: Mapped[Organization] = relationship()


class Report(Base):
    __tablename__ = "report"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    source_id: Mapped[int] = foreign_key("source")
    exact: Mapped[str | None]
    attribution: Mapped[str | None]
    source: Mapped[Source] = relationship()


class Stance(Base):
    __tablename__ = "stance"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    position_id: Mapped[int] = foreign_key("position")
    stance: Mapped[str]
    position: Mapped[Position] = relationship()


class Mention(Base):
    """A party that a claim is about, or that it addresses."""

    __tablename__ = "mention"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    part: Mapped[str]
    actor_id: Mapped[int | None] = foreign_key("actor")
    organization_id: Mapped[int | None] = foreign_key("organization")
    actor: Mapped[Actor | None] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def type(self) -> str:
        return "actor" if self.actor else "organization"

    @property
    def party(self) -> Any:
        return self.actor or self.organization


# the topics of a claim, in order
claim_topic = sa.Table(
    "claim_topic",
    Base.metadata,
    sa.Column("claim_id", sa.ForeignKey("claim.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("topic_id", sa.ForeignKey("topic.id")),
    sqlite_with_rowid=False,
)
# the same with all broader topics
filed = sa.Table(
    "filed",
    Base.metadata,
    sa.Column("topic_id", sa.ForeignKey("topic.id"), primary_key=True),
    sa.Column("claim_id", sa.ForeignKey("claim.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)


class Claim(Base):
    __tablename__ = "claim"
    slug: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    quote: Mapped[str]
    date: Mapped[str | None]
    # the sort column: never null, so that undated claims come last and a keyset loses no claim
    sorted: Mapped[str]
    status: Mapped[str]
    coder: Mapped[str]
    form: Mapped[str]
    language: Mapped[str]
    place: Mapped[str | None]
    actor_id: Mapped[int] = foreign_key("actor")
    organization_id: Mapped[int | None] = foreign_key("organization")
    event_id: Mapped[int | None] = foreign_key("event")
    actor: Mapped[Actor] = relationship()
    organization: Mapped[Organization | None] = relationship()
    event: Mapped[Event | None] = relationship()
    topics: Mapped[list[Topic]] = relationship(
        secondary=claim_topic, order_by=claim_topic.c.ordinal
    )
    positions: Mapped[list[Stance]] = relationship(order_by=Stance.id)
    mentions: Mapped[list[Mention]] = relationship(order_by=Mention.id)
    reports: Mapped[list[Report]] = relationship(order_by=Report.id)

    __table_args__ = (
        sa.Index("claim_actor_date", "actor_id", sa.text("sorted DESC"), "id"),
        sa.Index("claim_date", sa.text("sorted DESC"), "id"),
    )

    @property
    def about(self) -> list[Mention]:
        return [mention for mention in self.mentions if mention.part == "about"]

    @property
    def addressees(self) -> list[Mention]:
        return [mention for mention in self.mentions if mention.part == "addressee"]


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


@app.get("/claims")
def claims(
    session: OpenSession,
    actor: str | None = None,
    topic: str | None = None,
    date: str | None = None,
    after: int | None = None,
) -> Page:
    query = matching(sa.select(Claim).options(*ALL_RELATIONS), actor, topic)
    if after is not None:
        later = sa.or_(Claim.sorted < date, sa.and_(Claim.sorted == date, Claim.id > after))
        query = query.where(Claim.sorted <= date, later)
    query = query.order_by(Claim.sorted.desc(), Claim.id).limit(50)
    return {"data": session.scalars(query)}  # type: ignore[return-value]


@app.get("/claims/{slug}")
def claim(session: OpenSession, slug: str) -> ClaimView:
    query = sa.select(Claim).where(Claim.slug == slug).options(*ALL_RELATIONS)
    return session.scalars(query).one()


@app.get("/total")
def total(session: OpenSession, actor: str | None = None, topic: str | None = None) -> Total:
    query = matching(sa.select(sa.func.count(Claim.id)), actor, topic)
    return Total(total=session.scalars(query).one())


@app.get("/facet")
def facet(session: OpenSession, actor: str | None = None) -> Facet:
    by_topic = sa.select(filed.c.topic_id, sa.func.count().label("count"))
    by_topic = by_topic.group_by(filed.c.topic_id)
    if actor:
        by_topic = matching(by_topic.join(Claim, Claim.id == filed.c.claim_id), actor, None)
    counts = by_topic.subquery()
    query = sa.select(Topic.slug.label("id"), Topic.name, counts.c.count)
    query = query.join(counts, counts.c.topic_id == Topic.id)
    rows = session.execute(query.order_by(counts.c.count.desc(), Topic.slug).limit(20))
    return Facet(values=[Count(**row) for row in rows.mappings()])


def fold(name: str) -> str:
    characters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in characters if not unicodedata.combining(char)).lower()


def fill(folder: Path) -> None:
    """Fill the database from seed files: claims last, file by file."""
    keys: dict[tuple[str, str], int] = {}
    # of each topic: itself and all broader topics
    broader: dict[str, list[str]] = {}
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for name in ("organizations", "actors", "topics", "positions", "events", "sources"):
            insert(connection, record_rows(read(folder / f"{name}.jsonl"), keys, broader))
        for path in sorted((folder / "claims").iterdir()):
            insert(connection, claim_rows(read(path), keys, broader))
        connection.execute(sa.text("ANALYZE"))


# (table, row)
Rows = Iterator[tuple[Any, dict[str, Any]]]


def read(path: Path) -> Iterator[dict]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def insert(connection: sa.Connection, rows: Rows) -> None:
    tables = defaultdict(list)
    for table, row in rows:
        tables[table].append(row)
    for table, table_rows in tables.items():
        connection.execute(sa.insert(table), table_rows)


def record_rows(records: Iterator[dict], keys: dict, broader: dict) -> Rows:
    tables = {"organization": Organization, "actor": Actor, "topic": Topic, "position": Position}
    tables |= {"event": Event, "source": Source}
    for number, record in enumerate(records, 1):
        type, slug = record["type"], record["id"]
        keys[type, slug] = number
        name = record.get("name") or record.get("title") or record["text"]
        row = {"id": number, "slug": slug, "name": name}
        if type == "actor":
            row["kind"] = "person"
            for actor_name in (name, *record["aliases"]):
                yield ActorName, {"folded": fold(actor_name), "actor_id": number}
        elif type == "topic":
            row["folded"] = fold(name)
            broader[slug] = [slug, *broader.get(record.get("parent", ""), [])]
        elif type == "source":
            row |= {"date": record["date"], "url": record["url"]}
            row["publisher_id"] = keys["organization", record["publisher"]]
        yield tables[type], row


COLUMNS = ("text", "quote", "date", "status", "coder", "form", "language", "place")


def claim_rows(claims: Iterator[dict], keys: dict, broader: dict) -> Rows:
    for claim in claims:
        key = keys["claim", ""] = keys.get(("claim", ""), 0) + 1
        row = {name: claim.get(name) for name in COLUMNS}
        for name in ("actor", "organization", "event"):
            row[f"{name}_id"] = keys.get((name, claim.get(name)))
        yield Claim, {"id": key, "slug": claim["id"], "sorted": row["date"] or "", **row}
        for n, topic in enumerate(claim["topics"]):
            topic_id = keys["topic", topic]
            yield claim_topic, {"claim_id": key, "ordinal": n, "topic_id": topic_id}
        for ancestor in {ancestor for topic in claim["topics"] for ancestor in broader[topic]}:
            yield filed, {"claim_id": key, "topic_id": keys["topic", ancestor]}
        for stance in claim.get("positions", ()):
            position = keys["position", stance["position"]]
            yield Stance, {"claim_id": key, "position_id": position, "stance": stance["stance"]}
        for section, part in (("about", "about"), ("addressees", "addressee")):
            for party in claim.get(section, ()):
                ids = {
                    f"{name}_id": keys.get((name, party.get(name)))
                    for name in ("actor", "organization")
                }
                yield Mention, {"claim_id": key, "part": part, **ids}
        for report in claim["reports"]:
            quotation = {name: report.get(name) for name in ("exact", "attribution")}
            source_id = keys["source", report["source"]]
            yield Report, {"claim_id": key, "source_id": source_id, **quotation}


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
