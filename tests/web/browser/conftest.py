"""Pages with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.web.browser.visiting import visiting


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visiting(browser, address) as page:
        yield page


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def either(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with JavaScript, then one without."""
    with visiting(browser, address, javascript=request.param) as page:
        yield page
