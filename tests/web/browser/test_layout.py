"""Pages on a narrow screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.web.browser.visiting import PHONE, rate, visiting, width_of


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, scheme: str) -> None:
    with visiting(browser, address, viewport=PHONE, complaints=2) as page:  # two are refused
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        rate(page, "103", 5)
        paths = ["/", "/films/103", "/films/x%2F1%20%3F", "/search?q=comedy", "/you"]
        paths += ["/?query=genre:horror%20under:90", f"/?with={'w' * 100}&under=90&kids=1"]
        paths += [f"/?query=-genre:horror%20language:{'w' * 100}", "/films/125?but=shorter"]
        for path in [*paths, "/as/planted/1", "/about", f"/search?q={'w' * 100}"]:
            page.goto(path)
            assert width_of(page) == PHONE["width"], path
