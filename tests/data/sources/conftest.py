"""The small files of each source, for tests that change them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the files of the source that the test file is named after."""
    name = request.path.stem.removeprefix("test_").replace("_", "-")
    return shutil.copytree(Path(__file__).parent / "fixtures" / name, tmp_path / name)
