"""No code runs that comes from data, and every dependency is pinned by its hashes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("api", "models", "seeds", "bench", "torture")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
# calls that run text or bytes as code, or a shell
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "unsafe_load"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
# functions of modules that have such a name, and run no code
HARMLESS = {("re", "compile"), ("platform", "system")}
# sends the results of our own child processes through a pipe that only they have
EXCEPTIONS = {("seeds/parallel/processes.py", "pickle")}


def forbidden(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            yield from names & FORBIDDEN_MODULES
        elif isinstance(node, ast.ImportFrom):
            yield from {str(node.module).partition(".")[0]} & FORBIDDEN_MODULES
        elif isinstance(node, ast.Call):
            yield from forbidden_calls(node)


def forbidden_calls(call: ast.Call) -> Iterator[str]:
    function = call.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    owner = getattr(getattr(function, "value", None), "id", "")
    if name in FORBIDDEN_CALLS and (owner, name) not in HARMLESS:
        yield name
    # PyYAML builds objects of any class by tags, unless it is asked for plain ones or for events
    if owner == "yaml" and name not in ("parse", "safe_load", "dump"):
        yield f"yaml.{name}"
    if any(keyword.arg == "shell" for keyword in call.keywords):
        yield "shell"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_data_is_not_run(path: Path):
    file = path.relative_to(ROOT).as_posix()
    names = set(forbidden(ast.parse(path.read_text())))
    assert {name for name in names if (file, name) not in EXCEPTIONS} == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("eval('1')", ["eval"]),
        ("builtins.exec(x)", ["exec"]),
        ("import pickle", ["pickle"]),
        ("from marshal import loads", ["marshal"]),
        ("os.system('ls')", ["system"]),
        ("subprocess.run('ls', shell=True)", ["shell"]),
        ("yaml.load(text)", ["yaml.load"]),
        ("yaml.unsafe_load(text)", ["unsafe_load", "yaml.unsafe_load"]),
        ("re.compile('a'); yaml.parse(text); connection.execute(sql)", []),
    ],
)
def test_the_calls_are_seen(code: str, expected: list[str]):
    assert list(forbidden(ast.parse(code))) == expected


LOCKS = ["requirements.lock", "requirements-dev.lock"]
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==([^ ;]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.mark.parametrize("name", LOCKS)
def test_each_dependency_has_hashes(name: str):
    """Nothing else stands there: no index, no address, no path."""
    lines = (ROOT / name).read_text().splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert REQUIREMENT.match(line) or HASH.match(line), line
        # a backslash goes on to a hash
        assert line.endswith("\\") == bool(HASH.match(following)), line


def pinned(name: str) -> dict[str, str]:
    matches = map(REQUIREMENT.match, (ROOT / name).read_text().splitlines())
    return {match[1]: match[2] for match in matches if match}


def test_both_locks_agree():
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()
