"""Tastes, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from tests.models.conftest import Year

from matinee.models._ranker.film_signals import FilmSignals, film_signals, places_in_time
from matinee.models._ranker.taste import TASTE_DAMPING, film_facts, genre_facts, profiles


def signals_at_the_end(year: Year) -> FilmSignals:
    times = year.ratings.times
    return film_signals(year.ratings, places_in_time(times), year.catalog, int(times.max()))


def test_a_profile_is_a_damped_mean_and_dislikes_count_against() -> None:
    facts = np.array([[1.0], [0.5], [-2.0]], dtype=np.float32)
    weights = sp.csr_array(np.array([[1, 0, -0.5], [0, 0, 0]], dtype=np.float32))
    expected: float = (1 * 1.0 + -0.5 * -2.0) / (1.5 + TASTE_DAMPING)
    np.testing.assert_allclose(profiles(weights, facts)[:, 0], np.array([expected, 0]), rtol=1e-6)


def test_facts_are_deviations_from_the_average_rating(year: Year) -> None:
    signals = signals_at_the_end(year)
    facts = film_facts(signals, genre_facts(year.catalog))
    mean = signals.counts @ facts.values / signals.counts.sum()
    np.testing.assert_allclose(mean, 0, atol=1e-5)
    for kind in range(3):
        lengths = (facts.values[:, facts.kinds == kind] ** 2).sum(axis=1)
        assert signals.counts @ lengths / signals.counts.sum() == pytest.approx(1, rel=1e-4)


def test_who_saw_comedies_likes_comedies(year: Year) -> None:
    signals = signals_at_the_end(year)
    facts = film_facts(signals, genre_facts(year.catalog))
    weights = np.zeros((2, 120), dtype=np.float32)
    weights[0, 0:20:2] = 1
    weights[1, 0:20:2] = -1
    genres = next(facts.scores(sp.csr_array(weights)))
    assert genres[0, 0::2].min() > genres[0, 1::2].max()
    np.testing.assert_allclose(genres[1], -genres[0], rtol=1e-5)
