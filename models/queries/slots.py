"""The values of filters, and what stands for them in a compiled query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from peewee import Value


class FilterValues(NamedTuple):
    """The values that a query gives one filter; every member that is given must hold."""

    # at least one of them; None: not asked. (): matches nothing
    any_of: tuple | None = None
    none_of: tuple = ()
    # one value of each group (`match=all`)
    each_of: tuple[tuple, ...] = ()


class Placeholder(str):
    """The name of a value that a compiled query binds."""


def placeholder(name: str) -> Value:
    """A parameter of a query, to be bound by name."""
    return Value(Placeholder(name), converter=False, unpack=False)


class Slot(NamedTuple):
    """The place of one value of a filter, or of many that travel as one list."""

    name: str
    many: bool = False

    @property
    def one(self) -> Value:
        return placeholder(self.name)

    def part(self, name: str) -> Value:
        """One member of a value that is an object, such as a date's `last_day`."""
        return placeholder(f"{self.name}.{name}")

    @property
    def list(self) -> Placeholder:
        return Placeholder(f"{self.name}[]")


class ConstantSlot(NamedTuple):
    """A value that is the same in every query."""

    value: int
    many: bool = False

    @property
    def one(self) -> Value:
        return Value(self.value)


class FilterSlots(NamedTuple):
    """Slots in place of FilterValues."""

    any_of: Slot | None = None
    none_of: Slot | None = None
    each_of: tuple[Slot, ...] = ()


# filters by name
Filters = Mapping[str, FilterSlots]
NO_SLOTS = FilterSlots()
# the claims that lists show, where a list of other records looks for claims
LISTED_CLAIMS: Any = FilterSlots(ConstantSlot(1))  # type: ignore[arg-type]
