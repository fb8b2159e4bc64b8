"""Stars of every scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.web.browser.visiting import PHONE, visiting, width_of
from tests.web.conftest import SECRET, Serve
from tests.web.sites import site_of

from matinee.data import Film
from matinee.web.app import create_app


@pytest.mark.parametrize("scale", [(0.5, 5.0), (-1.0, 1.0), (0.0, 100.0), (-10.0, 10.0)])
def test_stars_of_every_scale_fit_a_phone_and_a_finger(
    browser: Browser, serve: Serve, tmp_path: Path, scale: tuple[float, float]
) -> None:
    films = [Film(str(n), f"Film {n}", 1990, genres=(f"Genre {n}",)) for n in range(40)]
    with site_of(tmp_path, films, scale) as site:
        address = serve(create_app(site, secret=SECRET))
        with visiting(browser, address, viewport=PHONE) as page:
            page.goto("/films/3")
            page.locator("#verdict-box .stars button").last.click()
            page.locator("#verdict-box .said").get_by_text("You ").wait_for()
            for path in ("/films/3", "/", "/you", "/search?q=film"):
                page.goto(path)
                assert width_of(page) == PHONE["width"], path
                for button in page.locator(".stars button").all()[:22]:
                    box = button.bounding_box()
                    assert box is not None
                    assert min(box["width"], box["height"]) >= 24, path
