"""Query parameters: fields that know what they ask for, and how their values are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import marshmallow as ma
from rapidfuzz import process

from api.http.problems import Problem, at
from models.documents.render import INCLUDES
from models.queries.filter_kinds import Choice
from models.search.names import Asked, fold
from models.values import dates, languages

VALUES = 50
IDS = 100
LENGTH = 200
LIMIT = 50
LIMIT_MOST = 200


class Parameter(ma.fields.Field):
    """A query parameter. `single` ones are given at most once; the others are lists, ORed."""

    single = False
    most = VALUES
    longest = LENGTH
    # of one value, for the specification
    pattern: str | None = None
    # whether the values choose rows, or only how they are shown
    filters = True

    def __init__(self, description: str, example: Any = None, **kwargs: Any):
        metadata = {"description": description}
        if example is not None:
            metadata["example"] = example
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: list[str], attr: Any, data: Any, **kwargs: Any) -> Any:
        if len(value) > self.most:
            raise Wrong(f"has {len(value)} values, at most {self.most} are taken", None)
        return self.parse([self.check(one) for one in value])

    def check(self, value: str) -> str:
        if not value.strip():
            raise Wrong("is empty", value)
        if len(value) > self.longest:
            raise Wrong(f"is longer than {self.longest} characters", value)
        return value

    def parse(self, values: list[str]) -> Any:
        """The values as the query needs them."""
        return Choice(tuple(dict.fromkeys(map(self.one, values))))

    def one(self, value: str) -> Any:
        return value

    def canonical(self, values: list[str]) -> tuple[str, ...]:
        """The one way to write the values."""
        return tuple(sorted(set(values)))

    def schema(self) -> dict:
        """The parameter's JSON Schema."""
        return {
            "type": "array",
            "maxItems": self.most,
            "items": self.item(),
        }

    def item(self) -> dict:
        pattern = {"pattern": self.pattern} if self.pattern else {}
        return {"type": "string", "minLength": 1, "maxLength": self.longest, **pattern}


class Wrong(ma.ValidationError):
    """One value of a parameter is wrong."""

    def __init__(self, message: str, value: str | None, suggestion: str | None = None):
        super().__init__(message)
        self.value = value
        self.suggestion = suggestion


def signed(value: str) -> tuple[str, bool]:
    """A value without its leading `!`, and whether it had one; `!!x` stands for the name `!x`."""
    if value.startswith("!") and not value.startswith("!!"):
        if not value[1:].strip():
            raise Wrong("excludes nothing: a value follows the !", value)
        return value[1:], True
    return value.removeprefix("!"), False


class Names(Parameter):
    """Things, by id, external identifier, name or alias; a leading `!` excludes."""

    # an identifier, with its scheme and a `!`
    longest = 2 * LENGTH + 2

    def __init__(self, *types: str, description: str, example: Any = None):
        super().__init__(description, example)
        self.types = types

    def parse(self, values: list[str]) -> tuple[Asked, ...]:
        asked = []
        for value in sorted(set(values)):
            text, exclude = signed(value)
            if len(text.rpartition(":")[2]) > LENGTH:
                raise Wrong(f"is a name longer than {LENGTH} characters", value)
            asked.append(Asked(text, self.types, exclude))
        return tuple(asked)


class Countries(Names):
    """Countries, by ISO 3166-1 alpha-2 code or by the name of a state; a leading `!` excludes."""

    def __init__(self, description: str):
        super().__init__("organization", description=description, example=["TR"])


def choice(values: Iterable[str], convert: Callable[[str], Any]) -> Choice:
    """Values to have and, with a leading `!`, values not to have."""
    signs = [signed(value) for value in values]
    having = tuple(dict.fromkeys(convert(text) for text, exclude in signs if not exclude))
    without = tuple(dict.fromkeys(convert(text) for text, exclude in signs if exclude))
    return Choice(having or None, without)


