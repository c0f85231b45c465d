"""The values of facets that are not counted as the database has them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from models.claim import role_words
from models.database.deadline import check_deadline
from models.values.languages import broader_tags

# facets by date: the divisor of a date's number
DATE_PARTS = {"year": 10000, "month": 100}
# (value for the filter, name, count)
FacetValue = tuple[str, str, int]


def period_text(name: str, number: str) -> str:
    """A year's or a month's number as a date: 2025; 202505 → 2025-05."""
    if name == "year":
        return f"{int(number):04d}"
    return f"{int(number[:-2]):04d}-{number[-2:]}"


def with_broader_tags(values: list[FacetValue]) -> list[FacetValue]:
    """Language tags with the counts of their subtags: `en` also counts `en-GB`."""
    counts: Counter = Counter()
    for tag, _, count in values:
        for broader in broader_tags(tag):
            counts[broader] += count
    return ranked([(tag, tag, count) for tag, count in counts.items()])


def with_role_words(values: list[FacetValue]) -> list[FacetValue]:
    """Roles by their folded words, each with the counts of the roles that have all its words."""
    names: dict[str, str] = {}
    own_counts: Counter = Counter()
    roles_by_word: dict[str, set[str]] = defaultdict(set)
    for _, name, count in values:
        role = " ".join(role_words(name))
        names.setdefault(role, name)
        own_counts[role] += count
        for word in role_words(name):
            roles_by_word[word].add(role)
    return ranked(
        [
            (role, name, sum(own_counts[other] for other in with_words(name, roles_by_word)))
            for role, name in names.items()
        ]
    )


def with_words(role: str, roles_by_word: Mapping[str, set[str]]) -> set[str]:
    """The roles that have all words of a role."""
    check_deadline()
    return set.intersection(*sorted((roles_by_word[word] for word in role_words(role)), key=len))


def ranked(values: list[FacetValue]) -> list[FacetValue]:
    """Values with the most frequent first; ties by value."""
    return sorted(values, key=lambda value: (-value[2], value[0]))


# facets whose values also count other values
MERGED_VALUES = {"language": with_broader_tags, "role": with_role_words}
