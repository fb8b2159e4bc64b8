from __future__ import annotations

import math

import pytest

from matinee.experiments.statistics.bootstrap import Interval
from matinee.service.pages.report import formats


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
    assert formats.title(metric) == title


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0%"), (0.001, "<1%"), (0.42, "42%"), (0.999, ">99%"), (1, "100%"), (math.nan, "–")],  # noqa: RUF001
)
def test_only_none_and_all_are_0_and_100_per_cent(part: float, said: str) -> None:
    assert formats.share(part) == said


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
def test_times_have_suitable_units(seconds: float, said: str) -> None:
    assert formats.duration(seconds) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 B"), (999, "999 B"), (12_345_678, "12.3 MB"), (2e9, "2 GB"), (None, "–")],  # noqa: RUF001
)
def test_sizes_have_suitable_units(n: float | None, said: str) -> None:
    assert formats.size(n) == said


def test_differences_have_signs_and_do_not_wrap() -> None:
    assert formats.signed(-0.01234) == "\u22120.0123"
    assert formats.bounds(Interval(-0.5, 0.25), sign=True) == "[\u22120.5000,\u00a0+0.2500]"
    assert formats.bounded(0.5, None) == "0.5000"


def test_names_are_listed_in_a_sentence() -> None:
    assert formats.listed(["a"]) == "a"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"
    assert formats.count(1, "split") == "1 split"
    assert formats.count(1200, "split") == "1,200 splits"


def test_a_small_p_is_not_zero() -> None:
    assert formats.p_value(0.0004) == "< 0.001"
    assert formats.p_value(0.0126) == "0.013"
