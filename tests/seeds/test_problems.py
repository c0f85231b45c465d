"""Problems by kind: which are kept, shown and counted."""

from __future__ import annotations

import random

import pytest

from seeds import problems as seed_problems
from seeds.problems import Place, ProblemList, SeedProblem


def problem(n: int, message: str = "is empty", field: str = "name", **rest) -> SeedProblem:
    return SeedProblem(Place("a.jsonl", n, f"actor a{n}"), message, field, **rest)


ONE_KIND = [
    ("records", problem(1), problem(2)),
    ("values", problem(1, value="x"), problem(1, value="y")),
    ("suggestions", problem(1, suggestion="x"), problem(1)),
    ("details", problem(1, "is also used by", detail="a5"), problem(1, "is also used by")),
    ("indexes", problem(1, field="reports.0.exact"), problem(1, field="reports.12.exact")),
    ("last indexes", problem(1, field="aliases.0"), problem(1, field="aliases.1")),
    (
        "hints",
        problem(1, "unknown type: use x; did you mean 'y'?"),
        problem(1, "unknown type: use x"),
    ),
    ("quoted values", problem(1, "Expecting ',' delimiter"), problem(1, "Expecting ':' delimiter")),
    ("characters", problem(1, "has U+0000"), problem(1, "has U+00FF")),
    ("numbers", problem(1, "not found at 1"), problem(1, "not found at 20,000")),
    ("dates", problem(1, "is before start_date 2025-05"), problem(1, "is before start_date 2025")),
    ("files", SeedProblem(Place("a"), "is empty"), SeedProblem(Place("b", 5), "is empty")),
]


@pytest.mark.parametrize(
    ("first", "second"), [case[1:] for case in ONE_KIND], ids=[case[0] for case in ONE_KIND]
)
def test_problems_of_one_kind(first, second):
    assert first.kind == second.kind


TWO_KINDS = [
    ("fields", problem(1), problem(1, field="role")),
    ("messages", problem(1), problem(1, "must be text")),
    ("types", problem(1), SeedProblem(Place("a.jsonl", 1, "topic a1"), "is empty", "name")),
    ("fields inside", problem(1, field="reports.0.exact"), problem(1, field="reports.0.prefix")),
    ("attributes", problem(1, field="attributes.a"), problem(1, field="attributes.b")),
]


@pytest.mark.parametrize(
    ("first", "second"), [case[1:] for case in TWO_KINDS], ids=[case[0] for case in TWO_KINDS]
)
def test_problems_of_two_kinds(first, second):
    assert first.kind != second.kind


def of_kinds(*counts: int) -> list[SeedProblem]:
    """As many problems of each kind, whose lines alternate."""
    return [
        problem(n * len(counts) + kind, field=f"kind{kind:03}")
        for kind, count in enumerate(counts)
        for n in range(count)
    ]


def shown(problems: list[SeedProblem]) -> list[tuple[int, int]]:
    """How many problems of each group are shown, and how many there are."""
    collected = ProblemList()
    for each in problems:
        collected.add(each)
    assert collected.count == len(problems)
    return [(len(group.problems), group.total) for group in collected.groups()]


# numbers of problems by kind; the shown ones and all of each group
GROUPS = [
    ([], [(0, 0)]),
    ([1], [(1, 1)]),
    ([10], [(10, 10)]),
    ([3, 4, 5], [(12, 12)]),
    ([10] * 10, [(100, 100)]),
    ([11], [(3, 11)]),
    ([2, 11, 3], [(3, 11), (3, 3), (2, 2)]),
    ([40_000, 9_990, 10], [(3, 40_000), (3, 9_990), (10, 10)]),
    ([5, 6] * 10, [(3, 6)] * 10 + [(3, 5)] * 10),
    ([2] * 60, [(1, 2)] * 60),
    ([20] * 34, [(1, 20)] * 34),
    ([1] * 130, [(1, 1)] * 100 + [(0, 30)]),
    ([2] * 100 + [1] * 2000, [(1, 2)] * 100 + [(0, 2000)]),
]


@pytest.mark.parametrize(("counts", "expected"), GROUPS, ids=[str(case[0])[:30] for case in GROUPS])
def test_groups(counts, expected):
    assert shown(of_kinds(*counts)) == expected


def test_problems_that_are_all_shown_are_sorted_by_file_and_line():
    collected = ProblemList()
    for each in of_kinds(3, 4, 5):
        collected.add(each)
    (group,) = collected.groups()
    assert [each.place.line for each in group.problems] == sorted(
        each.place.line for each in of_kinds(3, 4, 5)
    )


def test_no_more_than_ten_of_a_kind_are_kept_or_built():
    collected, built = ProblemList(), []

    def build() -> SeedProblem:
        built.append(1)
        return problem(len(built))

    for _ in range(1000):
        collected.add_lazily(problem(1).kind, build)
    assert (len(built), len(collected.kept), collected.count) == (10, 10, 1000)


def test_kinds_that_are_kept_are_bounded():
    collected = ProblemList()
    for each in of_kinds(*[2] * 5000):
        collected.add(each)
    assert (len(collected.counts), len(collected.kept), collected.count) == (1001, 2010, 10_000)


@pytest.mark.parametrize("most_kinds", [3, 1000])
@pytest.mark.parametrize("seed", range(10))
def test_lists_in_parts_are_one_list(monkeypatch, seed, most_kinds):
    monkeypatch.setattr(seed_problems, "MAX_KINDS", most_kinds)
    randomness = random.Random(seed)
    problems = of_kinds(*(randomness.randint(0, 40) for _ in range(8)))
    randomness.shuffle(problems)
    whole, joined = ProblemList(), ProblemList()
    for start in range(0, len(problems), 20):
        part = ProblemList()
        for each in problems[start : start + 20]:
            whole.add(each)
            part.add(each)
        joined.extend(part)
    assert joined.count == whole.count == len(problems)
    if most_kinds > 8:
        assert (joined.kept, joined.counts) == (whole.kept, whole.counts)
        assert joined.groups() == whole.groups()
