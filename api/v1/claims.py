"""Claims."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import (
    Countries,
    Dates,
    Day,
    Facets,
    Fields,
    Has,
    Ids,
    Include,
    Languages,
    ListQuery,
    Match,
    Names,
    OneOf,
    Plain,
    Sort,
    Words,
    one_query,
)
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Claim
from models.actor import KINDS as ACTOR_KINDS
from models.claim import ATTRIBUTIONS, FORMS, RELATIONS, STANCES, STATUSES
from models.queries.facets import FACETS
from models.queries.filters import HAS

blp = Blueprint("claims", __name__, description="Who said what, when, on whose behalf, and where.")


class Claimant(schemas.Schema):
    """The actor who makes a claim."""

    id = schemas.text("The actor's id.")
    name = schemas.text("The actor's name.")
    kind = schemas.word("ActorKind", ACTOR_KINDS, "What kind of actor it is.")
    role = schemas.text(
        "The claim's own role, else the one in the organization at the claim's date.",
        nullable=True,
    )


class TakenPosition(schemas.Schema):
    """A position, and the stance that a claim takes on it."""

    id = schemas.text("The position's id.")
    text = schemas.text("The position's text.")
    stance = schemas.word("Stance", STANCES, "The stance that the claim takes.")


class ReportSource(schemas.Schema):
    """The source of a report."""

    id = schemas.text("The source's id.")
    title = schemas.text("The source's title.")
    date = schemas.date("When it was published.")
    url = schemas.text("Where it is.", nullable=True)


class ReportSchema(schemas.Schema):
    """One source reporting a claim, with the exact words and where they stand."""

    source = schemas.one(ReportSource, "The source.", nullable=False)
    publisher = schemas.one(schemas.Reference, "Who published the source.")
    origin = schemas.one(schemas.Reference, "Whose report the source repeats.")
    attribution = schemas.word(
        "Attribution", ATTRIBUTIONS, "Whether the source quotes the claim.", nullable=True
    )
    exact = schemas.text("The exact words.", nullable=True)
    prefix = schemas.text("What stands before them.", nullable=True)
    suffix = schemas.text("What stands after them.", nullable=True)
    start = schemas.number("Where they begin in the source's text, in characters.", nullable=True)
    end = schemas.number("Where they end, exclusive.", nullable=True)
    link = schemas.text("The source's URL, opening at the exact words.", nullable=True)


class RelatedClaim(schemas.Schema):
    """Another claim."""

    id = schemas.text("The claim's id.")
    text = schemas.text("The claim's text.")
    date = schemas.date("The claim's date.")


class RelationSchema(schemas.Schema):
    """What a claim does to another, or another to it."""

    kind = schemas.word("RelationKind", RELATIONS, "What the one does to the other.")
    direction = schemas.word(
        "Direction", ("out", "in"), "`out`: this claim does it; `in`: the other one does."
    )
    claim = schemas.one(RelatedClaim, "The other claim.", nullable=False)


class ReviewSchema(schemas.Schema):
    """A fact-checker's verdict."""

    organization = schemas.one(schemas.Reference, "The fact-checker.", nullable=False)
    rating = schemas.text("The verdict.")
    url = schemas.text("Where it is published.", nullable=True)
    date = schemas.date("When it was published.")
    summary = schemas.text("What it says.", nullable=True)


