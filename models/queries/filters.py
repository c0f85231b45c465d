"""Which filters and sorts each list has."""

from typing import Any

from peewee import SQL, Field, fn

from models.actor import Actor, Membership
from models.base import Record
from models.claim import (
    About,
    Addressee,
    Claim,
    ClaimPosition,
    ClaimTopic,
    Relation,
    Report,
    Review,
    TopicClaim,
)
from models.database.sql import written
from models.event import Event, Organizer, Participant
from models.organization import Organization
from models.position import Position, PositionTopic
from models.queries.compiled import count, difference
from models.queries.filter_kinds import (
    Column,
    Dated,
    Either,
    Equal,
    Has,
    Links,
    Order,
    Rows,
    Tags,
    Values,
    Wanted,
    slot,
    within,
    words,
)
from models.search.names import Handle
from models.source import Source
from models.topic import Broader, Topic
from models.values.dates import UNDATED


def common(type: str) -> tuple[Rows, ...]:
    """The filters that every list has."""

    def records():
        return Record.select(Record.key).where(Record.type == type)

    def identified():
        return Handle.select(Handle.record).where(Handle.type == type, Handle.kind == "identifier")

    return (
        Rows(records, id=Equal(Record.id)),
        Rows(records, updated_since=lambda values: Record.updated_at >= values.one),
        Rows(identified, identifier=Equal(Handle.value)),
    )


def number(values: Values, part: str) -> Any:
    return UNDATED - slot(f"{values.name}.{part}")


def since(date_key: Field) -> Any:
    return lambda values: (
        (date_key <= number(values, "year"))
        & (
            (date_key <= number(values, "first"))
            | date_key.in_([number(values, "month"), number(values, "year")])
        )
    )


def until(date_key: Field) -> Any:
    return lambda values: (date_key >= number(values, "last")) & (date_key < UNDATED)


def lies_within(date_key: Field) -> Any:
    def test(values: Values):
        if values.many:
            said = UNDATED - date_key
            return within(said, said, "first", "last")(values)
        return (date_key >= number(values, "last")) & (date_key <= number(values, "first"))

    return test


def dated(date_key: Field) -> tuple[Dated, ...]:
    """Filters by a date of reduced precision: what lies within, what overlaps a period."""
    return (
        Dated("date", date_key, lies_within),
        Dated("from_date", date_key, since),
        Dated("to_date", date_key, until),
    )


def listed(link, column: Field):
    """Rows of a claim's links, for listed claims, beside the claim: a select of `column`."""
    return lambda: (
        link.select(column)
        .join(Claim, on=(Claim.key == link.claim))
        .where(link.listed == 1, column.is_null(False))
    )


def by_topic(column: Field) -> Rows:
    """Filter things by the topics of their listed claims."""
    return Rows(listed(TopicClaim, column), topic=Equal(TopicClaim.topic))


def claims(column: Field):
    """A column of listed claims."""
    return lambda: Claim.select(column).where(Claim.listed == 1, column.is_null(False))


def at_place(values: Values):
    """The claim's event was at a place with the words."""
    return Claim.event.in_(Event.select(Event.key).where(words(Event.place_folded)(values)))


def took_part(model):
    """Events in which actors, or organizations, took part."""
    return lambda: Participant.select(Participant.event).join(
        model, on=(model.key == Participant.party)
    )


def placed(itself: bool):
    """Claims that say their place themselves, or that do not."""
    return lambda: Claim.select(Claim.key).where(Claim.place_folded.is_null(not itself))


Actor.FILTERS = (
    *common("actor"),
    Column("kind", Actor.kind),
    Rows(
        lambda: Membership.select(Membership.actor),
        organization=Equal(Membership.organization),
        role=words(Membership.role_folded),
        as_of=lambda values: (
            (Membership.first <= slot(f"{values.name}.last"))
            & (Membership.last >= slot(f"{values.name}.first"))
        ),
    ),
    Either(
        "event",
        (lambda: Participant.select(Participant.party), Participant.event),
        (claims(Claim.actor), Claim.event),
    ),
    by_topic(Claim.actor),
    Rows(listed(ClaimPosition, Claim.actor), position=Equal(ClaimPosition.position)),
    Rows(listed(Report, Claim.actor), source=Equal(Report.source)),
)

