"""Claims: one statement, by one claimant, at one date."""

from __future__ import annotations

from peewee import Check, CompositeKey, IntegerField, TextField

from models.actor import Actor
from models.base import Base, JSONField, Record, foreign_key, word_check
from models.event import Event
from models.organization import Organization
from models.position import Position
from models.record_table import COUNT, DEFERRED, FROM_OWNER, FromRow, Link, RecordTable
from models.source import Source
from models.topic import Topic
from models.values.dates import date_key
from models.values.folding import fold, spaced_words

FORMS = (
    "interview", "speech", "debate", "declaration", "written-statement", "press-conference",
    "post", "vote", "protest", "legal-action", "other",
)  # fmt: skip
STATUSES = ("draft", "coded", "verified", "withdrawn")
# the statuses that lists show unless asked for another
LISTED_STATUSES = ("coded", "verified")
STANCES = ("support", "oppose", "neutral")
ATTRIBUTIONS = ("direct", "indirect", "mixed")
VERDICTS = ("true", "mostly-true", "mixed", "mostly-false", "false", "unverifiable", "other")
RELATIONS = ("repeats", "supports", "contradicts", "qualifies", "responds-to", "retracts")


class Claim(RecordTable):
    """A statement: who made it, when, on whose behalf, at which event."""

    text = TextField()
    actor = foreign_key(Actor, null=True)
    organization = foreign_key(Organization, null=True)
    claimant = foreign_key(Record, null=True)
    role = TextField(null=True)
    date = TextField(null=True)
    date_key = IntegerField()
    listed = IntegerField()
    # the same number as in `record`
    seq = IntegerField()
    quote = TextField(null=True)
    language = TextField(null=True)
    form = TextField(null=True, constraints=[word_check("form", FORMS, required=False)])
    event = foreign_key(Event, null=True)
    place = TextField(null=True)
    place_folded = TextField(null=True)
    status = TextField(constraints=[word_check("status", STATUSES)])
    coder = TextField(null=True)
    attributes = JSONField(null=True)
    country = TextField(null=True)
    shown_role = TextField(null=True)
    independent_publishers = IntegerField(default=0)

    class Meta:
        constraints = [Check("actor IS NOT NULL OR organization IS NOT NULL")]

    DERIVED = {
        # the actor, or the organization of a claim without one
        "claimant": FromRow(lambda row: row["actor"] or row["organization"]),
        "date_key": lambda record: date_key(record.get("date")),
        "listed": lambda record: int(record["status"] in LISTED_STATUSES),
        "place_folded": lambda record: spaced_words(record.get("place")),
        # the country of the event
        "country": DEFERRED,
        # the claim's own role, else that of the membership at the claim's date
        "shown_role": DEFERRED,
        # the distinct origins, else publishers, else sources of its reports
        "independent_publishers": COUNT,
    }
    DOCUMENT = (
        "text", "quote", "date", "role", "status", "coder", "form", "language", "place",
        "attributes", "actor", "organization", "event", "topics", "positions", "about",
        "addressees", "reports", "independent_publishers", "relations", "reviews",
    )  # fmt: skip


class ClaimLink(Link):
    """A link of a claim; it repeats the columns that order lists of claims."""

    claim = foreign_key(Claim)
    ordinal = IntegerField()
    date_key = IntegerField()
    listed = IntegerField()
    seq = IntegerField()

    OWNER = "claim"
    DERIVED = {"date_key": FROM_OWNER, "listed": FROM_OWNER, "seq": FROM_OWNER}


class ClaimTopic(ClaimLink):
    """One topic of a claim, as the record gives it."""

    topic = foreign_key(Topic, index=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")

    SECTION = "topics"
    PLAIN = True


class TopicClaim(Base):
    """A claim under one of its own topics, or under a broader one."""

    topic = foreign_key(Topic)
    listed = IntegerField()
    date_key = IntegerField()
    seq = IntegerField()
    claim = foreign_key(Claim, index=True)

    class Meta:
        primary_key = CompositeKey("topic", "listed", "date_key", "seq")
        without_rowid = True


class EventClaim(Base):
    """A claim at its own event, or at an event of which that is a part."""

    event = foreign_key(Event)
    listed = IntegerField()
    date_key = IntegerField()
    seq = IntegerField()
    claim = foreign_key(Claim, index=True)

    class Meta:
        primary_key = CompositeKey("event", "listed", "date_key", "seq")
        without_rowid = True


class ClaimPosition(ClaimLink):
    """A claim's stance on a position."""

    position = foreign_key(Position)
    stance = TextField(constraints=[word_check("stance", STANCES)])

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "position"), True),
            (("position", "listed", "date_key", "seq", "claim", "stance"), False),
            (("stance", "listed", "date_key", "seq", "claim"), False),
        )

    SECTION = "positions"