class Languages(Parameter):
    """Language tags: `en` finds `en-GB`, too; a leading `!` excludes."""

    pattern = f"^!?{languages.PATTERN}$"

    def parse(self, values: list[str]) -> Choice:
        return choice(values, self.one)

    def one(self, value: str) -> str:
        try:
            return languages.parse(value)
        except ValueError as error:
            raise Wrong(str(error), value) from None


class Words(Parameter):
    """Words that must all stand in a text, in any order; case and accents do not count."""

    def one(self, value: str) -> tuple[str, ...]:
        words = tuple(sorted(set(fold(value).split())))
        if not words:
            raise Wrong("has no word", value)
        return words


class Plain(Parameter):
    """Exact values."""


class Ids(Parameter):
    """Ids of records."""

    most = IDS

    def __init__(self, example: list[str]):
        super().__init__("Records with these ids.", example)


class Identifiers(Parameter):
    longest = 2 * LENGTH + 1
    pattern = "^[^:]+:."

    def one(self, value: str) -> str:
        scheme, _, identifier = value.partition(":")
        if not (scheme and identifier):
            raise Wrong("is no external identifier: write scheme:identifier", value)
        return value


class Word(Parameter):
    """A word of a closed list, which is a named component of the specification."""

    component: str
    words: tuple[str, ...]

    def one(self, value: str) -> str:
        if value not in self.words:
            found = process.extractOne(value, self.words, score_cutoff=50)
            message = f"is none of {', '.join(self.words)}"
            raise Wrong(message, value, found[0] if found else None)
        return value

    def item(self) -> dict:
        return {"$ref": f"#/components/schemas/{self.component}"}


class OneOf(Word):
    """Words of a closed list."""

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any = None):
        self.component = component
        self.words = tuple(words)
        super().__init__(description, example or [self.words[0]])


def date_of(value: str) -> str:
    try:
        return dates.parse(value)
    except ValueError as error:
        raise Wrong(f"is {error}", value) from None


class Dates(Parameter):
    """Dates of reduced precision."""

    def one(self, value: str) -> Any:
        return dates.bounds(date_of(value))

    def parse(self, values: list[str]) -> Choice:
        return Choice(tuple(self.one(value) for value in sorted(set(values))))

    def item(self) -> dict:
        return {"$ref": "#/components/schemas/PartialDate"}


class Single(Parameter):
    """A parameter that is given at most once."""

    single = True
    most = 1

    def schema(self) -> dict:
        return self.item()


class Day(Single, Dates):
    """One date of reduced precision."""


