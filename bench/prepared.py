"""FastAPI that joins the documents of Claimbase's database."""

import os
import sqlite3

import orjson
from fastapi import FastAPI, Request, Response

from bench.queries import QUERIES

database = sqlite3.connect(f"file:{os.environ['BENCH_DATABASE']}?mode=ro&immutable=1", uri=True)
database.execute("PRAGMA mmap_size = 2147418112")
database.text_factory = bytes
app = FastAPI()


@app.get("/{case}")
async def answer(case: str, request: Request) -> Response:
    cursor = database.execute(QUERIES[case], dict(request.query_params))
    names = [name for name, *_ in cursor.description]
    if names == ["body"]:
        body = b"".join((b'{"data":[', b",".join([document for (document,) in cursor]), b"]}"))
    else:
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        body = orjson.dumps({"data": rows}, default=bytes.decode)
    return Response(body, media_type="application/json")
