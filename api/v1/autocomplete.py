"""Names as one types them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import marshmallow as ma
import orjson

from api.formats.page import MakeAnswer, SingleObject
from api.openapi import schemas
from api.openapi.blueprint import FAILURES, Blueprint
from api.query.display import NumberParameter, WordListParameter
from api.query.parameters import SingleParameter
from api.query.parser import Query
from models.dataset import Dataset, dataset_name
from models.queries.fetch import fetch_documents_by_key
from models.queries.names import NAME_COLUMNS
from models.search.completion import complete
from models.search.descriptions import describe

MAX_COMPLETIONS = 50
DEFAULT_COMPLETIONS = 10

blp = Blueprint("autocompletion", __name__, description="Names as one types them.")


class AutocompleteQuery(ma.Schema):
    q = SingleParameter("The beginning of a name, as it was typed so far.", "rut", required=True)
    type = WordListParameter(
        "NamedType",
        schemas.NAMED_TYPES,
        "Only records of these types. Commas and repetition both separate them.",
        ["actor"],
    )
    limit = NumberParameter("The most completions.", 5, 1, MAX_COMPLETIONS, DEFAULT_COMPLETIONS)


class CompletionSchema(schemas.Schema):
    """A record whose name begins so."""

    type = schemas.enum_field("NamedType", schemas.NAMED_TYPES, "Its type.")
    id = schemas.text_field("Its id, which filters take.")
    name = schemas.text_field("Its name; a source's title, a position's text.")
    hint = schemas.text_field("What tells it apart from namesakes, for display.")
    claim_count = schemas.claim_count_field()


class CompletionsSchema(schemas.Schema):
    """Completions, the best first."""

    data = schemas.objects_field(CompletionSchema, "The completions.")
    meta = schemas.object_field(
        schemas.DatasetMetaSchema, "The version of the dataset.", nullable=False
    )


@blp.object_route(
    "/autocomplete",
    CompletionsSchema,
    AutocompleteQuery(),
    failures=(*FAILURES, 422),
    sample="q=rut&type=actor",
)
def complete_name(query: Query) -> MakeAnswer:
    """Complete a name as it is typed.

    Each word of q begins a word of one name or alias, in any order; case, accents and script do
    not count. Whole names come first, titles and sentences last, and among each records with more
    claims first. Where no name begins so, words may have slips: one in a word of 4 to 7 letters,
    two in a longer one, of which one among its first five letters.
    """
    (text,) = query.parameters["q"]
    types = query.parameters.get("type", (",".join(schemas.NAMED_TYPES),))[0].split(",")

    def answer(dataset: Dataset) -> SingleObject:
        keys = complete(text, types, query.limit)
        document = {
            "data": told_apart([completion_json(*row) for row in fetch_documents_by_key(keys)]),
            "meta": {"dataset": dataset_name(dataset)},
        }
        return SingleObject(orjson.dumps(document))

    return answer


def completion_json(type: str, body: bytes) -> dict[str, Any]:
    document = orjson.loads(body)
    return {
        "type": type,
        "id": document["id"],
        "name": document[NAME_COLUMNS.get(type, "name")],
        "hint": describe(type, document),
        "claim_count": document["claim_count"],
    }


def told_apart(completions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Completions; the hints of namesakes with the same hint end with their ids."""
    counts = Counter((item["name"], item["hint"]) for item in completions)
    return [
        {**item, "hint": f"{item['hint']} ({item['id']})"}
        if counts[item["name"], item["hint"]] > 1
        else item
        for item in completions
    ]
