"""Countries, by code or by the name of a state."""

from __future__ import annotations

from collections.abc import Iterable

from models.name_key import MAX_SPELLED_NAME
from models.search.names import NameMatch, NameQuery, ResolvedName
from models.search.resolution import match_names
from models.values.countries import COUNTRY_CODES, COUNTRY_NAMES
from models.values.folding import fold


def country_match(code: str) -> NameMatch:
    return NameMatch("country", 0, code, COUNTRY_NAMES[code])


def resolve_country(name: ResolvedName) -> ResolvedName:
    """A name that was resolved among organizations, as the countries that it stands for."""
    text = name.query.text
    if text.upper() in COUNTRY_CODES:
        return ResolvedName(name.query, "id", [country_match(text.upper())])
    tier = name.tier
    codes = {match.country for match in name.matches if match.country}
    if not codes:
        tier = "name"
        codes = {code for code, country in COUNTRY_NAMES.items() if fold(country) == fold(text)}
    if not codes and fold(text):
        tier = "words"
        words = set(fold(text).split())
        codes = {
            code for code, country in COUNTRY_NAMES.items() if words <= set(fold(country).split())
        }
    if not codes:
        return ResolvedName(
            name.query,
            suggestions=[
                country_match(match.country) for match in name.suggestions if match.country
            ],
        )
    return ResolvedName(name.query, tier, [country_match(code) for code in sorted(codes)])


def country_codes(names: Iterable[str]) -> dict[str, list[str]]:
    """The codes of the countries that each name stands for, as in the filter `country`.

    A code stands for itself. A name that no filter takes stands for no country.
    """
    queries = [NameQuery(name, ("organization",)) for name in dict.fromkeys(names)]
    codes = [query for query in queries if query.text.upper() in COUNTRY_CODES]
    named = [
        query
        for query in queries
        if query.text.upper() not in COUNTRY_CODES and len(query.text) <= MAX_SPELLED_NAME
    ]
    resolved = [*map(ResolvedName, codes), *match_names(named)]
    countries = {name.query.text: resolve_country(name).matches for name in resolved}
    return {name: [match.id for match in matches] for name, matches in countries.items()}
