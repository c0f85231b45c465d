"""Claims."""

from typing import Any

import marshmallow as ma

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    MatchParameter,
    PresenceParameter,
    SortParameter,
)
from api.query.parameters import (
    AttributeParameter,
    CountryParameter,
    DateParameter,
    DayParameter,
    EnumFilter,
    FullTextParameter,
    IdParameter,
    LanguageParameter,
    MinimumParameter,
    NameParameter,
    RatingParameter,
    RoleParameter,
    TextParameter,
    WordsParameter,
)
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Claim
from models.actor import KINDS as ACTOR_KINDS
from models.claim import ATTRIBUTIONS, FORMS, RELATIONS, STANCES, STATUSES, VERDICTS
from models.queries.presence import PRESENCE_NAMES

blp = Blueprint(
    "claims",
    __name__,
    description="Statements, each by one claimant at one date.",
    example="rutte-antalya-no-membership-promise",
)


class ClaimantSchema(schemas.Schema):
    """The actor who makes a claim."""

    id = schemas.text_field("The actor's id.")
    name = schemas.text_field("The actor's name.")
    kind = schemas.enum_field("ActorKind", ACTOR_KINDS, "The kind of actor.")
    role = schemas.text_field(
        "The claim's own role, else the one in the organization at the claim's date.",
        nullable=True,
    )


class TakenPositionSchema(schemas.Schema):
    """A position, and the stance that a claim takes on it."""

    id = schemas.text_field("The position's id.")
    label = schemas.text_field("The position's short name.", nullable=True)
    text = schemas.text_field("The position's text.")
    stance = schemas.enum_field("Stance", STANCES, "The stance that the claim takes.")


class ReportSourceSchema(schemas.Schema):
    """The source of a report."""

    id = schemas.text_field("The source's id.")
    title = schemas.text_field("The source's title.")
    date = schemas.date_field("The date of publication.")
    url = schemas.text_field("The address of the source.", nullable=True)


class ReportSchema(schemas.Schema):
    """One source reporting a claim, with the exact words and where they stand."""

    source = schemas.object_field(ReportSourceSchema, "The source.", nullable=False)
    publisher = schemas.object_field(schemas.ReferenceSchema, "The publisher of the source.")
    origin = schemas.object_field(
        schemas.ReferenceSchema, "The organization whose report the source repeats."
    )
    attribution = schemas.enum_field(
        "Attribution", ATTRIBUTIONS, "Whether the source quotes the claim.", nullable=True
    )
    exact = schemas.text_field("The exact words.", nullable=True)
    prefix = schemas.text_field("The words before them.", nullable=True)
    suffix = schemas.text_field("The words after them.", nullable=True)
    start = schemas.number_field("Their start in the source's text, in characters.", nullable=True)
    end = schemas.number_field("Their end, exclusive.", nullable=True)
    link = schemas.text_field("The source's URL, opening at the exact words.", nullable=True)


class RelatedClaimSchema(schemas.Schema):
    """Another claim."""

    id = schemas.text_field("The claim's id.")
    text = schemas.text_field("The claim's text.")
    date = schemas.date_field("The claim's date.")
    actor = schemas.object_field(schemas.ReferenceSchema, "The actor who makes it.")
    organization = schemas.object_field(
        schemas.ReferenceSchema, "The organization that it is made for, or that makes it."
    )


class RelationSchema(schemas.Schema):
    """A relation of a claim to another claim, or of that claim to it."""

    kind = schemas.enum_field("RelationKind", RELATIONS, "The kind of relation.")
    direction = schemas.enum_field(
        "Direction", ("out", "in"), "`out`: this claim does it; `in`: the other one does."
    )
    claim = schemas.object_field(RelatedClaimSchema, "The other claim.", nullable=False)


