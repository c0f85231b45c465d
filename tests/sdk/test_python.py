"""The Python client that openapi-python-client generates."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.commands import generate, output_of
from tests.sdk.questions import ADDRESS, CALL, CALLS, IMPORT, OPERATIONS, QUESTIONS, SPEC, expected
from tests.serving import BIN

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package, with two programs that use it."""
    folder = tmp_path_factory.mktemp("python")
    (folder / "printed").write_text(generate("sdk-python", folder))
    shutil.copy(HERE / "program.py", folder / "python")
    (folder / "python" / "operations.py").write_text(program_of_operations())
    return folder / "python"


def program_of_operations() -> str:
    """A program that calls every operation, and what the README calls."""
    imports = [
        f"from claimbase_client.api.{one.tag}.{one.id} import sync as {one.id}"
        for one in OPERATIONS
    ]
    calls = [
        f"    {one.id!r}: {one.id}({f'{one.argument!r}, ' if one.argument else ''}client=client),"
        for one in OPERATIONS
    ]
    return "\n".join(
        [
            "import json",
            "import sys",
            "from claimbase_client import Client",
            "from claimbase_client.models import ClaimSort",
            *imports,
            "client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)",
            *("answers: dict[str, object] = {", *calls, "}"),
            *(IMPORT, f"answers['README'] = {CALL.replace(ADDRESS, 'sys.argv[1]')}"),
            "json.dump(answers, sys.stdout, default=lambda answer: answer.to_dict())",
            "client.get_httpx_client().close()",
        ]
    )


def run(program: str, folder: Path, server: str) -> dict[str, Any]:
    return json.loads(output_of([sys.executable, "-W", "error", program, server], folder))


def test_the_generator_warns_of_nothing(folder: Path):
    printed = (folder.parent / "printed").read_text()
    assert "Generating" in printed
    assert "warning" not in printed.replace("--fail-on-warning", "").lower()


def test_types(folder: Path):
    checked = ["claimbase_client", "program.py", "operations.py"]
    command = [BIN / "mypy", "--strict", "--cache-dir", folder.parent / "cache", *checked]
    assert output_of(command, folder).startswith("Success")


def test_every_schema_has_its_name(folder: Path):
    tree = ast.parse((folder / "claimbase_client" / "models" / "__init__.py").read_text())
    names = {
        name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    texts = {"PartialDate", "Timestamp"}
    maps = {
        *("ActorAttributes", "OrganizationAttributes", "ClaimAttributes"),
        *("ListMetaResolved", "ListMetaFacets"),
    }
    assert names == set(SPEC["components"]["schemas"]) - texts | maps


def test_every_word_has_its_name(folder: Path):
    for path in (folder / "claimbase_client" / "models").glob("*.py"):
        assert "VALUE_" not in path.read_text(), path.name


def test_answers(folder: Path, server: str):
    assert run("program.py", folder, server) == expected(server, QUESTIONS)


def test_every_operation(folder: Path, server: str):
    assert run("operations.py", folder, server) == expected(server, CALLS)
