"""Reconciliation: the records that rows of a table may stand for, by name and properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from models.search.candidates import Candidate, candidates_of, fetch_parsed_documents
from models.search.countries import country_codes
from models.search.names import NameQuery
from models.search.properties import agrees, fetch_former, fetch_identified
from models.search.reasons import EXACT_SCORE, record_labels
from models.values.folding import fold
from models.values.spelling import script_key

ENTITY_TYPES = ("actor", "organization", "event", "topic")
# the tiers of exact candidates
EXACT_TIERS = ("id", "name")
# the part of its score that a candidate keeps if a property contradicts it
CONTRADICTED_FACTOR = 0.5


class EntityQuery(NamedTuple):
    """A name and properties of one record; either may be missing."""

    # None: there is no name, or none that can match
    name: NameQuery | None
    # whether the query has a name, perhaps one that is too long to match
    has_name: bool
    types: tuple[str, ...]
    # whether suggestions of other types are left out
    strict: bool
    limit: int
    # the values of each property
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def values_of(self, property: str) -> Iterator[str]:
        """The values of a property, which may be given several times."""
        return (value for name, values in self.properties for value in values if name == property)

    def identifiers(self) -> Iterator[str]:
        """The external identifiers among the properties; others are no identifiers of records."""
        for property, values in self.properties:
            for value in values:
                yield value if property == "identifiers" else f"{property}:{value}"


class Entity(NamedTuple):
    """A candidate of an EntityQuery."""

    candidate: Candidate
    # of 100, after a comparison of the properties
    score: int
    # whether it is the only exact candidate
    match: bool
    # whether each property agrees of which the record has a value
    agreements: Mapping[str, bool]


def match_entities(queries: Sequence[EntityQuery]) -> list[list[Entity]]:
    """The entities of each query, the best first."""
    named = iter(candidates_of(query.name for query in queries if query.name))
    identified = fetch_identified(
        identifier for query in queries for identifier in query.identifiers()
    )
    documents = fetch_parsed_documents(
        record for records in identified.values() for record in records
    )
    results = []
    for query in with_country_codes(queries):
        by_name = next(named) if query.name else []
        by_identifier = [
            identified_candidate(record, identifier, documents[record])
            for identifier in query.identifiers()
            for record in identified.get(identifier, ())
            if record[0] in query.types
        ]
        results.append(judge(query, by_name, by_identifier))
    return results


def with_country_codes(queries: Sequence[EntityQuery]) -> list[EntityQuery]:
    """The queries with codes in place of the names of countries."""
    codes = country_codes(value for query in queries for value in query.values_of("country"))
    return [
        query._replace(
            properties=tuple(
                (property, tuple(code for value in values for code in codes.get(value, ())))
                if property == "country"
                else (property, values)
                for property, values in query.properties
            )
        )
        for query in queries
    ]


def identified_candidate(record: tuple[str, str], identifier: str, document: Mapping) -> Candidate:
    type, id = record
    why = f"“{identifier}” is an identifier of this record."
    return Candidate(type, id, document["name"], "id", EXACT_SCORE, why, document)


def judge(
    query: EntityQuery, by_name: Iterable[Candidate], by_identifier: Iterable[Candidate]
) -> list[Entity]:
    """The candidates of a query as entities, after a comparison of the properties.

    A match must be the only exact candidate that no property contradicts. An identifier decides
    between namesakes, but not against the name.
    """
    types = query.types if query.strict else ENTITY_TYPES
    named = {entity_key(candidate): candidate for candidate in by_name if candidate.type in types}
    identified = {entity_key(candidate): candidate for candidate in by_identifier}
    candidates = {**named, **identified}
    agreements = {
        record: {
            property: agreement
            for property, values in query.properties
            if (agreement := agrees(candidate.document, property, values)) is not None
        }
        for record, candidate in candidates.items()
    }
    match = only_match(query, named, identified, agreements)
    entities = []
    for record, candidate in candidates.items():
        factor = 1 if all(agreements[record].values()) else CONTRADICTED_FACTOR
        score = round(candidate.score * factor)
        entities.append(Entity(candidate, score, record == match, agreements[record]))
    return sorted(entities, key=best_first)[: query.limit]


def best_first(entity: Entity) -> tuple[int, int]:
    """The sort key of entities: the score, then the number of properties that agree."""
    return -entity.score, -sum(entity.agreements.values())


def only_match(
    query: EntityQuery,
    named: Mapping[tuple[str, str], Candidate],
    identified: Mapping[tuple[str, str], Candidate],
    agreements: Mapping[tuple[str, str], Mapping[str, bool]],
) -> tuple[str, str] | None:
    """The record of the only exact candidate, if the name of the query may stand for it."""
    exactly_named = {record for record in named if named[record].tier in EXACT_TIERS}
    exact = {
        record for record in exactly_named | identified.keys() if all(agreements[record].values())
    }
    exact = (exact & identified.keys()) or exact
    if len(exact) != 1:
        return None
    (match,) = exact
    if not query.has_name or match in exactly_named:
        return match
    # the candidates of a name are bounded: namesakes may be missing among them
    if query.name and has_the_name(identified[match].document, query.name.text):
        return match
    is_named = match in named and named[match].tier != "suggestion"
    return match if is_named and not exactly_named else None


def has_the_name(document: Mapping, text: str) -> bool:
    """Whether a text is a name of a record; in another script than Latin, letter by letter."""
    own = [label.text for label in record_labels(document)]
    letters = script_key(text)
    return fold(text) in map(fold, own) and (letters is None or letters in map(script_key, own))


def fetch_entities(ids: Iterable[str]) -> dict[str, dict]:
    """The documents of entities by id (`actor:mark-rutte`), which may be a former one."""
    records = {id: split_entity_id(id) for id in ids}
    asked = [record for record in records.values() if record]
    present = fetch_former(asked)
    documents = fetch_parsed_documents([*asked, *present.values()])
    entities = {}
    for id, record in records.items():
        document = record and (documents.get(record) or documents.get(present.get(record, record)))
        if document:
            entities[id] = document
    return entities


def split_entity_id(id: str) -> tuple[str, str] | None:
    """The type and the id of an entity's record; None if it is no id of an entity."""
    type, _, record_id = id.partition(":")
    return (type, record_id) if type in ENTITY_TYPES and record_id else None


def entity_key(candidate: Candidate) -> tuple[str, str]:
    return candidate.type, candidate.id
