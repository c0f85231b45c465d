"""Tables, read by pandas."""

from __future__ import annotations

from io import BytesIO

import pandas
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.formats.lists_in_formats import get_text, json_records, list_paths, read_table


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
@pytest.mark.parametrize("bom", ["true", "false"])
def test_pandas_reads_the_rows(
    app: Flask, world: FlaskClient, format: str, delimiter: str, bom: str
):
    for path in list_paths(app):
        url = f"{path}?format={format}"
        content = world.get(f"{url}&bom={bom}").data
        frame = pandas.read_csv(
            BytesIO(content), sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
        assert frame.to_dict("records") == read_table(get_text(world, url), delimiter)
        assert [*frame["id"]] == [record["id"] for record in json_records(world, path)]


def test_counts_are_numbers(world: FlaskClient):
    frame = pandas.read_csv(BytesIO(world.get("/v1/positions?format=csv").data), index_col="id")
    assert frame.loc["five-percent", ["support", "oppose", "neutral"]].tolist() == [2, 1, 0]
    assert frame["claim_count"].dtype == "int64"
