"""The floor: the least that answers a page or a claim, and a page that never changes. Bare WSGI."""

import os
import sqlite3
from threading import local
from urllib.parse import unquote_plus

from models.values.folding import fold

CLAIMS = (
    "SELECT body FROM (SELECT key FROM claim WHERE actor = ? AND listed = 1"
    " ORDER BY date_key, entered LIMIT 50) AS page CROSS JOIN document ON document.key = page.key"
)
NAMED = "SELECT record FROM handle WHERE value = ? AND kind = 'name' AND type = 'actor'"
SINGLE = (
    "SELECT body FROM record JOIN document ON document.key = record.key"
    " WHERE type = 'claim' AND id = ?"
)
BUSIEST = "SELECT actor FROM claim GROUP BY actor ORDER BY COUNT(*) DESC LIMIT 1"

opened = local()


def database() -> sqlite3.Connection:
    """This thread's connection, with Claimbase's settings."""
    if not hasattr(opened, "database"):
        opened.database = sqlite3.connect(os.environ["BENCH_DATABASE"], isolation_level=None)
        opened.database.execute("PRAGMA mmap_size = 2147418112")
        opened.database.execute("PRAGMA cache_size = -32768")
    return opened.database


def page_of(actor: int) -> bytes:
    documents = database().execute(CLAIMS, (actor,)).fetchall()
    return b"".join((b'{"data":[', b",".join([body for (body,) in documents]), b"]}"))


def answer(start_response, body: bytes) -> list[bytes]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def floor(environ, start_response) -> list[bytes]:
    """The page of an actor by name, or a claim by id: the dataset's version, the documents."""
    name = unquote_plus(environ["QUERY_STRING"].partition("=")[2])
    ask = database().execute
    ask("BEGIN")
    ask("SELECT id, version FROM dataset").fetchone()
    if name:
        (actor,) = ask(NAMED, (fold(name),)).fetchone()
        body = page_of(actor)
    else:
        (body,) = ask(SINGLE, (environ["PATH_INFO"][1:],)).fetchone()
    ask("ROLLBACK")
    return answer(start_response, body)


PAGE = page_of(*database().execute(BUSIEST).fetchone())


def static(environ, start_response) -> list[bytes]:
    """The same bytes each time."""
    return answer(start_response, PAGE)
