"""Countries: codes of ISO 3166-1 and, for former ones, ISO 3166-3; names of their states."""

from iso3166 import countries_by_alpha2

# codes that ISO 3166-1 once had, without those that it gave to another country since
FORMER_COUNTRIES = {
    "AN": "Netherlands Antilles",
    "BU": "Burma",
    "CS": "Czechoslovakia, or Serbia and Montenegro",
    "CT": "Canton and Enderbury Islands",
    "DD": "German Democratic Republic",
    "DY": "Dahomey",
    "FQ": "French Southern and Antarctic Territories",
    "FX": "France, Metropolitan",
    "HV": "Upper Volta",
    "JT": "Johnston Island",
    "MI": "Midway Islands",
    "NH": "New Hebrides",
    "NQ": "Dronning Maud Land",
    "NT": "Neutral Zone",
    "PC": "Pacific Islands Trust Territory",
    "PU": "United States Miscellaneous Pacific Islands",
    "PZ": "Panama Canal Zone",
    "RH": "Southern Rhodesia",
    "SU": "Union of Soviet Socialist Republics",
    "TP": "East Timor",
    "VD": "Democratic Republic of Viet-Nam",
    "WK": "Wake Island",
    "YD": "Democratic Yemen",
    "YU": "Yugoslavia",
    "ZR": "Zaire",
}
# ISO 3166-1 assigns Kosovo no code; XK is in general use
COUNTRY_NAMES = {
    **{code: country.name for code, country in countries_by_alpha2.items()},
    **FORMER_COUNTRIES,
    "XK": "Kosovo",
}
COUNTRY_CODES = frozenset(COUNTRY_NAMES)
