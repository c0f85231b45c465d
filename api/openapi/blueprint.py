"""Routes that describe themselves: flask-smorest's blueprint and Api with Claimbase's ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Response, request
from webargs.flaskparser import FlaskParser

from api.http import problems as errors
from api.http.responses import JSON
from api.openapi import schemas
from api.query.parameters import Parameter
from api.query.parser import Query, parse

View = Callable[..., Response]

HEADERS = {
    "ETag": {
        "description": "Names this answer; send it back in If-None-Match to ask for a newer one.",
        "schema": {"type": "string"},
    },
    "Content-Location": {
        "description": "Where the path was one without a version: the path that has it.",
        "schema": {"type": "string"},
    },
}
LINK = {
    "Link": {
        "description": 'The next page, as `<url>; rel="next"`; absent on the last.',
        "schema": {"type": "string"},
    }
}
ID = {
    "in": "path",
    "name": "id",
    "required": True,
    "schema": {"type": "string", "maxLength": 200},
}


class NoQuery(ma.Schema):
    """A path without parameters."""


NO_QUERY = NoQuery()


class QueryParser(FlaskParser):
    """Hands a view its query."""

    def parse(self, argmap: Any, *args: Any, **kwargs: Any) -> Query:
        return parse(argmap, request.query_string)


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose routes are lists, single resources, or pages about the dataset."""

    ARGUMENTS_PARSER = QueryParser()

    def list(
        self,
        rule: str,
        query: ma.Schema,
        page: type[ma.Schema],
        failures: Sequence[int] = (),
    ) -> Callable[[View], View]:
        """A list; the view gets the query."""
        failures = (400, 406, *failures, 414, 422, 500, 503)
        return self._read(rule, query, page, {**HEADERS, **LINK}, failures)

    def stream(self, rule: str, content_type: str, description: str) -> Callable[[View], View]:
        """A body that is no JSON document, and as long as it takes."""
        schema = {"type": "string", "description": description}
        return self._read(rule, NO_QUERY, schema, HEADERS, (400, 406, 414, 500, 503), content_type)

    def one(
        self, rule: str, document: type[ma.Schema], query: ma.Schema | None = None
    ) -> Callable[[View], View]:
        """A single resource, or a page about the dataset; the view gets the query and the path."""
        failures = (400, 406, 414, 422, 500, 503) if query else (400, 406, 414, 500, 503)
        return self._read(rule, query or NO_QUERY, document, HEADERS, failures)

    def _read(
        self,
        rule: str,
        query: ma.Schema,
        schema: Any,
        headers: dict,
        failures: Sequence[int],
        content_type: str = JSON,
    ) -> Callable[[View], View]:
        def decorator(view: View) -> View:
            responses = {status: f"Problem{status}" for status in failures}
            responses |= {304: "NotModified"}
            if "<" in rule:
                responses |= {308: "Moved", 404: "Problem404"}
            documented = self.doc(
                operationId=view.__name__,
                responses={
                    str(status): {"$ref": f"#/components/responses/{name}"}
                    for status, name in sorted(responses.items())
                },
            )(view)
            documented = self.response(200, schema, content_type=content_type, headers=headers)(
                documented
            )
            failure = 422 if 422 in failures else 400
            documented = self.arguments(query, location="query", error_status_code=failure)(
                documented
            )
            self.route(rule, parameters=self.path_parameters(rule))(documented)
            return view

        return decorator

    def path_parameters(self, rule: str) -> Sequence[dict]:
        if "<code>" in rule:
            described = {"description": "The code of a problem.", "example": "not-found"}
            return [{**ID, **described, "name": "code"}]
        if "<id>" in rule:
            example = OTHER_EXAMPLES.get(rule, EXAMPLES[self.name])
            described = {"description": "The id, or a former one.", "example": example}
            return [{**ID, **described}]
        return []


# a record of each type in the shipped seeds, by tag
EXAMPLES = {
    "actors": "mark-rutte",
    "organizations": "nato",
    "events": "hague-summit-2025",
    "sources": "defensehere-2025-05-14-post",
    "topics": "defence",
    "positions": "ukraine-will-join-nato",
    "claims": "rutte-antalya-no-membership-promise",
}
# where that one has none of what the path lists
OTHER_EXAMPLES = {
    "/organizations/<id>/suborganizations": "china",
    "/events/<id>/actors": "anadolu-agency-interview-rutte-antalya-2025",
}


class Api(flask_smorest.Api):
    """flask-smorest's Api, with problems for errors and named components for enums."""

    ERROR_SCHEMA = schemas.Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: Any) -> Any:
        return errors.handle_http_exception(error)

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(**options)
        converter = self.ma_plugin.converter
        converter.add_attribute_function(as_component)
        converter.add_parameter_attribute_function(as_parameter)
        # 405 answers other methods, which have no operation
        for status in sorted({code.status for code in errors.CODES.values()} - {405}):
            self.spec.components.response(f"Problem{status}", problem_response(status))
        self.spec.components.response(
            "NotModified", {"description": "The answer is still the one whose ETag was sent."}
        )
        moved = "The record has another id now, or the path no trailing slash: see Location."
        self.spec.components.response("Moved", {"description": moved})


def as_component(converter: Any, field: ma.fields.Field, ret: dict) -> dict:
    """The schema of our own fields: a reference to a named component, where it has one."""

    def define(schema: dict) -> None:
        known = converter.spec.components
        name = field.component  # type: ignore[attr-defined]
        if name not in known.schemas:
            known.schema(name, schema)
        elif known.schemas[name] != schema:
            raise ValueError(f"two schemas are called {name}")

    if isinstance(field, Parameter):
        ret.clear()
        if hasattr(field, "component"):
            define(schemas.enum(field.words))  # type: ignore[attr-defined]
        return {**field.schema(), "description": field.metadata["description"]}
    if isinstance(field, schemas.Component):
        define(field.schema)
        ret.clear()
        found = {"$ref": f"#/components/schemas/{field.component}"}
        described = {"description": field.metadata["description"]}
        return {"anyOf": [found, {"type": "null"}], **described} if field.allow_none else {
            **found, **described
        }  # fmt: skip
    return {}


def as_parameter(converter: Any, field: ma.fields.Field, ret: dict) -> dict:
    """What a parameter has besides its schema."""
    if not isinstance(field, Parameter):
        return {}
    found: dict[str, Any] = {}
    if "example" in field.metadata:
        found["example"] = field.metadata["example"]
    if not field.single:
        found |= {"style": "form", "explode": True}
    return found


def problem_response(status: int) -> dict:
    codes = [name for name, code in errors.CODES.items() if code.status == status]
    content = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        "description": f"A problem: {', '.join(codes)}.",
        "content": {"application/problem+json": content},
    }
