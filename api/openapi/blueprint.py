"""Routes that describe themselves: flask-smorest's Blueprint and Api, adapted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Response, g, request
from webargs.flaskparser import FlaskParser

from api.formats import FORMATS, NETWORK_FORMATS, RECORD_FORMATS
from api.formats.base import Format, StreamFormat
from api.formats.file_name import file_name
from api.formats.page import MakeAnswer, MakeList
from api.http.bodies import read_body
from api.http.error_handlers import handle_http_exception
from api.http.problems import CODES
from api.http.responses import respond, respond_to_body, stream
from api.http.urls import versioned_path
from api.openapi import schemas
from api.openapi.components import as_component, as_parameter
from api.openapi.page_parts import ROUTES, with_parts
from api.query.display import SeedRecordQuery, record_query
from api.query.parameters import NO_PARAMETERS
from api.query.parser import Query, parse_query
from models.record_table import type_of

# a view gets the query, and the id of the path if there is one
View = Callable[..., MakeAnswer]
# or the body of the request
BodyView = Callable[[bytes], MakeAnswer]

HEADERS = {
    "ETag": {
        "description": "Names this answer; send it back in If-None-Match to ask for a newer one.",
        "schema": {"type": "string"},
    },
    "Content-Location": {
        "description": "The path with its version, where the request's had none.",
        "schema": {"type": "string"},
    },
}
LINK_HEADER = {
    "Link": {
        "description": 'The next page, as `<url>; rel="next"`; absent on the last.',
        "schema": {"type": "string"},
    }
}
ID_PARAMETER = {
    "in": "path",
    "name": "id",
    "required": True,
    "schema": {"type": "string", "maxLength": 200},
}
FAILURES = (400, 406, 414, 500, 503)
BODY_FAILURES = (*FAILURES, 413, 415, 422)


class QueryParser(FlaskParser):
    """Gives a view its Query."""

    def parse(self, argmap: Any, *args: Any, **kwargs: Any) -> Query:
        return parse_query(argmap, request.query_string, versioned_path(request), g.format)


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose views return answers, not responses.

    `example` is the id of a record of this resource in the shipped seeds.
    """

    ARGUMENTS_PARSER = QueryParser()

    def __init__(self, name: str, import_name: str, *, description: str, example: str = ""):
        super().__init__(name, import_name, description=description)
        self.example = example

    def list_route(
        self,
        rule: str,
        query: ma.Schema,
        page: type[ma.Schema],
        *,
        failures: Sequence[int] = (),
        example: str | None = None,
        sample: str = "",
    ) -> Callable[[View], View]:
        """A list. `example` is an id for its path, and `sample` a query that is worth a try."""
        return self._answer(
            rule,
            query,
            page,
            headers={**HEADERS, **LINK_HEADER},
            failures=(*FAILURES, 422, *failures),
            example=example,
            sample=sample,
        )

    def record_route(
        self, rule: str, resource: schemas.Resource, *, sample: str = ""
    ) -> Callable[[View], View]:
        """A single record of a resource."""
        return self._answer(
            rule,
            record_query(type_of(resource.model), resource.document),
            resource.record,
            failures=(*FAILURES, 422),
            sample=sample,
        )

    def seed_record_route(self, rule: str) -> Callable[[View], View]:
        """A record in seed form."""
        return self._answer(
            rule,
            SeedRecordQuery(),
            schemas.TypedSeedRecordSchema,
            failures=(*FAILURES, 422),
            formats=RECORD_FORMATS,
        )

    def network_route(
        self, rule: str, query: ma.Schema, network: type[ma.Schema], *, sample: str = ""
    ) -> Callable[[View], View]:
        """A network, in the formats of networks."""
        failures = (*FAILURES, 422)
        return self._answer(
            rule, query, network, failures=failures, sample=sample, formats=NETWORK_FORMATS
        )

    def object_route(
        self,
        rule: str,
        schema: type[ma.Schema],
        query: ma.Schema = NO_PARAMETERS,
        *,
        failures: Sequence[int] = FAILURES,
        example: str | None = None,
        sample: str = "",
    ) -> Callable[[View], View]:
        """A route of one object that is not a record."""
        return self._answer(rule, query, schema, failures=failures, example=example, sample=sample)

    def body_route(
        self, rule: str, media_type: str, body: Any, schema: Any, *, sample: dict
    ) -> Callable[[BodyView], BodyView]:
        """A question in the body of a POST, for a path that also has a GET.

        `sample` is a body that is worth a try.
        """

        def decorator(view: BodyView) -> BodyView:
            @wraps(view)
            def responding_view(query: Query) -> Response:
                return respond_to_body(view(read_body(media_type)))

            content = {media_type: {"schema": body, "example": sample}}
            responding_view = self.doc(requestBody={"required": True, "content": content})(
                responding_view
            )
            self._route(
                rule, NO_PARAMETERS, schema, responding_view, None, BODY_FAILURES, None, "",
                FORMATS[:1], "POST",
            )  # fmt: skip
            return view

        return decorator

    def _answer(
        self,
        rule: str,
        query: ma.Schema,
        schema: Any,
        *,
        headers: dict = HEADERS,
        failures: Sequence[int] = FAILURES,
        example: str | None = None,
        sample: str = "",
        formats: Sequence[Format] = (),
    ) -> Callable[[View], View]:
        """A route whose view returns an answer. `formats` are its own; else it has FORMATS."""

        def decorator(view: View) -> View:
            @wraps(view)
            def responding_view(query: Query, **path: str) -> Response:
                make_answer = view(query, **path)
                if g.format.name == "html":
                    make_answer = with_parts(make_answer, f"/v1{rule}", query, path)
                if "embed" in query.parameters:
                    g.format = g.format.in_frames()
                return respond_in(g.format, make_answer, query)

            ROUTES[f"/v1{rule}"] = (view, query)

            if formats is RECORD_FORMATS:
                responding_view = self.doc(**{"x-formats": formats})(responding_view)
            self._route(
                rule, query, schema, responding_view, headers, failures, example, sample,
                formats or formats_of(query),
            )  # fmt: skip
            return view

        return decorator

    def stream_route(self, rule: str, format: Format, description: str) -> Any:
        """A route that streams a response of one format."""
        # binary: generated clients give its bytes, and do not parse it
        schema = {"type": "string", "format": "binary", "description": description}

        def decorator(view: Callable[..., Response]) -> Callable[..., Response]:
            self._route(rule, NO_PARAMETERS, schema, view, HEADERS, FAILURES, None, "", (format,))
            return view

        return decorator

    def _route(
        self,
        rule: str,
        query: ma.Schema,
        schema: Any,
        view: Callable[..., Response],
        headers: dict | None,
        failures: Sequence[int],
        example: str | None,
        sample: str,
        formats: Sequence[Format],
        method: str = "GET",
    ) -> None:
        """Add a route with its description, which has the first of its formats.

        Clients that are generated from a description of all formats return a union of a page and
        text. So the parameter `format` describes the others in words.
        """
        responses = {status: f"Problem{status}" for status in failures}
        if method == "GET":
            responses |= {304: "NotModified"}
        if "<" in rule:
            responses |= {308: "Moved", 404: "Problem404"}
        described = self.doc(
            operationId=view.__name__,
            responses={
                str(status): {"$ref": f"#/components/responses/{name}"}
                for status, name in sorted(responses.items())
            },
            **({"x-sample": sample} if sample else {}),
        )(view)
        described = self.response(200, schema, content_type=formats[0].media_type, headers=headers)(
            described
        )
        failure = 422 if 422 in failures else 400
        described = self.arguments(query, location="query", error_status_code=failure)(described)
        described.formats = formats
        parameters = self.path_parameters(rule, example)
        self.route(rule, parameters=parameters, methods=[method])(described)

    def path_parameters(self, rule: str, example: str | None) -> Sequence[dict]:
        if "<code>" in rule:
            described = {"description": "The code of a problem.", "example": "not-found"}
            return [{**ID_PARAMETER, **described, "name": "code"}]
        if "<id>" in rule:
            described = {
                "description": "The id, or a former one.",
                "example": example or self.example,
            }
            return [{**ID_PARAMETER, **described}]
        return []


