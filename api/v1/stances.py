"""Stances: who supported and opposed what, how often, and when."""

from __future__ import annotations

import marshmallow as ma

from api.formats.page import MakeAnswer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.display import OptionParameter
from api.query.parser import Query
from api.query.path import PathRecord
from api.v1.positions import StanceCountsSchema
from api.v1.relations import BLUEPRINTS
from api.v1.statement_lists import (
    StatementPositionSchema,
    StatementsMetaSchema,
    of_parameter,
    statement_list,
    statement_query,
)
from models.claim import STANCES
from models.networks.stances import OVERALL_STANCES, STANCE_PERIODS, STANCE_SORTS, Stances

blp = Blueprint(
    "stances",
    __name__,
    description="Who supports what, who changed, who contradicts whom, who agrees with whom.",
)


class DatedStanceSchema(schemas.Schema):
    """A claim, and the stance that it takes."""

    id = schemas.text_field("The claim's id.")
    date = schemas.date_field("The claim's date.")
    stance = schemas.enum_field("Stance", STANCES, "The stance that the claim takes.")


class PeriodStancesSchema(StanceCountsSchema):
    """The number of claims of a year or month that take each stance."""

    period = schemas.date_field("The year or month.", nullable=False)


class OwnSideSchema(StanceCountsSchema):
    """The stances of others on the position, on behalf of the claimant's organization."""

    organization = schemas.object_field(
        schemas.ReferenceSchema,
        "The organization of the claimant's last claim on the position.",
        nullable=False,
    )
    agreement = schemas.share_field(
        "The share of the others' claims, without neutral ones, that take the claimant's last "
        "stance that is not neutral; null where there are none."
    )


class ClaimantStanceSchema(StanceCountsSchema):
    """The claims of one claimant on one position."""

    claimant = schemas.object_field(schemas.PartySchema, "The claimant.", nullable=False)
    position = schemas.object_field(StatementPositionSchema, "The position.", nullable=False)
    stance = schemas.enum_field(
        "OverallStance",
        OVERALL_STANCES,
        "`mixed` where claims support and others oppose; neutral claims do not mix.",
    )
    first = schemas.object_field(
        DatedStanceSchema, "The earliest claim; an undated one only if none has a date.",
        nullable=False,
    )  # fmt: skip
    last = schemas.object_field(
        DatedStanceSchema, "The latest claim; an undated one only if none has a date.",
        nullable=False,
    )  # fmt: skip
    reversals = schemas.number_field("How often the stance changed, as /v1/reversals counts.")
    periods = schemas.objects_field(PeriodStancesSchema, "The periods with claims, in order.")
    undated = schemas.object_field(
        StanceCountsSchema, "Claims without a date, or dated more coarsely.", nullable=False
    )
    own_side = schemas.object_field(
        OwnSideSchema, "What others claimed on behalf of the same organization; null if nothing."
    )


class ClaimantStancePageSchema(schemas.Schema):
    """One page of stances."""

    data = schemas.objects_field(ClaimantStanceSchema, "The stances.")
    meta = schemas.object_field(StatementsMetaSchema, "About the list.", nullable=False)


def period_parameter() -> OptionParameter:
    return OptionParameter(
        "StancePeriod", STANCE_PERIODS, "The periods by which claims are counted.",
        chooses_rows=False,
    )  # fmt: skip


def stances_query(*fixed: str) -> ma.Schema:
    return statement_query(
        *fixed,
        of=of_parameter(),
        by=period_parameter(),
        sort=OptionParameter(
            "StanceSort",
            STANCE_SORTS,
            "The order: most claims first, the latest claim first, or by the claimant's name. Ties "
            "stand in the order in which claimant and position entered the dataset.",
        ),
    )


def stances(query: Query, **path_filters: PathRecord) -> MakeAnswer:
    of, by, sort = (query.options[name] for name in ("of", "by", "sort"))
    return statement_list(
        query, lambda shape, bound: Stances(of, by, sort, shape, bound), **path_filters
    )


@blp.list_route(
    "/stances",
    stances_query(),
    ClaimantStancePageSchema,
    sample="position=ukraine-will-join-nato&by=month",
)
def list_stances(query: Query) -> MakeAnswer:
    """List stances: a row for each claimant and position.

    The filters choose the claims that count; `position` also chooses the rows. Each number is the
    total of `/v1/claims` with the same filters, the row's claimant and position, and the stance.
    """
    return stances(query)


def nested_route(type: str, summary: str) -> None:
    """The stances below one record, which is the value of the filter that has its type's name."""

    def view(query: Query, id: str) -> MakeAnswer:
        return stances(query, **{type: PathRecord(type, id)})

    view.__name__ = f"list_{type}_stances"
    view.__doc__ = f"{summary}\n\nTakes what /v1/stances takes, but `{type}`, which the path fixes."
    BLUEPRINTS[f"{type}s"].list_route(
        f"/{type}s/<id>/stances", stances_query(type), ClaimantStancePageSchema
    )(view)


nested_route("actor", "List the stances of one actor.")
nested_route("organization", "List the stances that claims on behalf of one organization take.")
nested_route("position", "List the stances of all claimants on one position.")