Organization.FILTERS = (
    *common("organization"),
    Column("kind", Organization.kind),
    Column("country", Organization.country),
    Column("parent", Organization.parent),
    Rows(lambda: Membership.select(Membership.organization), actor=Equal(Membership.actor)),
    Either(
        "event",
        (lambda: Organizer.select(Organizer.organization), Organizer.event),
        (lambda: Participant.select(Participant.party), Participant.event),
        (claims(Claim.organization), Claim.event),
    ),
)

Event.FILTERS = (
    *common("event"),
    Column("kind", Event.kind),
    Column("country", Event.country),
    Column("place", Event.place_folded, words(Event.place_folded)),
    Column("parent", Event.parent),
    Either(
        "actor",
        (took_part(Actor), Participant.party),
        (claims(Claim.event), Claim.actor),
    ),
    Either(
        "organization",
        (took_part(Organization), Participant.party),
        (lambda: Organizer.select(Organizer.event), Organizer.organization),
        (claims(Claim.event), Claim.organization),
    ),
    by_topic(Claim.event),
    Column("date", Event.first, within(Event.first, Event.last, "first_day", "last_day")),
    Column("from_date", Event.last, lambda values: Event.last >= slot(f"{values.name}.first_day")),
    Column("to_date", Event.first, lambda values: Event.first <= slot(f"{values.name}.last_day")),
)

Source.FILTERS = (
    *common("source"),
    Column("kind", Source.kind),
    Column("publisher", Source.publisher),
    Column("origin", Source.origin),
    Tags("language", Source.language),
    Rows(listed(Report, Report.source), actor=Equal(Claim.actor)),
    Rows(listed(Report, Report.source), event=Equal(Claim.event)),
    Rows(
        lambda: (
            Report.select(Report.source)
            .join(TopicClaim, on=(TopicClaim.claim == Report.claim))
            .where(Report.listed == 1)
        ),
        topic=Equal(TopicClaim.topic),
    ),
    *dated(Source.date_key),
)

Topic.FILTERS = (
    *common("topic"),
    Column("parent", Topic.parent),
    Rows(listed(TopicClaim, TopicClaim.topic), actor=Equal(Claim.actor)),
    Rows(listed(TopicClaim, TopicClaim.topic), event=Equal(Claim.event)),
)

Position.FILTERS = (
    *common("position"),
    Rows(
        lambda: PositionTopic.select(PositionTopic.position).join(
            Broader, on=(Broader.topic == PositionTopic.topic)
        ),
        topic=Equal(Broader.broader),
    ),
    Rows(listed(ClaimPosition, ClaimPosition.position), actor=Equal(Claim.actor)),
)

Claim.FILTERS = (
    *common("claim"),
    Column("listed", Claim.listed),
    Column("actor", Claim.actor),
    Column("organization", Claim.organization),
    Column("event", Claim.event),
    Column("country", Claim.country),
    Links(
        ClaimPosition,
        once="position",
        position=Equal(ClaimPosition.position),
        stance=Equal(ClaimPosition.stance),
    ),
    Links(
        Report,
        source=Equal(Report.source),
        publisher=Equal(Report.publisher),
        attribution=Equal(Report.attribution),
    ),
    Links(About, once="about", about=Equal(About.party)),
    Links(Addressee, once="addressee", addressee=Equal(Addressee.party)),
    Links(TopicClaim, once="topic", topic=Equal(TopicClaim.topic)),
    Column("form", Claim.form),
    Column("status", Claim.status),
    Column("coder", Claim.coder),
    Tags("language", Claim.language),
    Either(
        "place",
        (placed(True), words(Claim.place_folded)),
        (placed(False), at_place),
    ),
    *dated(Claim.date_key),
)


