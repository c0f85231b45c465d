"""YAML: a record as a seed file with one section."""

from __future__ import annotations

from typing import Any

import orjson

from api.formats.base import ObjectFormat
from api.formats.page import Address, SingleObject
from models.records.yaml import records_as_yaml


class YAMLFormat(ObjectFormat):
    """`application/yaml`."""

    name = "yaml"
    media_type = "application/yaml"
    etag_suffix = "-yaml"
    schema: dict[str, Any] = {
        "type": "object",
        "description": "A seed file with this record, in the section of its type.",
        "additionalProperties": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/SeedRecord"},
        },
    }

    def render_object(self, answer: SingleObject, address: Address) -> bytes:
        record = orjson.loads(answer.content)
        type = record.pop("type")
        return records_as_yaml({f"{type}s": [record]}).encode()