def formats_of(query: ma.Schema) -> tuple[Format, ...]:
    """The formats that the parameter `format` of a path takes; JSON if the path has none."""
    parameter: Any = query.fields.get("format")
    words = parameter.words if parameter else (FORMATS[0].name,)
    return tuple(format for format in FORMATS if format.name in words)


def respond_in(format: Format, make_answer: MakeAnswer, query: Query) -> Response:
    """A page or a single object, or a whole list as a stream, as the format wants it."""
    if not isinstance(format, StreamFormat):
        return respond(make_answer, query.canonical)
    # paths of single objects have no such format
    make_list: MakeList = make_answer  # type: ignore[assignment]
    return stream(
        lambda dataset: format.chunks(make_list.stream(dataset)),
        format.media_type,
        file_name(query.path, query.filters(), format.name),
        query.canonical,
    )


class Api(flask_smorest.Api):
    """flask-smorest's Api, with problems for errors and named components for enums."""

    ERROR_SCHEMA = schemas.ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: Any) -> Any:
        return handle_http_exception(error)

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(**options)
        converter = self.ma_plugin.converter
        converter.add_attribute_function(as_component)
        converter.add_parameter_attribute_function(as_parameter)
        # 405 answers methods that have no operation
        for status in sorted({code.status for code in CODES.values()} - {405}):
            self.spec.components.response(f"Problem{status}", problem_component(status))
        self.spec.components.response(
            "NotModified", {"description": "The client's copy, whose ETag was sent, is current."}
        )
        moved = "The record has another id now, or the path no trailing slash: see Location."
        self.spec.components.response("Moved", {"description": moved})


def problem_component(status: int) -> dict:
    """The description of all problems with one status."""
    codes = [name for name, code in CODES.items() if code.status == status]
    content = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        "description": f"A problem: {', '.join(codes)}.",
        "content": {"application/problem+json": content},
    }
