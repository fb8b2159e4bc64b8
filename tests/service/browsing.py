"""Report pages in a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

_PATIENCE = 10.0
"""Seconds."""


def until(page: Page, expression: str) -> None:
    """Waits for an expression; the policy of the pages forbids Playwright's own way."""
    end = time.monotonic() + _PATIENCE
    while not page.evaluate(expression):
        if time.monotonic() > end:
            pytest.fail(f"never came true: {expression}")
        page.wait_for_timeout(20)


def charts_of(page: str) -> list[str]:
    """Ids of the charts of a page."""
    return re.findall(r'<figure class="[^"]+" id="([^"]+)"', page)


@contextmanager
def opened(
    browser: Browser,
    file: Path,
    html: str,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    *,
    javascript: bool = True,
) -> Iterator[Page]:
    """A page that must draw every chart, log nothing and request no other address."""
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=javascript,
    )
    page = context.new_page()
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    if javascript:
        drawn = "document.querySelectorAll('.chart .main-svg').length >= %d"
        until(page, drawn % len(charts_of(html)))
    yield page
    assert messages == []
    assert requests == [file.as_uri()]
    context.close()


def check_layout(page: Page, width: int) -> None:
    """Checks that nothing is wider than the page or than its card."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    until(
        page,
        """[...document.querySelectorAll("figure")].every((card) =>
        card.querySelector("svg.main-svg").getBoundingClientRect().right
            <= card.getBoundingClientRect().right + 1)""",
    )
    assert page.title().endswith("matinee")
