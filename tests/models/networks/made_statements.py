"""Random statements for Hypothesis, and the same statements as arrays."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from models.claim import STANCES
from models.networks.arrays import StatementArrays, as_arrays
from models.networks.projection import Cells
from tests.models.networks.naive import Statement

DAYS = st.dates(datetime.date(2023, 12, 20), datetime.date(2025, 1, 10))


@st.composite
def dates(draw: st.DrawFn) -> tuple[datetime.date | None, datetime.date | None]:
    """A date of any precision, as its first and last day."""
    day = draw(DAYS)
    precision = draw(st.sampled_from(("day", "day", "month", "year", "none")))
    if precision == "none":
        return None, None
    if precision == "day":
        return day, day
    first = day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)
    later = first + datetime.timedelta(31 if precision == "month" else 366)
    return first, later.replace(day=1) - datetime.timedelta(1)


@st.composite
def statement_lists(draw: st.DrawFn) -> list[Statement]:
    """Statements, the earliest first and the undated last."""
    statements = [
        Statement(node, item, stance, claim, *interval, source)
        for claim, (node, item, stance, interval, source) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from("ABCDE"),
                        st.sampled_from("uvwxyz"),
                        st.sampled_from(STANCES),
                        dates(),
                        st.sampled_from((None, "r", "s")),
                    ),
                    max_size=40,
                )
            ),
            1,
        )
    ]
    return sorted(statements, key=lambda s: s.first or datetime.date.max)


def arrays_of(statements: list[Statement]) -> StatementArrays:
    """The statements as arrays: letters by their code points."""
    return as_arrays(
        node=[ord(s.node) for s in statements],
        item=[ord(s.item) for s in statements],
        stance=[STANCES.index(s.stance) for s in statements],
        claim=[s.claim for s in statements],
        first=[s.first.toordinal() if s.first else 0 for s in statements],
        last=[s.last.toordinal() if s.last else 0 for s in statements],
        source=[ord(s.source) if s.source else 0 for s in statements],
    )


def cells_of(statements: list[Statement]) -> Cells:
    """The statements by the numbers of nodes (`A` is 0) and items (`a` is 0)."""
    arrays = arrays_of(statements)
    return Cells(arrays.node - ord("A"), arrays.item - ord("a"), arrays.stance)
