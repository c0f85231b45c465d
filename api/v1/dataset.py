"""The dataset as a whole: what there is, in which version, and what the codes of problems mean."""

from importlib.metadata import version

import orjson
from flask import Response, request

from api.http import problems as errors
from api.http.responses import Body, answer
from api.openapi import schemas
from api.openapi.blueprint import Blueprint
from api.query.parser import Query
from api.v1.lists import name_of
from models import RESOURCES
from models.base import Dataset, rows

blp = Blueprint("dataset", __name__, description="The dataset as a whole.")


class ResourceSchema(schemas.Schema):
    """A kind of record."""

    name = schemas.text("What it is called in paths.")
    url = schemas.text("Its list.")
    count = schemas.number("How many its list has.")


class DatasetSchema(schemas.Schema):
    """What there is, and in which version."""

    resources = schemas.many(ResourceSchema, "The kinds of records.")
    dataset = schemas.text("Names the database and its version; opaque.")
    digest = schemas.text("The order-free sum of the hashes of all records, in hexadecimal.")
    version = schemas.text("The version of Claimbase that answers.")
    spec = schemas.text("The address of the OpenAPI specification.")


class ProblemCodeSchema(schemas.Schema):
    """What a code means."""

    code = schemas.text("The code.")
    status = schemas.number("The HTTP status that comes with it.")
    title = schemas.text("The kind of failure.")
    meaning = schemas.text("When it happens, and what to do.")


@blp.one("", DatasetSchema)
def get_dataset(query: Query) -> Response:
    """Get what there is, and the dataset's version.

    How many records of each type there are (of claims, those that are coded or verified), and where
    to go from here. `dataset` changes with every load that changes a record.
    """

    root = request.script_root

    def build(dataset: Dataset) -> Body:
        counts = dict(rows("SELECT type, COUNT(*) FROM record GROUP BY type"))
        counts["claim"] = rows("SELECT COUNT(*) FROM claim WHERE listed = 1")[0][0]
        found = {
            "resources": [
                {"name": f"{type}s", "url": f"{root}/v1/{type}s", "count": counts.get(type, 0)}
                for type in RESOURCES
            ],
            "dataset": name_of(dataset),
            "digest": dataset.digest,
            "version": version("claimbase"),
            "spec": f"{root}/v1/openapi.json",
        }
        return Body(orjson.dumps(found))

    return answer(build, root)


@blp.one("/problems/<code>", ProblemCodeSchema)
def get_problem(query: Query, code: str) -> Response:
    """Get what the code of a problem means.

    Every problem's `type` is the address of one of these.
    """
    if code not in errors.CODES:
        raise errors.no_code(code)
    status, title, meaning = errors.CODES[code]
    found = {"code": code, "status": status, "title": title, "meaning": meaning}
    return answer(lambda dataset: Body(orjson.dumps(found)))
