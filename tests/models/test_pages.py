"""Every model has a page, and the page tells the truth about its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee import plugins
from matinee.models import create

PAGES = Path(__file__).parents[2] / "docs" / "models"


@pytest.mark.parametrize("name", plugins.names("models"))
def test_the_page_of_a_model_lists_its_options_with_default_candidates_and_meaning(
    name: str,
) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    config = type(create(name)).Config
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    expected = []
    for option, field in config.model_fields.items():
        candidates = ", ".join(shown(value) for value in config.candidates().get(option, []))
        meaning = " ".join((field.description or "").split())
        expected.append(f"| `{option}` | {shown(field.default)} | {candidates} | {meaning} |")
    assert listed == expected
    for heading in ("Formula", "Paper", "Cost", "When to use it", "Options"):
        assert f"\n## {heading}\n" in page


def shown(value: float | str | None) -> str:
    """Words as they are, numbers as short as they can be."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else f"{value:g}"


def test_there_is_no_page_without_a_model() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(plugins.names("models"))
