"""Slope One: the example worked by hand, its damping, its prior."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model

# Films a, b, c. Over two viewers a is (2 + -1) / 2 = 0.5 above b; over one, 3 above c.
STARS = [[5, 3, 2], [3, 4, 0], [0, 2, 5]]


def test_ratings_and_differences_weigh_by_common_viewers(
    fit: Callable[..., Model],
    ratings: Callable[..., Interactions],
    history: Callable[..., Query],
) -> None:
    model = fit("slope-one", ratings(STARS), {"damping": 0})
    query = history([1, 2], [2, 5])
    # (2 viewers * (2 + 0.5) + 1 viewer * (5 + 3)) / 3
    predicted = model.predict(query, np.array([0], dtype=np.int32))
    assert predicted[0] == pytest.approx(13 / 3, rel=1e-6)


def test_damping_draws_towards_the_baseline(
    fit: Callable[..., Model],
    ratings: Callable[..., Interactions],
    history: Callable[..., Query],
) -> None:
    query, first = history([1, 2], [2, 5]), np.array([0], dtype=np.int32)
    usual = fit("baseline", ratings(STARS)).predict(query, first)[0]
    damped = fit("slope-one", ratings(STARS), {"damping": 7}).predict(query, first)[0]
    assert damped == pytest.approx((13 + 7 * usual) / 10, rel=1e-5)


def test_films_compared_with_nothing_and_strangers_rest_on_the_baseline(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    train = planted.select(planted.items != 9)
    model = fit("slope-one", train, {"damping": 0})
    baseline = fit("baseline", train)
    every = np.arange(40, dtype=np.int32)
    query, film = history([0, 1]), np.array([9], dtype=np.int32)
    np.testing.assert_allclose(model.predict(query, film), baseline.predict(query, film))
    np.testing.assert_allclose(model.predict(Query(), every), baseline.predict(Query(), every))
    np.testing.assert_array_equal(model.score(query), model.arrays["prior"])


def test_no_ratings_at_all_are_refused(fit: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("slope-one", Interactions.empty(Vocabulary.of("film", "abc")))
