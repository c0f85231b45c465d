"""The oracle: the results of lists and facets by plain search through records in seed form.

Written from the contract alone. The oracle imports none of the product's queries, so that tests
can compare the two ways to the same result.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from tests.api.list_parameters import (
    CLAIM_FILTERS,
    EVERYWHERE,
    GROUPS,
    LISTS,
    MATCH_ALL,
    PARTICIPATION,
    PRECISION,
    Query,
    default_sort,
    excludes,
    names_records,
    types_of,
)
from tests.api.plain_records import PlainRecords, Row, Sections, days, fold, name_of, words_of
from tests.api.random_dataset import load_made
from tests.api.random_queries import filter_values
from tests.engines import new_url

# whether a value, or a record, matches
Test = Callable[[Any], bool]

# the most values that a facet shows
MAX_FACET_VALUES = 20


def split_sign(value: str) -> tuple[str, bool]:
    """A value without its leading !, and whether it excludes; !! stands for a ! in the value."""
    if value.startswith("!") and not value.startswith("!!"):
        return value[1:], True
    return value.removeprefix("!"), False


def split_name(value: str) -> str:
    return split_sign(value)[0]


class RowCriteria(NamedTuple):
    """The tests that a query sets for one group of filters, by filter.

    A row must pass one of `any_of`; each of `each_of` needs a row; no row may pass `none_of`.
    """

    any_of: dict[str, list[Test]]
    each_of: dict[str, list[Test]]
    none_of: list[tuple[str, Test]]

    @property
    def required_rows(self) -> list[dict[str, list[Test]]]:
        """The rows that a record must have: under match=all one for each of several values."""
        if not self.each_of:
            return [self.any_of]
        return [
            {**self.any_of, name: [test]} for name, tests in self.each_of.items() for test in tests
        ]


class Oracle(PlainRecords):
    """The results of a dataset's lists and facets."""

    @cached_property
    def values(self) -> dict[tuple[str, str], list[str]]:
        """Values for each filter of each list."""
        return filter_values(self.sections)

    @cached_property
    def spellings(self) -> dict[tuple[str, str], str]:
        """The first spelling of each rating and role, by its folded words."""
        claims = self.sections["claims"]
        texts = [("role", role) for claim in claims for role in self.claims_role(claim)]
        texts += [
            ("rating", review.get("rating"))
            for claim in claims
            for review in claim.get("reviews", [])
        ]
        spelled = sorted(((name, text) for name, text in texts if text), reverse=True)
        return {(name, rating_words(text)): text for name, text in spelled}

    # filters

    def value_test(self, section: str, name: str, text: str) -> Test:
        """Whether a row's value matches one value of a filter."""
        if names_records(name):
            refs = self.resolve(types_of(section, name), text)
            return lambda value: value in refs
        if name == "country":
            codes = self.countries(text)
            return lambda value: value in codes
        if name == "language":
            tag = text.lower()
            return lambda value: f"{value}-".lower().startswith(f"{tag}-")
        if name == "rating":
            return lambda value: value is not None and rating_words(value) == rating_words(text)
        if name == "min_publishers":
            return lambda value: value >= int(text)
        if name == "q":
            return lambda texts: matches_text(text, texts)
        if name in ("place", "role"):
            words = set(fold(text).split())
            return lambda value: bool(value) and words <= set(fold(value).split())
        if name == "updated_since":
            moment = f"{text}T00:00:00.000000Z" if len(text) == 10 else text
            return lambda value: value >= moment
        if name in ("date", "from_date", "to_date", "as_of"):
            return date_test(name, *days(text))
        # a leading !! stands for a !
        return lambda value: value == text.removeprefix("!")

    def criteria(self, section: str, group: tuple[str, ...], query: Query) -> RowCriteria:
        """The tests that a query sets for the filters of a group."""
        criteria = RowCriteria({}, {}, [])
        if group == ("attribute",):
            return attribute_criteria(query)
        for name in group:
            required = []
            for value in (value for parameter, value in query if parameter == name):
                text, exclude = split_sign(value) if excludes(name) else (value, False)
                test = self.value_test(section, name, text)
                if exclude:
                    criteria.none_of.append((name, test))
                else:
                    required.append(test)
            if ("match", "all") in query and name in MATCH_ALL and len(required) > 1:
                criteria.each_of[name] = required
            elif required:
                criteria.any_of[name] = required
        return criteria

    def group_tests(self, section: str, group: tuple[str, ...], query: Query) -> Iterator[Test]:
        """The tests that a record must pass for the filters of a group."""
        criteria = self.criteria(section, group, query)
        for tests in criteria.required_rows:
            if tests:
                yield lambda record, tests=tests: any(
                    passes(row, tests) for row in self.rows(section, group, record)
                )
        for name, test in criteria.none_of:
            yield (
                lambda record, name=name, test=test: (
                    not any(test(row[name]) for row in self.rows(section, group, record))
                )
            )

    def has_test(self, word: str) -> Test:
        """Whether a claim matches one word of `has`."""
        name, exclude = split_sign(word)

        def test(claim: dict) -> bool:
            if name == "quote":
                present = bool(claim.get("quote")) or any(
                    report.get("attribution") == "direct" and "exact" in report
                    for report in claim.get("reports", [])
                )
            elif name == "relation":
                present = bool(claim.get("relations")) or any(
                    relation["claim"] == claim["id"]
                    for other_claim in self.sections["claims"]
                    for relation in other_claim.get("relations", [])
                )
            else:
                field = {
                    "topic": "topics", "position": "positions", "addressee": "addressees",
                    "report": "reports", "review": "reviews",
                }.get(name, name)  # fmt: skip
                present = bool(claim.get(field))
            return present != exclude

        return test

    def matching(self, section: str, query: Query) -> list[dict]:
        """The records that match, in the order in which they entered."""
        parameters = {name for name, _ in query}
        tests = [
            test
            for group in (*GROUPS[section], *EVERYWHERE)
            if parameters & {*group}
            for test in self.group_tests(section, group, query)
        ]
        tests += [
            self.has_test(word)
            for name, value in query
            if name == "has"
            for word in value.split(",")
        ]
        if section == "claims" and "status" not in parameters:
            tests.append(self.is_listed)
        tests += self.claims_tests(section, query)
        return [record for record in self.sections[section] if all(test(record) for test in tests)]

    # filters of other records by their claims

    def positive_claim_query(self, section: str, query: Query) -> Query:
        """The part of a query that one claim must pass."""
        return [
            (name, value)
            for name, value in query
            if name in CLAIM_FILTERS[section] and not (excludes(name) and split_sign(value)[1])
        ]

    def claims_tests(self, section: str, query: Query) -> Iterator[Test]:
        """The tests that a record must pass by its claims, or by taking part in an event."""
        positive = self.positive_claim_query(section, query)
        if positive:
            yield self.claims_test(section, positive, query)
        for name, value in query:
            if name in CLAIM_FILTERS[section] and (name, value) not in positive:
                excluded = [(name, split_sign(value)[0])]
                test = self.claims_test(section, excluded, [])
                yield lambda record, test=test: not test(record)

    def claims_test(self, section: str, positive: Query, query: Query) -> Test:
        match = [pair for pair in query if pair[0] == "match"]
        tests = self.tests_of_claims([*positive, *match])
        names = {name for name, _ in positive}
        (name, *more) = names
        parties: set | None = None
        if not more and name in PARTICIPATION.get(section, ()):
            parties = set()
            for _, value in positive:
                parties |= self.resolve(types_of(section, name), split_name(value))
        type = section.removesuffix("s")

        def test(record: dict) -> bool:
            if any(all(t(claim) for t in tests) for claim in self.claims_of(type, record)):
                return True
            return parties is not None and bool(parties & self.took_part(section, record, name))

        return test

    def tests_of_claims(self, query: Query) -> list[Test]:
        parameters = {name for name, _ in query}
        return [
            test
            for group in GROUPS["claims"]
            if parameters & {*group}
            for test in self.group_tests("claims", group, query)
        ]

    def claims_facet_values(self, section: str, query: Query, name: str, record: dict) -> set[str]:
        """A record's values on claims that pass the other filters; taking part may count, too."""
        rest = [(n, value) for n, value in query if n != name]
        if ("match", "all") in query and name in MATCH_ALL:
            rest = query
        positive = self.positive_claim_query(section, rest)
        match = [pair for pair in rest if pair[0] == "match"]
        tests = self.tests_of_claims([*positive, *match])
        type = section.removesuffix("s")
        values: set[str] = set()
        for claim in self.claims_of(type, record):
            if all(test(claim) for test in tests):
                values |= self.facet_values("claims", [*positive, *match], name, claim)
        if not positive and name in PARTICIPATION.get(section, ()):
            types = types_of(section, name)
            values |= {id for kind, id in self.took_part(section, record, name) if kind in types}
        return values

    # lists

    def ids(self, section: str, query: Query) -> list[str]:
        """The ids of a list, in its order: nulls last, equals in the order of their entry."""
        sort = dict(query).get("sort", default_sort(section))
        keys_and_ids = [
            (self.sort_key(section, sort.removeprefix("-"), record), record["id"])
            for record in self.matching(section, query)
        ]
        with_key = [pair for pair in keys_and_ids if pair[0] is not None]
        without_key = [id for key, id in keys_and_ids if key is None]
        with_key.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
        return [id for _, id in with_key] + without_key

    def sort_key(self, section: str, sort: str, record: dict) -> Any:
        type = section.removesuffix("s")
        if sort == "name":
            return fold(name_of(record))
        if sort == "date":
            return record.get("start_date") or record.get("date")
        if sort == "independent_publishers":
            return self.claims_min_publishers(record)[0]
        if sort == "claim_count":
            return len(self.claims_of(type, record))
        return record["id"] if sort == "id" else self.updated[type, record["id"]]

    # facets

    def facet(self, section: str, query: Query, name: str) -> dict[str, Any]:
        """A facet as in `meta.facets`: each value, and how many of the matching records have it."""
        values_of_records = [
            self.facet_values(section, query, name, record)
            for record in self.matching(section, query)
        ]
        if name == "role":
            values_of_records = [*map(self.roles_within(values_of_records), values_of_records)]
        counts = Counter(value for values in values_of_records for value in values)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_FACET_VALUES]
        return {
            "groups": len(counts),
            "missing": sum(not values for values in values_of_records),
            "values": [
                {"id": id, "name": self.facet_name(section, name, id), "count": count}
                for id, count in ranked
            ],
        }

    @staticmethod
    def roles_within(values_of_records: list[set[str]]) -> Callable[[set[str]], set[str]]:
        """A function from a record's role to all roles whose words are among those of the role."""
        roles = {fold(role) for values in values_of_records for role in values}

        def roles_of(values: set[str]) -> set[str]:
            words = {word for role in values for word in fold(role).split()}
            return {role for role in roles if words >= set(role.split())}

        return roles_of

    def facet_values(self, section: str, query: Query, name: str, record: dict) -> set[str]:
        """A record's values, on rows that match the other filters of the query."""
        if name in PRECISION:
            date = record.get("date", "")[: PRECISION[name]]
            return {date} if len(date) == PRECISION[name] else set()
        if name in CLAIM_FILTERS[section]:
            return self.claims_facet_values(section, query, name, record)
        group = next(group for group in GROUPS[section] if name in group)
        rest = [(parameter, value) for parameter, value in query if parameter != name]
        values_of_rows = [
            {
                id
                for row in self.rows(section, group, record)
                if row[name] is not None and passes(row, tests)
                for id in facet_ids(name, row[name])
            }
            for tests in self.criteria(section, group, rest).required_rows
        ]
        return set.intersection(*values_of_rows)

    def facet_name(self, section: str, name: str, id: str) -> str:
        if name in ("rating", "role"):
            return self.spellings[name, id]
        if not names_records(name):
            return id
        type = types_of(section, name)[0]
        if name in ("about", "addressee"):
            type, _, id = id.partition(":")
        return name_of(self.records[type, id])


