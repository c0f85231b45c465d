"""JSON that a client sends: each value with its JSON pointer, for errors that say where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from api.query.parameters import MAX_LENGTH

Parsed = TypeVar("Parsed")


class InvalidJSON(Exception):
    """Errors in a JSON text, each with its pointer, a message and the value."""

    def __init__(self, errors: list[dict[str, Any]]):
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class JSONValue:
    """A value in a JSON text, with its JSON pointer (RFC 6901)."""

    value: Any
    pointer: str = ""

    def error(self, message: str) -> InvalidJSON:
        text = self.value if isinstance(self.value, str) else as_text(self.value)
        shown = text[:MAX_LENGTH].replace("\0", "\\u0000")
        pointer = self.pointer[:MAX_LENGTH].replace("\0", "\\u0000")
        return InvalidJSON([{"pointer": pointer, "message": message, "value": shown}])

    def members(
        self, required: Iterable[str] = (), optional: Iterable[str] | None = ()
    ) -> dict[str, JSONValue]:
        """The members of an object; `optional` None allows any. Raises InvalidJSON."""
        if not isinstance(self.value, dict):
            raise self.error("must be an object")
        members = {
            name: JSONValue(value, f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}")
            for name, value in self.value.items()
        }
        for name in required:
            if name not in members:
                raise self.error(f"lacks the member {name!r}")
        if optional is not None:
            known = (*required, *optional)
            for name in members:
                if name not in known:
                    raise members[name].error(f"is unknown here: known are {', '.join(known)}")
        return members

    def items(self, least: int, most: int) -> list[JSONValue]:
        """The items of an array of this length. Raises InvalidJSON."""
        if not isinstance(self.value, list):
            raise self.error("must be an array")
        if not least <= len(self.value) <= most:
            raise self.error(f"has {len(self.value)} items, and must have {least} to {most}")
        return [JSONValue(item, f"{self.pointer}/{n}") for n, item in enumerate(self.value)]

    def text(self) -> str:
        """A string without NUL. Raises InvalidJSON."""
        if not isinstance(self.value, str):
            raise self.error("must be a string")
        if "\0" in self.value:
            raise self.error("holds the character NUL")
        return self.value

    def bounded_text(self, max_length: int) -> str:
        """A string that is neither blank nor too long. Raises InvalidJSON."""
        text = self.text()
        if not text.strip():
            raise self.error("is empty")
        if len(text) > max_length:
            raise self.error(f"is longer than {max_length} characters")
        return text

    def word(self, words: Iterable[str]) -> str:
        """One word of a closed list. Raises InvalidJSON."""
        words = tuple(words)
        if self.value not in words:
            raise self.error(f"must be one of {', '.join(words)}")
        return self.value


def parse_json(content: bytes | str) -> JSONValue:
    """A JSON text, without duplicate members. Raises InvalidJSON."""
    try:
        # refuses NaN, lone surrogates, deep nesting, and bytes that are not UTF-8
        orjson.loads(content)
        return JSONValue(json.loads(content, object_pairs_hook=without_duplicates))
    except RecursionError:
        message = "is nested too deep"
    except ValueError as error:
        message = f"is not JSON in UTF-8: {error}"
    raise InvalidJSON([{"pointer": "", "message": message, "value": None}])


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"an object has two members {name[:MAX_LENGTH]!r}")
        members[name] = value
    return members


def parse_each(values: Iterable[JSONValue], parse: Callable[[JSONValue], Parsed]) -> list[Parsed]:
    """Each value as a function parses it. Raises InvalidJSON with the errors of all values."""
    parsed, errors = [], []
    for value in values:
        try:
            parsed.append(parse(value))
        except InvalidJSON as error:
            errors += error.errors
    if errors:
        raise InvalidJSON(errors)
    return parsed


def as_text(value: Any) -> str:
    """A value as JSON; of a nested one only its kind, since it may be large."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    return json.dumps(value)
