"""JSON-LD: records in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from api.formats.base import ObjectFormat, PageFormat
from api.formats.page import Address, Page, SingleObject

CONTEXT = {"@vocab": "https://schema.org/", "skos": "http://www.w3.org/2004/02/skos/core#"}
# the IRIs of entities, by identifier scheme
ENTITY_IRIS = {"wikidata": "http://www.wikidata.org/entity/"}
# verdicts on a scale from 1 to 5
RATING_VALUES = {"true": 5, "mostly-true": 4, "mixed": 3, "mostly-false": 2, "false": 1}
# a group is an organization without a name of its own
ACTOR_TYPES = {"person": "Person", "unnamed": "Person", "group": "Organization"}

Node = dict[str, Any]


class JSONLDFormat(PageFormat, ObjectFormat):
    """`application/ld+json`."""

    name = "jsonld"
    media_type = "application/ld+json"
    refused = frozenset({"bom", "embed", "highlight", "include", "facet", "fields"})

    def render_page(self, page: Page, address: Address) -> bytes:
        vocabulary = Vocabulary(address.root)
        query = f"?{address.query}" if address.query else ""
        items = [vocabulary.node(page.type, document) for document in page.records]
        return orjson.dumps(
            present(
                {
                    "@context": CONTEXT,
                    "@id": f"{address.root}{address.path}{query}",
                    "@type": "ItemList",
                    "numberOfItems": page.meta["total"],
                    "itemListElement": items,
                }
            )
        )

    def render_object(self, answer: SingleObject, address: Address) -> bytes:
        node = Vocabulary(address.root).node(answer.type, orjson.loads(answer.content))
        return orjson.dumps({"@context": CONTEXT, **node})


def present(node: Mapping[str, Any]) -> Node:
    """The members that have a value."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


