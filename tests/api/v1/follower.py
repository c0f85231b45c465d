"""A client that keeps a copy of the dataset, and helpers for tests of changes."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from flask.testing import FlaskClient

from models.database.connection import fetch_all

Records = dict[tuple[str, str], dict]

ORGANIZATION = {"id": "o", "name": "O", "kind": "other"}
CLAIM = {"id": "c", "text": "C", "organization": "o", "status": "coded"}


def exported_records(client: FlaskClient) -> Records:
    """The records of the export, by type and id."""
    *exported, end = map(orjson.loads, client.get("/v1/export").data.splitlines())
    assert (end["type"], end["records"]) == ("end", len(exported))
    records = {(record.pop("type"), record["id"]): record for record in exported}
    assert len(records) == len(exported)
    return records


def dataset_names(client: FlaskClient) -> list[str]:
    """The names of all versions that the dataset had."""
    id = dataset_of(client).partition("-")[0]
    rows = fetch_all("SELECT version, token FROM dataset_version ORDER BY version")
    return [f"{id}-{version}-{token}" for version, token in rows]


def dataset_of(client: FlaskClient) -> str:
    return client.get("/v1").json["dataset"]


def change_lines(client: FlaskClient, since: str) -> list[str]:
    """The changes since a version, one line each: version, kind, type, id."""
    page = client.get(f"/v1/changes?since={since}").json
    assert page["meta"]["next_cursor"] is None
    return [
        f"{change['version']} {change['change']} {change['type']} {change['id']}"
        for change in page["data"]
    ]


class Follower:
    """A client that keeps a copy of the records by reading the changes."""

    def __init__(self, client: FlaskClient, records: Records | None = None, since: str = ""):
        self.client = client
        self.records = dict(records or {})
        self.since = since

    def copy(self) -> Follower:
        return Follower(self.client, self.records, self.since)

    def follow(self, limit: int = 200) -> list[dict]:
        """Read and apply all changes; gives them."""
        return [change for page in self.pages(limit) for change in page]

    def pages(self, limit: int) -> Iterator[list[dict]]:
        """Read and apply the changes page by page."""
        since = f"&since={self.since}" if self.since else ""
        cursor = ""
        while True:
            response = self.client.get(f"/v1/changes?limit={limit}{since}{cursor}")
            assert response.status_code == 200, response.text
            page = response.json
            assert len(page["data"]) <= limit
            for change in page["data"]:
                self.apply(change)
            if page["meta"]["next_cursor"] is None:
                self.since = page["meta"]["dataset"]
                yield page["data"]
                return
            next_cursor = f"&cursor={page['meta']['next_cursor']}"
            assert next_cursor != cursor, "the cursor does not advance"
            cursor = next_cursor
            yield page["data"]

    def apply(self, change: dict) -> None:
        key = (change["type"], change["id"])
        if change["change"] == "put":
            assert change["record"]["id"] == change["id"]
            self.records[key] = change["record"]
        else:
            assert (change["change"], change["record"]) == ("deleted", None)
            self.records.pop(key, None)
