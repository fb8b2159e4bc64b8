"""SLIT against a regression that is written out row by row, and examples worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError

ONE = {"blocks": "recent", "recent_decay": 0.5, "l2": 1.0}
"""The published model: one block."""


def interactions(
    sequences: list[list[int]], times: list[list[int]], values: list[list[float]] | None = None
) -> Interactions:
    """Ratings of one viewer for each sequence, 5 by default, over five films."""
    lengths = [len(each) for each in sequences]
    stars = values or [[5.0] * each for each in lengths]
    return Interactions(
        users=np.repeat(np.arange(len(lengths)), lengths).astype(np.int32),
        items=np.concatenate(sequences).astype(np.int32),
        values=np.concatenate(stars).astype(np.float32),
        times=np.concatenate(times).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(len(lengths))),
        item_ids=Vocabulary.of("film", range(5)),
    )


def timed(items: list[int], times: list[int], values: list[float] | None = None) -> Query:
    stars = [5.0] * len(items) if values is None else values
    return Query(
        items=np.array(items, dtype=np.int32),
        values=np.array(stars, dtype=np.float32),
        times=np.array(times, dtype=np.int64),
    )


def random_sequences(seed: int = 0) -> Interactions:
    """Thirty viewers of up to five films, at distinct times with pauses of all lengths."""
    rng = np.random.default_rng(seed)
    films = [rng.permutation(5)[: rng.integers(1, 6)].tolist() for _ in range(30)]
    times = [(1000 + np.cumsum(rng.integers(1, 400, len(each)))).tolist() for each in films]
    values = [rng.integers(1, 6, len(each)).tolist() for each in films]
    return interactions(films, times, values)


def test_two_films_by_hand(fit: Fit) -> None:
    # three viewers liked film 1 right after film 0, one of them film 2 after both: the states
    # before a film are e0, e0, e0 and e1 + 0.5 e0, so the Gram matrix plus 1 is
    # [[4.25, 0.5], [0.5, 2]], and film 1 follows with [3, 0], film 2 with [0.5, 1]
    ratings = interactions([[0, 1], [0, 1], [0, 1, 2]], [[1, 2], [1, 2], [1, 2, 3]])
    model = fit("slit", ratings, ONE)
    weights = np.linalg.solve(np.array([[4.25, 0.5], [0.5, 2]]), np.array([[3, 0.5], [0, 1]]))
    scores = model.score(timed([0, 1], [7, 9]))
    np.testing.assert_allclose(scores[1:3], [0.5, 1] @ weights, rtol=1e-5)
    assert not scores[[0, 3, 4]].any()


def states(
    items: NDArray[np.int32], times: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The past before each place and after the last, by the defaults, `[n + 1, 4 * 5]`."""
    past = np.zeros((len(items) + 1, 4, 5))
    for place in range(len(items)):
        pause = times[place] - times[place - 1] if place else 0
        decays = np.array([0.3, 1 / (1 + pause / 60), 1 / (1 + pause / 600), 0.95])
        past[place + 1] = past[place] * decays[:, None]
        past[place + 1, :, items[place]] += weights[place]
    return past.reshape(-1, 20)


def test_weights_are_those_of_a_regression_on_written_out_rows(fit: Fit) -> None:
    ratings = random_sequences()
    model = fit("slit", ratings, {"l2": 2, "long_l2": 3, "like_from": 4})
    levels = {1: -0.6, 2: -0.3, 3: 0.25, 4: 0.6, 5: 1.0}
    rows, nexts = [], []
    for user in range(ratings.n_users):
        own = ratings.history(user)
        weights = np.array([levels[int(each)] for each in own.values])
        liked = own.values >= 4
        rows.append(states(own.items, own.times, weights)[:-1][liked])
        nexts.append(np.eye(5)[own.items[liked]])
    past, after = np.vstack(rows), np.vstack(nexts)
    ridge = np.repeat([2, 2, 2, 6], 5)
    expected = np.linalg.solve(past.T @ past + np.diag(ridge), past.T @ after)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-3, atol=1e-5)
    last = ratings.history(3)
    end = states(last.items, last.times, np.array([levels[int(v)] for v in last.values]))[-1]
    scores = model.score(timed(last.items.tolist(), last.times.tolist(), last.values.tolist()))
    np.testing.assert_allclose(scores, end @ expected, rtol=1e-3, atol=1e-5)


