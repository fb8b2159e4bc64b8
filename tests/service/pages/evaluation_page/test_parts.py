"""The report of a comparison: complete, safe and deterministic."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from tests.service.browsing import charts_of
from tests.service.pages.evaluation_page.conftest import NASTY

from matinee.data import Catalog, Dataset, Interactions
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.evaluation_page import evaluation_page

LISTS = ["length-precision", "length-recall", "length-ndcg", "long-tail", "genres"]
LARGEST = 7_000_000


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
    assert [each for each in charts if each.startswith("error-")] == [
        "error-bias",
        "error-rmse",
        "error-confusion",
    ]
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
