"""The graph around some records: in which relations others stand to them, in how many claims.

A claim joins its claimant (the actor, or the organization of a claim without one) to its topics,
event, sources and so on. In a graph around a claim, the claim itself takes the claimant's place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Case, Field, Value, fn

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
from models.queries.matching import filter_conditions
from models.queries.slots import Filters, Slot
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

    # None: the kinds of the relations
    name: str | None
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
    EdgeKind(None, Claim.claimant, RelatedClaim.claimant, Relation),
    EdgeKind(None, Claim.key, RelatedClaim.key, Relation),
)
# the kinds of edges that no claim makes
LASTING_KINDS = (
    EdgeKind("member-of", Membership.actor, Membership.organization, Membership),
    *(
        EdgeKind("part-of", model.key, model.parent, model)
        for model in (Organization, Event, Topic)
    ),
)
EDGE_KINDS = (
    *dict.fromkeys(kind.name for kind in (*CLAIM_KINDS, *LASTING_KINDS) if kind.name),
    *RELATIONS,
)


class Neighbourhood(NamedTuple):
    """Records and the edges among them; the records that it is around come first."""

    keys: list[int]
    edges: list[Edge]
    # how many neighbours are left out, since others have edges of more weight
    left_out: int


def find_neighbourhood(
    around: Sequence[int], limit: int, shape: QueryShape | None, bound: Mapping[str, Any]
) -> Neighbourhood:
    """The graph around some records, of at most `limit` nodes; `shape` filters the claims.

    The neighbours with the edges of most weight stay. Of equal neighbours, the first to enter stay.
    """
    touching = {
        *fetch_edges(around, shape, bound, SOURCE),
        *fetch_edges(around, shape, bound, TARGET),
    }
    centers = set(around)
    weights: Counter[int] = Counter()
    for edge in touching:
        for key in {edge.source, edge.target} - centers:
            weights[key] += edge.weight
    neighbours = sorted(weights, key=lambda key: (-weights[key], key))
    kept = neighbours[: max(0, limit - len(around))]
    keys = {*around, *kept}
    edges = {edge for edge in touching if edge.source in keys and edge.target in keys}
    edges |= set(fetch_edges(kept, shape, bound))
    return Neighbourhood([*around, *kept], sorted(edges), len(neighbours) - len(kept))


def fetch_edges(
    keys: Sequence[int], shape: QueryShape | None, bound: Mapping[str, Any], end: str | None = None
) -> Iterator[Edge]:
    """The edges that have one of these records at an end; without `end`, at both ends.

    Without a shape, no claim passes the filters.
    """
    values = {**bound, "nodes[]": database.pack(keys)}
    claims = claim_count_query().rows(values)[0][0]
    for number, kind in enumerate(CLAIM_KINDS):
        if shape is None or (end and end not in kind.ends):
            continue
        links = link_count_query(number).rows(values)[0][0]
        # SQLite reads first what has fewer rows
        links_first = end == TARGET or (end is None and links < claims)
        if links or end == SOURCE:
            yield from edges_of(claim_edges(number, shape, end, links_first).rows(values))
    for number in range(len(LASTING_KINDS)):
        yield from edges_of(lasting_edges(number, end).rows(values))


@cache_compiled
def claim_count_query() -> CompiledQuery:
    """How many claims the records make."""
    return compile_query(Claim.select(fn.COUNT(SQL("*"))).where(Equal(Claim.claimant)(NODES)))


@cache_compiled
def link_count_query(number: int) -> CompiledQuery:
    """How many rows of a kind lead to the records."""
    target = CLAIM_KINDS[number].target
    return compile_query(target.model.select(fn.COUNT(SQL("*"))).where(Equal(target)(NODES)))


def edges_of(rows: Iterable[tuple]) -> Iterator[Edge]:
    for source, target, name, weight, *stances in rows:
        if source != target:
            yield Edge(name, source, target, weight, tuple(map(int, stances)) or None)


@cache_compiled
def claim_edges(
    number: int, shape: QueryShape, end: str | None, links_first: bool
) -> CompiledQuery:
    """The edges of a kind; `links_first`: SQLite reads the links before the claims."""
    kind = CLAIM_KINDS[number]
    query = claims_with_links(kind.link, slots_of(shape), links_first)
    if kind.name == "on-behalf-of":
        query = query.where(Claim.actor.is_null(False))
    stances = STANCES if kind.link is ClaimPosition else ()
    counts = [fn.SUM(Case(ClaimPosition.stance, [(stance, 1)], 0)) for stance in stances]
    # a claim can have several reports in one source
    weight = fn.COUNT(Claim.key.distinct())
    return compile_query(grouped_edges(kind, query, end, weight, *counts))


def claims_with_links(link: Any, filters: Filters, links_first: bool) -> Any:
    """The claims that pass the filters, joined to their links; both claims of a relation pass."""
    if link is None:
        return select_claims(filters)
    if not links_first:
        query = select_claims(filters).join(link, on=(link.claim == Claim.key))
        if link is not Relation:
            return query
        query = query.join(RelatedClaim, on=(RelatedClaim.key == Relation.target))
    elif link is Relation:
        query = RelatedClaim.select().join(Relation, JOIN.CROSS).join(Claim, JOIN.CROSS)
        query = query.where(RelatedClaim.key == Relation.target, Claim.key == Relation.claim)
    else:
        query = link.select().join(Claim, JOIN.CROSS).where(Claim.key == link.claim)
    if links_first:
        query = query.where(*filter_conditions(Claim, filters))
    return query.where(Relation.target.in_(targets(filters))) if link is Relation else query


def targets(filters: Filters) -> Any:
    """The claims that relations lead to, and that pass the filters."""
    relation = Relation.alias()
    related = Claim.key.in_(relation.select(relation.target))
    return select_claims(filters).where(related).select(Claim.key)


@cache_compiled
def lasting_edges(number: int, end: str | None) -> CompiledQuery:
    kind = LASTING_KINDS[number]
    return compile_query(grouped_edges(kind, kind.link.select(), end, fn.COUNT(SQL("*"))))


def grouped_edges(kind: EdgeKind, query: Any, end: str | None, *counts: Any) -> Any:
    """The edges of a kind with their counts."""
    for name in (SOURCE, TARGET) if end is None else (end,):
        query = query.where(Equal(getattr(kind, name))(NODES))
    query = query.where(kind.source.is_null(False), kind.target.is_null(False))
    ends = (kind.source, kind.target)
    if kind.name is None:
        return query.select(*ends, Relation.kind, *counts).group_by(*ends, Relation.kind)
    return query.select(*ends, Value(kind.name), *counts).group_by(*ends)