def linked(link, column: str = "claim") -> Any:
    """Whether a claim has a link; the link goes by another name, lest it is what is walked."""

    def test(key: Field):
        other = link.alias()
        return fn.EXISTS(other.select(SQL("1")).where(getattr(other, column) == key))

    return test


def own(name: str) -> Any:
    """Whether a claim's own field has a value: where links are walked, their claims are joined."""
    return lambda key: getattr(Claim, name).is_null(False)


def quoted(key: Field):
    """The claim's quote, or the exact words of a direct report."""
    other = Report.alias()
    direct = other.select(SQL("1")).where(
        other.claim == key, other.attribution == "direct", other.exact.is_null(False)
    )
    return own("quote")(key) | fn.EXISTS(direct)


def related(key: Field):
    return linked(Relation)(key) | linked(Relation, "target")(key)


def of_claims(name: str, lacking: Any) -> Has:
    """Whether a claim's own field has a value; an index has the claims that are `lacking` it."""
    all = {"listed": Wanted(Values("listed"))}
    without = Claim.select(fn.COUNT(SQL("*"))).where(Claim.listed == 1, lacking)
    return Has(name, own(name), lambda: difference(count(Claim, all), without))


def of_links(name: str, link: Any) -> Has:
    """Whether a claim has links of a kind: as many claims have as there are first ones."""

    def counted():
        number = fn.COUNT(SQL("*"))
        later = link.select(number).where(link.ordinal > 0)
        unlisted = Claim.select(number).where(Claim.listed == 0, linked(link)(Claim.key))
        return difference(link.select(number), written("{} + {}", later, unlisted))

    return Has(name, linked(link), counted)


def in_relations():
    """How many listed claims have a relation, or are the target of one."""
    either = Relation.select(Relation.claim).union(Relation.select(Relation.target))
    return Claim.select(fn.COUNT(SQL("*"))).where(Claim.listed == 1, Claim.key.in_(either))


Claim.FILTERS = (
    *Claim.FILTERS,
    Has("quote", quoted),
    of_claims("actor", Claim.actor.is_null()),
    of_claims("organization", Claim.organization.is_null()),
    of_claims("event", Claim.event.is_null()),
    of_claims("date", Claim.date_key == UNDATED),
    of_links("topic", ClaimTopic),
    of_links("position", ClaimPosition),
    of_links("about", About),
    of_links("addressee", Addressee),
    of_links("report", Report),
    Has("relation", related, in_relations),
    of_links("review", Review),
)
HAS = [one.names[0].removeprefix("has.") for one in Claim.FILTERS if isinstance(one, Has)]


def orders(**sorts: Order) -> dict[str, Order]:
    """Both directions of each sort, by the name that asks for it."""
    return {
        sign + name: order._replace(descending=bool(sign))
        for name, order in sorts.items()
        for sign in ("", "-")
    }


def by_number(date_key: Field) -> dict[str, Order]:
    """Both directions of a date, whose number falls as it rises."""
    return {"date": Order(date_key, descending=True, absent=UNDATED), "-date": Order(date_key)}


THINGS = (Actor, Organization, Topic, Position, Event, Source)
DATED: dict[Any, dict[str, Order]] = {
    Event: orders(date=Order(Event.start_date)),
    Source: by_number(Source.date_key),
}
LAST = orders(updated_at=Order(Record.updated_at), id=Order(Record.id))

for thing in THINGS:
    named = orders(name=Order(thing.folded), claim_count=Order(thing.claim_count))
    thing.SORTS = {**named, **DATED.get(thing, {}), **LAST}

Claim.SORTS = {**by_number(Claim.date_key), **LAST}

Claim.COUNTED = {one._meta.table_name: one for one in THINGS}
