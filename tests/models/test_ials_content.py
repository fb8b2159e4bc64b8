"""Implicit ALS with priors against the same alternation in dense NumPy, and what they bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.description import described
from matinee.data import Attributes, Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Model
from matinee.models._shared.priors import smoothing

Fit = Callable[..., Model]
History = Callable[..., Query]
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
    """What every row of one side is drawn to, and how far what is not seen is as expected."""

    ridge: NDArray[np.float64]
    pull: NDArray[np.float64]
    expected: NDArray[np.float64]
    share: NDArray[np.float64]


def dense_side(
    seen: NDArray[np.bool_], fixed: NDArray[np.float64], side: Side
) -> NDArray[np.float64]:
    """Every row's exact least squares over all columns, seen and not, written out."""
    rows = []
    for row, ridge, pull, expected, share in zip(seen, *side, strict=True):
        system = (fixed.T * (WEIGHT + row)) @ fixed + (ridge + pull) * np.eye(fixed.shape[1])
        targets = row + WEIGHT * share * fixed @ expected
        rows.append(np.linalg.solve(system, fixed.T @ targets + pull * expected))
    return np.array(rows)


def penalty(seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    ridge: NDArray[np.float64] = L2 * (seen.sum(axis=1) + WEIGHT * seen.shape[1])
    return ridge


def dense_fit(
    seen: NDArray[np.bool_],
    features: NDArray[np.float64],
    attributes: NDArray[np.float64],
    items: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The films' factors, and the mean and the attributes' effects of the viewers' prior."""
    rated = seen.sum(axis=0) > 0
    kernel = features[rated] @ features[rated].T + FEATURE_L2 * np.eye(rated.sum())
    to_films = features @ features[rated].T @ np.linalg.inv(kernel)
    worth = seen.sum(axis=1) / seen.sum(axis=1).mean()
    weighted = attributes.T * worth
    to_effects = np.linalg.solve(
        weighted @ attributes + ATTRIBUTE_L2 * np.eye(attributes.shape[1]), weighted
    )
    expected_users = np.zeros((len(seen), items.shape[1]))
    expected_items = np.zeros_like(items)
    for _ in range(OPTIONS["iterations"]):
        nothing = np.zeros(len(seen))
        users = dense_side(seen, items, Side(nothing, penalty(seen), expected_users, nothing))
        mean = worth @ users / len(users)
        effects = to_effects @ (users - mean)
        expected_users = mean + attributes @ effects
        pull = np.full(len(items), PULL)
        side = Side(penalty(seen.T), pull, expected_items, 0 * pull)
        items = dense_side(seen.T, users, side)
        items[~rated] = 0
        expected_items = to_films @ items[rated]
    return np.where(rated[:, None], items, expected_items), mean, effects


@pytest.fixture
def told(planted: Interactions) -> Interactions:
    """The planted viewers, of whom it is known what they are, but for film 9, nobody's."""
    words = [("fan=comedy", "age=25-34"), ("fan=horror",)]
    known = [words[viewer >= 30] for viewer in range(planted.n_users)]
    unrated = planted.select(planted.items != 9)
    return replace(unrated, attributes=Attributes.of_words(known))


def test_the_fit_and_the_answers_are_those_of_the_dense_alternation(
    fit: Fit, told: Interactions, planted_catalog: Catalog, history: History
) -> None:
    model = fit("ials-content", told, OPTIONS, catalog=planted_catalog, seed=11)
    seen = told.matrix.toarray() > 0
    start = np.random.default_rng(11).standard_normal((40, 4), dtype=np.float32)
    assert told.attributes is not None
    attributes = told.attributes.matrix.toarray().astype(np.float64)
    films = described(planted_catalog).toarray().astype(np.float64)
    items, mean, effects = dense_fit(seen, films, attributes, start.astype(np.float64) * 0.05)
    np.testing.assert_allclose(model.arrays["item_factors"], items, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(model.arrays["mean"], mean, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(model.arrays["attribute_factors"], effects, rtol=1e-2, atol=1e-3)
    items = model.arrays["item_factors"].astype(np.float64)
    expected = model.arrays["mean"] + model.arrays["attribute_factors"][0]
    asked = replace(history([2, 3, 25]), attributes=("fan=comedy", "shoe=42"))
    rated = seen.any(axis=0)
    chosen = np.isin(np.arange(40), asked.items)[None, :]
    ridge = L2 * (3 + WEIGHT * 40)
    share = np.array([0.5 ** (3 / HALF)])
    side = Side(np.zeros(1), np.array([ridge]), expected[None, :], share)
    # a film without a like was no "no" to anybody, so it is left out of the sums
    own = dense_side(chosen[:, rated], items[rated], side)[0]
    np.testing.assert_allclose(model.score(asked), items @ own, rtol=1e-4, atol=1e-5)


def test_a_stranger_is_answered_as_their_group(
    fit: Fit, told: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("ials-content", told, catalog=planted_catalog)
    comedy, horror = (
        model.score(Query(attributes=(word,))) for word in ("fan=comedy", "fan=horror")
    )
    assert comedy[:20].mean() > comedy[20:].mean()
    assert horror[20:].mean() > horror[:20].mean()
    for words in ((), ("shoe=42",)):
        np.testing.assert_array_equal(model.score(Query(attributes=words)), model.arrays["prior"])


def test_the_group_matters_less_the_longer_the_history(
    fit: Fit, told: Interactions, planted_catalog: Catalog, history: History
) -> None:
    model = fit("ials-content", told, catalog=planted_catalog)

    def difference(n: int) -> float:
        query = history(list(range(20, 20 + n)))
        as_comedy = model.score(replace(query, attributes=("fan=comedy",)))
        return float(np.abs(as_comedy - model.score(query)).mean())

    assert difference(1) > difference(4) > difference(12)


def test_many_strangers_are_answered_by_their_attributes(
    fit: Fit, told: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("ials-content", told, catalog=planted_catalog)
    nothing = sp.csr_array((2, 40), dtype=np.float32)
    words = [("fan=horror",), ()]
    context = Context(nothing, nothing, Attributes.of_words(words))
    horror, prior = model.scores_at(nothing, context)
    np.testing.assert_allclose(horror, model.score(Query(attributes=words[0])), rtol=1e-5)
    np.testing.assert_array_equal(prior, model.arrays["prior"])
    np.testing.assert_array_equal(model.scores(nothing)[0], model.arrays["prior"])


def test_a_new_film_is_recommended_to_those_who_like_its_kind(
    fit: Fit, told: Interactions, planted_catalog: Catalog, history: History
) -> None:
    model = fit("ials-content", told, catalog=planted_catalog)
    comedies, horrors = model.score(history([0, 1, 2])), model.score(history([20, 21, 22]))
    assert comedies[9] > horrors[9]
    assert comedies[9] > comedies[20:].max()
    assert model.score(history([9]))[:9].mean() > model.score(history([9]))[20:].mean()
    assert (np.argsort(-model.similar(9))[1:6] < 20).all()


def test_viewers_of_whom_nothing_is_known_need_no_attributes(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("ials-content", planted, catalog=planted_catalog)
    assert model.arrays["attributes"].shape == (0,)
    assert model.arrays["attributes"].dtype.kind == "U"


def test_a_catalogue_of_other_films_is_refused(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    few = Catalog.of(planted_catalog.films(np.arange(6)))
    with pytest.raises(InputError, match="6 films and the ratings are of 40"):
        fit("ials-content", planted, catalog=few)


def test_the_regression_is_that_of_the_inverse() -> None:
    rng = np.random.default_rng(1)
    dense = rng.random((30, 50)) * (rng.random((30, 50)) < 0.2)
    targets = rng.standard_normal((30, 3))
    targets[:, 1] = 0
    exact = np.linalg.solve(dense @ dense.T + 0.5 * np.eye(30), targets)
    found = smoothing(sp.csr_array(dense), targets, 0.5)
    np.testing.assert_allclose(found, exact, atol=1e-4)
    again = smoothing(sp.csr_array(dense), targets, 0.5, start=found)
    np.testing.assert_allclose(again, exact, atol=1e-4)
