"""The house: the arrows between packages and folders, names, and the sizes of modules."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# from the ground up: a layer imports the layers before it, and itself
LAYERS = {
    "models": (
        ("models.values", "models.cache", "models.database.row_page"),
        ("models.database",),
        # the tables: all modules in models/ itself that no other layer names
        ("models",),
        ("models.queries",),
        ("models.documents",),
        ("models.search", "models.records", "models.networks", "models.opening"),
    ),
    "api": (
        ("api.config", "api.formats", "api.pages"),
        ("api.http",),
        ("api.query",),
        ("api.openapi",),
        ("api.v1",),
        ("api.app",),
        ("api.server",),
        ("api", "api.cli"),
    ),
    "seeds": (("seeds",),),
}  # fmt: skip
# packages that the modules of a package must not import
FORBIDDEN = {
    "models": {"flask", "flask_smorest", "marshmallow", "webargs", "werkzeug", "api", "seeds"},
    "seeds": {"flask", "flask_smorest", "webargs", "werkzeug", "api"},
    "api": {"seeds"},
}
# the modules of the command line
EXCEPTIONS = {
    (f"api/{module}.py", "seeds")
    for module in ("cli", "draft_commands", "import_commands", "terminal")
}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_of(path): path
    for package in FORBIDDEN
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imports(path: Path, tree: ast.AST | None = None) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(tree or ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: import by the full name"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else str(node.module)
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            argument = node.args[0]
            if called in ("import_module", "__import__") and isinstance(argument, ast.Constant):
                yield str(argument.value)


def imports_at_start(path: Path) -> Iterator[str]:
    """The modules that a file imports when it is itself imported."""
    tree = ast.parse(path.read_text())
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return imports(path, ast.Module(kept, []))


def layer_of(module: str) -> int:
    """The floor of a module: the longest name in LAYERS that begins its name decides."""
    layers = LAYERS[module.partition(".")[0]]
    fitting = [
        (len(name), floor)
        for floor, names in enumerate(layers)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]  # fmt: skip
    assert fitting, f"{module} has no layer: add it to LAYERS in {Path(__file__).name}"
    return max(fitting)[1]


@pytest.mark.parametrize("module", MODULES)
def test_packages_import_only_what_they_may(module: str):
    path = MODULES[module]
    packages = {imported.partition(".")[0] for imported in imports(path)}
    wrong = FORBIDDEN[module.partition(".")[0]] & packages
    file = path.relative_to(ROOT).as_posix()
    assert {name for name in wrong if (file, name) not in EXCEPTIONS} == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_no_higher_layer(module: str):
    own = [name for name in imports(MODULES[module]) if name in MODULES]
    package = module.partition(".")[0]
    higher = {
        name
        for name in own
        if name.partition(".")[0] == package and layer_of(name) > layer_of(module)
    }
    assert higher == set()


def test_imports_have_no_circles():
    graph = {
        module: {name for name in imports_at_start(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }
    done: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> None:
        assert module not in path, f"a circle of imports: {' → '.join([*path, module])}"
        if module in done:
            return
        path.append(module)
        for imported in sorted(graph[module]):
            visit(imported)
        path.pop()
        done.add(module)

    for module in graph:
        visit(module)


def test_the_imports_are_found():
    assert {module.partition(".")[0] for module in MODULES} == set(FORBIDDEN)
    assert "seeds" in {name.partition(".")[0] for name in imports(ROOT / "api/cli.py")}
    assert "models.cache" in set(imports(ROOT / "api/v1/lists.py"))


def test_nothing_imports_the_tests():
    for path in MODULES.values():
        assert not {"tests", "pytest"} & {name.partition(".")[0] for name in imports(path)}


MAX_MODULE_LINES = 400
MAX_TEST_LINES = 700
# names that two modules define, each with a reason
SHARED_NAMES: dict[str, str] = {}


def test_a_name_is_defined_in_one_module():
    """One word stands for one idea: functions and classes, at the top of modules."""
    modules_of: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                modules_of.setdefault(node.name, []).append(module)
    repeated = {name: modules for name, modules in modules_of.items() if len(modules) > 1}
    assert {
        name: modules for name, modules in repeated.items() if name not in SHARED_NAMES
    } == {}, f"rename them, or give a reason in SHARED_NAMES in {Path(__file__).name}"


def too_long(paths: Iterable[Path], most: int) -> dict[str, int]:
    lines = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in paths}
    return {name: count for name, count in lines.items() if count > most}


def test_modules_are_short():
    tools = [path for folder in ("bench", "torture") for path in (ROOT / folder).rglob("*.py")]
    modules = [*MODULES.values(), *tools]
    assert too_long(modules, MAX_MODULE_LINES) == {}, "split them by thought"
    tests = (ROOT / "tests").rglob("*.py")
    assert too_long(tests, MAX_TEST_LINES) == {}, "split them by what they test"
