"""Datasets that hypothesis makes: records of all types with all fields, references that resolve."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from models import actor, claim, event, organization, source
from models.values import dates
from models.values.lookalikes import is_visible

TYPES = ("organization", "actor", "topic", "position", "event", "source", "claim")
CLAIMANTS = (("actor",), ("organization",), ("actor", "organization"))

# all of Unicode but surrogates and control characters, with a liking for what tends to break
letters = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc"]),
    st.sampled_from("aB e\u0301Şıß🕊北\u00a0\u200d\ufeff\u2028'\"\\{}[]:#&*!|>%@`~-?\t\n\r"),
)
special = st.sampled_from(
    [
        "null",
        "~",
        "true",
        "NO",
        "007",
        "1_000",
        "2025-05-14",
        "1e3",
        "- a",
        "a: b",
        "=",
        "<<",
        "---",
    ]
)
raw = st.text(letters, min_size=1, max_size=12)
texts = st.one_of(raw.filter(str.strip), special)
# names need a letter, digit or symbol that can be seen
visible = texts.filter(is_visible)
ids = st.from_regex(r"[a-z0-9]{1,3}(-[a-z0-9]{1,2})?", fullmatch=True)
urls = st.sampled_from(
    ["https://example.org/", "http://a.example/ü?b=c&d#e", "HTTPS://EXAMPLE.ORG/%20:~:text=x"]
)
countries = st.sampled_from(["NO", "TR", "US", "XK", "SU"])
languages = st.sampled_from(["en", "en-GB", "tr", "zh-Hant-TW", "de-DE-u-co-phonebk", "x-own"])
dated = st.builds(
    lambda day, size: day.isoformat()[:size],
    st.dates(),
    st.sampled_from([4, 7, 10]),
)


def plain(text: str) -> str:
    """A text in canonical form."""
    return unicodedata.normalize("NFC", text.strip())


def content(value: Any) -> str:
    """What tells values apart: the order of an object's fields does not."""
    return json.dumps(value, sort_keys=True)


def some(
    values: st.SearchStrategy, most: int = 3, unique: Callable[[Any], Any] = content
) -> st.SearchStrategy[list]:
    """A list of different values; nothing where there are none."""
    if values.is_empty:
        return st.nothing()
    return st.lists(values, max_size=most, unique_by=unique)


def names() -> st.SearchStrategy[list[str]]:
    return some(visible, 3, plain)


