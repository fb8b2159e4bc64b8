"""Weights of ratings by value and by age, against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit, History

from matinee.data import Histories, Interactions, Query
from matinee.models import Config, LikesConfig, Weighting
from matinee.models._shared.weighting import rating_weights, weighted

WITH_DECAY = ("ease", "dlae", "dlae-content", "ease-sparse", "item-knn", "user-knn")
DAY = 86_400
SCALE = np.array([1, 5], dtype=np.float32)


def histories_of(rows: list[list[int]]) -> Histories:
    """Ratings of 5 at these times."""
    times = np.array([time for row in rows for time in row], dtype=np.int64)
    items = np.concatenate([np.arange(len(row), dtype=np.int32) for row in rows])
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    values = np.full(len(times), 5, dtype=np.float32)
    return Histories(sp.csr_array((values, items, starts), shape=(len(rows), 9)), times)


def decayed(times: list[int], **options: float) -> list[float]:
    return rating_weights(Weighting.model_validate(options), histories_of([times]), SCALE).tolist()


def test_a_rating_has_half_its_weight_after_a_half_life() -> None:
    now = 1_000_000_000
    times = [now - 20 * DAY, now, now - 10 * DAY]
    assert decayed(times, half_life=10) == pytest.approx([0.25, 1, 0.5])
    assert decayed(times, half_life_items=1) == pytest.approx([0.25, 1, 0.5])
    assert decayed(times, half_life=10, half_life_items=2) == pytest.approx([0.125, 1, 0.5**1.5])


def test_equal_times_have_equal_weights_and_unknown_ones_are_the_oldest() -> None:
    assert decayed([DAY, DAY, 2 * DAY], half_life_items=1) == pytest.approx([0.5, 0.5, 1])
    assert decayed([0, DAY, 2 * DAY], half_life=1) == pytest.approx([0.5, 0.5, 1])
    assert decayed([0, 0, 2 * DAY], half_life_items=1) == pytest.approx([0.5, 0.5, 1])


def test_nothing_decays_without_times_or_options() -> None:
    assert decayed([0, 0], half_life=1, half_life_items=1) == [1, 1]
    assert decayed([1, 2]) == [1, 1]
    assert decayed([], half_life=1) == []


def test_negligible_weights_are_zero() -> None:
    assert decayed([1, 1 + 100 * DAY], half_life=1) == [0, 1]


@given(
    st.lists(st.lists(st.sampled_from([0, 5, 7, 9, 9 + DAY]), max_size=6), min_size=1, max_size=5)
)
def test_weights_of_a_history_do_not_depend_on_others(rows: list[list[int]]) -> None:
    config = Weighting(half_life=1, half_life_items=2)
    together = rating_weights(config, histories_of(rows), SCALE)
    alone = [rating_weights(config, histories_of([row]), SCALE) for row in rows]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=1e-6)


@pytest.mark.parametrize(
    ("config", "weights"),
    [
        (Config(), [1, 1, 1, 1, 1]),
        (LikesConfig(min_rating=3), [0, 1, 1, 0, 1]),
        (Weighting(lowest_weight=0.5), [0.5, 0.75, 1, 0.5, 1]),  # the last two are off the scale
        (Weighting(lowest_weight=-1, min_rating=3), [0, 0, 1, 0, 1]),
    ],
)
def test_weights_grow_with_the_rating(config: Config, weights: list[float]) -> None:
    values = np.array([1, 3, 5, 0, 9], dtype=np.float32)
    histories = Histories(sp.csr_array((values, np.arange(5), [0, 5]), shape=(1, 5)))
    np.testing.assert_allclose(rating_weights(config, histories, SCALE), weights)
    flat = rating_weights(config, histories, np.array([4, 4], dtype=np.float32))
    assert set(flat.tolist()) <= {0, 1}


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 8)),
        elements=st.sampled_from([0, 0.5, 1, 2.5, 4, 5]),
    ),
    st.sampled_from([0, 0.5, 2.5, 3, 4, 6]),
)
def test_ratings_without_weight_are_dropped(stars: NDArray[np.float32], least: float) -> None:
    ratings = sp.csr_array(stars)
    likes = weighted(ratings, (ratings.data >= least).astype(np.float32))
    np.testing.assert_array_equal(likes.toarray(), (stars > 0) & (stars >= least))
    assert likes.dtype == np.float32
    assert likes.nnz == np.count_nonzero(likes.toarray())
    assert likes.has_sorted_indices
    np.testing.assert_array_equal(ratings.toarray(), stars)


@pytest.mark.parametrize("name", WITH_DECAY)
def test_answers_follow_the_latest_ratings(
    name: str, fit: Fit, planted: Interactions, contributions: Contributions
) -> None:
    model = fit(name, planted, {"half_life_items": 2})
    items = np.array([1, 2, 3, 4, 21, 22, 23], dtype=np.int32)
    values = np.array([5, 4, 5, 2, 5, 4, 5], dtype=np.float32)
    horrors_last, comedies_last = (
        Query(items=items, values=values, times=times * DAY + 1)
        for times in (np.arange(7), np.arange(7)[::-1])
    )

    def lean(query: Query) -> float:
        scores = model.score(query)
        return float(scores[25:].mean() - scores[5:20].mean())

    assert lean(horrors_last) > 0 > lean(comedies_last)
    together = Histories.stacked([Histories.of(each, 40) for each in (horrors_last, comedies_last)])
    alone = [model.score(horrors_last), model.score(comedies_last)]
    np.testing.assert_allclose(model.scores(together), alone, rtol=1e-4, atol=1e-6)
    parts = contributions(model, horrors_last, [30])
    assert parts.sum() == pytest.approx(alone[0][30], rel=1e-4)


@pytest.mark.parametrize("name", ["ease", "item-knn", "user-knn"])
def test_a_dislike_counts_against_similar_films(
    name: str, fit: Fit, planted: Interactions, history: History
) -> None:
    model = fit(name, planted, {"lowest_weight": -1})
    liked, disliked = (
        model.score(history([25, 26, 1, 2, 3], [5, 5, stars, stars, stars]))[10:20].mean()
        for stars in (5, 1)
    )
    assert disliked < liked


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"confidence_weight": 0}, [0, 1, 1, 1, 1]),
        ({"confidence": "log", "confidence_weight": 0.5}, [0, 1, 1.5, 2, 2.5]),
        ({"confidence": "linear", "confidence_weight": 0.5}, [0, 1, 1.5, 2.5, 4.5]),
    ],
)
def test_counts_weigh_by_their_confidence(
    options: dict[str, object], expected: list[float]
) -> None:
    ratings = sp.csr_array(np.array([[9, 1, 2, 4, 8]], dtype=np.float32))
    ratings.data[0] = 0
    histories = Histories(ratings)
    config = Weighting.model_validate(options)
    scale = np.array([0, 1], dtype=np.float32)
    assert rating_weights(config, histories, scale, counts=True).tolist() == expected
    likes = LikesConfig()
    assert rating_weights(likes, histories, scale, counts=True).tolist() == [0, 1, 1, 1, 1]
    assert rating_weights(config, histories, scale).tolist() == [1, 1, 1, 1, 1]


def test_weights_of_one_history_are_kept_for_each_config_and_not_written_to() -> None:
    history = histories_of([[10, 20 * DAY, 30 * DAY]])
    config, slower = Weighting(half_life=10), Weighting(half_life=1000)
    first = rating_weights(config, history, SCALE)
    assert rating_weights(Weighting(half_life=10), history, SCALE) is first
    assert rating_weights(slower, history, SCALE).min() > first.min()
    assert rating_weights(config, history, SCALE, counts=True) is not first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 2
    several = histories_of([[10, 20], [30]])
    assert rating_weights(config, several, SCALE) is not rating_weights(config, several, SCALE)


@pytest.mark.parametrize("counts", [False, True])
def test_weights_that_are_kept_are_those_of_the_options(*, counts: bool) -> None:
    """Each pair differs in one option, and both are asked of the same history."""
    options: list[dict[str, object]] = [
        {},
        {"lowest_weight": 0.5},
        {"half_life": 10.0},
        {"half_life_items": 1.0},
        {"min_rating": 3.0},
        {"like_from": 4.0},
        {"like_from": 3.0},
        {"like_from": 4.0, "levels": "-1 -0.5 0 0.5 1"},
        {"like_from": 4.0, "half_life": 10.0},
        {"like_from": 4.0, "lowest_weight": 0.5, "half_life": 10.0},
        {"confidence_weight": 2.0},
        {"confidence_weight": 2.0, "confidence": "linear"},
    ]
    values = np.array([1, 2, 3, 4, 5], dtype=np.float32)
    times = np.arange(1, 6) * 5 * DAY
    row = sp.csr_array((values, np.arange(5, dtype=np.int32), np.array([0, 5])), shape=(1, 9))
    kept, two = Histories(row, times), Histories.stacked([Histories(row, times)] * 2)
    for given_options in [*options, *options]:
        config = Weighting.model_validate(given_options)
        found = rating_weights(config, kept, SCALE, counts=counts)
        alone = rating_weights(config, two, SCALE, counts=counts)[:5]  # nothing is kept of two
        np.testing.assert_allclose(found, alone, rtol=1e-6, err_msg=str(given_options))
    narrow = rating_weights(Weighting(lowest_weight=0.5), kept, SCALE, counts=counts)
    wide = np.array([1, 9], dtype=np.float32)
    other = rating_weights(Weighting(lowest_weight=0.5), kept, wide, counts=counts)
    assert (narrow != other).any()
