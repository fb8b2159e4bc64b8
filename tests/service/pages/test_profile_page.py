from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser
from tests.service.browsing import until

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.profiles.profile import profile
from matinee.errors import FailureError
from matinee.service.pages.profile_page import profile_page

NASTY = "</script><script>document.title='owned'</script>"
CHARTS = ["ratings", "long-tail", "activity", "per-viewer", "missing"]


@pytest.fixture(scope="module")
def page(planted: Interactions, planted_catalog: Catalog) -> str:
    """The page of a data set whose every text is an attack."""
    viewers = pl.DataFrame({"user_id": planted.user_ids.ids, NASTY: [NASTY] * planted.n_users})
    films = [replace(planted_catalog.film(0), title=NASTY), *planted_catalog.films()[1:]]
    films[1] = replace(films[1], title=NASTY, year=films[0].year)
    data = Dataset(NASTY, planted, Catalog.of(films), NASTY, demographics=viewers, notes=(NASTY,))
    return profile_page(profile(data))


def bare(catalog: Catalog) -> Dataset:
    return Dataset("bare", Interactions.empty(catalog.item_ids), catalog, "Free.")


def test_every_text_of_the_data_is_escaped(page: str) -> None:
    assert NASTY not in page
    assert page.count("&lt;/script&gt;&lt;script&gt;") >= 6


def test_a_page_names_what_is_shown_and_every_section(page: str) -> None:
    assert re.findall(r'<figure class="[^"]+" id="([^"]+)"', page) == CHARTS
    for heading in ("Counts", "Long tail", "Films that may be one", "Viewers", "Licence"):
        assert f"<h2>{heading}</h2>" in page


def test_data_without_ratings_or_films_has_the_charts_it_can_have(planted_catalog: Catalog) -> None:
    films_alone = profile_page(profile(bare(planted_catalog)))
    assert re.findall(r'<figure class="[^"]+" id="([^"]+)"', films_alone) == ["missing"]
    nothing = profile_page(profile(bare(Catalog.of([]))))
    assert "<figure" not in nothing


def test_without_plotly_the_error_names_the_extra(
    planted_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)  # what an import finds when it is missing
    monkeypatch.setitem(sys.modules, "plotly.io", None)
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(FailureError, match=re.escape("pip install 'matinee[report]'")):
        profile_page(profile(bare(planted_catalog)))


@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_draws_every_chart_offline_and_nothing_overflows(
    page: str, browser: Browser, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "profile.html"
    file.write_text(page, encoding="utf-8")
    asked: list[str] = []
    wrong: list[str] = []
    opened = browser.new_page(viewport={"width": width, "height": 800})
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(file.as_uri())
    until(opened, "document.querySelectorAll('.js-plotly-plot .trace').length === 6")
    assert wrong == []
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert opened.title().endswith("matinee")
    assert opened.locator(".bars .point").count() > 10
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    # No drawing lies over its neighbour.
    inside = """() => [...document.querySelectorAll("figure")].every((card) =>
        card.querySelector("svg").getBoundingClientRect().right
            <= card.getBoundingClientRect().right + 1)"""
    until(opened, inside)
    opened.close()


def test_charts_fit_a_printed_page(page: str, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "profile.html"
    file.write_text(page, encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1600, "height": 800})
    opened.goto(file.as_uri())
    opened.wait_for_selector("#chart-missing .main-svg")
    width = "document.querySelector('#chart-missing .main-svg').getBoundingClientRect().width"
    before = opened.evaluate(width)
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.evaluate(width) == 620
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    until(opened, f"{width} === {before}")
    opened.close()
