"""Organizations."""

from flask import Response

from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parameters import (
    Countries,
    Facets,
    Fields,
    Ids,
    Include,
    ListQuery,
    Names,
    OneOf,
    Sort,
    one_query,
)
from api.query.parser import Query
from api.v1.lists import page
from api.v1.records import document
from models import Organization
from models.organization import KINDS
from models.queries.facets import FACETS

blp = Blueprint("organizations", __name__, description="Bodies that act or are acted on.")


class OrganizationSchema(schemas.Schema):
    """An alliance, state, company, media outlet, party …"""

    id = schemas.record_id()
    name = schemas.text("The name.")
    kind = schemas.word("OrganizationKind", KINDS, "What kind of organization it is.")
    aliases = schemas.texts("Other names.")
    description = schemas.text("What it is.", nullable=True)
    country = schemas.text("Its country, as ISO 3166-1 alpha-2 code.", nullable=True)
    parent = schemas.one(schemas.Reference, "The organization that it is a part of.")
    url = schemas.text("Its page.", nullable=True)
    attributes = schemas.attributes()
    claim_count = schemas.claim_count()
    identifiers, former_ids, created_at, updated_at = schemas.ending()


class OrganizationQuery(ListQuery):
    id = Ids(["nato"])
    kind = OneOf("OrganizationKind", KINDS, "Organizations of these kinds.")
    country = Countries("Organizations of these countries.")
    parent = Names(
        "organization",
        description="Organizations directly under these ones.",
        example=["china"],
    )
    actor = Names(
        "actor",
        description="Organizations of which these actors are or were members.",
        example=["mark-rutte"],
    )
    event = Names(
        "event",
        description="Organizations that held these events, took part, or claimed something there.",
        example=["anadolu-agency-interview-rutte-antalya-2025"],
    )
    sort = Sort("OrganizationSort", Organization.SORTS, "name")
    facet = Facets("OrganizationFacet", FACETS[Organization])
    include = Include("organization")
    fields = Fields(OrganizationSchema)  # type: ignore[assignment]  # a parameter, not the fields


LISTING = schemas.Listing(Organization, OrganizationQuery, schemas.page_of(OrganizationSchema))


@blp.list("/organizations", OrganizationQuery(), LISTING.page)
def list_organizations(query: Query) -> Response:
    """List organizations, by name.

    Alliances, states, companies, media outlets and parties among them.
    """
    return page(Organization, query)


@blp.one("/organizations/<id>", OrganizationSchema, one_query("organization", OrganizationSchema))
def get_organization(query: Query, id: str) -> Response:
    """Get one organization.

    What it is, and what it is a part of. A former id redirects to the one that replaced it.
    """
    return document("organization", id, query)
