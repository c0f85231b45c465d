"""Parameters of the display, and parameters of every list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import marshmallow as ma

from api.formats import FORMATS, OBJECT_FORMATS, RECORD_FORMATS, Format
from api.formats.base import ObjectFormat
from api.http.problems import HTTPProblem, parameter_error
from api.query.parameters import (
    MAX_LENGTH,
    EnumParameter,
    IdentifierParameter,
    InvalidValue,
    SingleParameter,
    TimestampParameter,
)
from models.documents.includes import INCLUDES
from models.queries.lists import LISTS
from models.queries.slots import FilterValues
from models.record_table import RecordTable

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
DEFAULT_FACET_LIMIT = 20
MAX_FACET_LIMIT = 1000


class DisplayParameter(SingleParameter):
    """A parameter with one value; unless it says otherwise, it does not choose rows."""

    chooses_rows = False

    def parse(self, values: list[str]) -> Any:
        return self.parse_value(values[0])


class SortParameter(DisplayParameter, EnumParameter):
    """The order of a list."""

    def __init__(self, model: type[RecordTable], default: str):
        self.component = f"{model.__name__}Sort"
        self.words = LISTS[model].sort_names
        super().__init__(
            f"The order; a leading - turns it around. {default} where it is not given. Records "
            "without a value come last in both directions, and ties stand in the order in which "
            "the records entered the dataset. `relevance` ranks the newest 20,000 matches of q.",
            default,
            load_default=default,
        )


class NumberParameter(DisplayParameter):
    """A whole number within bounds."""

    def __init__(self, description: str, example: int, minimum: int, maximum: int, default: int):
        super().__init__(description, example, load_default=default)
        self.minimum, self.maximum = minimum, maximum

    def parse_value(self, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not self.minimum <= int(value) <= self.maximum:
            raise InvalidValue(
                f"must be a whole number from {self.minimum} to {self.maximum}", value
            )
        return int(value)

    def value_schema(self) -> dict:
        return {
            "type": "integer",
            "minimum": self.minimum,
            "maximum": self.maximum,
            "default": self.load_default,
        }


class LimitParameter(NumberParameter):
    """The size of a page."""

    def __init__(self) -> None:
        super().__init__("The most records of a page.", 10, 1, MAX_LIMIT, DEFAULT_LIMIT)


class FacetLimitParameter(NumberParameter):
    """The size of a facet."""

    def __init__(self) -> None:
        super().__init__(
            "The most values of each facet; `groups` and `missing` count all.",
            20,
            0,
            MAX_FACET_LIMIT,
            DEFAULT_FACET_LIMIT,
        )


class CursorParameter(DisplayParameter):
    """The beginning of a page."""

    max_length = 2000

    def __init__(self) -> None:
        # an example in words, since tools that send examples would get a bad-cursor problem
        super().__init__(
            "Where a page begins: meta.next_cursor of the page before it, such as "
            "`dBW9nXEaZ1JbIjIwMjUtMDUtMTQiLDEyXQ`.",
            load_default=None,
        )

    def check(self, value: str) -> str:
        if len(value) > self.max_length:
            raise HTTPProblem(
                "bad-cursor",
                "The cursor is too long: take it as it stands from meta.next_cursor.",
                [parameter_error("cursor", "invalid cursor", value[:MAX_LENGTH])],
            )
        return super().check(value)


class VersionParameter(DisplayParameter):
    """A version of the dataset, as `meta.dataset` names it."""

    def __init__(self, description: str):
        super().__init__(description, load_default=None)


class CountParameter(DisplayParameter, EnumParameter):
    """Whether a list counts its total."""

    component = "Count"
    words = ("exact", "none")

    def __init__(self) -> None:
        super().__init__(
            "Whether meta.total is counted; `none` leaves it null.", "none", load_default="exact"
        )


class HighlightParameter(DisplayParameter, EnumParameter):
    """Whether a list says where the words of `q` stand."""

    component = "HighlightMode"
    words = ("true", "false")

    def __init__(self) -> None:
        super().__init__(
            "Whether meta.highlights says where the words of q stand; without q it is empty.",
            "true",
            load_default="false",
        )


class WordListParameter(EnumParameter):
    """Words of a closed list; commas and repetition both separate them."""

    chooses_rows = False

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any = None):
        self.component = component
        self.words = tuple(words)
        super().__init__(description, example or [*self.words[:1]], load_default=())

    def check(self, value: str) -> str:
        # each word between commas is checked on its own
        return value

    def parse(self, values: list[str]) -> Any:
        words = [
            super(WordListParameter, self).check(word)
            for value in values
            for word in value.split(",")
        ]
        if len(words) > self.max_values:
            raise InvalidValue(
                f"has {len(words)} values, at most {self.max_values} are taken", None
            )
        return tuple(sorted(set(map(self.parse_value, words))))

    def canonical(self, values: list[str]) -> tuple[str, ...]:
        return (",".join(sorted({word for value in values for word in value.split(",")})),)


class FormatParameter(DisplayParameter, EnumParameter):
    """The format of an answer."""

    def __init__(self, component: str, formats: Iterable[Format]):
        formats = tuple(formats)
        self.component = component
        self.words = tuple(format.name for format in formats)
        media_types = ", ".join(
            f"`{format.name}` {format.media_type.partition(';')[0]}" for format in formats
        )
        super().__init__(
            f"The format, which the Accept header chooses if it is not given: {media_types}.",
            self.words[0],
            load_default=None,
        )


class FlagParameter(DisplayParameter, EnumParameter):
    """True or false; false if it is not given."""

    component = "Flag"
    words = ("true", "false")

    def __init__(self, description: str):
        super().__init__(description, "false", load_default=False)

    def parse(self, values: list[str]) -> bool:
        return super().parse(values) == "true"


class EmbedParameter(FlagParameter):
    """Whether an HTML page is shown by other sites."""

    def __init__(self) -> None:
        super().__init__(
            "Whether the HTML page goes into a frame of another site: it has no header then."
        )


class FieldsParameter(WordListParameter):
    """The fields of sparse documents."""

    def __init__(self, document: type[ma.Schema]):
        name = document.__name__.removesuffix("Schema")
        self.record_type = name.lower()
        super().__init__(
            f"{name}Field",
            document().fields,
            "Show only these fields of the documents, and always id. Commas and repetition both "
            "separate them.",
        )


class IncludeParameter(WordListParameter):
    """The related records to include."""

    def __init__(self, type: str):
        super().__init__(
            f"{type.capitalize()}Include",
            INCLUDES[type],
            "Add the related records, each once and whole, under `included`. Commas and "
            "repetition both separate them.",
        )


class FacetParameter(WordListParameter):
    """The facets to count."""

    def __init__(self, model: type[RecordTable]):
        names = LISTS[model].facets
        super().__init__(
            f"{model.__name__}Facet",
            names,
            "Count how the records of the whole list spread over the values of these, under "
            "`meta.facets`. Commas and repetition both separate them.",
            [*names[:1]],
        )


class PresenceParameter(WordListParameter):
    """Things that records must have, or after a `!` must not have; all of them."""

    chooses_rows = True

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any):
        words = list(words)
        super().__init__(component, [*words, *(f"!{word}" for word in words)], description, example)

    def parse(self, values: list[str]) -> dict[str, FilterValues]:
        presence: dict[str, FilterValues] = {}
        for word in super().parse(values):
            name = f"has.{word.lstrip('!')}"
            other_sign = presence.get(name, FilterValues())
            if word.startswith("!"):
                presence[name] = other_sign._replace(none_of=(1,))
            else:
                presence[name] = other_sign._replace(any_of=(1,))
        return presence


class OptionParameter(DisplayParameter, EnumParameter):
    """A word of a closed list, the first by default, that says how rows are made from claims."""

    def __init__(
        self, component: str, words: Iterable[str], description: str, *, chooses_rows: bool = True
    ):
        self.component = component
        self.words = tuple(words)
        self.chooses_rows = chooses_rows
        default = self.words[0]
        super().__init__(f"{description} By default `{default}`.", default, load_default=default)


class FlagOption(FlagParameter):
    """True or false, where that says how rows are made from claims."""

    chooses_rows = True


class MatchParameter(DisplayParameter, EnumParameter):
    """Whether several values of a filter are alternatives."""

    component = "MatchMode"
    words = ("any", "all")
    chooses_rows = True

    def __init__(self) -> None:
        super().__init__(
            "Whether one of several values of topic, position, about, addressee or source is "
            "enough, or each must hold.",
            "all",
            load_default="any",
        )


class ArrayQuery(ma.Schema):
    """The parameters of an array of a document."""

    limit = LimitParameter()
    cursor = CursorParameter()


def object_format() -> FormatParameter:
    """The format of an answer that is no list of records, and has a page."""
    return FormatParameter("ObjectFormat", OBJECT_FORMATS)


class ObjectQuery(ma.Schema):
    """The parameters of an object that is no record, and has a page."""

    format = object_format()


class SeedRecordQuery(ma.Schema):
    """The parameters of a record in seed form."""

    format = FormatParameter("RecordFormat", RECORD_FORMATS)


class DocumentQuery(ma.Schema):
    """Base of the parameters of all paths that answer documents."""

    class Meta:
        # apispec leaves `fields` out: with it, answers lack members that typed clients rely on
        dump_only = ("fields",)


class ListQuery(DocumentQuery):
    """The parameters of every list; subclasses add the list's own, and `sort`."""

    identifier = IdentifierParameter(
        "Records with these external identifiers, each as `scheme:identifier`.",
        ["wikidata:Q57792"],
    )
    updated_since = TimestampParameter(
        "Records that changed at this moment or later: a date, or a timestamp with its offset.",
        "2026-01-02",
    )
    facet_limit = FacetLimitParameter()
    highlight = HighlightParameter()
    limit = LimitParameter()
    cursor = CursorParameter()
    count = CountParameter()
    format = FormatParameter("ListFormat", FORMATS)
    bom = FlagParameter("Whether a byte order mark begins CSV or TSV, by which Excel knows UTF-8.")


def record_query(type: str, document: type[ma.Schema]) -> ma.Schema:
    """The parameters of a single record."""
    parameters: dict[str, ma.fields.Field] = {
        "include": IncludeParameter(type),
        "fields": FieldsParameter(document),
        "format": FormatParameter(
            "DocumentFormat", [format for format in FORMATS if isinstance(format, ObjectFormat)]
        ),
    }
    if type == "claim":
        parameters["embed"] = EmbedParameter()
    return DocumentQuery.from_dict(parameters)()
