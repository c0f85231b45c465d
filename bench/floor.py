"""The floor in bare WSGI: the fewest steps to a page or a claim, and a constant page."""

import os
import sqlite3
from threading import local
from urllib.parse import unquote_plus

from models.values.folding import fold

PAGE_OF_ACTOR = (
    "SELECT body FROM (SELECT key FROM claim WHERE actor = ? AND listed = 1"
    " ORDER BY date_key, seq LIMIT 50) AS page CROSS JOIN document ON document.key = page.key"
)
ACTOR_BY_NAME = "SELECT record FROM name_key WHERE value = ? AND kind = 'name' AND type = 'actor'"
CLAIM_BY_ID = (
    "SELECT body FROM record JOIN document ON document.key = record.key"
    " WHERE type = 'claim' AND id = ?"
)
BUSIEST_ACTOR = "SELECT actor FROM claim GROUP BY actor ORDER BY COUNT(*) DESC LIMIT 1"

connections = local()


def database() -> sqlite3.Connection:
    """This thread's connection, with Claimbase's settings."""
    if not hasattr(connections, "database"):
        connections.database = sqlite3.connect(os.environ["BENCH_DATABASE"], isolation_level=None)
        connections.database.execute("PRAGMA mmap_size = 2147418112")
        connections.database.execute("PRAGMA cache_size = -32768")
    return connections.database


def page_of(actor: int) -> bytes:
    documents = database().execute(PAGE_OF_ACTOR, (actor,)).fetchall()
    return b"".join((b'{"data":[', b",".join([body for (body,) in documents]), b"]}"))


def respond(start_response, body: bytes) -> list[bytes]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def floor(environ, start_response) -> list[bytes]:
    """The page of an actor by name, or a claim by id, within a read of the dataset's version."""
    name = unquote_plus(environ["QUERY_STRING"].partition("=")[2])
    execute = database().execute
    execute("BEGIN")
    execute("SELECT id, version FROM dataset").fetchone()
    if name:
        (actor,) = execute(ACTOR_BY_NAME, (fold(name),)).fetchone()
        body = page_of(actor)
    else:
        (body,) = execute(CLAIM_BY_ID, (environ["PATH_INFO"][1:],)).fetchone()
    execute("ROLLBACK")
    return respond(start_response, body)


STATIC_PAGE = page_of(*database().execute(BUSIEST_ACTOR).fetchone())


def static(environ, start_response) -> list[bytes]:
    """The same page for each request."""
    return respond(start_response, STATIC_PAGE)
