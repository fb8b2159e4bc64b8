"""The scripts in examples/ run and print what the docs show."""

from __future__ import annotations

import pytest
from docs.first_projects import EXAMPLES, PAGE, ROOT, output, section


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.usefixtures("home")
def test_an_example_prints_the_output_on_its_page(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert section(name, output(name)) in page, "run: python docs/first_projects.py"


def test_every_example_is_on_the_page() -> None:
    assert {script.stem for script in (ROOT / "examples").glob("*.py")} == set(EXAMPLES)