def test_equal_times_are_a_set_whose_order_is_drawn(fit: Fit) -> None:
    # film 0 is before film 1 in the file, and at the same second; with so high a penalty a weight
    # is the number of viewers who have one film right after the other, over the penalty
    ratings, options = interactions([[0, 1]] * 4000, [[5, 5]] * 4000), ONE | {"l2": 1e7}
    model = fit("slit", ratings, options)
    scores = [model.score(timed([film], [1])) for film in (0, 1)]
    assert 0.9 < scores[0][1] / scores[1][0] < 1.1
    again, other = fit("slit", ratings, options), fit("slit", ratings, options, seed=1)
    assert np.array_equal(model.arrays["weights"], again.arrays["weights"])
    assert not np.array_equal(model.arrays["weights"], other.arrays["weights"])


def test_many_draws_come_near_the_mean_over_all_orders(fit: Fit) -> None:
    # two likes at one time, of one viewer: half of the draws have either order, and each is worth
    # 1 / draws of a viewer in the Gram matrix and in its product with the next film
    ratings = interactions([[0, 1]], [[5, 5]])
    weights = fit("slit", ratings, ONE | {"draws": 2000}).arrays["weights"]
    share = weights[0, 1] / (1 - weights[0, 1])  # w = p / (p + 1)
    assert share == pytest.approx(0.5, abs=0.05)
    assert weights[1, 0] / (1 - weights[1, 0]) == pytest.approx(1 - share, abs=1e-5)


def test_distinct_times_are_drawn_once(fit: Fit) -> None:
    once, often = (fit("slit", random_sequences(), {"draws": draws}) for draws in (1, 5))
    np.testing.assert_array_equal(once.arrays["weights"], often.arrays["weights"])


@pytest.mark.parametrize("times", [[0, 0, 0], [9, 9, 9]])
def test_films_of_one_time_share_the_mean_weight_of_their_places(
    fit: Fit, times: list[int]
) -> None:
    model = fit("slit", random_sequences(), ONE | {"recent_decay": 0.3})
    weights = np.zeros((5, 5), dtype=np.float32)
    weights[model.arrays["inputs"]] = model.arrays["weights"]
    mean = (1 + 0.3 + 0.09) / 3
    scores = model.score(timed([4, 0, 2], times))
    np.testing.assert_allclose(scores, mean * weights[[0, 2, 4]].sum(axis=0), rtol=1e-5)


def test_a_film_before_the_set_is_as_far_away_as_the_set_is_large(fit: Fit) -> None:
    model = fit("slit", random_sequences(), ONE | {"recent_decay": 0.3})
    weights = model.arrays["weights"]
    scores = model.score(timed([3, 0, 2], [4, 9, 9]))
    expected = 0.65 * (weights[0] + weights[2]) + 0.09 * weights[3]
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_a_rating_without_a_time_comes_first(fit: Fit) -> None:
    model = fit("slit", random_sequences(), ONE)
    unknown, early = timed([3, 0, 2], [0, 90, 95]), timed([3, 0, 2], [1, 90, 95])
    np.testing.assert_array_equal(model.score(unknown), model.score(early))


