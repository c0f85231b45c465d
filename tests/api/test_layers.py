"""The arrows between the packages: api → models, seeds → models, and api/cli.py → seeds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "models", "seeds")
FORBIDDEN = {
    "models": {"flask", "flask_smorest", "marshmallow", "webargs", "werkzeug", "api", "seeds"},
    "seeds": {"flask", "flask_smorest", "webargs", "werkzeug", "api"},
    "api": {"seeds"},
}
EXCEPTIONS = {("api/cli.py", "seeds")}


def imported(path: Path) -> Iterator[str]:
    """The packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield path.relative_to(ROOT).parts[0] if node.level else node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
                yield str(first.value).partition(".")[0]


FILES = [
    path.relative_to(ROOT).as_posix()
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
]


@pytest.mark.parametrize("file", FILES)
def test_arrows(file: str):
    wrong = FORBIDDEN[file.partition("/")[0]] & set(imported(ROOT / file))
    assert {name for name in wrong if (file, name) not in EXCEPTIONS} == set()


def test_the_files_are_there():
    assert {file.partition("/")[0] for file in FILES} == set(PACKAGES)
    assert "seeds" in set(imported(ROOT / "api/cli.py"))
    assert "models" in set(imported(ROOT / "api/v1/lists.py"))


def test_nothing_imports_the_tests():
    for file in FILES:
        assert not {"tests", "pytest"} & set(imported(ROOT / file))
