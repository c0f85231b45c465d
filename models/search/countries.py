"""Countries: ISO 3166-1 alpha-2 codes, found by code or by the name of a state."""

from iso3166 import countries_by_alpha2

from models.search.names import Match, Resolved, fold

# Kosovo's code is not assigned by ISO 3166-1, and in general use
NAMES = {code: country.name for code, country in countries_by_alpha2.items()} | {"XK": "Kosovo"}
CODES = frozenset(NAMES)


def found(code: str) -> Match:
    return Match("country", 0, code, NAMES[code])


def understand(one: Resolved) -> Resolved:
    """A value that was looked up among organizations, as the countries that it means."""
    text = one.asked.text
    if text.upper() in CODES:
        return Resolved(one.asked, "id", [found(text.upper())])
    codes = {match.country for match in one.matches if match.country}
    tier = one.tier
    if not codes:
        tier = "name"
        codes = {code for code, name in NAMES.items() if fold(name) == fold(text)}
    if not codes and fold(text):
        tier = "words"
        words = set(fold(text).split())
        codes = {code for code, name in NAMES.items() if words <= set(fold(name).split())}
    if not codes:
        return Resolved(
            one.asked, suggestions=[found(m.country) for m in one.suggestions if m.country]
        )
    return Resolved(one.asked, tier, [found(code) for code in sorted(codes)])
