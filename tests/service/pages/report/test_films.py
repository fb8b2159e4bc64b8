"""Charts drawn from ranked lists, against values worked by hand or measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.data import Catalog, Film, Histories, Interactions, Vocabulary
from matinee.data.splits import Split
from matinee.display.charts import Chart
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.report.films import genre_chart, length_charts, long_tail_chart
from matinee.service.pages.report.subject import Subject

FILMS = [("Drama",), ("Drama", "War"), ("Comedy",), ()]
"""Rated by 3, 2, 1 and no viewers in training."""


@pytest.fixture
def small(ranked: Comparison) -> Subject:
    """Two viewers and four films; one model lists film 0 and 1 for both, the other 2 and 3."""
    catalog = Catalog.of(
        Film(id=str(row), title=f"Film {row}", genres=genres) for row, genres in enumerate(FILMS)
    )
    viewers = np.array([0, 1, 2, 0, 1, 0], dtype=np.int32)
    train = Interactions(
        users=viewers,
        items=np.array([0, 0, 0, 1, 1, 2], dtype=np.int32),
        values=np.full(6, 4, dtype=np.float32),
        times=np.arange(6, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", "abc"),
        item_ids=catalog.item_ids,
    )
    histories = sp.csr_array(np.array([[4, 4, 0, 0], [0, 0, 5, 0]], dtype=np.float32))
    targets = sp.csr_array(np.array([[0, 0, 3, 0], [2, 0, 0, 0]], dtype=np.float32))
    users = np.array([0, 1], dtype=np.int32)
    test = Split("seed 0", train, users, Histories(histories), targets, histories)
    results = [
        replace(
            result,
            splits=(replace(result.splits[0], users=users, weights=np.ones(2), lists=lists),),
        )
        for result, lists in zip(ranked.results, [listed(0, 1), listed(2, 3)], strict=True)
    ]
    return Subject(replace(ranked, catalog=catalog, tests=(test,), results=tuple(results)))


def listed(*films: int) -> RankedLists:
    items = np.array([films, films], dtype=np.int32)
    hits = np.array([items[0] == 2, items[1] == 0])
    return RankedLists(items, hits, hits.astype(np.float32), np.empty(0, dtype=np.int64))


def lines(chart: Chart) -> list[list[float]]:
    return [trace["y"] for trace in chart.figure["data"]]


def test_the_long_tail_adds_up_from_the_best_known_film_on(small: Subject) -> None:
    chart = long_tail_chart(small)
    assert chart.figure["data"][0]["x"] == [1, 2, 3, 4]
    training, found, first, second = lines(chart)
    assert training == pytest.approx([3 / 6, 5 / 6, 1, 1])
    assert found == pytest.approx([1 / 2, 1 / 2, 1, 1])
    assert first == pytest.approx([1 / 2, 1, 1, 1])
    assert second == pytest.approx([0, 0, 1 / 2, 1])
    assert [row[1] for row in chart.table.rows] == ["1", "1", "1", "3"]  # type: ignore[union-attr]


def test_genres_are_mean_shares_of_viewers(small: Subject) -> None:
    chart = genre_chart(small)
    assert chart is not None
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["Comedy", "Drama", "War"]
    watched, first, second = (trace["x"] for trace in chart.figure["data"])
    assert watched == pytest.approx([0.5, 0.375, 0.125])
    assert first == pytest.approx([0, 0.75, 0.25])
    assert second == pytest.approx([1, 0, 0])
    bare = Catalog.of(Film(id=str(row), title="") for row in range(4))
    assert genre_chart(Subject(replace(small.comparison, catalog=bare))) is None


def test_curves_have_the_measured_value_at_each_length(
    ranked: Comparison, alone: Comparison
) -> None:
    assert list(length_charts(Subject(alone))) == []  # lists of one film
    charts = {chart.id: chart for chart in length_charts(Subject(ranked))}
    assert list(charts) == ["length-precision", "length-recall", "length-ndcg"]
    for name in ("precision", "recall", "ndcg"):
        for result, curve in zip(ranked.results, lines(charts[f"length-{name}"]), strict=True):
            assert len(curve) == 10
            assert curve[4] == pytest.approx(result.means[f"{name}@5"])
            assert curve[9] == pytest.approx(result.means[f"{name}@10"])
