"""The generated pages are up to date."""

from __future__ import annotations

import pytest

from docs import reference
from matinee import metrics


@pytest.mark.parametrize("page", ["commands", "settings", "metrics"])
def test_a_generated_page_is_up_to_date(page: str) -> None:
    written = (reference.DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert written == getattr(reference, f"{page}_page")(), "run: make docs"


@pytest.mark.parametrize("name", metrics.names())
def test_every_metric_has_a_section_with_a_value_worked_by_hand(name: str) -> None:
    page = (reference.DOCS / "metrics.md").read_text(encoding="utf-8")
    section = page.partition(f"\n### {name}\n")[2].partition("\n##")[0]
    assert metrics.get(name).definition in section
    assert metrics.get(name).source in section
    assert ("By hand: " in section and ">>> " in section) or "](#" in section
