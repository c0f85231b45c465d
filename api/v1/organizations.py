"""Organizations."""

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import (
    FacetParameter,
    FieldsParameter,
    IncludeParameter,
    ListQuery,
    MatchParameter,
    SortParameter,
)
from api.query.parameters import (
    AttributeParameter,
    CountryParameter,
    EnumFilter,
    FullTextParameter,
    IdParameter,
    NameParameter,
)
from api.query.parser import Query
from api.v1.lists import list_page
from api.v1.records import record_document
from models import Organization
from models.claim import STANCES
from models.organization import KINDS

blp = Blueprint(
    "organizations",
    __name__,
    description="Bodies that act or are acted on.",
    example="nato",
)


class OrganizationSchema(schemas.Schema):
    """An alliance, state, company, media outlet, party …"""

    id = schemas.id_field()
    name = schemas.text_field("The name.")
    kind = schemas.enum_field("OrganizationKind", KINDS, "The kind of organization.")
    aliases = schemas.texts_field("Other names.")
    description = schemas.text_field("A description of the organization.", nullable=True)
    country = schemas.text_field("Its country, as ISO 3166-1 alpha-2 code.", nullable=True)
    parent = schemas.object_field(schemas.ReferenceSchema, "The organization that it is a part of.")
    url = schemas.text_field("Its page.", nullable=True)
    attributes = schemas.attributes_field()
    claim_count = schemas.claim_count_field()
    identifiers, former_ids, created_at, updated_at = schemas.ending_fields()


class OrganizationQuery(ListQuery):
    q = FullTextParameter("Organizations with these words in their names or description.", "NATO")
    id = IdParameter(["nato"])
    kind = EnumFilter("OrganizationKind", KINDS, "Organizations of these kinds.")
    country = CountryParameter("Organizations of these countries.")
    parent = NameParameter(
        "organization",
        description="Organizations directly under these ones.",
        example=["china"],
    )
    actor = NameParameter(
        "actor",
        description="Organizations of which these actors are or were members.",
        example=["mark-rutte"],
    )
    event = NameParameter(
        "event",
        description="Organizations with claims on their behalf at these events or parts of them. "
        "Without another filter by claims, also organizers and participants.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    topic = NameParameter(
        "topic",
        description="Organizations with claims on these topics, or on narrower ones.",
        example=["defence"],
    )
    position = NameParameter(
        "position",
        description="Organizations with claims that take a stance on these positions.",
        example=["ukraine-will-join-nato"],
    )
    stance = EnumFilter(
        "Stance", STANCES, "Organizations with claims that take one of these stances."
    )
    source = NameParameter(
        "source",
        description="Organizations with claims that these sources report.",
        example=["defensehere-2025-05-14-post"],
    )
    attribute = AttributeParameter("Organizations")
    match = MatchParameter()
    sort = SortParameter(Organization, "name")
    facet = FacetParameter(Organization)
    include = IncludeParameter("organization")
    fields = FieldsParameter(OrganizationSchema)  # type: ignore[assignment]  # a parameter, not the fields


ORGANIZATIONS = schemas.resource(Organization, OrganizationSchema, OrganizationQuery)


@blp.list_route(
    "/organizations",
    OrganizationQuery(),
    ORGANIZATIONS.page,
    sample="kind=state&sort=-claim_count",
)
def list_organizations(query: Query) -> MakeAnswer:
    """List organizations, by name.

    Organizations are alliances, states, companies, media outlets, parties and others. `event`,
    `topic`, `position`, `stance` and `source` hold for one and the same claim.
    """
    return list_page(Organization, query)


@blp.record_route("/organizations/<id>", ORGANIZATIONS)
def get_organization(query: Query, id: str) -> MakeAnswer:
    """Get one organization.

    It shows the organization above it. A former id redirects to the present one.
    """
    return record_document("organization", id, query)