class ReviewSchema(schemas.Schema):
    """A fact-checker's verdict on a claim."""

    organization = schemas.object_field(
        schemas.ReferenceSchema, "The fact-checker.", nullable=False
    )
    rating = schemas.text_field("The verdict in the fact-checker's words.", nullable=True)
    verdict = schemas.enum_field("Verdict", VERDICTS, "The verdict.", nullable=True)
    author = schemas.text_field("The author of the review.", nullable=True)
    title = schemas.text_field("The title of the review.", nullable=True)
    url = schemas.text_field("The address of the review.", nullable=True)
    date = schemas.date_field("The date of publication.")
    summary = schemas.text_field("A summary of the review.", nullable=True)


class ClaimSchema(schemas.Schema):
    """One statement, by one claimant, at one date."""

    id = schemas.id_field()
    text = schemas.text_field("A paraphrase of the claim, in the coder's words.")
    quote = schemas.text_field(
        "The speaker's own words, else the exact words of the first direct report.", nullable=True
    )
    date = schemas.date_field("The date of the claim.")
    role = schemas.text_field("The claimant's role, as the source gives it.", nullable=True)
    status = schemas.enum_field("Status", STATUSES, "The state of the coding.")
    coder = schemas.text_field("The coder.", nullable=True)
    form = schemas.enum_field("Form", FORMS, "The form of the claim.", nullable=True)
    language = schemas.text_field("The quote's language, as BCP 47 tag.", nullable=True)
    place = schemas.text_field("The place of the claim, if it is not the event's.", nullable=True)
    attributes = schemas.attributes_field()
    actor = schemas.object_field(ClaimantSchema, "The actor who makes the claim.")
    organization = schemas.object_field(
        schemas.ReferenceSchema, "The organization that the claim is made for, or that makes it."
    )
    event = schemas.object_field(schemas.ReferenceSchema, "The event at which it was made.")
    topics = schemas.objects_field(schemas.ReferenceSchema, "The policy issues.")
    positions = schemas.objects_field(TakenPositionSchema, "The positions it takes a stance on.")
    about = schemas.objects_field(
        schemas.PartySchema, "The actors and organizations that it speaks about."
    )
    addressees = schemas.objects_field(
        schemas.PartySchema, "The actors and organizations that it speaks to."
    )
    reports = schemas.objects_field(ReportSchema, "The sources that report it.")
    independent_publishers = schemas.number_field(
        "How many distinct origins (else publishers, else sources) report it."
    )
    relations = schemas.objects_field(
        RelationSchema, "Other claims that it repeats, contradicts …, then those that do so to it."
    )
    reviews = schemas.objects_field(ReviewSchema, "Fact-checkers' verdicts.")
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class ClaimQuery(ListQuery):
    q = FullTextParameter(
        "Claims with these words in their text, quote, reports' exact words or claimant's names.",
        "Ukraine NATO",
    )
    id = IdParameter(["rutte-antalya-no-membership-promise"])
    claimant = NameParameter(
        "actor",
        "organization",
        description="Claims of these actors, or of these organizations without an actor; "
        "`actor:ID` or `organization:ID` pins the type.",
        example=["Rutte"],
    )
    actor = NameParameter("actor", description="Claims of these actors.", example=["Rutte"])
    organization = NameParameter(
        "organization",
        description="Claims on behalf of these organizations.",
        example=["NATO"],
    )
    event = NameParameter(
        "event",
        description="Claims made at these events or parts of them.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    source = NameParameter(
        "source",
        description="Claims that these sources report. source, publisher and attribution must "
        "hold for the same report.",
        example=["defensehere-2025-05-14-post"],
    )
    publisher = NameParameter(
        "organization",
        description="Claims in sources that these organizations published.",
        example=["Defensehere"],
    )
    topic = NameParameter(
        "topic",
        description="Claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = NameParameter(
        "position",
        description="Claims that take a stance on these positions. position and stance must hold "
        "for the same position of the claim.",
        example=["ukraine-will-join-nato"],
    )
    stance = EnumFilter("Stance", STANCES, "Claims that take one of these stances.")
    about = NameParameter(
        "actor",
        "organization",
        description="Claims about these actors or organizations; `actor:ID` or `organization:ID` "
        "pins the type.",
        example=["Türkiye"],
    )
    addressee = NameParameter(
        "actor",
        "organization",
        description="Claims that speak to these actors or organizations; `actor:ID` or "
        "`organization:ID` pins the type.",
        example=["NATO"],
    )
    form = EnumFilter("Form", FORMS, "Claims made in one of these forms.")
    attribution = EnumFilter(
        "Attribution", ATTRIBUTIONS, "Claims with a report in one of these kinds of speech."
    )
    language = LanguageParameter("Claims whose quote is in one of these languages.", ["en"])
    place = WordsParameter("Claims made at a place with these words.", ["Antalya"])
    country = CountryParameter("Claims made at events in these countries.")
    role = RoleParameter(
        "Claims whose claimant has a role with these words, as `actor.role` shows it.",
        ["Secretary General"],
    )
    reviewer = NameParameter(
        "organization",
        description="Claims that these organizations reviewed. reviewer, rating and verdict must "
        "hold for the same review.",
        example=["NATO"],
    )
    rating = RatingParameter(
        "Claims with a review that has this rating; case, accents and punctuation do not count.",
        ["false"],
    )
    verdict = EnumFilter("Verdict", VERDICTS, "Claims with a review that has this verdict.")
    min_publishers = MinimumParameter(
        "Claims that at least so many independent publishers report, as "
        "`independent_publishers` counts.",
        2,
    )
    attribute = AttributeParameter("Claims")
    coder = TextParameter("Claims that these coders coded, exactly as written.", ["AB"])
    status = EnumFilter(
        "Status", STATUSES, "Claims with one of these statuses; coded and verified if it is "
        "not given.", ["coded"],
    )  # fmt: skip
    date = DateParameter("Claims whose date lies within these dates.", ["2025-05"])
    from_date = DayParameter("Claims of this date or a later one.", "2025-05-14")
    to_date = DayParameter("Claims of this date or an earlier one.", "2025")
    has = PresenceParameter(
        "ClaimHas",
        PRESENCE_NAMES,
        "Claims that have all of these, or have none after a leading `!`. Commas and repetition "
        "both separate them.",
        ["quote", "!review"],
    )
    match = MatchParameter()
    sort = SortParameter(Claim, "-date")
    facet = FacetParameter(Claim)
    include = IncludeParameter("claim")
    fields = FieldsParameter(ClaimSchema)  # type: ignore[assignment]  # a parameter, not the fields


def claim_filters(*refused: str, **parameters: Any) -> ma.Schema:
    """The filters of claims, and further parameters, for routes that count claims."""
    filters: dict[str, Any] = {
        name: field
        for name, field in ClaimQuery._declared_fields.items()
        if getattr(field, "chooses_rows", False) and name not in refused
    }
    return ma.Schema.from_dict({**filters, **parameters})()


CLAIMS = schemas.resource(Claim, ClaimSchema, ClaimQuery)


@blp.list_route(
    "/claims",
    ClaimQuery(),
    CLAIMS.page,
    sample="actor=Rutte&position=ukraine-will-join-nato&stance=support",
)
def list_claims(query: Query) -> MakeAnswer:
    """List claims, newest first.

    The list has coded and verified claims unless `status` asks for others. Different filters must
    all hold; of a repeated filter, any value is enough. `meta.resolved` explains each name.
    """
    return list_page(Claim, query)


@blp.record_route("/claims/<id>", CLAIMS, sample="include=actor&include=source")
def get_claim(query: Query, id: str) -> MakeAnswer:
    """Get one claim.

    It has any status, and shows its reports, relations and reviews. A former id redirects to the
    present one.
    """
    return record_document("claim", id, query)
