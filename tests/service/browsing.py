"""Waiting in a browser for what a strict page becomes: its policy forbids Playwright's own way."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page

_PATIENCE = 10.0
"""Seconds."""


def until(page: Page, expression: str) -> None:
    """Looks again and again; fails where the expression does not become true."""
    end = time.monotonic() + _PATIENCE
    while not page.evaluate(expression):
        if time.monotonic() > end:
            pytest.fail(f"never came true: {expression}")
        page.wait_for_timeout(20)
