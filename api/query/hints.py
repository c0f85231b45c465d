"""The parameter that was probably meant by an unknown name."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import OSA

# names that other APIs use, without case and punctuation; the path must take the parameter
SYNONYMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("perpage", "pagesize", "size", "maxresults"), ("limit",)),
    **dict.fromkeys(("page", "pagenumber", "offset", "skip"), ("cursor",)),
    **dict.fromkeys(("order", "orderby", "ordering", "sortby"), ("sort",)),
    **dict.fromkeys(("from", "datefrom", "startdate"), ("from_date",)),
    **dict.fromkeys(("to", "until", "dateto", "enddate"), ("to_date",)),
    "since": ("from_date", "updated_since"),
    "modifiedsince": ("updated_since",),
    **dict.fromkeys(("year", "month", "day"), ("date",)),
    "select": ("fields",),
    **dict.fromkeys(("expand", "embed"), ("include",)),
    "type": ("kind",),
    "speaker": ("actor",),
    "lang": ("language",),
    "ids": ("id",),
    **dict.fromkeys(("search", "query", "text", "fulltext", "keyword"), ("q",)),
}
# (least length of a name, most wrong letters in it)
MAX_DISTANCES = ((9, 2), (4, 1), (0, 0))


def probable_parameter(name: str, taken: Collection[str]) -> str | None:
    """The parameter of a path that an unknown name probably stands for; None if there is none."""
    key = letters(name)
    for synonym in SYNONYMS.get(key, ()):
        if synonym in taken:
            return synonym
    max_distance = next(distance for length, distance in MAX_DISTANCES if len(key) >= length)
    distances = {parameter: OSA.distance(key, letters(parameter)) for parameter in sorted(taken)}
    nearest = min(distances, key=distances.__getitem__, default=None)
    return nearest if nearest and distances[nearest] <= max_distance else None


def letters(name: str) -> str:
    """A name without case and punctuation, so that `fromDate` is `from_date`."""
    return "".join(filter(str.isalnum, name.lower()))
