from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(mirror: Path, film_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with the film table, and the mirror, for this process and its children."""
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "film-table").symlink_to(film_table)
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path))
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    return tmp_path
