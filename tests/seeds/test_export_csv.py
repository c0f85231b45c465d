"""The export of all claims as CSV."""

from __future__ import annotations

import csv
import io

from seeds.export import write_csv
from tests.seeds.build import everything


def test_all_claims_are_written(load, client, tmp_path):
    load(**everything())
    table = tmp_path / "claims.csv"
    assert write_csv(table) == 2
    # in the order of entry
    served = client.get("/v1/claims?format=csv&sort=id&status=coded&status=verified")
    rows = list(csv.reader(io.StringIO(table.read_text(), newline="")))
    served_rows = list(csv.reader(io.StringIO(served.text, newline="")))
    assert rows[0] == served_rows[0]
    assert sorted(rows[1:]) == sorted(served_rows[1:])
    assert len(rows) == 3


def test_a_byte_order_mark_is_written(load, tmp_path):
    load(**everything())
    table, marked = tmp_path / "claims.csv", tmp_path / "marked.csv"
    write_csv(table)
    write_csv(marked, bom=True)
    assert marked.read_bytes() == b"\xef\xbb\xbf" + table.read_bytes()


def test_no_claims_give_the_header(dataset, tmp_path):
    table = tmp_path / "claims.csv"
    assert write_csv(table) == 0
    assert table.read_bytes().startswith(b"claim,actor,organization,")
    assert table.read_bytes().count(b"\r\n") == 1
