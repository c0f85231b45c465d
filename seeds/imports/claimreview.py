"""ClaimReview: fact-checks in the vocabulary of schema.org become claims with reviews."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from marshmallow import ValidationError

from models.values.lookalikes import is_visible
from seeds.fast_validation import field_validator
from seeds.imports.dates import read_written_date
from seeds.imports.drafts import Draft, DraftStore, Reference, folded_name
from seeds.imports.json_file import read_json_values
from seeds.imports.linked_data import LinkedNode, nodes_of_type
from seeds.imports.verdicts import verdict_of_number, verdict_of_words
from seeds.raw_record import Unreadable
from seeds.schemas import SCHEMAS

MAX_NAME = 500
MAX_TEXT = 20_000
VALID_URL = field_validator(SCHEMAS["source"].fields["url"])
WIKIDATA = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q[0-9]+)")
# kinds of sources, by types of schema.org
SOURCE_KINDS = {
    "SocialMediaPosting": "post", "Comment": "post", "BlogPosting": "post", "ImageObject": "post",
    "VideoObject": "broadcast", "AudioObject": "broadcast", "Clip": "broadcast",
    "BroadcastEvent": "broadcast", "Episode": "broadcast", "TVEpisode": "broadcast",
    "RadioEpisode": "broadcast", "PodcastEpisode": "broadcast", "Movie": "broadcast",
    "Report": "report", "Legislation": "declaration", "Dataset": "dataset", "Book": "other",
}  # fmt: skip
# hosts whose pages are posts
POST_HOSTS = re.compile(
    r"(?:^|\.)(?:facebook\.com|fb\.watch|twitter\.com|x\.com|instagram\.com|tiktok\.com|t\.me"
    r"|threads\.net|bsky\.app|vk\.com|reddit\.com)$"
)
UNKNOWN_KIND = ""
# claimants without a name, by the kind of the first appearance
UNNAMED = {
    "article": "Unnamed author of an article",
    "post": "Unnamed author of a post",
    "broadcast": "Unnamed speaker in a broadcast",
    "report": "Unnamed author of a report",
    UNKNOWN_KIND: "Unnamed claimant",
}


class Appearance(NamedTuple):
    """A source that has the claim."""

    url: str
    title: str
    kind: str
    date: str | None
    publisher: str


class ReviewedClaim(NamedTuple):
    """A claim, with all reviews that the file has of it."""

    place: int
    fields: dict[str, Any]
    reviews: list[dict[str, Any]]


class ClaimReviewImport:
    """Reads the fact-checks of one file into a store of drafts."""

    def __init__(self) -> None:
        self.store: DraftStore
        self.claims: dict[bytes, ReviewedClaim] = {}
        # the first mention of each source counts
        self.appearances: dict[str, Appearance] = {}

    def read(self, path: Path, store: DraftStore) -> None:
        """Tell the store of all claims."""
        self.store = store
        number = 0
        try:
            for document in read_json_values(path):
                if document.line is None:
                    store.name_places("ClaimReview {}".format)
                for review in nodes_of_type(document.value, "ClaimReview"):
                    number += 1
                    store.tell("fact-checks")
                    self.read_review(review, document.line or number)
        except Unreadable as error:
            store.error(error.line, "", str(error))
            store.problems.refuse_if_any()
        if not number:
            message = "has no ClaimReview: give JSON-LD of schema.org with an @type ClaimReview"
            store.error(None, "", message)
        for claim in self.claims.values():
            store.add(Draft("claim", claim.place, claim.fields | {"reviews": claim.reviews}))

    def read_review(self, review: LinkedNode, place: int) -> None:
        item = next(
            (node for node in review.values("itemReviewed") if isinstance(node, LinkedNode)),
            LinkedNode({}, {}),
        )
        text = review.text("claimReviewed") or item.text("text", "headline", "name")
        if not text:
            self.store.warn(place, "claimReviewed", "is missing: the fact-check is left out")
            return
        appearances = self.appearances_of(item, place)
        date = self.date(item.text("datePublished", "dateCreated"), "itemReviewed", place)
        if not date and appearances:
            date = appearances[0].date
        fields = {
            "text": self.cut(text, MAX_TEXT),
            **self.claimant(item, appearances, place),
            "date": date,
            "reports": [{"source": self.source(appearance, place)} for appearance in appearances],
        }
        key = orjson.dumps([folded_name(text), *list(fields.values())[1:], "actor" in fields])
        claim = self.claims.setdefault(key, ReviewedClaim(place, fields, []))
        drafted = self.review(review, place)
        if drafted and drafted not in claim.reviews:
            claim.reviews.append(drafted)

    def cut(self, text: str, most: int) -> str:
        """A text, cut and told if it is too long."""
        if len(text) <= most:
            return text
        self.store.tell(f"texts cut: longer than {most:,} characters")
        return f"{text[: most - 1]}…"

    def date(self, text: str, column: str, place: int) -> str | None:
        """A date in ISO 8601; another one is told and left out."""
        if not text:
            return None
        if re.fullmatch("[0-9]{8}", text, re.ASCII):
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        try:
            date, had_time = read_written_date(text)
        except ValueError:
            message = "is no date in ISO 8601, such as 2025-05-14: left out"
            self.store.warn(place, f"{column}.datePublished", message, text)
            return None
        if had_time:
            self.store.tell("dates whose time of day is left out")
        return date

    def url(self, url: str, column: str, place: int) -> str:
        """An address; one that is invalid is told and left out."""
        try:
            return VALID_URL(url) if url else ""
        except ValidationError as error:
            message = f"{'; '.join(map(str, error.messages))}: left out"
            self.store.warn(place, column, message, url)
            return ""

    def named(self, node: LinkedNode | str) -> str:
        """The name of a person or an organization; empty without a letter or digit."""
        name = node.text("name", "url") if isinstance(node, LinkedNode) else plain_name(node)
        return self.cut(name, MAX_NAME) if is_visible(name) else ""

    def claimant(
        self, item: LinkedNode, appearances: list[Appearance], place: int
    ) -> dict[str, Reference]:
        """The first named author of the claim, else an unnamed one; as a field."""
        authors = item.values("author") or item.values("creator")
        for author in authors:
            if name := self.named(author):
                return self.author(author, name, place)
        kind = appearances[0].kind if appearances else UNKNOWN_KIND
        name = UNNAMED.get(kind, UNNAMED[UNKNOWN_KIND])
        self.store.tell(f"claims without a claimant, given to {name!r}")
        fields = {"kind": "unnamed"}
        actor = self.store.name(("actor",), name, line=place, column="author", fields=fields)
        return {"actor": actor}

    def author(self, author: Any, name: str, place: int) -> dict[str, Reference]:
        fields, identifier = {}, ""
        type = "actor"
        if isinstance(author, LinkedNode):
            if any(type.endswith("Organization") for type in author.types):
                type = "organization"
            addresses = (*author.plain_values("sameAs"), author.id)
            items = (WIKIDATA.match(str(address)) for address in addresses)
            if match := next(filter(None, items), None):
                identifier = f"wikidata:{match[1]}"
                fields["identifiers"] = [{"scheme": "wikidata", "identifier": match[1]}]
        reference = self.store.name(
            (type,),
            name,
            identifiers=[identifier] if identifier else [],
            variant=identifier,
            line=place,
            column="author",
            fields=fields,
        )
        return {type: reference}

    def appearances_of(self, item: LinkedNode, place: int) -> list[Appearance]:
        """The sources that have a claim, the first one first."""
        nodes = [*item.values("firstAppearance"), *item.values("appearance")]
        if not nodes and item.types - {"Claim"} and item.url("url", "sameAs"):
            # a reviewed work is itself the source
            nodes = [item]
        appearances = (self.appearance(node, place) for node in nodes)
        return list(dict.fromkeys(appearance for appearance in appearances if appearance))

    def appearance(self, node: Any, place: int) -> Appearance | None:
        if isinstance(node, LinkedNode):
            url = node.url("url", "sameAs", "@id")
            title = node.text("headline", "name")
            date = self.date(node.text("datePublished"), "appearance", place)
            publisher = next(map(self.named, node.values("publisher")), "")
            types = node.types
        else:
            url, title, date, publisher, types = str(node), "", None, "", set()
            if not url.lower().startswith(("http://", "https://")):
                url, title = "", plain_name(url)
        url = self.url(url, "appearance", place)
        title = self.cut(title, MAX_NAME) if is_visible(title) else ""
        if not url and not title:
            return None
        appearance = Appearance(url, title, source_kind(types, url), date, publisher)
        return self.appearances.setdefault(url or title, appearance)

    def source(self, appearance: Appearance, place: int) -> Reference:
        fields: dict[str, Any] = {"kind": appearance.kind or "other"}
        if appearance.url:
            fields["url"] = appearance.url
        if appearance.date:
            fields["date"] = appearance.date
        if appearance.publisher:
            fields["publisher"] = self.store.name(
                ("organization",), appearance.publisher, line=place, column="publisher"
            )
        return self.store.name(
            ("source",),
            appearance.title,
            variant=appearance.url,
            line=place,
            column="appearance",
            fields=fields,
        )

    def review(self, review: LinkedNode, place: int) -> dict[str, Any] | None:
        """The review of a claim; None, and told, if nobody is said to have made it."""
        url = self.url(review.url("url", "mainEntityOfPage", "@id"), "url", place)
        authors = review.values("author")
        people = [
            author
            for author in authors
            if isinstance(author, LinkedNode) and "Person" in author.types
        ]
        bodies = [author for author in authors if author not in people]
        checkers = (*review.values("publisher"), *bodies)
        checker = next(filter(None, map(self.named, checkers)), "") or urlsplit(url).hostname
        if not checker:
            message = "is missing, and so is the author's: the claim has no review"
            self.store.warn(place, "publisher", message)
            return None
        organization = self.store.name(("organization",), checker, line=place, column="publisher")
        rating, verdict = self.rating(review, place)
        drafted = {
            "organization": organization,
            "rating": rating,
            "verdict": verdict,
            "author": next(filter(None, map(self.named, people)), None),
            "title": self.cut(review.text("headline", "name"), MAX_NAME),
            "url": url,
            "date": self.date(review.text("datePublished", "dateCreated"), "review", place),
            "summary": self.cut(review.text("reviewBody", "description"), MAX_TEXT),
        }
        drafted = {name: value for name, value in drafted.items() if value}
        if not (rating or url):
            self.store.warn(place, "reviewRating", "is missing: the claim has no review")
            return None
        return drafted

    def rating(self, review: LinkedNode, place: int) -> tuple[str, str | None]:
        """The fact-checker's own words, and the verdict that they or the scale mean."""
        node = next(iter(review.values("reviewRating")), None)
        if node is None:
            return "", None
        if not isinstance(node, LinkedNode):
            node = LinkedNode({"alternateName": node}, {})
        words = node.text("alternateName", "name", "ratingExplanation")
        value = node.text("ratingValue")
        verdict = verdict_of_words(words or value) or verdict_of_number(
            value, node.text("bestRating"), node.text("worstRating")
        )
        if not (words or value):
            return "", None
        if not verdict:
            message = "is no rating that the table of verdicts knows: the verdict is other"
            self.store.warn(place, "reviewRating", message, words or value)
        best = node.text("bestRating")
        rating = words or (f"{value} of {best}" if best else value)
        return self.cut(rating, MAX_NAME), verdict or "other"


def plain_name(value: Any) -> str:
    return LinkedNode({"name": value}, {}).text("name")


def source_kind(types: set[str], url: str) -> str:
    """The kind of a source, if its type or its address tells it."""
    for type, kind in SOURCE_KINDS.items():
        if type in types:
            return kind
    if POST_HOSTS.search(urlsplit(url).hostname or ""):
        return "post"
    is_article = any(type.endswith("Article") for type in types) or "WebPage" in types
    return "article" if is_article else UNKNOWN_KIND
