"""A wheel has all files that the packages need."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = configparser.ConfigParser()
SETTINGS.read(ROOT / "setup.cfg")


@pytest.mark.parametrize("package", ["api", "models", "seeds"])
def test_a_wheel_has_the_files_of_a_package(package: str):
    folder = ROOT / package
    packed = {
        path
        for name, patterns in SETTINGS["options.package_data"].items()
        for pattern in patterns.replace(",", "\n").split()
        for path in ROOT.joinpath(*name.split(".")).glob(pattern)
    }
    files = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    modules = {path for path in files if path.suffix == ".py" and is_package(path.parent)}
    assert files - modules - packed == set()


def is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()
