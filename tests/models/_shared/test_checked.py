"""Verbs between the scale of the data and the stars that the code of models sees."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.models.conftest import Fit, History, Predict

from matinee.data import Catalog, Histories, Interactions, Query
from matinee.errors import InputError
from matinee.models import LikesConfig, Model, RatingThreshold


class WitnessConfig(LikesConfig):
    """Options of `Witness`."""

    threshold: RatingThreshold = None
    """A threshold of its own."""


class Witness(Model[WitnessConfig]):
    """Stores what its code sees. Its scores are predictions: the means of the histories."""

    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["values"] = interactions.matrix.data.copy()
        self.arrays["thresholds"] = np.array([self.config.threshold, self.config.min_rating])
        self.arrays["own_scale"] = self.arrays["scale"].copy()
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        every = sp.csr_array(np.ones(histories.ratings.shape, dtype=np.int64))
        return self.predictions(histories, every).reshape(histories.ratings.shape)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        means = histories.ratings.sum(axis=1) / np.maximum(histories.lengths, 1)
        return np.repeat(means, np.diff(wanted.indptr)).astype(np.float32)


@pytest.fixture
def hundred(planted: Interactions) -> Interactions:
    """The planted ratings from 0 to 100."""
    return planted.with_scale((0, 100), lambda stars: 25 * stars - 25)


def test_the_code_of_a_model_sees_stars_and_its_callers_their_own_scale(
    planted: Interactions,
    hundred: Interactions,
    planted_catalog: Catalog,
    history: History,
    predict: Predict,
) -> None:
    model = Witness(WitnessConfig(threshold=75, min_rating=25))
    model.fit(hundred, planted_catalog, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(model.arrays["values"], planted.matrix.data)
    assert model.arrays["thresholds"].tolist() == [4, 2]
    assert model.arrays["own_scale"].tolist() == [1, 5]
    assert model.arrays["scale"].tolist() == [0, 100]
    assert (model.config.threshold, model.config.min_rating) == (75, 25)
    query = history([3, 7], [50, 100])
    assert set(model.score(query).tolist()) == {4}  # the verb it calls maps nothing once more
    assert set(predict(model, query, [1, 2]).tolist()) == {75}
    assert set(predict(model, history([3], [1000]), [1, 2]).tolist()) == {100}


def test_nothing_is_mapped_or_copied_on_the_scale_of_stars(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    class Mirror(Witness):
        def fit(
            self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
        ) -> Self:
            assert interactions is planted
            return self

    model = Mirror().fit(planted, planted_catalog, rng=np.random.default_rng(0))
    assert set(model.arrays) == {"scale", "prior"}


def test_the_prior_depends_on_opinions_alone(
    fit: Fit, planted: Interactions, hundred: Interactions
) -> None:
    one, other = (fit("ease", ratings) for ratings in (planted, hundred))
    np.testing.assert_allclose(one.score(Query()), other.score(Query()), rtol=1e-6)


def test_a_model_that_was_saved_on_another_scale_answers_as_it_did(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    model = fit("popular", planted)
    model.arrays["scale"] = np.array([0, 100], dtype=np.float32)  # no map: fitted on ratings
    model.arrays["means"] = np.arange(40, dtype=np.float32)
    assert predict(model, Query(), [3, 7]).tolist() == [3, 7]
    assert predict(model, history([10], [22]), [3, 7]).tolist() == [5, 9]  # (22 - 10) / (1 + 5)


@pytest.mark.parametrize(
    ("name", "options", "way"),
    [
        ("svd", {"learning_rate": 0.5, "l2": 9}, "set learning_rate below 0.5"),
        ("svd-plus-plus", {"learning_rate": 0.5, "l2": 9}, "set learning_rate below 0.5"),
        ("bpr", {"rate": 1e30}, "set rate below 1e\\+30"),
    ],
)
def test_a_fit_that_diverges_is_refused_with_the_option_to_change(
    fit: Fit, planted: Interactions, name: str, options: dict[str, object], way: str
) -> None:
    with pytest.raises(InputError, match=f"the fit of model '{name}' diverged: .*; {way}"):
        fit(name, planted, options)
