"""Claims: one statement, by one claimant, at one date."""

from __future__ import annotations

from peewee import SQL, Check, CompositeKey, IntegerField, TextField, fn

from models.actor import Actor
from models.base import Base, JSONField, Record, one_of, reference
from models.database.sql import all_of
from models.event import Event
from models.organization import Organization
from models.position import Position
from models.queries.filter_kinds import Asked, Choice, Dated, Equal, Links, Order, Walk, Wanted
from models.record_table import Link, Thing, later, owners
from models.search.names import fold
from models.source import Source
from models.topic import Topic
from models.values.dates import date_key

FORMS = (
    "interview", "speech", "debate", "declaration", "written-statement", "press-conference",
    "post", "vote", "protest", "legal-action", "other",
)  # fmt: skip
STATUSES = ("draft", "coded", "verified", "withdrawn")
LISTED = ("coded", "verified")
STANCES = ("support", "oppose", "neutral")
ATTRIBUTIONS = ("direct", "indirect", "mixed")
RELATIONS = ("repeats", "supports", "contradicts", "qualifies", "responds-to", "retracts")


def is_listed(claim: dict) -> int:
    """1 where lists show a claim without being asked for its status."""
    return int(claim["status"] in LISTED)


def dated(claim: dict) -> int:
    return date_key(claim.get("date"))


class Claim(Thing):
    """Who said what, when, on whose behalf, at which event."""

    text = TextField()
    actor = reference(Actor, null=True)
    organization = reference(Organization, null=True)
    role = TextField(null=True)
    date = TextField(null=True)
    date_key = IntegerField()
    listed = IntegerField()
    # the record's
    entered = IntegerField()
    quote = TextField(null=True)
    language = TextField(null=True)
    form = TextField(null=True, constraints=[one_of("form", FORMS, required=False)])
    event = reference(Event, null=True)
    place = TextField(null=True)
    place_folded = TextField(null=True)
    status = TextField(constraints=[one_of("status", STATUSES)])
    coder = TextField(null=True)
    attributes = JSONField(null=True)
    country = TextField(null=True)

    class Meta:
        constraints = [Check("actor IS NOT NULL OR organization IS NOT NULL")]

    DERIVED = {
        "date_key": dated,
        "listed": is_listed,
        "place_folded": lambda record: record.get("place") and f" {fold(record['place'])} ",
        # the event's, set when both are there
        "country": later,
    }

    @classmethod
    def matching(cls, order: Order | None = None, /, **asked: Wanted) -> Walk:
        """The claims that pass every filter: `Claim.matching(actor=rutte)`.

        Newest first is a walk along an index: the claims' own, or that of one filter's links.
        """
        lead = cls.lead(order, asked)
        if lead is None:
            return super().matching(order, **asked)
        return cls.along(lead, order, asked)

    @classmethod
    def along(cls, lead: Links, order: Order | None, asked: Asked) -> Walk:
        """The claims that pass every filter, by a walk along the links of one."""
        link, sought, left = lead.link, lead.sought(asked), lead.left(asked)
        query = link.select().where(*lead.passing(sought))
        listed = left.pop("listed", Wanted()).having
        if listed:
            query = query.where(Equal(link.listed)(listed))
        filters = cls.FILTERS
        if not any(values.many for _, values in sought):
            # the index that is walked has the dates
            dates = [one.on(link.date_key) for one in filters if isinstance(one, Dated)]
            query = query.where(*(test for one in dates for test in one.where(link.claim, left)))
            filters = tuple(one for one in filters if not isinstance(one, Dated))
        tests = [test for one in filters for test in one.where(link.claim, left)]
        if tests and order:
            # SQLite leaves a walk early that is in order, but not where it is joined to another,
            # and 3.40 then forgets a bound that stands behind a list in an index
            of_claim = cls.select(SQL("1")).where(all_of([cls.key == link.claim, *tests]))
            query = query.where(fn.EXISTS(of_claim))
        elif tests:
            query = query.join(cls, on=(cls.key == link.claim)).where(all_of(tests))
        repeats = lead.repeats(sought)
        return Walk(query, link.claim, link.date_key, link.entered, distinct=repeats)

    @classmethod
    def with_defaults(cls, choices: dict[str, Choice]) -> dict[str, Choice]:
        """Coded and verified claims, unless the query asks for a status."""
        statuses = choices["status"].having or () if "status" in choices else LISTED
        listed = {int(status in LISTED) for status in statuses}
        if len(listed) == 1:
            return {**choices, "listed": Choice(tuple(listed))}
        return choices

    @classmethod
    def lead(cls, order: Order | None, asked: Asked) -> Links | None:
        """The filter whose links are walked, where the claim's own columns do not narrow more.

        A page ends soon in either walk; a count meets all, and fewer claims have a form than may
        have a topic.
        """
        if order and order.column is not Claim.date_key:
            return None
        narrow = ("actor", "organization", "event", *(() if order else ("form",)))
        if any(name in asked and asked[name].having for name in narrow):
            return None
        links = [one for one in cls.FILTERS if isinstance(one, Links) and one.sought(asked)]
        # a thing has fewer than a word
        return max(links, key=lambda one: one.finds_thing(asked), default=None)


