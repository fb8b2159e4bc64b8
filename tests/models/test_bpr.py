"""What BPR learns, and that its scores are the sum over a history that they are said to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from matinee.data import Interactions, Query
from matinee.models import Model

FEW = {"factors": 8, "min_rating": 4}


def test_a_score_is_the_scaled_sum_over_the_history(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("bpr", planted, FEW)
    items, values = [2, 30, 5, 9], [5.0, 4.0, 1.0, 4.0]
    own = model.arrays["history_factors"][[2, 30, 9]].sum(axis=0) / np.sqrt(3)
    expected = model.arrays["item_factors"] @ own
    query = history(items, values)
    np.testing.assert_allclose(model.score(query), expected, rtol=1e-5, atol=1e-6)
    parts = model.contributions(query, 7)
    assert parts is not None
    assert parts[2] == 0
    np.testing.assert_allclose(parts.sum(), expected[7], rtol=1e-5, atol=1e-6)


def test_factors_multiply_to_the_scores(fit: Callable[..., Model], planted: Interactions) -> None:
    model = fit("bpr", planted, FEW)
    histories = planted.matrix[:9]
    factors = model.factors(histories)
    assert factors is not None
    assert factors[0].dtype == factors[1].dtype == np.float32
    np.testing.assert_allclose(factors[0] @ factors[1].T, model.scores(histories), rtol=1e-6)


def test_a_film_nothing_was_learned_about_says_nothing(
    fit: Callable[..., Model], ratings: Callable[..., Interactions], history: Callable[..., Query]
) -> None:
    # the last film nobody saw, the one before it is all that its only viewer saw
    rows = [[5, 5, 5, 0, 0, 0], [5, 5, 0, 5, 0, 0], [0, 0, 0, 0, 5, 0]]
    model = fit("bpr", ratings(rows))
    assert not model.arrays["history_factors"][4:].any()
    assert model.arrays["history_factors"][:4].any(axis=1).all()
    for unknown in ([4], [5], [4, 5]):
        np.testing.assert_array_equal(model.score(history(unknown)), model.arrays["prior"])


def test_in_a_small_catalogue_fewer_negatives_are_drawn(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    # 40 films: one draw a like, whatever is asked for
    one, many = (fit("bpr", planted, {"negatives": each}) for each in (1, 30))
    for key, array in one.arrays.items():
        np.testing.assert_array_equal(many.arrays[key], array)


def test_weights_of_viewers_have_a_mean_of_one_over_their_likes(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    """Without a discount all count alike; with one the pace over all likes stays the same."""
    model = fit("bpr", planted)
    counts = np.array([1, 10, 100, 0])
    weights = model._weights(counts)  # type: ignore[attr-defined]
    np.testing.assert_allclose(weights @ counts / counts.sum(), 1, rtol=1e-6)
    np.testing.assert_allclose(weights[1] / weights[2], 10**0.3, rtol=1e-5)


def test_a_viewer_unknown_at_fit_time_is_answered_as_one_who_was_there(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("bpr", planted.select(planted.users >= 6), FEW)
    strangers = sp.csr_array(planted.matrix[:6])
    scores = model.scores(strangers)
    unseen = strangers.toarray() == 0
    for row, open_films in zip(scores, unseen, strict=True):
        own, other = row[:20][open_films[:20]], row[20:][open_films[20:]]
        assert (own[:, None] > other).mean() > 0.95
