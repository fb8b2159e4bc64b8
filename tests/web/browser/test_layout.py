"""Pages on a narrow screen, stars of every scale, and the lettering of posters."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.web.browser.visiting import PHONE, rate, visiting
from tests.web.conftest import SECRET, Serve
from tests.web.sites import site_of

from matinee.data import Film
from matinee.web.app import create_app

TITLES = ["Dumbo", "Lawrence of Arabia", "True Romance", "Underground", "The Women", "MMMWWW"]
TITLES += ["Supercalifragilisticexpialidocious", "Spider-Man", "Face/Off", "Woman of Mammoths"]
TITLES += [f"{'Very long ' * 9}title: the return of the longest title there ever was", "七人の侍"]
GENRES = ["Western", "Documentary", "Animation", "Horror", "Sci-Fi", "Drama", "Crime"]

BROKEN_WORDS = """() => [...document.querySelectorAll(".poster .name")].flatMap((name) => {
  const node = name.firstChild;
  const box = name.getBoundingClientRect();
  return [...node.data.matchAll(/[\\w\\/]+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
    return lines.size > 1 || range.getBoundingClientRect().right > box.right + 1;
  }).map((word) => word[0]).concat(name.scrollHeight > name.clientHeight + 2 ? node.data : []);
})"""
"""Words on posters that are on two lines or cut off, and titles that are cut off."""


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


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


def test_no_poster_breaks_a_word(browser: Browser, serve: Serve, tmp_path: Path) -> None:
    films = [
        Film(f"{genre}-{n}", title, 1999, 99, (genre,), "PG-13")
        for genre in GENRES
        for n, title in enumerate(TITLES)
    ]
    with (
        site_of(tmp_path, films) as site,
        visiting(browser, serve(create_app(site, secret=SECRET))) as page,
    ):
        for title in TITLES:
            page.goto(f"/search?q={title[:90]}")
            assert page.locator(".poster").count() >= len(GENRES)
            assert page.evaluate(BROKEN_WORDS) == []


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