class Addressee(ClaimLink):
    """An actor or organization that a claim speaks to."""

    party = foreign_key(Record)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "party"), True),
            (("party", "listed", "date_key", "seq", "claim"), False),
        )

    SECTION = "addressees"


class About(ClaimLink):
    """An actor or organization that a claim speaks about."""

    party = foreign_key(Record)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("claim", "party"), True),
            (("party", "listed", "date_key", "seq", "claim"), False),
        )

    SECTION = "about"


class Report(ClaimLink):
    """One source reporting one claim, with the exact words and where they stand."""

    source = foreign_key(Source)
    exact = TextField(null=True)
    prefix = TextField(null=True)
    suffix = TextField(null=True)
    start = IntegerField(null=True)
    end = IntegerField(null=True)
    attribution = TextField(
        null=True, constraints=[word_check("attribution", ATTRIBUTIONS, required=False)]
    )
    publisher = foreign_key(Organization, null=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("source", "listed", "date_key", "seq", "claim"), False),
            (("publisher", "listed", "date_key", "seq", "claim"), False),
            (("attribution", "listed", "date_key", "seq", "claim"), False),
        )

    SECTION = "reports"
    # the publisher of the source
    DERIVED = {**ClaimLink.DERIVED, "publisher": DEFERRED}


class Relation(ClaimLink):
    """A relation of a claim to another claim."""

    kind = TextField(constraints=[word_check("kind", RELATIONS)])
    target = foreign_key(Claim, index=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")

    SECTION = "relations"


def role_words(role: str) -> list[str]:
    """The words of a role as filters compare them; a role without letters is one word (`★`)."""
    return fold(role).split() or [role]


def folded_rating(rating: str | None) -> str | None:
    """A rating as filters compare it: by its folded words, else as it is (`★★★`)."""
    return (fold(rating) or rating) if rating else None


class Review(ClaimLink):
    """A fact-checker's verdict on a claim."""

    organization = foreign_key(Organization)
    rating = TextField(null=True)
    rating_folded = TextField(null=True)
    verdict = TextField(null=True, constraints=[word_check("verdict", VERDICTS, required=False)])
    author = TextField(null=True)
    title = TextField(null=True)
    url = TextField(null=True)
    date = TextField(null=True)
    summary = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("claim", "ordinal")
        indexes = (
            (("organization", "listed", "date_key", "seq", "claim"), False),
            (("rating_folded", "listed", "date_key", "seq", "claim"), False),
            (("verdict", "listed", "date_key", "seq", "claim"), False),
        )

    SECTION = "reviews"
    DERIVED = {
        **ClaimLink.DERIVED,
        "rating_folded": lambda review: folded_rating(review.get("rating")),
    }


for leading in (
    "actor", "organization", "claimant", "event", "country", "form", "language", "coder", "status",
    "shown_role",
):  # fmt: skip
    Claim.add_index(getattr(Claim, leading), Claim.listed, Claim.date_key, Claim.seq)
Claim.add_index(Claim.listed, Claim.date_key, Claim.seq)
# many claims have the same number, so a scan in one direction cannot serve both
Claim.add_index(Claim.listed, Claim.independent_publishers, Claim.seq)
Claim.add_index(
    Claim.listed, Claim.independent_publishers.desc(), Claim.seq,
    name="claim_listed_independent_publishers_desc_seq",
)  # fmt: skip
Claim.add_index(Claim.place_folded, where=Claim.place_folded.is_null(False))
# second and further reports of a claim, which are few
Report.add_index(
    Report.claim, Report.ordinal, Report.listed, Report.source, Report.publisher,
    where=Report.ordinal > 0,
)  # fmt: skip
Claim.LINKS = (
    ClaimTopic, ClaimPosition, Addressee, About, Report, Relation, Review,
)  # fmt: skip
