"""The components and parameters that our fields add to the specification."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.openapi.schemas import Component, enum_schema
from api.query.parameters import EnumParameter, Parameter


def as_component(converter: Any, field: ma.fields.Field, ret: dict) -> dict:
    """The schema of our own fields: a reference to a named component, where it has one."""
    if isinstance(field, Parameter):
        ret.clear()
        if isinstance(field, EnumParameter):
            define(converter, field.component, enum_schema(field.words))
        return with_examples(field)
    if isinstance(field, Component):
        define(converter, field.component, field.schema)
        ret.clear()
        reference = {"$ref": f"#/components/schemas/{field.component}"}
        description = {"description": field.metadata["description"]}
        if field.allow_none:
            return {"anyOf": [reference, {"type": "null"}], **description}
        return {**reference, **description}
    return {}


def with_examples(field: Parameter) -> dict:
    """The schema of a parameter, with examples in words and in the schema of its values.

    Tools send the `example` or the first of the `examples` of each parameter, all at once.
    """
    schema, description = field.schema(), field.metadata["description"]
    if field.examples:
        words = ", ".join(f"`{example}`" for example in field.examples)
        description += f" {'Examples' if len(field.examples) > 1 else 'Example'}: {words}."
        value_schema = schema.get("items", schema)
        if "$ref" not in value_schema:
            value_schema["examples"] = field.examples
    return {**schema, "description": description}


def define(converter: Any, name: str, schema: dict) -> None:
    """Add a component. Raises ValueError if another schema has its name."""
    components = converter.spec.components
    if name not in components.schemas:
        components.schema(name, schema)
    elif components.schemas[name] != schema:
        raise ValueError(f"two schemas are called {name}")


def as_parameter(converter: Any, field: ma.fields.Field, ret: dict) -> dict:
    """The members of a parameter besides its schema."""
    if not isinstance(field, Parameter):
        return {}
    # forms of tools begin with the example
    if field.single:
        return {"example": field.examples[0]} if field.required else {}
    example = {"example": field.examples[:1]} if field.required else {}
    return {"style": "form", "explode": True, **example}