class ClaimLink(Link):
    """A link of a claim, which carries what the claim's lists are walked by."""

    claim = reference(Claim)
    ordinal = IntegerField()
    date_key = IntegerField()
    listed = IntegerField()
    entered = IntegerField()

    OWNER = "claim"
    DERIVED = {"date_key": owners, "listed": owners, "entered": owners}


class ClaimTopic(ClaimLink):
    """One topic of a claim, as the record gives it."""

    topic = reference(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")

    SECTION = "topics"
    PLAIN = True


class TopicClaim(Base):
    """A claim under a topic: one of the claim's own topics or a broader one."""

    topic = reference(Topic)
    listed = IntegerField()
    date_key = IntegerField()
    entered = IntegerField()
    claim = reference(Claim, index=True)

    class Meta:
        primary_key = CompositeKey("topic", "listed", "date_key", "entered")
        without_rowid = True


class ClaimPosition(ClaimLink):
    """A claim's stance on a position."""

    position = reference(Position)
    stance = TextField(constraints=[one_of("stance", STANCES)])

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "position"), True),
            (("position", "listed", "date_key", "entered", "claim", "stance"), False),
            (("stance", "listed", "date_key", "entered", "claim"), False),
        )

    SECTION = "positions"


class Addressee(ClaimLink):
    """An actor or organization that a claim speaks to."""

    party = reference(Record)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "party"), True),
            (("party", "listed", "date_key", "entered", "claim"), False),
        )

    SECTION = "addressees"


class About(ClaimLink):
    """An actor or organization that a claim speaks about."""

    party = reference(Record)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "party"), True),
            (("party", "listed", "date_key", "entered", "claim"), False),
        )

    SECTION = "about"


class Report(ClaimLink):
    """One source reporting one claim, with the exact words and where they stand."""

    source = reference(Source)
    exact = TextField(null=True)
    prefix = TextField(null=True)
    suffix = TextField(null=True)
    start = IntegerField(null=True)
    end = IntegerField(null=True)
    attribution = TextField(
        null=True, constraints=[one_of("attribution", ATTRIBUTIONS, required=False)]
    )
    publisher = reference(Organization, null=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("source", "listed", "date_key", "entered", "claim"), False),
            (("publisher", "listed", "date_key", "entered", "claim"), False),
            (("attribution", "listed", "date_key", "entered", "claim"), False),
        )

    SECTION = "reports"
    # the source's, set when both are there
    DERIVED = {**ClaimLink.DERIVED, "publisher": later}


class Relation(ClaimLink):
    """What a claim does to another claim."""

    kind = TextField(constraints=[one_of("kind", RELATIONS)])
    target = reference(Claim, index=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")

    SECTION = "relations"


class Review(ClaimLink):
    """A fact-checker's verdict on a claim."""

    organization = reference(Organization, index=True)
    rating = TextField()
    url = TextField(null=True)
    date = TextField(null=True)
    summary = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")

    SECTION = "reviews"


for leading in (
    "actor", "organization", "event", "country", "form", "language", "coder", "status",
):  # fmt: skip
    Claim.add_index(getattr(Claim, leading), Claim.listed, Claim.date_key, Claim.entered)
Claim.add_index(Claim.listed, Claim.date_key, Claim.entered)
Claim.add_index(Claim.place_folded, where=Claim.place_folded.is_null(False))
# the few reports that are not a claim's first
Report.add_index(
    Report.claim, Report.ordinal, Report.listed, Report.source, Report.publisher,
    where=Report.ordinal > 0,
)  # fmt: skip
Claim.LINKS = (
    ClaimTopic, ClaimPosition, Addressee, About, Report, Relation, Review,
)  # fmt: skip
