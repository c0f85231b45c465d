"""Names and the records that they may stand for, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import marshmallow as ma
import orjson

from api.formats.page import MakeAnswer, SingleObject
from api.http.problems import HTTPProblem, invalid_body, parameter_error
from api.openapi import schemas
from api.openapi.blueprint import FAILURES, Blueprint
from api.query.json_values import InvalidJSON, JSONValue, parse_each, parse_json
from api.query.parameters import MAX_LENGTH, InvalidValue, NameParameter, OrderedParameters
from api.query.parser import Query
from models.dataset import Dataset, dataset_name
from models.search.candidates import CANDIDATE_TIERS, MAX_CANDIDATES, candidates_of
from models.search.names import NameQuery

# names of one request
MAX_ASKED_NAMES = 100
# characters of an identifier with its scheme, each of MAX_LENGTH
MAX_ASKED = 2 * MAX_LENGTH + 1
TOO_LONG = f"is a name longer than {MAX_LENGTH} characters"
ACTOR, ORGANIZATION, PARTY = ("actor",), ("organization",), ("actor", "organization")
# the types that each filter names; the types of `parent` depend on the list
TYPES_OF_PARAMETER: dict[str, tuple[str, ...]] = {
    "actor": ACTOR,
    "organization": ORGANIZATION,
    "claimant": PARTY,
    "about": PARTY,
    "addressee": PARTY,
    "event": ("event",),
    "source": ("source",),
    "publisher": ORGANIZATION,
    "origin": ORGANIZATION,
    "reviewer": ORGANIZATION,
    "topic": ("topic",),
    "position": ("position",),
}
EXAMPLE_OF_TYPE = {
    "actor": "Rutte",
    "organization": "Turkey",
    "event": "Hague summit",
    "source": "defensehere",
    "topic": "defense",
    "position": "raise defence spending",
}

blp = Blueprint("resolving", __name__, description="Which records names stand for.")


class AskedName(NamedTuple):
    """A name, and the filter that would take it."""

    parameter: str
    name: str


class AskedNameParameter(NameParameter):
    """Names of records; a `!` excludes nothing, but belongs to the name."""

    max_length = MAX_ASKED

    def __init__(self, types: tuple[str, ...]):
        kinds = " or ".join(f"{type}s" for type in types)
        super().__init__(
            *types,
            description=f"Names, aliases, ids or identifiers of {kinds}.",
            example=[EXAMPLE_OF_TYPE[types[-1]]],
        )

    def parse(self, values: list[str]) -> tuple[NameQuery, ...]:
        for value in values:
            if is_too_long(value):
                raise InvalidValue(TOO_LONG, value)
        return tuple(NameQuery(value, self.types) for value in values)


def is_too_long(name: str) -> bool:
    """Whether a name, or the identifier after a scheme, is too long."""
    return len(name.rpartition(":")[2]) > MAX_LENGTH


NamesQuery = OrderedParameters.from_dict(
    {parameter: AskedNameParameter(types) for parameter, types in TYPES_OF_PARAMETER.items()}
)


class AskedNameSchema(schemas.Schema):
    """A name to resolve."""

    parameter = schemas.enum_field(
        "NameFilter", TYPES_OF_PARAMETER, "The filter that would take the name."
    )
    name = ma.fields.String(
        validate=ma.validate.Length(1, MAX_ASKED),
        **schemas.field_options(
            "The name, alias, id or identifier, of at most 200 characters.", False
        ),
    )


class AskedNamesSchema(schemas.Schema):
    """Names to resolve, 1 to 100 of them."""

    queries = ma.fields.List(
        ma.fields.Nested(AskedNameSchema),
        validate=ma.validate.Length(1, MAX_ASKED_NAMES),
        **schemas.field_options("The names, in the order of the answers.", False),
    )


class CandidateSchema(schemas.Schema):
    """A record that a name may stand for."""

    type = schemas.enum_field("CandidateType", schemas.NAMED_TYPES, "Its type.")
    id = schemas.text_field("Its id.")
    name = schemas.text_field("Its name.")
    tier = schemas.enum_field(
        "CandidateTier",
        CANDIDATE_TIERS,
        "What matched: an id, former id or external identifier; a whole name or alias; another "
        "spelling of one, or the country code of a state; all words among those of a name; or "
        "nothing, so that it is only a suggestion.",
    )
    score = schemas.number_field("How well it matches, from 0 to 100.")
    why = schemas.text_field("The reason, as a sentence for display; its wording may change.")


class ResolvedNameSchema(schemas.Schema):
    """The candidates of one name."""

    parameter = schemas.enum_field(
        "NameFilter", TYPES_OF_PARAMETER, "The filter that would take the name."
    )
    asked = schemas.text_field("The name.")
    candidates = schemas.objects_field(CandidateSchema, "At most 20 records, the best first.")


class ResolvedNamesSchema(schemas.Schema):
    """Names with their candidates."""

    data = schemas.objects_field(ResolvedNameSchema, "Each name, in the order asked.")
    meta = schemas.object_field(
        schemas.DatasetMetaSchema, "The version of the dataset.", nullable=False
    )


@blp.object_route(
    "/resolve",
    ResolvedNamesSchema,
    NamesQuery(),
    failures=(*FAILURES, 422),
    sample="actor=Rutte&organization=Turkey",
)
def list_candidates(query: Query) -> MakeAnswer:
    """List the records that names may stand for, each with a score and a reason.

    Each parameter is a filter of the lists, and takes the names that the filter takes; at most 100
    names in all. The first tier that matches a name decides, as in lists; a name that nothing
    matches has suggestions, perhaps of other types.
    """
    if len(query.pairs) > MAX_ASKED_NAMES:
        message = f"is one name too many: at most {MAX_ASKED_NAMES} are taken"
        parameter, name = query.pairs[MAX_ASKED_NAMES]
        raise HTTPProblem(
            "invalid-value",
            f"This path takes at most {MAX_ASKED_NAMES} names, not {len(query.pairs)}.",
            [parameter_error(parameter, message, name[:MAX_LENGTH])],
        )
    return answer_names([AskedName(*pair) for pair in query.pairs])


@blp.body_route(
    "/resolve",
    "application/json",
    AskedNamesSchema,
    ResolvedNamesSchema,
    sample={
        "queries": [
            {"parameter": "actor", "name": "Rutte"},
            {"parameter": "organization", "name": "Turkey"},
        ]
    },
)
def find_candidates(body: bytes) -> MakeAnswer:
    """Find the records that many names may stand for.

    It answers as the GET does, for names that are too many or too long for a URL. The answer is
    not cached.
    """
    try:
        queries = parse_json(body).members(["queries"])["queries"]
        names = parse_each(queries.items(1, MAX_ASKED_NAMES), parse_asked_name)
    except InvalidJSON as error:
        raise invalid_body(error.errors) from None
    return answer_names(names)


def parse_asked_name(value: JSONValue) -> AskedName:
    members = value.members(["parameter", "name"])
    parameter = members["parameter"].word(TYPES_OF_PARAMETER)
    name = members["name"].bounded_text(MAX_ASKED)
    if is_too_long(name):
        raise members["name"].error(TOO_LONG)
    return AskedName(parameter, name)


def answer_names(names: Sequence[AskedName]) -> MakeAnswer:
    def answer(dataset: Dataset) -> SingleObject:
        queries = [NameQuery(name, TYPES_OF_PARAMETER[parameter]) for parameter, name in names]
        data = [
            {
                "parameter": parameter,
                "asked": name,
                "candidates": [candidate.public() for candidate in candidates[:MAX_CANDIDATES]],
            }
            for (parameter, name), candidates in zip(names, candidates_of(queries), strict=True)
        ]
        return SingleObject(
            orjson.dumps({"data": data, "meta": {"dataset": dataset_name(dataset)}})
        )

    return answer
