"""FastAPI, SQLAlchemy and pydantic, as their documentation teaches, over a schema of their own.

As a program it makes the database from the folder of seed files that it is given.
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
def set_up(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA mmap_size = 2147418112")
    connection.execute("PRAGMA cache_size = -32768")


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Named(Base):
    __abstract__ = True
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


def of(target: str) -> Any:
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
    actor_id: Mapped[int] = of("actor")


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
    publisher_id: Mapped[int] = of("organization")
    publisher: Mapped[Organization] = relationship()


class Report(Base):
    __tablename__ = "report"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    source_id: Mapped[int] = of("source")
    exact: Mapped[str | None]
    attribution: Mapped[str | None]
    source: Mapped[Source] = relationship()


class Stance(Base):
    __tablename__ = "stance"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    position_id: Mapped[int] = of("position")
    stance: Mapped[str]
    position: Mapped[Position] = relationship()


class Mention(Base):
    """Whom a claim is about, or speaks to."""

    __tablename__ = "mention"
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id"), index=True)
    part: Mapped[str]
    actor_id: Mapped[int | None] = of("actor")
    organization_id: Mapped[int | None] = of("organization")
    actor: Mapped[Actor | None] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def type(self) -> str:
        return "actor" if self.actor else "organization"

    @property
    def party(self) -> Any:
        return self.actor or self.organization


# the topics that a claim names, in order; and those with the broader ones
claim_topic = sa.Table(
    "claim_topic",
    Base.metadata,
    sa.Column("claim_id", sa.ForeignKey("claim.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("topic_id", sa.ForeignKey("topic.id")),
    sqlite_with_rowid=False,
)
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
    # what it is sorted by: never null, so that the undated stand last and a keyset loses none
    sorted: Mapped[str]
    status: Mapped[str]
    coder: Mapped[str]
    form: Mapped[str]
    language: Mapped[str]
    place: Mapped[str | None]
    actor_id: Mapped[int] = of("actor")
    organization_id: Mapped[int | None] = of("organization")
    event_id: Mapped[int | None] = of("event")
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
        return [one for one in self.mentions if one.part == "about"]

    @property
    def addressees(self) -> list[Mention]:
        return [one for one in self.mentions if one.part == "addressee"]


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ShownThing(Shown):
    id: str = Field(validation_alias="slug")
    name: str


class ShownActor(ShownThing):
    kind: str


class ShownStance(Shown):
    id: str = Field(validation_alias=AliasPath("position", "slug"))
    text: str = Field(validation_alias=AliasPath("position", "name"))
    stance: str


class ShownMention(Shown):
    type: str
    id: str = Field(validation_alias=AliasPath("party", "slug"))
    name: str = Field(validation_alias=AliasPath("party", "name"))


class ShownSource(Shown):
    id: str = Field(validation_alias="slug")
    title: str = Field(validation_alias="name")
    date: str
    url: str


class ShownReport(Shown):
    source: ShownSource
    publisher: ShownThing = Field(validation_alias=AliasPath("source", "publisher"))
    exact: str | None
    attribution: str | None


class ShownClaim(Shown):
    id: str = Field(validation_alias="slug")
    text: str
    quote: str
    date: str | None
    status: str
    coder: str
    form: str
    language: str
    place: str | None
    actor: ShownActor
    organization: ShownThing | None
    event: ShownThing | None
    topics: list[ShownThing]
    positions: list[ShownStance]
    about: list[ShownMention]
    addressees: list[ShownMention]
    reports: list[ShownReport]


class Page(BaseModel):
    data: list[ShownClaim]


class Total(BaseModel):
    total: int


class Count(BaseModel):
    id: str
    name: str
    count: int


class Facet(BaseModel):
    values: list[Count]


app = FastAPI()


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]
WHOLE = (
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
        named = sa.select(ActorName.actor_id).where(ActorName.folded == actor)
        query = query.where(Claim.actor_id == named.scalar_subquery())
    if topic:
        called = sa.select(Topic.id).where(Topic.folded == topic).scalar_subquery()
        under = sa.select(filed).where(filed.c.claim_id == Claim.id, filed.c.topic_id == called)
        query = query.where(under.exists())
    return query


@app.get("/claims")
def claims(
    opened: Opened,
    actor: str | None = None,
    topic: str | None = None,
    date: str | None = None,
    after: int | None = None,
) -> Page:
    query = matching(sa.select(Claim).options(*WHOLE), actor, topic)
    if after is not None:
        later = sa.or_(Claim.sorted < date, sa.and_(Claim.sorted == date, Claim.id > after))
        query = query.where(Claim.sorted <= date, later)
    query = query.order_by(Claim.sorted.desc(), Claim.id).limit(50)
    return {"data": opened.scalars(query)}  # type: ignore[return-value]


@app.get("/claims/{slug}")
def claim(opened: Opened, slug: str) -> ShownClaim:
    return opened.scalars(sa.select(Claim).where(Claim.slug == slug).options(*WHOLE)).one()


@app.get("/total")
def total(opened: Opened, actor: str | None = None, topic: str | None = None) -> Total:
    query = matching(sa.select(sa.func.count(Claim.id)), actor, topic)
    return Total(total=opened.scalars(query).one())


@app.get("/facet")
def facet(opened: Opened, actor: str | None = None) -> Facet:
    counted = sa.select(filed.c.topic_id, sa.func.count().label("count")).group_by(filed.c.topic_id)
    if actor:
        counted = matching(counted.join(Claim, Claim.id == filed.c.claim_id), actor, None)
    found = counted.subquery()
    query = sa.select(Topic.slug.label("id"), Topic.name, found.c.count)
    query = query.join(found, found.c.topic_id == Topic.id)
    rows = opened.execute(query.order_by(found.c.count.desc(), Topic.slug).limit(20))
    return Facet(values=[Count(**row) for row in rows.mappings()])


def folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(one for one in letters if not unicodedata.combining(one)).lower()


def fill(folder: Path) -> None:
    """Make the database from seed files: the things, then the claims, file by file."""
    keys: dict[tuple[str, str], int] = {}
    above: dict[str, list[str]] = {}
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for name in ("organizations", "actors", "topics", "positions", "events", "sources"):
            put(connection, things(read(folder / f"{name}.jsonl"), keys, above))
        for path in sorted((folder / "claims").iterdir()):
            put(connection, claim_rows(read(path), keys, above))
        connection.execute(sa.text("ANALYZE"))


Rows = Iterator[tuple[Any, dict[str, Any]]]


def read(path: Path) -> Iterator[dict]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def put(connection: sa.Connection, rows: Rows) -> None:
    tables = defaultdict(list)
    for table, row in rows:
        tables[table].append(row)
    for table, some in tables.items():
        connection.execute(sa.insert(table), some)


def things(records: Iterator[dict], keys: dict, above: dict) -> Rows:
    tables = {"organization": Organization, "actor": Actor, "topic": Topic, "position": Position}
    tables |= {"event": Event, "source": Source}
    for number, one in enumerate(records, 1):
        type, slug = one["type"], one["id"]
        keys[type, slug] = number
        name = one.get("name") or one.get("title") or one["text"]
        row = {"id": number, "slug": slug, "name": name}
        if type == "actor":
            row["kind"] = "person"
            for called in (name, *one["aliases"]):
                yield ActorName, {"folded": folded(called), "actor_id": number}
        elif type == "topic":
            row["folded"] = folded(name)
            above[slug] = [slug, *above.get(one.get("parent", ""), [])]
        elif type == "source":
            row |= {"date": one["date"], "url": one["url"]}
            row["publisher_id"] = keys["organization", one["publisher"]]
        yield tables[type], row


def claim_rows(records: Iterator[dict], keys: dict, above: dict) -> Rows:
    for one in records:
        key = keys["claim", ""] = keys.get(("claim", ""), 0) + 1
        plain = ("text", "quote", "date", "status", "coder", "form", "language", "place")
        row = {name: one.get(name) for name in plain}
        for name in ("actor", "organization", "event"):
            row[f"{name}_id"] = keys.get((name, one.get(name)))
        yield Claim, {"id": key, "slug": one["id"], "sorted": row["date"] or "", **row}
        for n, topic in enumerate(one["topics"]):
            topic_id = keys["topic", topic]
            yield claim_topic, {"claim_id": key, "ordinal": n, "topic_id": topic_id}
        for topic in {wide for own in one["topics"] for wide in above[own]}:
            yield filed, {"claim_id": key, "topic_id": keys["topic", topic]}
        for stance in one.get("positions", ()):
            position = keys["position", stance["position"]]
            yield Stance, {"claim_id": key, "position_id": position, "stance": stance["stance"]}
        for section, part in (("about", "about"), ("addressees", "addressee")):
            for party in one.get(section, ()):
                ids = {
                    f"{name}_id": keys.get((name, party.get(name)))
                    for name in ("actor", "organization")
                }
                yield Mention, {"claim_id": key, "part": part, **ids}
        for report in one["reports"]:
            said = {name: report.get(name) for name in ("exact", "attribution")}
            yield Report, {"claim_id": key, "source_id": keys["source", report["source"]], **said}


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
