"""Real data: the statements of DNA's sample database make the networks that DNA makes of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from seeds.imports.dna import DNAImport, DNAOptions
from seeds.imports.run import run_import
from tests.api.v1.plain_networks import served_edges, served_statements
from tests.models.networks import naive

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT.parent / "shared" / "data" / "dna-sample"
ONE_MODE, TWO_MODE = "/v1/networks/one-mode", "/v1/networks/two-mode"
EPA = "organization:environmental-protection-agency"
EEA = "organization:energy-and-environmental-analysis-inc"
ASE = "organization:alliance-to-save-energy"


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def id_of(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def date_of(epoch: str) -> str:
    return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()


def names(rows: list[dict[str, str]], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows))


@pytest.fixture(params=["mapped", "imported"])
def sample(request: pytest.FixtureRequest, load: Callable, client: FlaskClient) -> FlaskClient:
    """A client of a dataset with the statements: of a plain mapping, and of the importer."""
    if not FOLDER.is_dir():
        pytest.skip("the sample of DNA is not shipped with the project")
    if request.param == "imported":
        run_import(DNAImport(DNAOptions()).read, FOLDER / "sample.dna")
        return client
    statements, documents = read("statements.tsv"), read("docs.tsv")
    load(
        actors=[{"id": id_of(name), "name": name} for name in names(statements, "person")],
        organizations=[
            {"id": id_of(name), "name": name, "kind": "other"}
            for name in names(statements, "organization")
        ],
        positions=[{"id": id_of(name), "text": name} for name in names(statements, "concept")],
        sources=[
            {
                "id": f"document-{document['id']}",
                "title": document["title"],
                "kind": "transcript",
                "date": date_of(document["dateEpochUTC"]),
            }
            for document in documents
        ],
        claims=[
            {
                "id": f"statement-{row['id']}",
                "text": f"{row['person']} on: {row['concept']}",
                "actor": id_of(row["person"]),
                "organization": id_of(row["organization"]),
                "date": date_of(row["dateEpochUTC"]),
                "coder": row["coder"],
                "positions": [
                    {
                        "position": id_of(row["concept"]),
                        "stance": "support" if row["agreement"] == "1" else "oppose",
                    }
                ],
                "reports": [{"source": f"document-{row['documentId']}"}],
            }
            for row in statements
        ],
    )
    return client


def test_the_two_mode_network(sample: FlaskClient):
    network = sample.get(TWO_MODE, query_string={"rows": "organization"}).json
    types = [node["type"] for node in network["nodes"]]
    assert (types.count("organization"), types.count("position")) == (7, 6)
    assert len(network["edges"]) == 22
    assert sum(edge["weight"] for edge in network["edges"]) == 40


def test_the_one_mode_network(sample: FlaskClient):
    network = sample.get(ONE_MODE, query_string={"nodes": "organization"}).json
    edges = served_edges(network)
    assert len(edges) == 21
    assert sum(edges.values()) == 138
    assert edges[ASE, EPA] == 10
    assert edges[EEA, EPA] == 2


@pytest.mark.parametrize("method", ["ignore", "congruence", "conflict", "subtract"])
def test_the_statements_make_the_network(sample: FlaskClient, method: str):
    query = {"nodes": "organization", "via": "position", "method": method}
    network = sample.get(ONE_MODE, query_string=query).json
    statements = served_statements(sample, query)
    assert len(statements) == 40
    expected = naive.one_mode(statements, method, "none")
    assert served_edges(network) == {pair: edge.weight for pair, edge in expected.items()}


def test_every_edge_opens_to_its_weight(sample: FlaskClient):
    for method in ("ignore", "subtract"):
        query = {"nodes": "organization", "method": method, "normalization": "average"}
        for (a, b), weight in served_edges(sample.get(ONE_MODE, query_string=query).json).items():
            opened = sample.get(f"{ONE_MODE}/edge", query_string={**query, "a": a, "b": b}).json
            total = sum(row["contribution"] for row in opened["data"])
            assert total == pytest.approx(weight, abs=1e-12)
