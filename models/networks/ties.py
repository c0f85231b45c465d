"""Relations that tie two claims, in either direction."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, fn

from models.claim import Relation


def ties_between(earlier: Any, later: Any) -> Any:
    """The relations of two claims to each other, by key."""
    relation = Relation.alias("tie")
    forth = (relation.claim == later) & (relation.target == earlier)
    back = (relation.claim == earlier) & (relation.target == later)
    return relation, relation.select().where(forth | back)


def is_tied(earlier: Any, later: Any, kind: str) -> Any:
    """Whether a relation of this kind ties two claims."""
    relation, ties = ties_between(earlier, later)
    return fn.EXISTS(ties.select(SQL("1")).where(relation.kind == kind))


def kind_of_tie(earlier: Any, later: Any) -> Any:
    """The kind of the relation that ties two claims: `contradicts`, else the first stated."""
    relation, ties = ties_between(earlier, later)
    first = Case(None, [(relation.kind == "contradicts", 0)], 1)
    return ties.select(relation.kind).order_by(first, relation.seq, relation.ordinal).limit(1)
