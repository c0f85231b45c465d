"""Records in seed form, one by one."""

from __future__ import annotations

import orjson

from api.formats.page import MakeAnswer, SingleObject
from api.query.parser import Query
from api.query.path import PathRecord, missing_record_error
from api.v1.relations import BLUEPRINTS
from models import RECORD_TYPES
from models.dataset import Dataset
from models.records.changes import stored_record


def seed_record(type: str) -> None:
    """The route of the records of one type in seed form."""

    def view(query: Query, id: str) -> MakeAnswer:
        def answer(dataset: Dataset) -> SingleObject:
            stored = stored_record(type, id)
            if stored is None:
                raise missing_record_error(PathRecord(type, id))
            content = orjson.dumps({"type": type, **stored.record})
            return SingleObject(content, etag=stored.hash)

        return answer

    view.__name__ = f"get_{type}_record"
    view.__doc__ = (
        f"Get one {type} as a seed file has it.\n\n"
        "JSON is a line of JSON Lines, and YAML is a seed file with this record: `claimbase load` "
        "takes either. The ETag is the hash of the record: it changes only with the record."
    )
    BLUEPRINTS[f"{type}s"].seed_record_route(f"/{type}s/<id>/record")(view)


for type in RECORD_TYPES:
    seed_record(type)
