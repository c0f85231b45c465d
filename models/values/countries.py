"""Countries: ISO 3166-1 alpha-2 codes and the names of their states."""

from iso3166 import countries_by_alpha2

# ISO 3166-1 assigns Kosovo no code; XK is in general use
COUNTRY_NAMES = {code: country.name for code, country in countries_by_alpha2.items()} | {
    "XK": "Kosovo"
}
COUNTRY_CODES = frozenset(COUNTRY_NAMES)
