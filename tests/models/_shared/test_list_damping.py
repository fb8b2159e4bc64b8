"""Damping of lists: a film with few ratings ranks below what is predicted for it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Fit, History

from matinee import plugins
from matinee.data import Histories, Interactions
from matinee.errors import InputError
from matinee.models import RatingsConfig, create
from matinee.testing.subject import wanted_ratings

DAMPED = [
    name
    for name in plugins.names("models")
    if issubclass(type(create(name)).Config, RatingsConfig) and name != "bayes-fm"
]


def test_a_film_loses_the_damping_over_the_root_of_its_ratings_and_one(
    fit: Fit, planted: Interactions, history: History
) -> None:
    some = planted.select((planted.items != 9) | (np.cumsum(planted.items == 9) <= 3))
    query = history([0, 1, 25], [5, 4, 1])
    pure, damped = (fit("svd", some, {"list_damping": by}).score(query) for by in (0, 2))
    n = np.bincount(some.items, minlength=40)
    assert n[9] == 3
    assert pure[9] - damped[9] == pytest.approx(1)  # 2 / sqrt(3 + 1)
    np.testing.assert_allclose(pure - damped, 2 / np.sqrt(n + 1), rtol=1e-5)


@pytest.mark.parametrize("name", DAMPED)
def test_predicted_ratings_and_new_viewers_are_not_damped(
    name: str, fit: Fit, planted: Interactions
) -> None:
    pure, damped = (fit(name, planted, {"list_damping": by}) for by in (0, 9))
    histories = Histories.of_users(planted, np.arange(7))
    one, other = (model.predictions(histories, wanted_ratings()) for model in (pure, damped))
    np.testing.assert_array_equal(one, other)
    assert (damped.scores(histories) < pure.scores(histories)).all()
    nobody = histories.select(np.zeros(len(histories.items), dtype=np.bool_))
    np.testing.assert_array_equal(damped.scores(nobody), pure.scores(nobody))


def test_a_model_without_counts_is_refused_with_the_way_out(
    fit: Fit, planted: Interactions, history: History
) -> None:
    model = fit("svd", planted)
    del model.arrays["rating_counts"]
    with pytest.raises(InputError, match="no rating_counts: set them in its fit, or train"):
        model.score(history([0, 1, 25], [5, 4, 1]))
