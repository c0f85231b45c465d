"""The parameters of a path in one format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import marshmallow as ma

from api.formats.base import Format, StreamFormat
from api.query.display import DisplayParameter, FieldsParameter, WordListParameter
from api.query.parameters import InvalidValue, Parameter


@cache
def parameters_in(schema: ma.Schema, format: Format) -> Mapping[str, Any]:
    """The parameters of a path by name; in some formats a parameter has other words, or none."""
    parameters: dict[str, Any] = dict(schema.fields)
    for name in format.refused & parameters.keys():
        parameters[name] = RefusedParameter(parameters[name], format)
    fields = parameters.get("fields")
    if isinstance(fields, FieldsParameter) and isinstance(format, StreamFormat):
        words = format.field_names(fields.record_type)
        if words is not None:
            parameters["fields"] = WordListParameter(fields.component, words, "")
    return parameters


class RefusedParameter(DisplayParameter):
    """A parameter that a format does not take; `false` is no error."""

    def __init__(self, parameter: Parameter, format: Format):
        super().__init__("", load_default=parameter.load_default)
        self.parameter = parameter
        self.format = format

    def _deserialize(self, value: list[str], attr: Any, data: Any, **kwargs: Any) -> Any:
        if value == ["false"] and value[0] in getattr(self.parameter, "words", ()):
            return self.load_default
        raise InvalidValue(f"cannot be used with format={self.format.name}", value[0])
