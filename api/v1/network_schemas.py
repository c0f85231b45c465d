"""The schemas of networks, their edges and statements."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.openapi import schemas
from api.v1.claims import ClaimSchema
from models.claim import STANCES
from models.networks.measure import ONE_MODE_ITEMS

NODE_TYPES = ("actor", *[type for type in ONE_MODE_ITEMS if type not in ("actor", "about")])


def weight_field(description: str, *, nullable: bool = False) -> ma.fields.Field:
    return ma.fields.Float(**schemas.field_options(description, nullable))


def query_field() -> ma.fields.Field:
    return schemas.text_field(
        "The claims that the filters choose, as an English sentence; its wording may change."
    )


class NodeRecordSchema(schemas.Schema):
    """A record that is a node or an item."""

    type = schemas.enum_field("NodeType", NODE_TYPES, "The type of the record.")
    id = schemas.text_field("The record's id.")
    name = schemas.text_field("The record's name.")


class NetworkNodeSchema(schemas.Schema):
    """A node of a network."""

    id = schemas.text_field("The node's id: its type and the record's id, as `actor:mark-rutte`.")
    type = schemas.enum_field("NodeType", NODE_TYPES, "The type of the record.")
    name = schemas.text_field("The record's name.")
    kind = schemas.text_field("The record's kind, if its type has kinds.", nullable=True)
    organization = schemas.object_field(
        schemas.ReferenceSchema, "Of an actor: the organization with most of its claims here."
    )
    country = schemas.text_field(
        "The record's country; of an actor, that of the organization.", nullable=True
    )
    attributes = schemas.attributes_field()
    claims = schemas.number_field("How many claims have a statement of the node that counts.")
    degree = schemas.number_field("How many edges the node has.")
    weighted_degree = weight_field("The sum of the weights of its edges.")
    community = schemas.number_field("The id of its community; null for columns.", nullable=True)


class NetworkEdgeSchema(schemas.Schema):
    """An edge between two nodes."""

    source = schemas.text_field("The id of one node.")
    target = schemas.text_field("The id of the other node.")
    weight = weight_field("The weight by method and normalization.")
    congruence = schemas.number_field("The sum over items of products of equal stances.")
    conflict = schemas.number_field("The sum over items of products of opposite stances.")


class TwoModeEdgeSchema(schemas.Schema):
    """An edge between a row and a column."""

    source = schemas.text_field("The id of the row.")
    target = schemas.text_field("The id of the column.")
    weight = weight_field("The weight by method and normalization.")
    support = schemas.number_field("How many statements support the column.")
    oppose = schemas.number_field("How many statements oppose it.")


class StandpointSchema(schemas.Schema):
    """A position, and the stances that members of a community take on it."""

    id = schemas.text_field("The position's id.")
    text = schemas.text_field("The position's text.")
    support = schemas.number_field("How many statements support it.")
    oppose = schemas.number_field("How many statements oppose it.")


class CommunitySchema(schemas.Schema):
    """A group of nodes that agree more with each other than with the rest."""

    id = schemas.number_field("The number of the community; the largest is 1.")
    members = schemas.texts_field("The ids of its nodes that are shown.")
    positions = schemas.objects_field(
        StandpointSchema, "The 20 positions on which its nodes take most stances."
    )


class NetworkMetaSchema(schemas.Schema):
    """About a network."""

    density = weight_field("The share of possible edges that are there.")
    modularity = weight_field(
        "How well the communities divide the network; null where no edge makes communities.",
        nullable=True,
    )
    left_out = schemas.number_field(
        "How many claims lie in no window, or in no one week, month or year of `duplicates`."
    )
    statements = schemas.number_field(
        "How many statements enter the network; `/networks/statements` lists them."
    )
    seed = schemas.number_field("The seed of the communities and of the layout.")
    dataset = schemas.text_field("Names the database and its version; opaque.")
    query = query_field()
    resolved = schemas.resolved_field()


class WindowNodeSchema(schemas.Schema):
    """A node in the network of a window."""

    id = schemas.text_field("The node's id, as under `nodes` of the whole network.")
    degree = schemas.number_field("How many edges the node has in the window.")
    weighted_degree = weight_field("The sum of the weights of these edges.")
    community = schemas.number_field(
        "Its community in the window; null for columns.", nullable=True
    )


def network_schema(name: str, edge: type[schemas.Schema]) -> type[schemas.Schema]:
    """The schema of a network with these edges."""
    edges = schemas.objects_field(edge, "The edges.")
    window = type(
        f"{name}WindowSchema",
        (schemas.Schema,),
        {
            "__doc__": "The network of a window of time.",
            "from_date": schemas.date_field("The first day.", nullable=False),
            "to_date": schemas.date_field("The day after the last one.", nullable=False),
            "nodes": schemas.objects_field(WindowNodeSchema, "The nodes."),
            "edges": edges,
            "modularity": weight_field(
                "How well the window's communities divide it; null where there is no edge.",
                nullable=True,
            ),
        },
    )
    members: dict[str, Any] = {
        "__doc__": "A network in node-link form.",
        "nodes": schemas.objects_field(NetworkNodeSchema, "The nodes."),
        "edges": edges,
        "communities": schemas.objects_field(CommunitySchema, "The communities of the nodes."),
        "meta": schemas.object_field(NetworkMetaSchema, "About the network.", nullable=False),
        "windows": ma.fields.List(
            ma.fields.Nested(window),
            metadata={"description": "The network of each window, if `window` asks for them."},
        ),
    }
    return type(f"{name}Schema", (schemas.Schema,), members)


OneModeNetworkSchema = network_schema("OneModeNetwork", NetworkEdgeSchema)
TwoModeNetworkSchema = network_schema("TwoModeNetwork", TwoModeEdgeSchema)


class StatementSchema(schemas.Schema):
    """One statement: the stance of a node on an item, in a claim."""

    node = schemas.object_field(NodeRecordSchema, "The node that makes it.", nullable=False)
    item = schemas.object_field(NodeRecordSchema, "The item that it is on.", nullable=False)
    stance = schemas.enum_field(
        "Stance", STANCES, "The stance; null where neither is a position.", nullable=True
    )
    claim = schemas.object_field(ClaimSchema, "The claim that makes the statement.", nullable=False)


class PageMetaSchema(schemas.Schema):
    """About the rows of a network: their total, and the next page."""

    total = schemas.number_field("How many rows there are, on all pages.")
    next_cursor = schemas.text_field(
        "The cursor of the next page; null on the last.", nullable=True
    )
    dataset = schemas.text_field("Names the database and its version; opaque.")
    query = query_field()
    resolved = schemas.resolved_field()


class StatementMetaSchema(PageMetaSchema):
    """About the statements of a network."""

    left_out = schemas.number_field(
        "How many claims lie in no window, or in no one week, month or year of `duplicates`."
    )


class StatementPageSchema(schemas.Schema):
    """One page of the statements of a network, the latest first."""

    data = schemas.objects_field(StatementSchema, "The statements.")
    meta = schemas.object_field(StatementMetaSchema, "About the statements.", nullable=False)


class StanceClaimsSchema(schemas.Schema):
    """The statements of one node on one item with one stance."""

    count = schemas.number_field("How many they are.")
    claims = schemas.texts_field("The ids of their claims, the latest first; at most 100.")


class EdgeSideSchema(schemas.Schema):
    """The statements of one node on one item, by stance."""

    support = schemas.object_field(StanceClaimsSchema, "Supporting ones.", nullable=False)
    oppose = schemas.object_field(StanceClaimsSchema, "Opposing ones.", nullable=False)
    neutral = schemas.object_field(
        StanceClaimsSchema, "Neutral ones, and those on items without stances.", nullable=False
    )


class EdgeItemSchema(schemas.Schema):
    """The share of one item in the weight of an edge."""

    item = schemas.object_field(NodeRecordSchema, "The item.", nullable=False)
    a = schemas.object_field(EdgeSideSchema, "The statements of the one node.", nullable=False)
    b = schemas.object_field(EdgeSideSchema, "The statements of the other.", nullable=False)
    contribution = weight_field("The part of the weight; all contributions sum to it.")


class EdgeMetaSchema(PageMetaSchema):
    """About an edge."""

    a = schemas.object_field(NodeRecordSchema, "The one node.", nullable=False)
    b = schemas.object_field(NodeRecordSchema, "The other node.", nullable=False)
    weight = weight_field("The weight; null where there is no edge.", nullable=True)


class EdgePageSchema(schemas.Schema):
    """One page of the items that make an edge, the largest contributions first."""

    data = schemas.objects_field(EdgeItemSchema, "The items.")
    meta = schemas.object_field(EdgeMetaSchema, "About the edge.", nullable=False)
