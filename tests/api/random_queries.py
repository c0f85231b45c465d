"""Random queries: the values that each filter is tried with, and Hypothesis strategies."""

from __future__ import annotations

from itertools import chain

from hypothesis import strategies as st

from tests.api.list_parameters import (
    FILTERS,
    HAS,
    LISTS,
    SINGLE,
    Query,
    excludes,
    names_records,
    types_of,
)
from tests.api.plain_records import Sections, fold, identifiers, name_of
from tests.api.random_dataset import (
    ATTRIBUTES,
    ATTRIBUTIONS,
    CODERS,
    DATES,
    FORMS,
    KINDS,
    LANGUAGES,
    STANCES,
    STATUSES,
    VERDICTS,
)

DAYS = [*DATES, "2023", "2025-05-31"]
UNKNOWN_NAMES = ["nobody", "Nothing Here", "unknown:thing"]
COUNTRIES = ["TR", "no", "Turkey", "Norway", "nl", "Sweden", "The Daily", "Atlantis"]
# the values of filters that name no records; those of `kind` are in KINDS
VALUES = {
    "stance": STANCES,
    "attribution": ATTRIBUTIONS,
    "form": [*FORMS, "other"],
    "status": sorted(set(STATUSES)),
    "coder": [*CODERS, "carl", "!!ann"],
    "language": [*LANGUAGES, "EN", "zh", "zh-hant", "fr", *(f"!{tag}" for tag in LANGUAGES)],
    "country": [*COUNTRIES, *(f"!{country}" for country in COUNTRIES)],
    "place": ["hague", "HAGUE the", "forum hague", "Antalya", "lodz", "Paris", "ankara"],
    "min_publishers": ["1", "2", "3", "999999999"],
    "rating": ["half true", "HALF-TRUE", "false", "★★", "true"],
    "verdict": [*VERDICTS, "other"],
    "attribute": [*(":".join(pair) for pair in ATTRIBUTES), "wave:3", "party: green", "x:y"],
    "role": ["general", "Secretary General", "deputy", "president", "king"],
    "updated_since": ["2026-01-02", "2026-03-04", "2026-03-04T05:06:07.000001Z", "2026-03-05"],
    **dict.fromkeys(("date", "from_date", "to_date", "as_of"), DAYS),
}


TEXT_QUERIES = [
    "two", "percent", "SPEND", "spend*", "s*", "two percent", "percent two", '"two percent"',
    '"percent two"', '"percent by percent"', "-two", '-"two percent"', "two -percent", "-s* -two",
    'spend -"two percent"', '"spend two"', '"claim 1*"', "claim -1*", "erdogan", "ERDOĞAN'IN",
    "Işık", "isik", "京", "北京", '"东京"', "co-operate", "operate", "us", "U.S.", "kaya", "chief",
    "exactly", "we must", '"we must"', "herald", "defence", "nowhere", "nato", "-nato", "and", "or",
    "not", "near", "a", '"', "-", "*", "🙂",
]  # fmt: skip


def filter_values(sections: Sections) -> dict[tuple[str, str], list[str]]:
    """Values for each filter of each list, by (list, filter)."""
    names = {section.removesuffix("s"): names_in(sections[section]) for section in LISTS}
    values_of_filters: dict[tuple[str, str], list[str]] = {}
    for section in LISTS:
        for name in FILTERS[section]:
            if name == "id":
                values = [*(record["id"] for record in sections[section]), "nothing"]
            elif name == "identifier":
                existing = [value for record in sections[section] for value in identifiers(record)]
                values = [*existing, "wikidata:Q999"]
            elif name == "q":
                values = TEXT_QUERIES
            elif name == "kind":
                values = KINDS[section]
            elif name in VALUES:
                values = VALUES[name]
            elif not names_records(name):
                raise LookupError(
                    f"add values of the filter {name} to VALUES in tests/api/random_queries.py"
                )
            else:
                types = types_of(section, name)
                values = [value for type in types for value in names[type]]
                if len(types) > 1:
                    values += [
                        f"{type}:{record['id']}"
                        for type in types
                        for record in sections[f"{type}s"]
                    ]
                values += [f"!{value}" for value in values if not value.startswith("!")]
            values_of_filters[section, name] = list(dict.fromkeys(values))
    return values_of_filters


def names_in(records: list[dict]) -> list[str]:
    """Ids, external identifiers, names, and words of names."""
    names = list(UNKNOWN_NAMES)
    for record in records:
        name = name_of(record)
        # ids are many, since most queries would match nothing without them
        names += [record["id"], *record.get("former_ids", []), *identifiers(record)]
        names += [name.upper(), f"!{name}" if name.startswith("!") else name]
        names += [fold(name), *fold(name).split()[-1:], " ".join(reversed(fold(name).split()))]
        names += [fold(name).replace(" ", ""), name.replace("ö", "oe").replace("ü", "ue")]
        names += [name.replace("&", "und").replace(" and ", " + ").replace(". ", "")]
        names += [record["country"]] if record.get("kind") == "state" else []
        names += record.get("aliases", [])
    return [name for name in dict.fromkeys(names) if name.strip()]


def queries(values: dict[tuple[str, str], list[str]], section: str) -> st.SearchStrategy[Query]:
    """One to four filters, each with one to three values."""

    def filter_query(name: str) -> st.SearchStrategy[Query]:
        max_values = 1 if name in SINGLE else 3
        chosen = st.lists(
            st.sampled_from(values[section, name]), min_size=1, max_size=max_values, unique=True
        )
        if excludes(name):
            chosen = st.one_of(
                chosen,
                chosen.map(lambda texts: [text for text in texts if text[0] == "!"] or texts),
            )
        return chosen.map(lambda texts: [(name, text) for text in texts])

    filters = st.lists(
        st.sampled_from(FILTERS[section]), min_size=1, max_size=4, unique=True
    ).flatmap(lambda names: st.tuples(*map(filter_query, names)).map(lambda qs: [*chain(*qs)]))
    match = st.sampled_from([[], [("match", "all")], [("match", "any")]])
    if section != "claims":
        takes_match = "position" in FILTERS[section] and section != "positions"
        both = st.builds(lambda chosen, mode: [*chosen, *mode], filters, match)
        return both if takes_match else filters
    words = st.sampled_from([*HAS, *(f"!{word}" for word in HAS)])
    has = st.lists(words, max_size=2, unique=True).map(lambda chosen: [("has", w) for w in chosen])
    return st.builds(lambda *queries: [*chain(*queries)], filters, has, match)
