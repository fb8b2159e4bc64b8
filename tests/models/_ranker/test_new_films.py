"""Films without ratings stand beside rated films that were liked as often."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from matinee.models._ranker.new_films import level_of_unrated, place_of_unrated
from matinee.models._ranker.softmax import Sample, Weights

_INF = float("inf")


def _cut(liked: list[int], unrated: int, unrated_targets: int, allowed: list[float]) -> Any:
    """A cut with one user, and films that the weights rank in the order of their rows."""
    n = len(allowed)
    targets = np.zeros((1, n), dtype=np.float32)
    targets[0, liked] = 1 / len(liked)
    known = Sample(
        common=-np.arange(n, dtype=np.float32)[:, None],
        context=np.zeros((1, 1), dtype=np.float32),
        scaled=np.zeros((n, 1), dtype=np.float32),
        personal=np.zeros((1, 1, n), dtype=np.float32),
        allowed=np.array([allowed], dtype=np.float32),
        targets=targets,
        users=np.ones(1, dtype=np.float32),
    )
    return SimpleNamespace(known=known, unrated=unrated, unrated_targets=unrated_targets)


_WEIGHTS = Weights(np.ones(1), np.zeros(1), np.zeros(1))


@pytest.mark.parametrize(
    ("unrated_targets", "place"),
    # of places 1, 2-3, 4-7 and 8: 1, 1/2, 1/4 and 0 were liked, of ten new films this many
    [(10, 1), (6, 2), (5, 2), (3, 4), (2, 8), (1, 8), (0, 2**20)],
)
def test_the_place_is_the_first_one_that_is_not_liked_more_often(
    unrated_targets: int, place: int
) -> None:
    cut = _cut([0, 1, 4], 10, unrated_targets, [0] * 8)
    assert place_of_unrated([cut], _WEIGHTS) == place


def test_a_drawn_film_counts_for_those_it_stands_for_and_a_seen_one_not() -> None:
    # the seen film has no place; that with weight 4 has places 2 to 5, and is not liked
    cut = _cut([1], 10, 5, [-_INF, 0, float(np.log(4)), 0])
    assert place_of_unrated([cut], _WEIGHTS) == 2
    without = _cut([1, 2, 3], 10, 1, [-_INF, 0, float(np.log(4)), 0])
    assert place_of_unrated([without], _WEIGHTS) == 2**20


def test_without_cuts_new_films_come_last() -> None:
    assert place_of_unrated([], _WEIGHTS) == 2**20


def test_the_level_puts_the_mean_of_new_films_at_a_place_on_average() -> None:
    rated = np.array([1, 1, 1, 0, 0], dtype=np.float32)
    scores = np.array([[5, 3, 1, 0, 2], [-_INF, 8, 4, 4, 2]], dtype=np.float32)
    # at place 2 are 3 and 4, and new films have 1 and 3
    assert level_of_unrated(scores, rated, 2) == pytest.approx((3 - 1 + 4 - 3) / 2)
    # at the last one are 1 and 4
    assert level_of_unrated(scores, rated, 2**20) == pytest.approx((1 - 1 + 4 - 3) / 2)