class Vocabulary:
    """Documents as nodes; `root` is the mount point, with which their IRIs begin."""

    def __init__(self, root: str):
        self.root = root
        self.described: dict[str, Callable[[dict], Node]] = {
            "claim": self.claim,
            "actor": self.actor,
            "organization": self.organization,
            "event": self.event,
            "source": self.source,
            "topic": self.topic,
            "position": self.position,
        }

    def node(self, type: str, document: dict) -> Node:
        """A record with its own members, and those of every record."""
        identifiers = document["identifiers"]
        return present(
            {
                "@id": self.iri(type, document["id"]),
                **self.described[type](document),
                "alternateName": document.get("aliases"),
                "description": document.get("description"),
                "url": document.get("url"),
                "identifier": [
                    {
                        "@type": "PropertyValue",
                        "propertyID": identifier["scheme"],
                        "value": identifier["identifier"],
                    }
                    for identifier in identifiers
                ],
                "sameAs": [
                    {"@id": ENTITY_IRIS[identifier["scheme"]] + identifier["identifier"]}
                    for identifier in identifiers
                    if identifier["scheme"] in ENTITY_IRIS
                ],
                "sdDatePublished": document["updated_at"],
            }
        )

    def iri(self, type: str, id: str) -> str:
        return f"{self.root}/v1/{type}s/{id}"

    def reference(self, type: str, related: dict | None, schema_type: str = "") -> Node:
        """A related record, with its name; empty where there is none."""
        if related is None:
            return {}
        name = related.get("name") or related.get("title") or related.get("text")
        return present({"@id": self.iri(type, related["id"]), "@type": schema_type, "name": name})

    def parties(self, parties: Iterable[dict]) -> list[Node]:
        """Actors and organizations; a document does not tell whether an actor is a person."""
        return [
            self.reference(party["type"], party, "Organization" * (party["type"] == "organization"))
            for party in parties
        ]

    def terms(self, type: str, documents: Iterable[dict]) -> list[Node]:
        """Topics or positions."""
        return [self.reference(type, document, "DefinedTerm") for document in documents]

    def claim(self, document: dict) -> Node:
        actor = document["actor"]
        organization = self.reference("organization", document["organization"], "Organization")
        author = organization
        if actor:
            author = self.reference("actor", actor, ACTOR_TYPES[actor["kind"]])
        quote = {"@type": "Quotation", "text": document["quote"]} if document["quote"] else {}
        return {
            "@type": "Claim",
            "text": document["text"],
            "author": author,
            "sourceOrganization": organization if actor else None,
            "datePublished": document["date"],
            "hasPart": quote and present({**quote, "inLanguage": document["language"]}),
            "recordedAt": self.reference("event", document["event"], "Event"),
            "locationCreated": place(document),
            "creativeWorkStatus": document["status"],
            "about": [
                *(self.reference("topic", item, "DefinedTerm") for item in document["topics"]),
                *(
                    self.reference("position", item, "DefinedTerm")
                    for item in document["positions"]
                ),
                *self.parties(document["about"]),
            ],
            "appearance": self.appearances(document["reports"]),
            "review": [self.review(document, review) for review in document["reviews"]],
        }

    def appearances(self, reports: list[dict]) -> list[Node]:
        """The sources that report a claim, each once."""
        sources = {report["source"]["id"]: report for report in reports}
        return [
            present(
                {
                    **self.reference("source", report["source"], "CreativeWork"),
                    "url": report["source"]["url"],
                    "datePublished": report["source"]["date"],
                    "publisher": self.reference(
                        "organization", report["publisher"], "Organization"
                    ),
                }
            )
            for report in sources.values()
        ]

    def review(self, claim: dict, review: dict) -> Node:
        """A fact-checker's verdict."""
        verdict = review["verdict"]
        value = RATING_VALUES.get(verdict)
        rating = {
            "@type": "Rating",
            "alternateName": review["rating"] or verdict,
            **({"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else {}),
        }
        checker = self.reference("organization", review["organization"], "Organization")
        author = review["author"] and {"@type": "Person", "name": review["author"]}
        return present(
            {
                "@type": "ClaimReview",
                "itemReviewed": {"@id": self.iri("claim", claim["id"])},
                "claimReviewed": claim["text"],
                "author": author or checker,
                "publisher": checker,
                "reviewRating": rating["alternateName"] and rating,
                "name": review["title"],
                "url": review["url"],
                "datePublished": review["date"],
                "reviewBody": review["summary"],
            }
        )

    def actor(self, document: dict) -> Node:
        return {
            "@type": ACTOR_TYPES[document["kind"]],
            "name": document["name"],
            "memberOf": [
                present(
                    {
                        "@type": "OrganizationRole",
                        "memberOf": self.reference(
                            "organization", membership["organization"], "Organization"
                        ),
                        "roleName": membership["role"],
                        "startDate": membership["start_date"],
                        "endDate": membership["end_date"],
                    }
                )
                for membership in document["memberships"]
            ],
        }

    def organization(self, document: dict) -> Node:
        return {
            "@type": "Organization",
            "name": document["name"],
            "address": address_in(document["country"]),
            "parentOrganization": self.reference(
                "organization", document["parent"], "Organization"
            ),
        }

    def event(self, document: dict) -> Node:
        return {
            "@type": "Event",
            "name": document["name"],
            "startDate": document["start_date"],
            "endDate": document["end_date"],
            "location": place(document),
            "superEvent": self.reference("event", document["parent"], "Event"),
            "organizer": [
                self.reference("organization", organizer, "Organization")
                for organizer in document["organizers"]
            ],
            "attendee": self.parties(document["participants"]),
        }

    def source(self, document: dict) -> Node:
        return {
            "@type": "CreativeWork",
            "name": document["title"],
            "author": [{"@type": "Person", "name": name} for name in document["authors"]],
            "publisher": self.reference("organization", document["publisher"], "Organization"),
            "datePublished": document["date"],
            "inLanguage": document["language"],
            "archivedAt": document["archive_url"],
        }

    def topic(self, document: dict) -> Node:
        return {
            "@type": "DefinedTerm",
            "name": document["name"],
            "skos:broader": self.reference("topic", document["parent"], "DefinedTerm"),
        }

    def position(self, document: dict) -> Node:
        return {
            "@type": "DefinedTerm",
            "name": document["text"],
            "termCode": document["label"],
            "skos:related": self.terms("topic", document["topics"]),
        }


def place(document: dict) -> Node:
    """Where a claim was made, or an event took place."""
    members = present({"name": document["place"], "address": address_in(document.get("country"))})
    return {"@type": "Place", **members} if members else {}


def address_in(country: str | None) -> Node:
    return {"@type": "PostalAddress", "addressCountry": country} if country else {}