class ClaimSchema(schemas.Schema):
    """One statement, by one claimant, at one date."""

    id = schemas.record_id()
    text = schemas.text("What was claimed, in the coder's words.")
    quote = schemas.text(
        "The speaker's own words, else the exact words of the first direct report.", nullable=True
    )
    date = schemas.date("When it was claimed.")
    role = schemas.text("The claimant's role, as the source gives it.", nullable=True)
    status = schemas.word("Status", STATUSES, "How far the coding has come.")
    coder = schemas.text("Who coded it.", nullable=True)
    form = schemas.word("Form", FORMS, "How it was made.", nullable=True)
    language = schemas.text("The quote's language, as BCP 47 tag.", nullable=True)
    place = schemas.text("Where it was made, where that is not the event's place.", nullable=True)
    attributes = schemas.attributes()
    actor = schemas.one(Claimant, "Who claims it.")
    organization = schemas.one(schemas.Reference, "On whose behalf.")
    event = schemas.one(schemas.Reference, "Where and when it was claimed.")
    topics = schemas.many(schemas.Reference, "The policy issues.")
    positions = schemas.many(TakenPosition, "The positions it takes a stance on.")
    about = schemas.many(schemas.Party, "Whom it speaks about.")
    addressees = schemas.many(schemas.Party, "Whom it speaks to.")
    reports = schemas.many(ReportSchema, "The sources that report it.")
    independent_publishers = schemas.number(
        "How many distinct origins (else publishers, else sources) report it."
    )
    relations = schemas.many(
        RelationSchema, "Other claims that it repeats, contradicts …, then those that do so to it."
    )
    reviews = schemas.many(ReviewSchema, "Fact-checkers' verdicts.")
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class ClaimQuery(ListQuery):
    id = Ids(["rutte-antalya-no-membership-promise"])
    actor = Names("actor", description="Claims of these actors.", example=["Rutte"])
    organization = Names(
        "organization",
        description="Claims on behalf of these organizations.",
        example=["NATO"],
    )
    event = Names(
        "event",
        description="Claims made at these events.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    source = Names(
        "source",
        description="Claims that these sources report. source, publisher and attribution must "
        "hold for the same report.",
        example=["defensehere-2025-05-14-post"],
    )
    publisher = Names(
        "organization",
        description="Claims in sources that these organizations published.",
        example=["Defensehere"],
    )
    topic = Names(
        "topic",
        description="Claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = Names(
        "position",
        description="Claims that take a stance on these positions. position and stance must hold "
        "for the same position of the claim.",
        example=["ukraine-will-join-nato"],
    )
    stance = OneOf("Stance", STANCES, "Claims that take one of these stances.")
    about = Names(
        "actor",
        "organization",
        description="Claims about these actors or organizations; `actor:ID` or `organization:ID` "
        "pins the type.",
        example=["Türkiye"],
    )
    addressee = Names(
        "actor",
        "organization",
        description="Claims that speak to these actors or organizations; `actor:ID` or "
        "`organization:ID` pins the type.",
        example=["NATO"],
    )
    form = OneOf("Form", FORMS, "Claims made in one of these forms.")
    attribution = OneOf(
        "Attribution", ATTRIBUTIONS, "Claims with a report in one of these kinds of speech."
    )
    language = Languages("Claims whose quote is in one of these languages.", ["en"])
    place = Words("Claims made at a place with these words.", ["Antalya"])
    country = Countries("Claims made at events in these countries.")
    coder = Plain("Claims that these coders coded, exactly as written.", ["AB"])
    status = OneOf(
        "Status", STATUSES, "Claims with one of these statuses; coded and verified where it is "
        "not given.", ["coded"],
    )  # fmt: skip
    date = Dates("Claims whose date lies within these dates.", ["2025-05"])
    from_date = Day("Claims of this date or a later one.", "2025-05-14")
    to_date = Day("Claims of this date or an earlier one.", "2025")
    has = Has(
        "ClaimHas",
        HAS,
        "Claims that have these, or with a leading `!` have not; all of them; commas and "
        "repetition alike.",
        ["quote", "!review"],
    )
    match = Match()
    sort = Sort("ClaimSort", Claim.SORTS, "-date")
    facet = Facets("ClaimFacet", FACETS[Claim])
    include = Include("claim")
    fields = Fields(ClaimSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Claim, ClaimQuery, schemas.page_of(ClaimSchema))


@blp.list("/claims", ClaimQuery(), LISTING.page)
def list_claims(query: Query) -> Response:
    """List claims, newest first.

    Those that are coded or verified, where `status` asks for no other. Different filters must all
    hold, and any value of a repeated one; `meta.resolved` says what each name was taken for.
    """
    return page(Claim, query)


@blp.one("/claims/<id>", ClaimSchema, one_query("claim", ClaimSchema))
def get_claim(query: Query, id: str) -> Response:
    """Get one claim.

    Whatever its status, with its reports, relations and reviews. A former id redirects to the one
    that replaced it.
    """
    return document("claim", id, query)
