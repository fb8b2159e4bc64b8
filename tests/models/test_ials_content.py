"""Implicit ALS with priors against the same alternation in dense NumPy, and what priors gain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from tests.models.conftest import Fit, History

from matinee.content.description import film_features
from matinee.data import Attributes, Catalog, Histories, Interactions, Query
from matinee.models import Model

WEIGHT, L2, PULL, FEATURE_L2, ATTRIBUTE_L2, HALF = 0.3, 0.02, 4.0, 3.0, 5.0, 8.0
OPTIONS: dict[str, Any] = {
    "factors": 4,
    "iterations": 5,
    "unobserved_weight": WEIGHT,
    "l2": L2,
    "description_weight": PULL,
    "feature_l2": FEATURE_L2,
    "attribute_l2": ATTRIBUTE_L2,
    "likes_for_half": HALF,
    "solver_steps": 40,
}


class Side(NamedTuple):
    """Penalties and priors of every row, and the share of the prior in unseen columns."""

    ridge: NDArray[np.float64]
    pull: NDArray[np.float64]
    expected: NDArray[np.float64]
    share: NDArray[np.float64]


def dense_side(
    seen: NDArray[np.bool_], fixed: NDArray[np.float64], side: Side
) -> NDArray[np.float64]:
    """Exact least squares of every row over all columns, seen and unseen."""
    rows = []
    for row, ridge, pull, expected, share in zip(seen, *side, strict=True):
        system = (fixed.T * (WEIGHT + row)) @ fixed + (ridge + pull) * np.eye(fixed.shape[1])
        targets = row + WEIGHT * share * fixed @ expected
        rows.append(np.linalg.solve(system, fixed.T @ targets + pull * expected))
    return np.array(rows)


def penalty(seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    return L2 * (seen.sum(axis=1) + WEIGHT * seen.shape[1])


def dense_fit(
    seen: NDArray[np.bool_],
    features: NDArray[np.float64],
    attributes: NDArray[np.float64],
    items: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Item factors, and the mean and the effects of attributes in the users' prior."""
    rated = seen.sum(axis=0) > 0
    kernel = features[rated] @ features[rated].T + FEATURE_L2 * np.eye(rated.sum())
    to_films = features @ features[rated].T @ np.linalg.inv(kernel)
    weights = seen.sum(axis=1) / seen.sum(axis=1).mean()
    weighted = attributes.T * weights
    to_effects = np.linalg.solve(
        weighted @ attributes + ATTRIBUTE_L2 * np.eye(attributes.shape[1]), weighted
    )
    expected_users = np.zeros((len(seen), items.shape[1]))
    expected_items = np.zeros_like(items)
    for _ in range(OPTIONS["iterations"]):
        nothing = np.zeros(len(seen))
        users = dense_side(seen, items, Side(nothing, penalty(seen), expected_users, nothing))
        mean = weights @ users / len(users)
        effects = to_effects @ (users - mean)
        expected_users = mean + attributes @ effects
        pull = np.full(len(items), PULL)
        side = Side(penalty(seen.T), pull, expected_items, 0 * pull)
        items = dense_side(seen.T, users, side)
        items[~rated] = 0
        expected_items = to_films @ items[rated]
    return np.where(rated[:, None], items, expected_items), mean, effects


@pytest.fixture
def described_users(planted: Interactions) -> Interactions:
    """The planted users with attributes, without the ratings of film 9."""
    words = [("fan=comedy", "age=25-34"), ("fan=horror",)]
    attributes = [words[user >= 30] for user in range(planted.n_users)]
    unrated = planted.select(planted.items != 9)
    return replace(unrated, attributes=Attributes.of_words(attributes))


@pytest.fixture
def model(fit: Fit, described_users: Interactions, planted_catalog: Catalog) -> Model:
    return fit("ials-content", described_users, catalog=planted_catalog)


def test_the_fit_and_the_fold_in_equal_the_dense_alternation(
    fit: Fit, described_users: Interactions, planted_catalog: Catalog, history: History
) -> None:
    model = fit("ials-content", described_users, OPTIONS, catalog=planted_catalog, seed=11)
    seen = described_users.matrix.toarray() > 0
    start = np.random.default_rng(11).standard_normal((40, 4), dtype=np.float32)
    assert described_users.attributes is not None
    attributes = described_users.attributes.matrix.toarray().astype(np.float64)
    films = film_features(planted_catalog).toarray().astype(np.float64)
    items, mean, effects = dense_fit(seen, films, attributes, start.astype(np.float64) * 0.05)
    np.testing.assert_allclose(model.arrays["item_factors"], items, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(model.arrays["mean"], mean, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(model.arrays["attribute_factors"], effects, rtol=1e-2, atol=1e-3)
    items = model.arrays["item_factors"].astype(np.float64)
    expected = model.arrays["mean"] + model.arrays["attribute_factors"][0]
    query = replace(history([2, 3, 25]), attributes=("fan=comedy", "shoe=42"))
    liked = seen.any(axis=0)
    chosen = np.isin(np.arange(40), query.items)[None, :]
    ridge = L2 * (3 + WEIGHT * 40)
    share = np.array([0.5 ** (3 / HALF)])
    side = Side(np.zeros(1), np.array([ridge]), expected[None, :], share)
    # nobody could have refused a film without likes, so the sums leave it out
    own = dense_side(chosen[:, liked], items[liked], side)[0]
    np.testing.assert_allclose(model.score(query), items @ own, rtol=1e-4, atol=1e-5)


def test_newcomers_are_scored_by_their_attributes(model: Model) -> None:
    nobody = sp.csr_array((3, 40), dtype=np.float32)
    words = [("fan=comedy",), ("fan=horror",), ("shoe=42",)]
    comedy, horror, unknown = model.scores(Histories(nobody, attributes=Attributes.of_words(words)))
    assert comedy[:20].mean() > comedy[20:].mean()
    assert horror[20:].mean() > horror[:20].mean()
    np.testing.assert_allclose(model.score(Query(attributes=words[1])), horror, rtol=1e-5)
    for prior in (unknown, model.score(Query(attributes=words[2])), model.score(Query())):
        np.testing.assert_array_equal(prior, model.arrays["prior"])


def test_attributes_matter_less_with_a_longer_history(model: Model, history: History) -> None:
    def difference(n: int) -> float:
        query = history(list(range(20, 20 + n)))
        with_attributes = model.score(replace(query, attributes=("fan=comedy",)))
        return float(np.abs(with_attributes - model.score(query)).mean())

    assert difference(1) > difference(4) > difference(12)


def test_a_new_film_is_recommended_to_those_who_like_its_kind(
    model: Model, history: History
) -> None:
    comedies, horrors = model.score(history([0, 1, 2])), model.score(history([20, 21, 22]))
    assert comedies[9] > horrors[9]
    assert comedies[9] > comedies[20:].max()
    assert model.score(history([9]))[:9].mean() > model.score(history([9]))[20:].mean()
    assert (np.argsort(-model.similar(np.array([9]))[0])[1:6] < 20).all()


def test_data_without_attributes_is_fitted(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("ials-content", planted, catalog=planted_catalog)
    assert model.attributes == ()
    assert model.arrays["attributes"].dtype.kind == "U"
