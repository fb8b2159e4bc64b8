"""The walk against its steps as dense matrices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions, Query
from matinee.models import Model


@pytest.mark.parametrize(("alpha", "beta"), [(1, 0), (0.7, 0.6)])
def test_scores_are_chances_of_three_steps_over_popularity(
    alpha: float,
    beta: float,
    fit: Callable[..., Model],
    ratings: Callable[..., Interactions],
    history: Callable[..., Query],
) -> None:
    seen = (np.random.default_rng(1).random((30, 9)) < 0.4).astype(float)
    model = fit("rp3beta", ratings((seen * 3).tolist()), {"alpha": alpha, "beta": beta})
    to_viewer = (seen / seen.sum(axis=0)).T ** alpha
    to_film = (seen / np.maximum(seen.sum(axis=1, keepdims=True), 1)) ** alpha
    walk = to_viewer @ to_film / seen.sum(axis=0) ** beta
    np.fill_diagonal(walk, 0)
    np.testing.assert_allclose(model.score(history([2, 5])), walk[2] + walk[5], rtol=1e-5)


def test_a_film_keeps_only_where_it_is_reached_from_most(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    whole, few = (fit("rp3beta", planted, {"neighbours": k}) for k in (39, 4))
    for item in range(planted.n_items):
        kept = few.similar(item)
        kept[item] = 0
        every = whole.similar(item)
        every[item] = 0
        assert np.count_nonzero(kept) == 4
        np.testing.assert_allclose(np.sort(kept)[-4:], np.sort(every)[-4:], rtol=1e-6)
