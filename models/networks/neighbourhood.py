"""The graph around some records: in which relations others stand to them, in how many claims.

A claim joins its claimant (the actor, or the organization of a claim without one) to its topics,
event, sources and so on. In a graph around a claim, the claim itself takes the claimant's place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import SQL, Case, Field, fn

from models.actor import Membership
from models.claim import (
    RELATIONS,
    STANCES,
    About,
    Addressee,
    Claim,
    ClaimPosition,
    ClaimTopic,
    Relation,
    Report,
)
from models.database.connection import database
from models.event import Event
from models.networks.statements import select_claims
from models.organization import Organization
from models.queries.compiled import (
    CompiledQuery,
    QueryShape,
    cache_compiled,
    compile_query,
    slots_of,
)
from models.queries.filter_kinds import Equal
from models.queries.slots import Slot
from models.topic import Topic

RelatedClaim = Claim.alias()
NODES = Slot("nodes", many=True)
SOURCE, TARGET = "source", "target"
BOTH_ENDS = (SOURCE, TARGET)


class Edge(NamedTuple):
    """An edge between two records, by their keys."""

    kind: str
    source: int
    target: int
    # how many claims, or memberships, make it
    weight: int
    # of an edge to a position: the claims that support, oppose and are neutral
    stances: tuple[int, ...] | None = None


class EdgeKind(NamedTuple):
    """How edges of one kind are found."""

    name: str
    source: Field
    target: Field
    # the table of the edge, joined to the claims if they make it
    link: Any = None
    # the ends from which edges are followed to neighbours
    ends: Sequence[str] = BOTH_ENDS


def kinds_from(source: Field, name_of_topics: str, *, ends: Sequence[str]) -> list[EdgeKind]:
    """The kinds of edges from a claim, or from its claimant."""
    return [
        EdgeKind(name_of_topics, source, ClaimTopic.topic, ClaimTopic, ends=ends),
        EdgeKind("at", source, Claim.event, ends=ends),
        EdgeKind("about", source, About.party, About, ends=ends),
        EdgeKind("addressed-to", source, Addressee.party, Addressee, ends=ends),
        EdgeKind("takes-a-position-on", source, ClaimPosition.position, ClaimPosition, ends=ends),
        EdgeKind("reported-by", source, Report.source, Report, ends=ends),
    ]


# the kinds of edges that claims make; those of relations have the relation's name
CLAIM_KINDS = (
    *kinds_from(Claim.claimant, "made", ends=BOTH_ENDS),
    EdgeKind("on-behalf-of", Claim.actor, Claim.organization),
    *kinds_from(Claim.key, "on", ends=(SOURCE,)),
    EdgeKind("made", Claim.claimant, Claim.key, ends=(TARGET,)),
    EdgeKind("on-behalf-of", Claim.key, Claim.organization, ends=(SOURCE,)),
    *(EdgeKind(name, Claim.claimant, RelatedClaim.claimant, Relation) for name in RELATIONS),
    *(EdgeKind(name, Claim.key, Relation.target, Relation) for name in RELATIONS),
)
# the kinds of edges that no claim makes
LASTING_KINDS = (
    EdgeKind("member-of", Membership.actor, Membership.organization, Membership),
    *(
        EdgeKind("part-of", model.key, model.parent, model)
        for model in (Organization, Event, Topic)
    ),
)
EDGE_KINDS = tuple(dict.fromkeys(kind.name for kind in (*CLAIM_KINDS, *LASTING_KINDS)))


class Neighbourhood(NamedTuple):
    """Records and the edges among them; the records that it is around come first."""

    keys: list[int]
    edges: list[Edge]
    # how many neighbours are left out, since others have edges of more weight
    left_out: int


def find_neighbourhood(
    around: Sequence[int], limit: int, shape: QueryShape, bound: Mapping[str, Any]
) -> Neighbourhood:
    """The graph around some records, of at most `limit` nodes; `shape` filters the claims.

    The neighbours with the edges of most weight stay. Of equal neighbours, the first to enter stay.
    """
    touching = {
        *fetch_edges(around, shape, bound, SOURCE),
        *fetch_edges(around, shape, bound, TARGET),
    }
    weights: Counter[int] = Counter()
    for edge in touching:
        for key in {edge.source, edge.target} - set(around):
            weights[key] += edge.weight
    neighbours = sorted(weights, key=lambda key: (-weights[key], key))
    kept = neighbours[: max(0, limit - len(around))]
    keys = [*around, *kept]
    edges = sorted(set(fetch_edges(keys, shape, bound)))
    return Neighbourhood(keys, edges, len(neighbours) - len(kept))


def fetch_edges(
    keys: Sequence[int], shape: QueryShape, bound: Mapping[str, Any], end: str | None = None
) -> Iterable[Edge]:
    """The edges that have one of these records at an end; without `end`, at both ends."""
    values = {**bound, "nodes[]": database.pack(keys)}
    for number, kind in enumerate(CLAIM_KINDS):
        if end is None or end in kind.ends:
            yield from edges_of(kind, claim_edges(number, shape, end).rows(values))
    for number, kind in enumerate(LASTING_KINDS):
        yield from edges_of(kind, lasting_edges(number, end).rows(values))


def edges_of(kind: EdgeKind, rows: Iterable[tuple]) -> Iterable[Edge]:
    for source, target, weight, *stances in rows:
        if source != target:
            yield Edge(kind.name, source, target, weight, tuple(map(int, stances)) or None)


@cache_compiled
def claim_edges(number: int, shape: QueryShape, end: str | None) -> CompiledQuery:
    kind = CLAIM_KINDS[number]
    query = select_claims(slots_of(shape))
    if kind.link is not None:
        query = query.join(kind.link, on=(kind.link.claim == Claim.key))
    if kind.link is Relation:
        query = query.join(RelatedClaim, on=(RelatedClaim.key == Relation.target))
        query = query.where(Relation.kind == kind.name)
    if kind.name == "on-behalf-of":
        query = query.where(Claim.actor.is_null(False))
    stances = STANCES if kind.link is ClaimPosition else ()
    counts = [fn.SUM(Case(ClaimPosition.stance, [(stance, 1)], 0)) for stance in stances]
    # a claim can have several reports in one source
    weight = fn.COUNT(Claim.key.distinct())
    return compile_query(grouped_edges(kind, query, end, weight, *counts))


@cache_compiled
def lasting_edges(number: int, end: str | None) -> CompiledQuery:
    kind = LASTING_KINDS[number]
    return compile_query(grouped_edges(kind, kind.link.select(), end, fn.COUNT(SQL("*"))))


def grouped_edges(kind: EdgeKind, query: Any, end: str | None, *counts: Any) -> Any:
    """The edges of a kind with their counts."""
    for name in (SOURCE, TARGET) if end is None else (end,):
        query = query.where(Equal(getattr(kind, name))(NODES))
    query = query.where(kind.source.is_null(False), kind.target.is_null(False))
    return query.select(kind.source, kind.target, *counts).group_by(kind.source, kind.target)
