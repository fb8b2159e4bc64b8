"""Every chart of a report is drawn, without a network, at every width."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.service.browsing import check_layout, opened


@pytest.mark.parametrize(
    ("kind", "width"), [("ranked", 360), ("ranked", 1280), ("predicted", 360), ("alone", 1280)]
)
def test_a_browser_draws_every_chart_offline_and_nothing_overflows(
    pages: dict[str, str], browser: Browser, tmp_path: Path, kind: str, width: int
) -> None:
    with opened(browser, tmp_path / "report.html", pages[kind], width) as page:
        check_layout(page, width)