class Since(Single):
    """A timestamp or a date."""

    pattern = (
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"(T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,6})?Z)?$"
    )

    def one(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise Wrong("is no date or UTC timestamp, such as 2026-01-02T03:04:05Z", value)
        try:
            day = dates.parse(value[:10])
        except ValueError as error:
            raise Wrong(f"is {error}", value) from None
        if value == day:
            return day
        # timestamps compare as text, six decimals each
        whole, _, fraction = value.removesuffix("Z").partition(".")
        return f"{whole}.{fraction:0<6}Z"


class Shown(Single):
    """A parameter of how rows are shown."""

    filters = False

    def parse(self, values: list[str]) -> Any:
        return self.one(values[0])


class Sort(Shown, Word):
    def __init__(self, component: str, words: Iterable[str], default: str):
        self.component = component
        self.words = tuple(words)
        super().__init__(
            f"The order; a leading - turns it around. {default} where it is not given. What has "
            "no value comes last in both directions, and equals stand in the order in which they "
            "entered the dataset.",
            default,
            load_default=default,
        )


class Limit(Shown):
    def __init__(self) -> None:
        super().__init__("How many a page holds at most.", 10, load_default=LIMIT)

    def one(self, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= LIMIT_MOST:
            raise Wrong(f"is no whole number from 1 to {LIMIT_MOST}", value)
        return int(value)

    def item(self) -> dict:
        return {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT}


class Cursor(Shown):
    longest = 2000

    def __init__(self) -> None:
        # an example in words alone: tools that try examples would send it to no avail
        super().__init__(
            "Where a page begins: meta.next_cursor of the page before it, such as "
            "`dBW9nXEaZ1JbIjIwMjUtMDUtMTQiLDEyXQ`.",
            load_default=None,
        )

    def check(self, value: str) -> str:
        if len(value) > self.longest:
            raise Problem(
                "bad-cursor",
                "The cursor is too long to be one: take it as it stands from meta.next_cursor.",
                [at("cursor", "is no cursor of this list", value[:LENGTH])],
            )
        return super().check(value)


class Version(Shown):
    """A version of the dataset, as `meta.dataset` names it."""

    def __init__(self, description: str):
        super().__init__(description, load_default=None)


class Count(Shown, Word):
    component = "Count"
    words = ("exact", "none")

    def __init__(self) -> None:
        super().__init__(
            "Whether meta.total is counted; `none` leaves it null.", "none", load_default="exact"
        )


class Terms(Word):
    """Words of a closed list, by commas and repetition alike."""

    filters = False

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any = None):
        self.component = component
        self.words = tuple(words)
        super().__init__(description, example or [self.words[0]], load_default=())

    def check(self, value: str) -> str:
        return value

    def parse(self, values: list[str]) -> Any:
        words = [super(Terms, self).check(word) for value in values for word in value.split(",")]
        if len(words) > self.most:
            raise Wrong(f"has {len(words)} values, at most {self.most} are taken", None)
        return tuple(sorted(set(map(self.one, words))))

    def canonical(self, values: list[str]) -> tuple[str, ...]:
        return (",".join(sorted({word for value in values for word in value.split(",")})),)


class Fields(Terms):
    """The fields to show."""

    def __init__(self, document: type[ma.Schema]):
        name = document.__name__.removesuffix("Schema")
        names = list(document().fields)
        super().__init__(
            f"{name}Field",
            names,
            "Show these fields of the documents alone, and always id; commas and repetition alike.",
            names[:2],
        )


class Include(Terms):
    """The related records to include."""

    def __init__(self, type: str):
        super().__init__(
            f"{type.capitalize()}Include",
            INCLUDES[type],
            "Add the related records, each once and whole, under `included`; commas and "
            "repetition alike.",
        )


class Facets(Terms):
    """The facets to count."""

    def __init__(self, component: str, names: Iterable[str]):
        names = list(names)
        super().__init__(
            component,
            names,
            "Count how the records of the whole list spread over the values of these, under "
            "`meta.facets`; commas and repetition alike.",
            names[:1],
        )


class Has(Terms):
    """What records must have, or with a leading `!` must not have; all of them."""

    filters = True

    def __init__(self, component: str, words: Iterable[str], description: str, example: Any):
        words = list(words)
        super().__init__(component, [*words, *(f"!{word}" for word in words)], description, example)

    def parse(self, values: list[str]) -> dict[str, Choice]:
        found: dict[str, Choice] = {}
        for word in super().parse(values):
            having = None if word.startswith("!") else (1,)
            before = found.get(f"has.{word.lstrip('!')}", Choice())
            found[f"has.{word.lstrip('!')}"] = Choice(
                having or before.having, before.without if having else (1,)
            )
        return found


class Match(Shown, Word):
    component = "MatchMode"
    words = ("any", "all")
    filters = True

    def __init__(self) -> None:
        super().__init__(
            "Whether one of several values of topic, position, about, addressee or source is "
            "enough, or each must hold.",
            "all",
            load_default="any",
        )


class ArrayQuery(ma.Schema):
    """The parameters of an array of a document."""

    limit = Limit()
    cursor = Cursor()


def one_query(type: str, document: type[ma.Schema]) -> ma.Schema:
    """The parameters of a single resource."""
    return ma.Schema.from_dict({"include": Include(type), "fields": Fields(document)})()


class ListQuery(ma.Schema):
    """The parameters that every list has; a list's own ones and its `sort` come from subclasses."""

    identifier = Identifiers(
        "Records with these external identifiers, each as `scheme:identifier`.",
        ["wikidata:Q57792"],
    )
    updated_since = Since(
        "Records that changed at this moment or later: a UTC timestamp, or a date.", "2026-01-02"
    )
    limit = Limit()
    cursor = Cursor()
    count = Count()
