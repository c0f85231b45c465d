"""The graph around records: their neighbours, and the edges among them."""

from __future__ import annotations

import re
from typing import Any

import orjson

from api.formats import OBJECT_FORMATS
from api.formats.page import MakeAnswer, SingleObject
from api.http.problems import HTTPProblem, parameter_error
from api.openapi import schemas
from api.openapi.blueprint import FAILURES, Blueprint
from api.query.display import FormatParameter, NumberParameter
from api.query.parameters import MAX_LENGTH, InvalidValue, Parameter
from api.query.parser import Query
from api.v1.claims import claim_filters
from api.v1.lists import resolve
from api.v1.positions import StanceCountsSchema
from models import RECORD_TYPES, Claim
from models.claim import STANCES
from models.dataset import Dataset, dataset_name
from models.networks.neighbourhood import EDGE_KINDS, Edge, find_neighbourhood
from models.queries.fetch import fetch_documents_by_key, fetch_keys, fetch_present_id
from models.queries.names import NAME_COLUMNS
from models.search.nearest_id import nearest_id

MAX_AROUND = 20
MAX_NODES = 200
DEFAULT_NODES = 50

blp = Blueprint("graph", __name__, description="The relations around a record.")


class AroundParameter(Parameter):
    """Records by type and id: `actor:mark-rutte`."""

    max_values = MAX_AROUND
    max_length = MAX_LENGTH + len("organization:")
    chooses_rows = False
    pattern = f"^({'|'.join(RECORD_TYPES)}):.+$"

    def parse(self, values: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys(map(self.parse_value, sorted(values))))

    def parse_value(self, value: str) -> tuple[str, str]:
        if not re.fullmatch(self.pattern, value):
            raise InvalidValue(f"is not one of {', '.join(RECORD_TYPES)}, a colon and an id", value)
        type, _, id = value.partition(":")
        return type, id


class GraphNodeSchema(schemas.Schema):
    """A record in a graph."""

    id = schemas.text_field("The node's id: its type and the record's id, as `actor:mark-rutte`.")
    type = schemas.enum_field("RecordType", RECORD_TYPES, "The type of the record.")
    name = schemas.text_field("The record's name; of a position or claim its text.")
    kind = schemas.text_field("The record's kind, if its type has kinds.", nullable=True)
    claim_count = schemas.number_field(
        "How many coded and verified claims its /claims route lists; null for a claim.",
        nullable=True,
    )


class GraphEdgeSchema(schemas.Schema):
    """A relation between two records."""

    source = schemas.text_field("The id of the node that it begins at.")
    target = schemas.text_field("The id of the node that it leads to.")
    kind = schemas.enum_field(
        "GraphEdgeKind",
        EDGE_KINDS,
        "What the claims of the source do: they are `made` on a topic, `at` an event, `about` or "
        "`addressed-to` a party, `reported-by` a source. Of a claim in the graph: who `made` it, "
        "and which topics it is `on`. The names of relations join the claimants of two claims, or "
        "two claims.",
    )
    weight = schemas.number_field("How many claims make it; of `member-of` how many memberships.")
    stances = schemas.object_field(
        StanceCountsSchema, "Of an edge to a position: how many of the claims take each stance."
    )


class GraphMetaSchema(schemas.Schema):
    """About a graph."""

    dataset = schemas.text_field("Names the database and its version; opaque.")
    query = schemas.text_field(
        "The claims that the filters choose, as an English sentence; its wording may change."
    )
    left_out = schemas.number_field(
        "How many neighbours are left out, since the edges of others have more weight."
    )
    resolved = schemas.resolved_field()


class GraphSchema(schemas.Schema):
    """A graph in node-link form, as d3, sigma and networkx read it."""

    nodes = schemas.objects_field(
        GraphNodeSchema, "The records. The records of `around` come first."
    )
    edges = schemas.objects_field(GraphEdgeSchema, "The edges among them.")
    meta = schemas.object_field(GraphMetaSchema, "About the graph.", nullable=False)


@blp.object_route(
    "/graph",
    GraphSchema,
    claim_filters(
        around=AroundParameter(
            "The records that the graph is around, by type and id.",
            ["actor:mark-rutte"],
            required=True,
        ),
        limit=NumberParameter("The most nodes.", 20, 1, MAX_NODES, DEFAULT_NODES),
        format=FormatParameter("ObjectFormat", OBJECT_FORMATS),
    ),
    failures=(*FAILURES, 422),
    sample="around=actor:mark-rutte&limit=20",
)
def get_graph(query: Query) -> MakeAnswer:
    """Get the graph around some records: their neighbours, and all edges among these.

    The filters choose the claims that count. The neighbours with the edges of most weight stay
    where there are more than `limit`.
    """

    def answer(dataset: Dataset) -> SingleObject:
        resolved = resolve(Claim, query, {}, dataset)
        around = keys_around(query.options["around"])
        graph = find_neighbourhood(around, query.limit, resolved.shape, resolved.bound)
        nodes = [node(*document) for document in fetch_documents_by_key(graph.keys)]
        ids = {key: node["id"] for key, node in zip(graph.keys, nodes, strict=True)}
        document = {
            "nodes": nodes,
            "edges": [edge_json(edge, ids) for edge in graph.edges],
            "meta": {
                "dataset": dataset_name(dataset),
                "query": resolved.sentence,
                "left_out": graph.left_out,
                "resolved": orjson.Fragment(resolved.explanation),
            },
        }
        return SingleObject(orjson.dumps(document))

    return answer


def keys_around(records: tuple[tuple[str, str], ...]) -> list[int]:
    """The keys of records by their ids, present or former. Raises HTTPProblem."""
    present = [(type, fetch_present_id(type, id) or id) for type, id in records]
    keys = fetch_keys(present)
    errors = []
    for type, id in present:
        if (type, id) not in keys:
            nearest = nearest_id(type, id)
            suggestion = nearest and f"{type}:{nearest}"
            errors.append(parameter_error("around", f"names no {type}", f"{type}:{id}", suggestion))
    if errors:
        detail = f"There is no {errors[0]['value']!r}."
        raise HTTPProblem("invalid-value", detail, errors)
    return list(dict.fromkeys(keys[record] for record in present))


def node(type: str, body: bytes) -> dict[str, Any]:
    document = orjson.loads(body)
    name = NAME_COLUMNS.get(type, "text" if type == "claim" else "name")
    return {
        "id": f"{type}:{document['id']}",
        "type": type,
        "name": document[name],
        "kind": document.get("kind"),
        "claim_count": document.get("claim_count"),
    }


def edge_json(edge: Edge, ids: dict[int, str]) -> dict[str, Any]:
    return {
        "source": ids[edge.source],
        "target": ids[edge.target],
        "kind": edge.kind,
        "weight": edge.weight,
        "stances": edge.stances and dict(zip(STANCES, edge.stances, strict=True)),
    }
