"""The text of a YAML file as PyYAML reads it: what its parser refuses and what it drops."""

from __future__ import annotations

import codecs
import re
from itertools import chain
from typing import Any

from seeds.formats.bounded_file import BoundedFile
from seeds.raw_record import Unreadable

# the characters that PyYAML refuses; Unicode's noncharacters stand for them while it parses
REFUSED = [*range(9), 11, 12, *range(14, 32), *range(127, 133), *range(134, 160), 0xFFFE, 0xFFFF]
ANY_REFUSED = re.compile(f"[{re.escape(''.join(map(chr, REFUSED)))}]")
NONCHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *chain(*((plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF) for plane in range(1, 17))),
]
# white space and the rest of a line, which is a comment
COMMENT = re.compile("([ \t]+)(#[^\r\n]*)")
# characters of a line that are there to match a comment
LOOKAHEAD = 1000
PART_BYTES = 16_384
PLACEHOLDERS = dict(zip(REFUSED, NONCHARACTERS, strict=False))
REFUSED_BY_PLACEHOLDER = {placeholder: code for code, placeholder in PLACEHOLDERS.items()}


class YamlText:
    """A file to be parsed: placeholders stand for characters that the parser refuses."""

    def __init__(self, file: BoundedFile):
        self.file = file
        self.decoder: codecs.IncrementalDecoder | None = None
        self.line = 1
        self.has_placeholders = False
        self.failure: Unreadable | None = None
        self.ended = False
        # the text from an index on, parts that follow it, and parts that the parser has not got
        self.window = ""
        self.start = 0
        self.has_comments = False
        self.following: list[str] = []
        self.unread: list[str] = []

    def read(self, size: int = -1) -> str:
        """The next part of the text; empty at its end. Raises Unreadable."""
        return self.unread.pop(0) if self.unread else self.read_part(size)

    def read_part(self, size: int) -> str:
        text = ""
        while not text:
            if self.failure:
                raise self.failure
            data = self.file.read(size)
            text = self.decode(data)
            self.ended = not data
            if self.ended:
                break
        self.line += text.count("\n")
        # most texts have none: a search takes a tenth of the time
        if ANY_REFUSED.search(text):
            self.has_placeholders = True
            text = text.translate(PLACEHOLDERS)
        self.following.append(text)
        return text

    def decode(self, data: bytes) -> str:
        if self.decoder is None:
            utf_16 = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            encoding = "utf-16" if utf_16 else "utf-8-sig"
            self.decoder = codecs.getincrementaldecoder(encoding)()
        try:
            return self.decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            # what is before the error has records
            text = error.object[: error.start].decode(error.encoding)
            line = self.line + text.count("\n")
            self.failure = Unreadable(f"is not UTF-8 text: {error.reason}", line)
            return text

    def comment_after(self, index: int) -> tuple[str, str]:
        """The white space and the comment that follow a value, which ends at this index.

        Both are empty if there is none. Indexes must not fall.
        """
        if self.following or self.start + len(self.window) - index < LOOKAHEAD:
            self.move_window(index)
        if not self.has_comments:
            return "", ""
        match = COMMENT.match(self.window, index - self.start)
        return (match[1], match[2]) if match else ("", "")

    def move_window(self, index: int) -> None:
        """Let the window begin at an index, and reach further."""
        self.window = (self.window + "".join(self.following))[index - self.start :]
        self.following.clear()
        self.start = index
        while len(self.window) < LOOKAHEAD and not self.ended:
            try:
                self.unread.append(self.read_part(PART_BYTES))
            except Unreadable:
                # the parser gets there later
                break
            self.window += self.following.pop()
        self.has_comments = "#" in self.window

    @staticmethod
    def original(value: Any) -> Any:
        """A parsed value, with its own characters in place of placeholders; a path likewise."""
        if isinstance(value, str):
            return value.translate(REFUSED_BY_PLACEHOLDER)
        if isinstance(value, list | tuple):
            return type(value)(map(YamlText.original, value))
        if isinstance(value, dict):
            return {
                YamlText.original(name): YamlText.original(inner) for name, inner in value.items()
            }
        return value
