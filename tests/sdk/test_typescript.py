"""The TypeScript client that openapi-typescript generates, on openapi-fetch."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.api.openapi.operations import OPERATIONS, SPEC, Operation
from tests.sdk.commands import generate, node_is_absent, output_of
from tests.sdk.expected_results import (
    ADDRESS,
    CALL_IN_TYPESCRIPT,
    OPERATION_RESULTS,
    PROGRAM_RESULTS,
    expected_results,
)
from tests.serving import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(node_is_absent() is not None, reason=str(node_is_absent())),
]

HERE = Path(__file__).parent
PROGRAMS = ("program", "operations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated module, with two programs that use it."""
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "output.txt").write_text(generate("sdk-typescript", folder))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "typescript" / "package.json").write_text('{"type": "module"}')
    shutil.copy(HERE / "program.ts", folder / "typescript")
    (folder / "typescript" / "operations.ts").write_text(program_of_operations())
    return folder / "typescript"


def program_of_operations() -> str:
    """A program that calls every operation, and the code of the README."""
    calls = [
        f"  {operation.id}: (await client.GET({arguments_of(operation)})).data,"
        for operation in OPERATIONS
    ]
    readme_call = CALL_IN_TYPESCRIPT.replace(ADDRESS, "process.argv[2]")
    return "\n".join(
        [
            'import createClient from "openapi-fetch";',
            'import { ClaimSort, type paths } from "./claimbase.js";',
            "declare const process: { argv: string[] };",
            "const client = createClient<paths>({ baseUrl: process.argv[2] });",
            *("const results = {", *calls, f"  README: (await {readme_call}).data,", "};"),
            "console.log(JSON.stringify(results));",
        ]
    )


def arguments_of(operation: Operation) -> str:
    options: dict[str, Any] = {}
    if operation.argument:
        (name,) = re.findall(r"{(\w+)}", operation.path)
        options["params"] = {"path": {name: operation.argument}}
    if operation.required_query:
        options["params"] = {**options.get("params", {}), "query": operation.required_query}
    if operation.id == "export_dataset":
        options["parseAs"] = "text"
    return f"{json.dumps(operation.path)}, {json.dumps(options)}"


@pytest.fixture(scope="module")
def compiled(folder: Path) -> Path:
    """Compile the programs with tsc --strict; gives their folder."""
    output_of(
        [
            *("node_modules/.bin/tsc", "--strict", "--target", "es2022"),
            *("--module", "nodenext", "--lib", "es2022,dom,dom.iterable"),
            *(f"typescript/{program}.ts" for program in PROGRAMS),
        ],
        folder.parent,
    )
    return folder


def run(program: str, folder: Path, address: str) -> dict[str, Any]:
    return json.loads(output_of(["node", "--throw-deprecation", f"{program}.js", address], folder))


def test_the_generator_prints_no_warnings(folder: Path):
    output = (folder.parent / "output.txt").read_text()
    assert "claimbase.ts" in output
    assert not re.search("warn|⚠|✘", output, re.IGNORECASE)


def test_the_client_has_a_type_for_every_schema(folder: Path):
    text = (folder / "claimbase.ts").read_text()
    names = set(re.findall(r"^export (?:type|enum) (\w+)", text, re.MULTILINE))
    assert names >= set(SPEC["components"]["schemas"])


def test_every_enum_value_has_a_name(folder: Path):
    text = (folder / "claimbase.ts").read_text()
    for name, schema in SPEC["components"]["schemas"].items():
        if "enum" in schema:
            (members,) = re.findall(rf"^export enum {name} {{(.*?)^}}", text, re.M | re.S)
            assert re.findall(r"(\w+) =", members) == schema["x-enum-varnames"]


def test_the_results_of_the_program_are_those_of_plain_http(compiled: Path, address: str):
    assert run("program", compiled, address) == expected_results(address, PROGRAM_RESULTS)


def test_the_results_of_every_operation_are_those_of_plain_http(compiled: Path, address: str):
    assert run("operations", compiled, address) == expected_results(address, OPERATION_RESULTS)
