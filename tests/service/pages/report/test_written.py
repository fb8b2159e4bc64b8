from __future__ import annotations

import math

import pytest

from matinee.experiments.statistics.bootstrap import Interval
from matinee.service.pages.report import written


@pytest.mark.parametrize(
    ("metric", "title"),
    [
        ("ndcg@10", "NDCG@10"),
        ("hit-rate@5", "Hit rate@5"),
        ("rmse", "RMSE"),
        ("map-capped@3", "MAP capped@3"),
        ("ndcg@10 of 100 sampled", "NDCG@10 of 100 sampled"),
    ],
)
def test_metrics_have_titles(metric: str, title: str) -> None:
    assert written.title(metric) == title


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0%"), (0.001, "<1%"), (0.42, "42%"), (0.999, ">99%"), (1, "100%"), (math.nan, "–")],  # noqa: RUF001
)
def test_a_share_that_is_not_quite_none_or_all_is_not_rounded_to_it(part: float, said: str) -> None:
    assert written.share(part) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0024, "2.4 ms"),
        (0.18, "0.18 s"),
        (119.0, "119 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_times_are_in_the_unit_that_suits_them(seconds: float, said: str) -> None:
    assert written.duration(seconds) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 B"), (999, "999 B"), (12_345_678, "12.3 MB"), (2e9, "2 GB"), (None, "–")],  # noqa: RUF001
)
def test_sizes_are_in_the_unit_that_suits_them(n: float | None, said: str) -> None:
    assert written.size(n) == said


def test_differences_have_the_sign_of_print_and_stay_on_one_line() -> None:
    assert written.signed(-0.01234) == "\u22120.0123"
    assert written.bounds(Interval(-0.5, 0.25), sign=True) == "[\u22120.5000,\u00a0+0.2500]"
    assert written.bounded(0.5, None) == "0.5000"


def test_names_are_listed_as_in_a_sentence() -> None:
    assert written.listed(["a"]) == "a"
    assert written.listed(["a", "b", "c"]) == "a, b and c"
    assert written.count(1, "split") == "1 split"
    assert written.count(1200, "split") == "1,200 splits"


def test_a_small_p_is_not_nought() -> None:
    assert written.p_value(0.0004) == "< 0.001"
    assert written.p_value(0.0126) == "0.013"
