"""Chance: a pure function of the history, uniform, and worth what chance is worth."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats
from tests.models.conftest import Fit

from matinee.data import Histories, Interactions, Query, Vocabulary
from matinee.models import Model
from matinee.models.popular import Popular
from matinee.testing import ContractError, Subject
from matinee.testing.rules import two_tastes_are_told_apart

N_FILMS = 400


@pytest.fixture(scope="module")
def histories() -> Histories:
    """500 viewers with 0 to 30 films."""
    rng = np.random.default_rng(0)
    rows = np.zeros((500, N_FILMS), dtype=np.float32)
    for viewer, n in enumerate(rng.integers(0, 31, 500)):
        rows[viewer, rng.choice(N_FILMS, n, replace=False)] = rng.integers(1, 6, n)
    return Histories(sp.csr_array(rows))


@pytest.fixture
def model(fit: Fit) -> Model:
    return fit("random", Interactions.empty(Vocabulary.of("film", range(N_FILMS))))


def test_the_same_films_have_the_same_order_whatever_their_ratings(model: Model) -> None:
    one = model.score(Query(np.array([7, 3]), np.array([5.0, 1.0]), np.array([9, 8])))
    again = model.score(Query(np.array([3, 7]), np.array([2.0, 2.0])))
    np.testing.assert_array_equal(one, again)


def test_another_history_or_seed_has_another_order(model: Model, fit: Fit) -> None:
    orders = [
        model.score(Query(np.array(films), np.ones(len(films), dtype=np.float32))).argsort()
        for films in ([], [3], [7], [3, 7], [3, 8])
    ]
    other = fit("random", Interactions.empty(Vocabulary.of("film", range(N_FILMS))), seed=1)
    orders.append(other.score(Query()).argsort())
    for place, order in enumerate(orders):
        for another in orders[:place]:
            assert np.count_nonzero(order == another) < 10
            assert abs(scipy.stats.spearmanr(order, another).statistic) < 0.2


def test_every_film_is_as_often_at_every_rank(model: Model, histories: Histories) -> None:
    known = histories.take(np.flatnonzero(histories.lengths > 0))
    scores = model.scores(known)
    assert scipy.stats.kstest(scores.ravel()[::7], "uniform").pvalue > 0.01
    first = np.bincount(scores.argsort(axis=1)[:, :40].ravel(), minlength=N_FILMS)
    assert scipy.stats.chisquare(first).pvalue > 0.01
    assert len(np.unique(scores[0])) == N_FILMS, "ties would count against it"


def test_a_target_is_listed_as_often_as_chance_has_it(model: Model, histories: Histories) -> None:
    # targets, 20 a viewer, are drawn independently of the model
    rng = np.random.default_rng(1)
    targets = np.argsort(rng.random((500, N_FILMS)), axis=1)[:, :20]
    listed = np.argsort(-model.scores(histories), axis=1)[:, :10]
    hits = np.array([len(np.intersect1d(*each)) for each in zip(targets, listed, strict=True)])
    # hypergeometric: mean 10 * 20 / 400
    assert hits.mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.46 / 500))


def test_a_model_that_learns_may_not_say_that_it_does_not() -> None:
    class Pretender(Popular):
        learns = False

    with pytest.raises(ContractError, match="`learns` is False and the scores depend on"):
        two_tastes_are_told_apart(Subject(Pretender))
