"""JSON: prepared documents are joined, not parsed."""

from __future__ import annotations

from typing import Any

import orjson

from api.formats.page import Page, SingleObject


class JSONFormat:
    """`application/json`."""

    name = "json"
    media_type = "application/json"
    etag_suffix = ""
    schema: dict[str, Any] = {}

    def render(self, answer: Page | SingleObject) -> bytes:
        if isinstance(answer, SingleObject):
            if answer.included is None:
                return answer.content
            return answer.content[:-1] + b',"included":' + orjson.dumps(answer.included) + b"}"
        parts = [b'{"data":[', answer.records.content]
        if answer.included is not None:
            parts += [b'],"included":', orjson.dumps(answer.included), b',"meta":']
        else:
            parts.append(b'],"meta":')
        # join, where % would take four times as long
        return b"".join([*parts, orjson.dumps(answer.meta), b"}"])
