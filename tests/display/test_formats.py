from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from matinee.display import formats
from matinee.experiments.statistics.bootstrap import Interval


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (formats.title, "ndcg@10", "NDCG@10"),
        (formats.title, "hit-rate@5", "Hit rate@5"),
        (formats.title, "rmse", "RMSE"),
        (formats.title, "map-capped@3", "MAP capped@3"),
        (formats.title, "ndcg@10 of 100 sampled", "NDCG@10 of 100 sampled"),
        # only none is "0%" and only all is "100%"
        (formats.share, 0, "0%"),
        (formats.share, 0.001, "<1%"),
        (formats.share, 0.42, "42%"),
        (formats.share, 0.999, ">99%"),
        (formats.share, 1, "100%"),
        (formats.share, math.nan, "\u2013"),
        (formats.duration, 0.0024, "2.4 ms"),
        (formats.duration, 0.18, "0.18 s"),
        (formats.duration, 119.0, "119 s"),
        (formats.duration, 200, "3 min 20 s"),
        (formats.duration, 7500, "2 h 5 min"),
        (formats.size, 0, "0 B"),
        (formats.size, 999, "999 B"),
        (formats.size, None, "\u2013"),
        (formats.size, 12_345_678, "12.3 MB"),
        (formats.size, 2e9, "2 GB"),
        (formats.p_value, 0.0004, "< 0.001"),
        (formats.p_value, 0.0126, "0.013"),
        (formats.listed, ["a"], "a"),
        (formats.listed, ["a", "b", "c"], "a, b and c"),
    ],
)
def test_values_as_text(write: Callable[[Any], str], value: object, text: str) -> None:
    assert write(value) == text


def test_differences_have_signs_and_do_not_wrap() -> None:
    assert formats.signed(-0.01234) == "\u22120.0123"
    assert formats.bounds(Interval(-0.5, 0.25), sign=True) == "[\u22120.5000,\u00a0+0.2500]"
    assert formats.bounded(0.5, None) == "0.5000"


def test_nouns_follow_their_number() -> None:
    assert formats.count(1, "split") == "1 split"
    assert formats.count(1200, "split") == "1,200 splits"
