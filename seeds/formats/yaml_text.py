"""The text of a YAML file as PyYAML reads it, with the characters that it refuses."""

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

    def read(self, size: int = -1) -> str:
        """The next part of the text; empty at its end. Raises Unreadable."""
        text = ""
        while not text:
            if self.failure:
                raise self.failure
            data = self.file.read(size)
            text = self.decode(data)
            if not data:
                break
        self.line += text.count("\n")
        # most texts have none: a search takes a tenth of the time
        if ANY_REFUSED.search(text):
            self.has_placeholders = True
            text = text.translate(PLACEHOLDERS)
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
