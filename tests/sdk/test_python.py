"""The Python client that openapi-python-client generates."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.openapi.operations import OPERATIONS, SPEC, Operation
from tests.sdk.commands import generate, output_of
from tests.sdk.expected_results import (
    ADDRESS,
    CALL,
    IMPORT,
    OPERATION_RESULTS,
    PROGRAM_RESULTS,
    expected_results,
)
from tests.serving import BIN

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package, with two programs that use it."""
    folder = tmp_path_factory.mktemp("python")
    (folder / "output.txt").write_text(generate("sdk-python", folder))
    shutil.copy(HERE / "program.py", folder / "python")
    (folder / "python" / "operations.py").write_text(program_of_operations())
    return folder / "python"


def program_of_operations() -> str:
    """A program that calls every operation, and the code of the README."""
    imports = [
        f"from claimbase_client.api.{operation.tag}.{operation.id} import sync as {operation.id}"
        for operation in OPERATIONS
    ]
    calls = [
        f"    {operation.id!r}: {operation.id}({arguments_of(operation)}),"
        for operation in OPERATIONS
    ]
    return "\n".join(
        [
            "import json",
            "import sys",
            "from claimbase_client import Client",
            "from claimbase_client.models import ClaimSort",
            "from claimbase_client.types import File",
            *imports,
            "def as_json(result: object) -> object:",
            "    if isinstance(result, File):",
            "        return result.payload.read().decode()",
            "    return result.to_dict()  # type: ignore[attr-defined]",
            "client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)",
            *("results: dict[str, object] = {", *calls, "}"),
            *(IMPORT, f"results['README'] = {CALL.replace(ADDRESS, 'sys.argv[1]')}"),
            "json.dump(results, sys.stdout, default=as_json)",
            "client.get_httpx_client().close()",
        ]
    )


def arguments_of(operation: Operation) -> str:
    path = [repr(operation.argument)] if operation.argument else []
    query = [f"{name}={value!r}" for name, value in operation.required_query.items()]
    return ", ".join([*path, "client=client", *query])


def run(program: str, folder: Path, address: str) -> dict[str, Any]:
    return json.loads(output_of([sys.executable, "-W", "error", program, address], folder))


def test_the_generator_prints_no_warnings(folder: Path):
    output = (folder.parent / "output.txt").read_text()
    assert "Generating" in output
    assert "warning" not in output.replace("--fail-on-warning", "").lower()


def test_the_programs_pass_strict_type_checks(folder: Path):
    checked = ["claimbase_client", "program.py", "operations.py"]
    command = [BIN / "mypy", "--strict", "--cache-dir", folder.parent / "cache", *checked]
    assert output_of(command, folder).startswith("Success")


def test_the_client_has_a_type_for_every_schema(folder: Path):
    tree = ast.parse((folder / "claimbase_client" / "models" / "__init__.py").read_text())
    names = {
        name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    string_schemas = {"PartialDate", "Timestamp"}
    types = ("Actor", "Organization", "Event", "Source", "Topic", "Position", "Claim")
    documents = [*types, *(f"{type}Record" for type in types)]
    map_classes = {f"{document}Attributes" for document in documents}
    map_classes |= {"ListMetaResolved", "ListMetaFacets", "NetworkNodeAttributes"}
    map_classes |= {f"{name}MetaResolved" for name in ("Network", "Statement", "Edge", "Graph")}
    map_classes |= {"StatementsMetaResolved", "ReversalsMetaResolved"}
    assert names == set(SPEC["components"]["schemas"]) - string_schemas | map_classes


def test_every_enum_value_has_a_name(folder: Path):
    for path in (folder / "claimbase_client" / "models").glob("*.py"):
        assert "VALUE_" not in path.read_text(), path.name


def test_the_results_of_the_program_are_those_of_plain_http(folder: Path, address: str):
    assert run("program.py", folder, address) == expected_results(address, PROGRAM_RESULTS)


def test_the_results_of_every_operation_are_those_of_plain_http(folder: Path, address: str):
    assert run("operations.py", folder, address) == expected_results(address, OPERATION_RESULTS)
