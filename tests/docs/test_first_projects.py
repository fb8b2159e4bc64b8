"""The scripts in examples/ run and print what the docs show."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.first_projects import EXAMPLES, PAGE, ROOT, output, section


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_prints_what_its_page_shows(
    name: str, mirror: Path, film_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "film-table").symlink_to(film_table)
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path))
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    page = PAGE.read_text(encoding="utf-8")
    assert section(name, output(name)) in page, "run: python docs/first_projects.py"


def test_every_example_is_on_the_page() -> None:
    assert {script.stem for script in (ROOT / "examples").glob("*.py")} == set(EXAMPLES)
