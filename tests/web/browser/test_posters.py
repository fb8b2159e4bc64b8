"""The lettering of posters."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser
from tests.web.browser.visiting import visiting
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
