"""The filters, sorts and facets of each list."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from peewee import Field

from models.actor import Actor, Membership
from models.base import Record
from models.claim import (
    About,
    Addressee,
    Claim,
    ClaimPosition,
    EventClaim,
    Report,
    Review,
    TopicClaim,
    role_words,
)
from models.event import Event, Organizer, Participant
from models.name_key import NameKey
from models.organization import Organization
from models.position import Position, PositionTopic
from models.queries.filter_kinds import (
    KEPT_TABLE,
    OTHER_TABLE,
    ClaimsFilter,
    ColumnFilter,
    DateFilter,
    Equal,
    ExistsFilter,
    KeptFilter,
    LinkFilter,
    SpelledOutColumn,
    SpelledOutUnion,
    UnionFilter,
    has_words,
    lies_within,
)
from models.queries.presence import PRESENCE_FILTERS
from models.queries.slots import Slot
from models.queries.sorting import (
    BY_RECORD,
    RELEVANCE,
    SortOrder,
    both_directions,
    by_date_key,
    by_name,
)
from models.queries.texts import TextFilter
from models.record_table import RecordTable, type_of
from models.source import Source
from models.topic import Broader, Topic
from models.values.dates import UNDATED
from models.values.languages import is_under

Select = Callable[[], Any]


class ListOptions(NamedTuple):
    """The options of one list; `facets` are names of filters, and year and month of claims."""

    filters: tuple[Any, ...]
    sorts: dict[str, SortOrder]
    facets: tuple[str, ...]

    @property
    def sort_names(self) -> tuple[str, ...]:
        """The values of `sort`."""
        return (*self.sorts, RELEVANCE)

    @property
    def default_sort(self) -> str:
        return "name" if "name" in self.sorts else "-date"


def common_filters(model: type[RecordTable]) -> tuple[Any, ...]:
    """The filters that every list has."""
    type = type_of(model)

    def records() -> Any:
        return Record.select(Record.key).where(Record.type == type)

    def identified() -> Any:
        return NameKey.select(NameKey.record).where(
            NameKey.type == type, NameKey.kind == "identifier"
        )

    return (
        KeptFilter("kept", KEPT_TABLE),
        KeptFilter("other", OTHER_TABLE),
        TextFilter(model),
        ExistsFilter(records, id=Equal(Record.id)),
        ExistsFilter(records, updated_since=lambda slot: Record.updated_at >= slot.one),
        ExistsFilter(identified, identifier=Equal(NameKey.value)),
    )


def key_of_date(slot: Slot, part: str) -> Any:
    """The date key of one of a date's numbers."""
    return UNDATED - slot.part(part)


def on_or_after(date_key: Field) -> Any:
    return lambda slot: (
        (date_key <= key_of_date(slot, "year"))
        & (
            (date_key <= key_of_date(slot, "first"))
            | date_key.in_([key_of_date(slot, "month"), key_of_date(slot, "year")])
        )
    )


def on_or_before(date_key: Field) -> Any:
    return lambda slot: (date_key >= key_of_date(slot, "last")) & (date_key < UNDATED)


def within_date(date_key: Field) -> Any:
    def test(slot: Slot) -> Any:
        if slot.many:
            # `DateFilter.merge` gives the keys of all dates
            return Equal(date_key)(slot)
        return (date_key >= key_of_date(slot, "last")) & (date_key <= key_of_date(slot, "first"))

    return test


def date_filters(date_key: Field) -> tuple[DateFilter, ...]:
    """Filters by a date of reduced precision: within it, from it on, up to it."""
    return (
        DateFilter("date", date_key, within_date),
        DateFilter("from_date", date_key, on_or_after),
        DateFilter("to_date", date_key, on_or_before),
    )


def attribute_filter(model: type[RecordTable]) -> ExistsFilter:
    """The filter by attributes, each as NAME:VALUE."""
    type = type_of(model)
    return ExistsFilter(
        lambda: NameKey.select(NameKey.record).where(
            NameKey.type == type, NameKey.kind == "attribute"
        ),
        attribute=Equal(NameKey.value),
    )


