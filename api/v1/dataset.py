"""The dataset as a whole, and the codes of problems."""

from importlib.metadata import version
from urllib.parse import quote

import orjson
from flask import current_app, request

from api.formats.page import MakeAnswer, SingleObject
from api.http.problems import CODES, code_not_found
from api.openapi import schemas
from api.openapi.blueprint import FAILURES, Blueprint
from api.pages.site import site_of
from api.query.display import ObjectQuery
from api.query.parser import Query
from models import RECORD_TYPES
from models.database.connection import fetch_all
from models.dataset import Dataset, dataset_name

blp = Blueprint("dataset", __name__, description="The dataset as a whole.")


class ResourceSchema(schemas.Schema):
    """A kind of record."""

    name = schemas.text_field("Its name in paths.")
    url = schemas.text_field("Its list.")
    count = schemas.number_field("The number of records in its list.")


class DatasetSchema(schemas.Schema):
    """The kinds of records, and the dataset's version."""

    resources = schemas.objects_field(ResourceSchema, "The kinds of records.")
    dataset = schemas.text_field("Names the database and its version; opaque.")
    digest = schemas.text_field("The order-free sum of the hashes of all records, in hexadecimal.")
    version = schemas.text_field("The version of Claimbase that answers.")
    spec = schemas.text_field("The address of the OpenAPI specification.")
    title = schemas.text_field("The title that the operator gives the dataset.")
    license = schemas.text_field("The address of the license of the data.", nullable=True)
    cite = schemas.text_field("How to cite the dataset at this version.")
    docs = schemas.text_field("The address of the API's documentation.")


class ProblemCodeSchema(schemas.Schema):
    """A code of problems."""

    code = schemas.text_field("The code.")
    status = schemas.number_field("The HTTP status that comes with it.")
    title = schemas.text_field("The kind of failure.")
    meaning = schemas.text_field("When it happens, and what to do.")


@blp.object_route("", DatasetSchema, ObjectQuery(), failures=(*FAILURES, 422))
def get_dataset(query: Query) -> MakeAnswer:
    """Get the kinds of records, and the dataset's version.

    Each kind has its number of records; of claims, only coded and verified ones count. `dataset`
    changes with every load that changes a record.
    """
    root = quote(request.script_root)
    site = site_of(current_app.config)

    def answer(dataset: Dataset) -> SingleObject:
        counts = dict(fetch_all("SELECT type, COUNT(*) FROM record GROUP BY type"))
        counts["claim"] = fetch_all("SELECT COUNT(*) FROM claim WHERE listed = 1")[0][0]
        document = {
            "resources": [
                {"name": f"{type}s", "url": f"{root}/v1/{type}s", "count": counts.get(type, 0)}
                for type in RECORD_TYPES
            ],
            "dataset": dataset_name(dataset),
            "digest": dataset.digest,
            "version": version("claimbase"),
            "spec": f"{root}/v1/openapi.json",
            "title": site.title,
            "license": site.license_url or None,
            "cite": f"{site.title}, dataset {dataset_name(dataset)}",
            "docs": f"{root}/v1/docs",
        }
        return SingleObject(orjson.dumps(document))

    return answer


@blp.object_route("/problems/<code>", ProblemCodeSchema, ObjectQuery(), failures=(*FAILURES, 422))
def get_problem(query: Query, code: str) -> MakeAnswer:
    """Get the meaning of a problem's code.

    Every problem's `type` is the address of one of these.
    """
    if code not in CODES:
        raise code_not_found(code)
    status, title, meaning = CODES[code]
    document = {"code": code, "status": status, "title": title, "meaning": meaning}
    return lambda dataset: SingleObject(orjson.dumps(document))