def attribute_criteria(query: Query) -> RowCriteria:
    """Of the values of one attribute any is enough; different attributes must all hold."""
    wanted: dict[str, list[str]] = {}
    for parameter, value in query:
        if parameter == "attribute":
            name, _, text = value.partition(":")
            wanted.setdefault(name.strip(), []).append(f"{name.strip()}:{text.strip()}")
    tests = [lambda pair, values=values: pair in values for values in wanted.values()]
    return RowCriteria({}, {"attribute": tests}, [])


def matches_text(query: str, texts: list[list[str]]) -> bool:
    """Whether the words of some texts have all terms of a query, and none of its exclusions."""
    terms = re.findall(r'(?<!\S)(-?)(?:"([^"]*)"|([^\s"]+))', query)
    tests = [
        (bool(minus), words_of(phrase or word.rstrip("*")), word.endswith("*"))
        for minus, phrase, word in terms
    ]
    tests = [test for test in tests if test[1]]
    return bool(tests) and all(
        any(has_phrase(text, words, prefix) for text in texts) != excluded
        for excluded, words, prefix in tests
    )


def has_phrase(text: list[str], words: list[str], prefix: bool) -> bool:
    for n in range(len(text) - len(words) + 1):
        *first, last = text[n : n + len(words)]
        same = first == words[:-1]
        if same and (last.startswith(words[-1]) if prefix else last == words[-1]):
            return True
    return False