def role_has_words(words: Collection[str], role: str) -> bool:
    return set(role_words(role)).issuperset(words)


def participants() -> Any:
    """Actors and organizations that took part in events."""
    return Participant.select(Participant.party)


def participants_of(model: Any) -> Select:
    """Events in which actors, or organizations, took part."""
    return lambda: Participant.select(Participant.event).join(
        model, on=(model.key == Participant.party)
    )


def positions_by_topic() -> Any:
    return PositionTopic.select(PositionTopic.position).join(
        Broader, on=(Broader.topic == PositionTopic.topic)
    )


def place_has_words(words: Collection[str], place: str) -> bool:
    return set(place.split()).issuperset(words)


def claims_without_place() -> Any:
    return Claim.select(Claim.key).where(Claim.place_folded.is_null())


def at_place_of_event(slot: Slot) -> Any:
    """The claim's event is at the place."""
    places = Event.select(Event.key).where(Equal(Event.place_folded)(slot))
    return Claim.event.in_(places)


LISTS: dict[Any, ListOptions] = {
    Actor: ListOptions(
        filters=(
            *common_filters(Actor),
            attribute_filter(Actor),
            ColumnFilter("kind", Actor.kind),
            ExistsFilter(
                lambda: Membership.select(Membership.actor),
                organization=Equal(Membership.organization),
                role=has_words(Membership.role_folded),
                as_of=lambda slot: (
                    (Membership.first <= slot.part("last"))
                    & (Membership.last >= slot.part("first"))
                ),
            ),
            ClaimsFilter(
                Claim.actor,
                ("event", "topic", "position", "stance", "source"),
                {"event": UnionFilter("event", (participants, Participant.event))},
            ),
        ),
        sorts={**by_name(Actor), **BY_RECORD},
        facets=("organization", "event", "topic", "position", "source", "kind"),
    ),
    Organization: ListOptions(
        filters=(
            *common_filters(Organization),
            attribute_filter(Organization),
            ColumnFilter("kind", Organization.kind),
            ColumnFilter("country", Organization.country),
            ColumnFilter("parent", Organization.parent),
            ExistsFilter(
                lambda: Membership.select(Membership.organization),
                actor=Equal(Membership.actor),
            ),
            ClaimsFilter(
                Claim.organization,
                ("event", "topic", "position", "stance", "source"),
                {
                    "event": UnionFilter(
                        "event",
                        (lambda: Organizer.select(Organizer.organization), Organizer.event),
                        (participants, Participant.event),
                    )
                },
            ),
        ),
        sorts={**by_name(Organization), **BY_RECORD},
        facets=("parent", "actor", "event", "topic", "position", "source", "kind"),
    ),
    Event: ListOptions(
        filters=(
            *common_filters(Event),
            attribute_filter(Event),
            ColumnFilter("kind", Event.kind),
            ColumnFilter("country", Event.country),
            SpelledOutColumn("place", Event.place_folded, place_has_words),
            ColumnFilter("parent", Event.parent),
            ClaimsFilter(
                EventClaim.event,
                ("actor", "organization", "topic", "position", "stance"),
                {
                    "actor": UnionFilter("actor", (participants_of(Actor), Participant.party)),
                    "organization": UnionFilter(
                        "organization",
                        (participants_of(Organization), Participant.party),
                        (lambda: Organizer.select(Organizer.event), Organizer.organization),
                    ),
                },
            ),
            ColumnFilter(
                "date",
                Event.first,
                lies_within(Event.first, Event.last, "first_day", "last_day"),
            ),
            ColumnFilter(
                "from_date", Event.last, lambda slot: Event.last >= slot.part("first_day")
            ),
            ColumnFilter("to_date", Event.first, lambda slot: Event.first <= slot.part("last_day")),
        ),
        sorts={
            **by_name(Event),
            **both_directions(date=SortOrder(Event.start_date)),
            **BY_RECORD,
        },
        facets=("parent", "actor", "organization", "topic", "position", "kind"),
    ),
    Source: ListOptions(
        filters=(
            *common_filters(Source),
            ColumnFilter("kind", Source.kind),
            ColumnFilter("publisher", Source.publisher),
            ColumnFilter("origin", Source.origin),
            SpelledOutColumn("language", Source.language, is_under),
            ClaimsFilter(
                Report.source, ("actor", "organization", "event", "topic", "position", "stance")
            ),
            *date_filters(Source.date_key),
        ),
        sorts={**by_name(Source), **by_date_key(Source.date_key), **BY_RECORD},
        facets=(
            "publisher", "origin", "actor", "organization", "event", "topic", "position", "kind",
        ),
    ),
    Topic: ListOptions(
        filters=(
            *common_filters(Topic),
            ColumnFilter("parent", Topic.parent),
            ClaimsFilter(TopicClaim.topic, ("actor", "organization", "event")),
        ),
        sorts={**by_name(Topic), **BY_RECORD},
        facets=("parent", "actor", "organization", "event"),
    ),
    Position: ListOptions(
        filters=(
            *common_filters(Position),
            attribute_filter(Position),
            ExistsFilter(positions_by_topic, topic=Equal(Broader.broader)),
            ClaimsFilter(ClaimPosition.position, ("actor", "organization")),
        ),
        sorts={**by_name(Position), **BY_RECORD},
        facets=("topic", "actor", "organization"),
    ),
    Claim: ListOptions(
        filters=(
            *common_filters(Claim),
            attribute_filter(Claim),
            ColumnFilter("listed", Claim.listed),
            ColumnFilter("claimant", Claim.claimant),
            ColumnFilter("actor", Claim.actor),
            ColumnFilter("organization", Claim.organization),
            LinkFilter(EventClaim, unique="event", event=Equal(EventClaim.event)),
            ColumnFilter("country", Claim.country),
            LinkFilter(
                ClaimPosition,
                unique="position",
                position=Equal(ClaimPosition.position),
                stance=Equal(ClaimPosition.stance),
            ),
            LinkFilter(
                Report,
                source=Equal(Report.source),
                publisher=Equal(Report.publisher),
                attribution=Equal(Report.attribution),
            ),
            LinkFilter(
                Review,
                reviewer=Equal(Review.organization),
                rating=Equal(Review.rating_folded),
                verdict=Equal(Review.verdict),
            ),
            LinkFilter(About, unique="about", about=Equal(About.party)),
            LinkFilter(Addressee, unique="addressee", addressee=Equal(Addressee.party)),
            LinkFilter(TopicClaim, unique="topic", topic=Equal(TopicClaim.topic)),
            ColumnFilter("form", Claim.form),
            ColumnFilter("status", Claim.status),
            ColumnFilter("coder", Claim.coder),
            SpelledOutColumn("role", Claim.shown_role, role_has_words),
            SpelledOutColumn("language", Claim.language, is_under),
            ColumnFilter(
                "min_publishers",
                Claim.independent_publishers,
                lambda slot: Claim.independent_publishers >= slot.one,
            ),
            SpelledOutUnion(
                "place",
                (lambda: Claim.select(Claim.key), Claim.place_folded),
                (claims_without_place, at_place_of_event),
                columns=(Claim.place_folded, Event.place_folded),
                stands_for=place_has_words,
            ),
            *date_filters(Claim.date_key),
            *PRESENCE_FILTERS,
        ),
        sorts={
            **by_date_key(Claim.date_key),
            **both_directions(independent_publishers=SortOrder(Claim.independent_publishers)),
            **BY_RECORD,
        },
        facets=(
            "actor", "organization", "event", "source", "publisher", "topic", "position", "about",
            "addressee", "form", "stance", "status", "language", "year", "month", "coder",
            "role", "reviewer", "rating", "verdict",
        ),
    ),
}  # fmt: skip


def filters_in_use(model: Any, names: Collection[str]) -> tuple[Any, ...]:
    """The filters of a list that have one of these names."""
    return tuple(
        filter for filter in LISTS[model].filters if any(name in names for name in filter.names)
    )


def filter_named(model: Any, name: str) -> Any:
    """The filter that has this name in a list."""
    return next(filter for filter in LISTS[model].filters if name in filter.names)


def filter_names(model: Any) -> set[str]:
    return {name for filter in LISTS[model].filters for name in filter.names}
