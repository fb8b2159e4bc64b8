"""Every model on counts of plays: it weighs them, or it says that it needs ratings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Fit

from matinee import plugins
from matinee.data import Catalog, Histories, Interactions, Query
from matinee.errors import InputError
from matinee.models import CountsConfig, Model

KINDS: dict[str, type[Model]] = {
    name: plugins.get("models", name) for name in plugins.names("models")
}
OF_RATINGS = [name for name, kind in KINDS.items() if kind.predicts_ratings and kind.personal]
RANKING = [name for name, kind in KINDS.items() if name not in OF_RATINGS and kind.learns]
WEIGHING = [name for name, kind in KINDS.items() if issubclass(kind.Config, CountsConfig)]
QUICK: dict[str, dict[str, object]] = {"ials": {"factors": 8}}
"""Options for the few films here."""


@pytest.fixture(scope="module")
def plays(planted: Interactions) -> Interactions:
    """The planted likes with a long tail of counts."""
    likes = planted.select(planted.values >= 4)
    counts = np.ceil(np.random.default_rng(3).lognormal(1, 1, len(likes))).astype(np.float32)
    return replace(likes, values=counts, scale=(0.0, 1.0), counts=True)


@pytest.mark.parametrize("name", OF_RATINGS)
def test_a_model_of_ratings_refuses_counts(name: str, plays: Interactions, fit: Fit) -> None:
    with pytest.raises(InputError, match=f"'{name}' learns from ratings, and these are counts"):
        fit(name, plays)


@pytest.mark.parametrize("name", RANKING)
def test_other_models_rank_from_counts_and_no_low_count_is_a_dislike(
    name: str, plays: Interactions, fit: Fit, planted_catalog: Catalog
) -> None:
    model = fit(name, plays, QUICK.get(name), planted_catalog)
    assert model.counts
    once = Histories.of(Query([0, 1, 2], [1, 1, 1]), plays.n_items)  # type: ignore[arg-type]
    scores = model.scores(once)[0]
    assert np.isfinite(scores).all()
    if KINDS[name].personal:
        assert scores[3:20].mean() > scores[20:].mean()  # films of the genre that was played once


@pytest.mark.parametrize("name", RANKING)
def test_a_film_that_counts_nothing_has_no_weight(
    name: str, plays: Interactions, fit: Fit, planted_catalog: Catalog
) -> None:
    model = fit(name, plays, QUICK.get(name), planted_catalog)
    with_it = Query([0, 1, 30], [2, 1, 0])  # type: ignore[arg-type]
    without = Query([0, 1], [2, 1])  # type: ignore[arg-type]
    np.testing.assert_allclose(model.score(with_it), model.score(without), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", WEIGHING)
def test_a_count_weighs_more_and_contributions_sum_to_scores(
    name: str, plays: Interactions, fit: Fit, planted_catalog: Catalog
) -> None:
    model = fit(name, plays, QUICK.get(name), planted_catalog)
    few, many = Query([0, 25], [1, 1]), Query([0, 25], [64, 1])  # type: ignore[arg-type]
    assert (model.score(few) != model.score(many)).any()
    blind = fit(name, plays, {**QUICK.get(name, {}), "confidence_weight": 0}, planted_catalog)
    np.testing.assert_allclose(blind.score(few), blind.score(many), rtol=1e-5)
    parts = model.contributions(Histories.of(many, plays.n_items), np.arange(plays.n_items))
    if parts is not None and not KINDS[name].common_part:
        np.testing.assert_allclose(parts.sum(axis=1), model.score(many), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", WEIGHING)
def test_counts_of_one_are_likes(
    name: str, plays: Interactions, fit: Fit, planted_catalog: Catalog
) -> None:
    ones = replace(plays, values=np.ones_like(plays.values))
    counted = fit(name, ones, QUICK.get(name), planted_catalog)
    liked = fit(name, replace(ones, counts=False), QUICK.get(name), planted_catalog)
    query = Query([0, 1, 2], [1, 1, 1])  # type: ignore[arg-type]
    np.testing.assert_allclose(counted.score(query), liked.score(query), rtol=1e-5, atol=1e-7)


def test_ials_solves_the_weighted_least_squares_of_the_paper(plays: Interactions, fit: Fit) -> None:
    options = {"factors": 4, "confidence": "linear", "confidence_weight": 0.7}
    model = fit("ials", plays, options)
    config, items = model.config, model.arrays["item_factors"].astype(np.float64)
    histories = Histories.of_interactions(plays)
    factors = model.factors(histories)
    assert factors is not None
    one = model.factors(histories.take(slice(3, 4)))
    assert one is not None
    dense = plays.matrix.toarray()
    for row in (0, 3, 11):
        confidence = np.where(dense[row] > 0, 1 + 0.7 * (dense[row] - 1), 0)
        unobserved = config.unobserved_weight  # type: ignore[attr-defined]
        ridge = config.l2 * (confidence.sum() + unobserved * len(items))  # type: ignore[attr-defined]
        system = unobserved * items.T @ items + (items.T * confidence) @ items
        expected = np.linalg.solve(system + ridge * np.eye(4), items.T @ confidence)
        np.testing.assert_allclose(factors[0][row], expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(one[0][0], factors[0][3], rtol=1e-3, atol=1e-4)


def test_popularity_is_the_number_of_viewers_not_of_plays(fit: Fit, plays: Interactions) -> None:
    prior = fit("popular", plays).arrays["prior"]
    viewers = np.bincount(plays.items, minlength=plays.n_items)
    np.testing.assert_allclose(prior, viewers, rtol=1e-6)