def filled(
    required: dict[str, st.SearchStrategy], optional: dict[str, st.SearchStrategy]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


attributes = st.lists(
    st.tuples(texts.filter(lambda name: ":" not in name), texts),
    max_size=3,
    unique_by=lambda pair: plain(pair[0]),
).map(dict)


@st.composite
def periods(draw: st.DrawFn) -> dict[str, str]:
    period = draw(filled({}, {"start_date": dated, "end_date": dated}))
    if dates.ends_before(period.get("start_date"), period.get("end_date")):
        period = {"start_date": period["end_date"], "end_date": period["start_date"]}
    return period


@st.composite
def datasets(draw: st.DrawFn, ids: st.SearchStrategy[str] = ids) -> dict[str, list[dict]]:
    """Sections of records that load together, in any order."""
    pools = {type: draw(st.lists(ids, min_size=2, max_size=6, unique=True)) for type in TYPES}
    known = {type: pool[: (len(pool) + 1) // 2] for type, pool in pools.items()}
    formers = {type: pool[(len(pool) + 1) // 2 :] for type, pool in pools.items()}
    text_of: dict[str, str] = {}

    def own(type: str, id: str) -> dict[str, Any]:
        """The fields that records of all types have."""
        taken = [former for former in formers[type] if draw(st.booleans())]
        formers[type] = [former for former in formers[type] if former not in taken]
        schemes = draw(some(st.sampled_from(["wikidata", "lei", "x-1", "a_b.c"]), 2))
        identifiers = [
            {"scheme": scheme, "identifier": f"{id}:{draw(texts)}"} for scheme in schemes
        ]
        own_attributes = draw(st.just({}) | attributes)
        return {
            "id": id,
            "former_ids": taken,
            "identifiers": identifiers,
            "attributes": own_attributes,
        }

    def known_id(type: str, before: str | None = None) -> st.SearchStrategy[str]:
        """An id of this type; for a parent, an id before the record's own."""
        pool = known[type]
        if before is not None:
            pool = pool[: pool.index(before)]
        return st.sampled_from(pool) if pool else st.nothing()

    def having(**fields: st.SearchStrategy) -> dict[str, st.SearchStrategy]:
        return {name: value for name, value in fields.items() if not value.is_empty}

    def party() -> st.SearchStrategy[dict]:
        return st.one_of(
            known_id("actor").map(lambda id: {"actor": id}),
            known_id("organization").map(lambda id: {"organization": id}),
        )

    def organizations(id: str) -> st.SearchStrategy[dict]:
        return filled(
            {"name": visible, "kind": st.sampled_from(organization.KINDS)},
            having(
                aliases=names(),
                description=texts,
                country=countries,
                parent=known_id("organization", id),
                url=urls,
            ),
        )

    def actors(id: str) -> st.SearchStrategy[dict]:
        membership = st.builds(
            lambda fields, period: {**fields, **period},
            filled(
                {"organization": known_id("organization")},
                {"role": texts, "on_behalf_of": known_id("organization"), "area": texts},
            ),
            periods(),
        )
        return filled(
            {"name": visible},
            having(
                kind=st.sampled_from(actor.KINDS),
                aliases=names(),
                description=texts,
                url=urls,
                memberships=some(membership),
            ),
        )

    def topics(id: str) -> st.SearchStrategy[dict]:
        return filled(
            {"name": visible},
            having(aliases=names(), description=texts, parent=known_id("topic", id)),
        )

    def positions(id: str) -> st.SearchStrategy[dict]:
        return filled({"text": visible}, having(label=visible, topics=some(known_id("topic"))))

    def events(id: str) -> st.SearchStrategy[dict]:
        participant = st.builds(
            lambda who, role: {**who, **role}, party(), filled({}, {"role": texts})
        )
        return st.builds(
            lambda fields, start, period: {**fields, "start_date": start, **period},
            filled(
                {"name": visible, "kind": st.sampled_from(event.KINDS)},
                having(
                    aliases=names(),
                    place=texts,
                    country=countries,
                    parent=known_id("event", id),
                    organizers=some(known_id("organization")),
                    participants=some(participant),
                    description=texts,
                    url=urls,
                ),
            ),
            dated,
            periods().filter(lambda period: len(period) != 1),
        )

    def sources(id: str) -> st.SearchStrategy[dict]:
        words = st.text(letters, min_size=1, max_size=40)
        return filled(
            {"title": visible, "kind": st.sampled_from(source.KINDS)},
            having(
                publisher=known_id("organization"),
                origin=known_id("organization"),
                authors=st.lists(texts, max_size=2),
                date=dated,
                language=languages,
                url=urls,
                archive_url=urls,
                accessed=dated,
                text=words.map(lambda text: unicodedata.normalize("NFC", text)),
            ),
        )

    def slice_of(text: str) -> tuple[int, str] | None:
        """Words of a text and where they start; None for white space."""
        start = draw(st.integers(0, len(text) - 1))
        words = text[start : draw(st.integers(start + 1, len(text)))]
        exact = words.strip()
        return (start + words.index(exact), exact) if exact else None

    def report() -> dict[str, Any]:
        fields = draw(
            filled(
                {"source": known_id("source")},
                {
                    "prefix": raw,
                    "suffix": raw,
                    "attribution": st.sampled_from(claim.ATTRIBUTIONS),
                },
            )
        )
        text = text_of.get(fields["source"])
        words = slice_of(text) if text else (draw(st.integers(0, 10_000)), plain(draw(texts)))
        if words and draw(st.booleans()):
            start, exact = words
            fields["exact"] = exact
            if draw(st.booleans()):
                fields["start"] = start
                if draw(st.booleans()):
                    fields["end"] = start + len(exact)
        return fields

    def quote(reports: list[dict]) -> str | None:
        """A quote, from the text of a source where all have one."""
        with_text = [text_of[report["source"]] for report in reports if report["source"] in text_of]
        if len(with_text) < len(reports) or not reports:
            return draw(texts)
        words = slice_of(draw(st.sampled_from(with_text)))
        return words and words[1]

    def claims(id: str) -> dict[str, Any]:
        claimants = draw(st.sampled_from(CLAIMANTS))
        other_ids = [other for other in known["claim"] if other != id]
        relation = st.fixed_dictionaries(
            {
                "kind": st.sampled_from(claim.RELATIONS),
                "claim": st.sampled_from(other_ids) if other_ids else st.nothing(),
            }
        )
        stance = st.fixed_dictionaries(
            {"position": known_id("position"), "stance": st.sampled_from(claim.STANCES)}
        )
        review = filled(
            {"organization": known_id("organization")},
            {
                "rating": texts,
                "verdict": st.sampled_from(claim.VERDICTS),
                "author": texts,
                "title": texts,
                "url": urls,
                "date": dated,
                "summary": texts,
            },
        ).filter({"rating", "verdict", "url"}.intersection)
        fields = draw(
            filled(
                {"text": visible, **{name: known_id(name) for name in claimants}},
                having(
                    role=texts,
                    date=dated,
                    language=languages,
                    form=st.sampled_from(claim.FORMS),
                    event=known_id("event"),
                    place=texts,
                    topics=some(known_id("topic")),
                    positions=some(stance, 2, lambda stance: stance["position"]),
                    addressees=some(party()),
                    about=some(party()),
                    relations=some(relation),
                    reviews=some(review, 2),
                    status=st.sampled_from(claim.STATUSES),
                    coder=texts,
                ),
            )
        )
        fields["reports"] = [report() for _ in range(draw(st.integers(0, 3)))]
        spoken = quote(fields["reports"]) if draw(st.booleans()) else None
        return fields | ({"quote": spoken} if spoken else {})

    make = {
        "organization": organizations,
        "actor": actors,
        "topic": topics,
        "position": positions,
        "event": events,
        "source": sources,
    }
    made: dict[str, list[dict]] = {}
    for type, build in make.items():
        made[f"{type}s"] = [{**own(type, id), **draw(build(id))} for id in known[type]]
    text_of |= {source["id"]: source["text"] for source in made["sources"] if "text" in source}
    made["claims"] = [{**own("claim", id), **claims(id)} for id in known["claim"]]
    return {
        section: draw(st.permutations(made[section]))
        for section in draw(st.permutations(list(made)))
    }
