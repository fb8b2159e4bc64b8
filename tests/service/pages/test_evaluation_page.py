"""The report of a comparison: complete, safe, deterministic, and readable in a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser
from tests.service.browsing import charts_of, check_layout, opened, until

from matinee.data import Catalog, Dataset, Interactions
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.evaluation_page import evaluation_page

NASTY = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
LISTS = ["length-precision", "length-recall", "length-ndcg", "long-tail", "genres"]
LARGEST = 7_000_000


@pytest.fixture(scope="module")
def pages(ranked: Comparison, predicted: Comparison, alone: Comparison) -> dict[str, str]:
    """A page for each kind of comparison."""
    return {
        "ranked": evaluation_page(ranked),
        "predicted": evaluation_page(predicted),
        "alone": evaluation_page(alone),
    }


@pytest.fixture(scope="module")
def attacked(planted: Interactions, planted_catalog: Catalog) -> str:
    """The page of data whose every text is an attack."""
    films = [
        replace(film, title=f"{NASTY} {film.id}", genres=(NASTY, film.genres[0]))
        for film in planted_catalog.films()
    ]
    viewers = pl.DataFrame(
        {"user_id": planted.user_ids.ids, NASTY: [NASTY, "else"] * (planted.n_users // 2)}
    )
    data = Dataset(NASTY, planted, Catalog.of(films), NASTY, demographics=viewers)
    return evaluation_page(evaluate(["popular", "ease"], data, "random", defaults=True))


def test_a_page_has_every_part(pages: dict[str, str]) -> None:
    page = pages["ranked"]
    charts = charts_of(page)
    assert charts[:2] == ["intervals", "per-viewer"]
    assert set(LISTS) < set(charts)
    assert "groups-activity" in charts
    assert "trade-off-coverage" in charts
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert headings[0] == "Models"
    assert headings[-2:] == ["Where models differ most", "Record"]
    assert page.count("<ol><li>") == 5 * 2
    assert "Tried on validation: together (6)" in page
    assert len(page) < LARGEST


def test_a_report_on_predictions_names_what_it_lacks(pages: dict[str, str]) -> None:
    charts = charts_of(pages["predicted"])
    assert charts[:2] == ["intervals", "per-viewer"]
    assert not set(LISTS) & set(charts)
    assert "Explained variance" in pages["predicted"]
    assert "this comparison predicts ratings and makes no lists" in pages["predicted"]


def test_a_report_on_one_model_names_what_it_lacks(pages: dict[str, str]) -> None:
    assert "Longer lists: the lists have only one film." in pages["alone"]
    assert "there is only one model" in pages["alone"]
    assert not [chart for chart in charts_of(pages["alone"]) if "trade-off" in chart]


def test_every_chart_has_words_and_a_drawing_of_its_own(pages: dict[str, str]) -> None:
    for page in pages.values():
        for name in charts_of(page):
            for part in (f"title-{name}", f"caption-{name}", f"chart-{name}"):
                assert page.count(f' id="{part}"') == 1
            assert f'aria-labelledby="title-{name}" aria-describedby="caption-{name}"' in page
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        targets = re.findall(r'href="#([^"]+)"', page)
        assert targets
        assert set(targets) <= set(ids)


def test_drawings_are_json_without_a_number_that_is_none(pages: dict[str, str]) -> None:
    drawings = re.findall(r'<script type="application/json">(.*?)</script>', pages["ranked"])
    assert len(drawings) == len(charts_of(pages["ranked"]))
    for drawing in drawings:
        assert json.loads(drawing)["data"]
        assert "NaN" not in drawing


def test_the_same_comparison_gives_the_same_page(pages: dict[str, str], ranked: Comparison) -> None:
    assert evaluation_page(ranked) == pages["ranked"]


def test_every_text_of_the_data_is_escaped(attacked: str) -> None:
    assert NASTY not in attacked
    assert "<img src=x" not in attacked
    assert attacked.count("&lt;img src=x") > 20


def test_films_without_genres_have_no_chart_of_them(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    films = Catalog.of(replace(film, genres=()) for film in planted_catalog.films())
    data = Dataset("bare", planted, films, "ours")
    page = evaluation_page(evaluate(["popular"], data, "random", defaults=True))
    assert "genres" not in charts_of(page)
    assert "Genres: no film has a known genre." in page


@pytest.mark.parametrize("kind", ["ranked", "predicted", "alone"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_draws_every_chart_offline_and_nothing_overflows(
    pages: dict[str, str], browser: Browser, tmp_path: Path, kind: str, width: int
) -> None:
    with opened(browser, tmp_path / "report.html", pages[kind], width) as page:
        check_layout(page, width)


def test_an_attack_is_shown_as_text(attacked: str, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "report.html", attacked, 360) as page:
        assert page.title() != "owned"
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_injected_script_does_not_run(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    changed = pages["alone"].replace("<h1>", "<h1><script>document.title = 'owned'</script>")
    (tmp_path / "report.html").write_text(changed, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_selector(".chart .main-svg")
    assert page.title() != "owned"
    page.close()


def test_colours_follow_the_scheme_and_print_is_light(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    ink = "getComputedStyle(document.querySelector('#chart-intervals .xtick text')).fill"
    with opened(browser, tmp_path / "report.html", pages["alone"], scheme="dark") as page:
        assert page.evaluate(ink) == "rgb(246, 234, 214)"
        page.emulate_media(color_scheme="light")
        until(page, f"{ink} === 'rgb(42, 22, 24)'")
        page.emulate_media(color_scheme="dark")
        until(page, f"{ink} === 'rgb(246, 234, 214)'")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(ink) == "rgb(42, 22, 24)"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(ink) == "rgb(246, 234, 214)"


def test_print_fits_charts_and_opens_examples(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "report.html", pages["ranked"], 1600) as page:
        widths = """[...document.querySelectorAll(".chart svg.main-svg:first-of-type")].map(
            (each) => each.getBoundingClientRect().width)"""
        closed = page.locator("details.printed:not([open])").count()
        assert closed == 4
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert set(page.evaluate(widths)) == {620}
        assert page.locator("details.printed:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details.printed:not([open])").count() == closed
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_without_javascript_the_numbers_are_there(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    with opened(browser, file, pages["ranked"], 360, javascript=False) as page:
        assert page.locator("noscript p").is_visible()
        assert page.locator("#chart-genres").is_hidden()
        page.locator("#genres summary").click()
        assert page.locator("#genres table").is_visible()
        assert page.locator("#genres table").inner_text().count("%") == 2 * 3


def test_the_keyboard_reaches_tables_that_scroll_and_opens_what_is_folded(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "report.html", pages["ranked"], 360) as page:
        table = page.get_by_role("region", name="Models by other measures")
        table.focus()
        page.keyboard.press("ArrowRight")
        until(page, "document.activeElement.scrollLeft > 0")
        page.locator("#genres summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("#genres table").is_visible()
