from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser
from tests.service.browsing import charts_of, check_layout, opened, until

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.profiles.profile import profile
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
    assert charts_of(page) == CHARTS
    for heading in ("Counts", "Long tail", "Films that may be one", "Viewers", "Licence"):
        assert f"<h2>{heading}</h2>" in page


def test_data_without_ratings_or_films_has_the_charts_it_can_have(planted_catalog: Catalog) -> None:
    films_alone = profile_page(profile(bare(planted_catalog)))
    assert charts_of(films_alone) == ["missing"]
    nothing = profile_page(profile(bare(Catalog.of([]))))
    assert "<figure" not in nothing


@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_draws_every_chart_offline_and_nothing_overflows(
    page: str, browser: Browser, tmp_path: Path, width: int
) -> None:
    with opened(browser, tmp_path / "profile.html", page, width) as drawn:
        until(drawn, "document.querySelectorAll('.js-plotly-plot .trace').length === 6")
        assert drawn.locator(".bars .point").count() > 10
        check_layout(drawn, width)


def test_charts_fit_a_printed_page(page: str, browser: Browser, tmp_path: Path) -> None:
    width = "document.querySelector('#chart-missing .main-svg').getBoundingClientRect().width"
    with opened(browser, tmp_path / "profile.html", page, 1600) as drawn:
        before = drawn.evaluate(width)
        drawn.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert drawn.evaluate(width) == 620
        drawn.evaluate("dispatchEvent(new Event('afterprint'))")
        until(drawn, f"{width} === {before}")