def test_a_pause_takes_weight_from_all_earlier_films(fit: Fit) -> None:
    options = {"blocks": "session", "session_pause": 60, "l2": 1}
    model = fit("slit", random_sequences(), options)
    weights = model.arrays["weights"]
    scores = model.score(timed([0, 1, 2], [1000, 1060, 1240]))
    expected = weights[2] + weights[1] / 4 + weights[0] / 8
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_films_beyond_the_limit_are_ranked_but_not_learned_from(fit: Fit) -> None:
    model = fit("slit", random_sequences(), {"films": 2})
    inputs = model.arrays["inputs"]
    assert len(inputs) == 2
    assert model.arrays["likes"][inputs].min() >= np.sort(model.arrays["likes"])[-2]
    silent = int(np.setdiff1d(np.arange(5), inputs)[0])
    np.testing.assert_array_equal(model.score(timed([silent], [1])), model.arrays["prior"])
    assert np.count_nonzero(model.score(timed([int(inputs[0])], [1]))) == 5


def test_contributions_are_the_sums_over_the_blocks(fit: Fit, contributions: Contributions) -> None:
    model = fit("slit", random_sequences(), {"like_from": 4, "films": 4})
    films, times = np.array([4, 1, 0, 3], dtype=np.int32), np.array([10, 500, 530, 900])
    left = states(films, times, np.array([1, -0.6, 0.6, 1]))[-1].reshape(4, 5)
    weights = np.zeros((4, 5, 5))
    weights[:, model.arrays["inputs"]] = model.arrays["weights"].reshape(4, 4, 5)
    expected = np.einsum("kf,kfi->if", left, weights)[[2, 0, 4]][:, [0, 1, 3, 4]]
    query = timed(films.tolist(), times.tolist(), [5, 1, 4, 5])
    parts = contributions(model, query, [2, 0, 4])
    np.testing.assert_allclose(parts, expected, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(parts.sum(axis=1), model.score(query)[[2, 0, 4]], rtol=1e-4)


def test_a_film_is_followed_by_what_is_similar(fit: Fit, planted: Interactions) -> None:
    model = fit("slit", planted, {"l2": 1})
    damped = np.sqrt(model.arrays["likes"] + 20)
    after = [model.score(timed([film], [1])) for film in (3, 30)]
    others = np.arange(planted.n_items) != np.array([[3], [30]])
    similar = model.similar(np.array([3, 30]))
    np.testing.assert_allclose(similar[others], (after / damped)[others], rtol=1e-4, atol=1e-7)


def test_data_without_times_are_learned_from_as_sets(fit: Fit, planted: Interactions) -> None:
    model = fit("slit", replace(planted, times=np.zeros_like(planted.times)))
    scores = model.score(timed([1, 2, 3], [0, 0, 0]))
    assert scores[:20].mean() > scores[20:].mean()


def test_the_order_of_stored_ratings_is_irrelevant_where_times_differ(
    fit: Fit, planted: Interactions
) -> None:
    moved = planted.select(np.random.default_rng(0).permutation(len(planted)))
    assert np.array_equal(
        fit("slit", planted).arrays["weights"], fit("slit", moved).arrays["weights"]
    )


def test_no_penalty_to_speak_of_is_refused_with_a_way_out(fit: Fit) -> None:
    ratings = interactions([[0, 1, 2]] * 3000, [[1, 2, 3]] * 3000)
    with pytest.raises(InputError, match="use a larger l2"):
        fit("slit", ratings, {"l2": 1e-9, "recent_decay": 0})


def test_the_next_film_of_a_series_is_found(fit: Fit) -> None:
    # films 0, 1, 2 are watched in order, and 3 and 4 in any
    rng = np.random.default_rng(1)
    films = [[0, 1, 2], [3, 4], [4, 3]] * 30
    times = [np.sort(rng.choice(10_000, len(each), replace=False)).tolist() for each in films]
    model = fit("slit", interactions(films, times), {"l2": 1})
    assert model.score(timed([0], [50])).argmax() == 1
    assert model.score(timed([0, 1], [50, 90])).argmax() == 2


@pytest.mark.parametrize("name", ["slit", "ranker", "item-knn"])
def test_no_likes_are_refused_in_one_line(fit: Fit, name: str) -> None:
    ratings = random_sequences()
    ratings = ratings.select(ratings.values < 4)
    with pytest.raises(InputError, match="reaches like_from, so there are no likes"):
        fit(name, ratings, {"like_from": 4})
