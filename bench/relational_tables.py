"""The relational contestant's tables, in SQLAlchemy."""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# a path of SQLite, or a URL of PostgreSQL
DATABASE = os.environ["BENCH_DATABASE"]
URL = DATABASE if "://" in DATABASE else f"sqlite:///{DATABASE}"
engine = sa.create_engine(URL)


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
