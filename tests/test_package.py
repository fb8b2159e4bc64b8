"""The package as it is shipped and imported."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import matinee

ROOT = Path(__file__).parents[1]
_HEAVY = (
    "torch",
    "plotly",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "numba",
    "sklearn",
    "polars",
    "numpy",
)


def test_import_loads_nothing_heavy() -> None:
    code = f"import sys, matinee; print([name for name in {_HEAVY} if name in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("name", matinee.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(matinee, name).__doc__
    assert name in dir(matinee)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'recommend_me'"):
        _ = matinee.recommend_me


def test_the_wheel_carries_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT],
        check=True,
    )
    (wheel,) = tmp_path.glob("matinee-*.whl")
    listed = subprocess.run(
        ["git", "ls-files", "src/matinee"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wanted = {line.removeprefix("src/") for line in listed.stdout.splitlines()}
    assert wanted
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_no_source_file_is_longer_than_400_lines() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.css", "*.js", "*.html"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    long = [
        name
        for name in listed.stdout.splitlines()
        if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 400
    ]
    assert long == []


@pytest.mark.parametrize("room", ["web", "cli"])
def test_pages_and_commands_do_not_reach_through_the_service_to_the_store(room: str) -> None:
    for path in (ROOT / "src" / "matinee" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"store", "_store"}, f"{path}, line {node.lineno}"
