"""Lists in all formats, read back."""

from __future__ import annotations

import csv
from io import StringIO

import orjson
from flask import Flask
from flask.testing import FlaskClient

from tests.api.world import FULL, pages


def list_paths(app: Flask) -> list[str]:
    """The paths of all lists and nested lists, with records of the world."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if str(rule).startswith("/v1/")]
    no_lists = ("memberships", "relations", "reports", "reviews", "record", "stances")
    lists = [f"/v1/{name}" for name in FULL]
    nested = [
        rule.replace("<id>", FULL[rule.split("/")[2]])
        for rule in rules
        if "<id>/" in rule and not rule.endswith(no_lists)
    ]
    return [*lists, *nested]


def json_records(client: FlaskClient, url: str) -> list[dict]:
    """The records of all pages of a list."""
    return [record for page in pages(client, url, 200) for record in page["data"]]


def get_text(client: FlaskClient, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200, response.text
    return response.data.decode()


def read_table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of CSV or TSV, by column."""
    assert text.endswith("\r\n")
    return [*csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, strict=True)]


def read_lines(text: str) -> list[dict]:
    """The documents of JSON Lines."""
    assert not text or text.endswith("\n")
    return [orjson.loads(line) for line in text.split("\n")[:-1]]