def rating_words(rating: str) -> str:
    return fold(rating) or rating


def passes(row: Row, tests_of_filters: dict[str, list[Test]]) -> bool:
    """Whether a row passes one test of each filter."""
    return all(any(test(row[name]) for test in tests) for name, tests in tests_of_filters.items())


def facet_ids(name: str, value: Any) -> list[str]:
    """The ids of a value in a facet; a language tag also counts for its broader tags."""
    if name == "language":
        parts = value.split("-")
        return ["-".join(parts[:n]) for n in range(1, len(parts) + 1)]
    if name in ("about", "addressee"):
        return [":".join(value)]
    if name == "rating":
        return [rating_words(value)]
    return [value[1] if isinstance(value, tuple) else value]


def date_test(name: str, first: datetime.date, last: datetime.date) -> Test:
    """Whether a value matches a filter for the days from first to last."""

    def as_of(period: tuple[str | None, str | None]) -> bool:
        start, end = period
        begins = days(start)[0] if start else datetime.date.min
        ends = days(end)[1] if end else datetime.date.max
        return begins <= last and first <= ends

    return {
        "date": lambda span: first <= span[0] and span[1] <= last,
        "from_date": lambda span: span[1] >= first,
        "to_date": lambda span: span[0] <= last,
        "as_of": as_of,
    }[name]


# a random dataset with its oracle


class Made(NamedTuple):
    """A client of a random dataset, and its oracle."""

    client: FlaskClient
    oracle: Oracle


def loaded(app: Flask, folder: Path, seed: int) -> tuple[str, Oracle]:
    """The URL of a new database with a random dataset, and the dataset's oracle."""
    dataset_url = new_url(folder, "made")
    open_dataset(dataset_url)
    updated = load_made(folder, seed)
    sections = by_section(app.test_client().get("/v1/export").data)
    database.close()
    return dataset_url, Oracle(sections, updated)


def by_section(lines: bytes) -> Sections:
    """The records of an export in JSON Lines."""
    sections: Sections = {section: [] for section in LISTS}
    # the last line ends the export
    for line in lines.splitlines()[:-1]:
        record = orjson.loads(line)
        sections[f"{record.pop('type')}s"].append(record)
    return sections
