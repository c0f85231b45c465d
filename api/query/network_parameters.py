"""Parameters of networks: how statements are counted, and how the network is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from api.query.display import DisplayParameter
from api.query.parameters import EnumParameter, InvalidValue, NameParameter
from models.name_key import MAX_ATTRIBUTE_NAME
from models.networks import windows
from models.networks.windows import Duration, parse_duration

# the properties of nodes that colours can show, besides attributes
COLORS = ("community", "kind", "country")
MAX_DECIMAL = 1_000_000_000
DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?", re.ASCII | re.IGNORECASE)


class ChoiceParameter(DisplayParameter, EnumParameter):
    """One word of a closed list; the first is the default, unless there is none."""

    chooses_rows = True

    def __init__(
        self, component: str, words: Sequence[str], description: str, *, optional: bool = False
    ):
        self.component = component
        self.words = tuple(words)
        default = None if optional else self.words[0]
        super().__init__(description, self.words[0], load_default=default)


class DecimalParameter(DisplayParameter):
    """A number that is not negative, and at most MAX_DECIMAL."""

    def __init__(self, description: str, example: float):
        super().__init__(description, example, load_default=0)

    def parse_value(self, value: str) -> float:
        if not DECIMAL.fullmatch(value) or float(value) > MAX_DECIMAL:
            raise InvalidValue(f"must be a number up to {MAX_DECIMAL:,}, such as 0.25", value)
        return float(value)

    def value_schema(self) -> dict:
        return {"type": "number", "minimum": 0, "maximum": MAX_DECIMAL}


class CountBoundParameter(DisplayParameter):
    """A whole number from 1 on; without a default, it bounds nothing if it is not given."""

    chooses_rows = True

    def __init__(self, description: str, example: int, maximum: int, default: int | None):
        super().__init__(description, example, load_default=default)
        self.maximum = maximum

    def parse_value(self, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not 1 <= int(value) <= self.maximum:
            raise InvalidValue(f"must be a whole number from 1 to {self.maximum:,}", value)
        return int(value)

    def value_schema(self) -> dict:
        return {"type": "integer", "minimum": 1, "maximum": self.maximum}


class DurationParameter(DisplayParameter):
    """A duration of ISO 8601: days and weeks, or months and years of the calendar."""

    chooses_rows = True
    max_length = 30
    pattern = f"^{windows.PATTERN}$"

    def __init__(self, description: str, example: str):
        super().__init__(description, example, load_default=None)

    def parse_value(self, value: str) -> Duration:
        try:
            return parse_duration(value)
        except ValueError as error:
            raise InvalidValue(f"is {error}", value) from None


class NodeParameter(DisplayParameter):
    """One node or item of a network: its id there, or a name."""

    chooses_rows = True
    max_length = NameParameter.max_length

    def __init__(self, description: str, example: str, **kwargs: Any):
        super().__init__(description, example, **kwargs)


class ColorParameter(DisplayParameter):
    """The property of nodes that their colours show."""

    max_length = MAX_ATTRIBUTE_NAME + len("attribute:")
    pattern = f"^({'|'.join(COLORS)}|attribute:.+)$"

    def __init__(self) -> None:
        super().__init__(
            "The property that the colours of nodes show in an SVG: community, kind, country "
            "or `attribute:NAME`.",
            "kind",
            load_default=COLORS[0],
        )

    def parse_value(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value, re.DOTALL):
            raise InvalidValue(f"must be {', '.join(COLORS)} or attribute:NAME", value)
        return value
