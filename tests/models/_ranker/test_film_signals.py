"""Signals of films, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.models._ranker.film_signals import (
    FilmSignals,
    common_features,
    film_signals,
    places_in_time,
)

DAY = 86_400
NOW = 10_957 * DAY  # 1 January 2000
CATALOG = Catalog.of(
    Film(id=str(row), title=f"Film {row}", year=year)
    for row, year in enumerate((1990, 1999, None, 1980))
)


def ratings() -> Interactions:
    """User 0 rates film 0 twenty days and film 1 ten days ago; user 1 rates film 1 today."""
    return Interactions(
        np.array([0, 0, 1], dtype=np.int32),
        np.array([0, 1, 1], dtype=np.int32),
        np.array([5, 3, 4], dtype=np.float32),
        NOW - np.array([20, 10, 0], dtype=np.int64) * DAY - 1,
        Vocabulary.of("viewer", range(2)),
        CATALOG.item_ids,
    )


def signals_of(past: Interactions, catalog: Catalog = CATALOG) -> FilmSignals:
    return film_signals(past, places_in_time(past.times), catalog, NOW)


def test_the_ratings_of_an_early_past_have_the_first_places() -> None:
    times = np.array([30, 10, 20, 10, 0, 20], dtype=np.int64)
    places = places_in_time(times)
    assert places.tolist() == [5, 1, 3, 2, 0, 4]
    past = times < 20
    np.testing.assert_array_equal(places[places < past.sum()], places_in_time(times[past]))


def test_popularity_is_the_logarithm_of_a_decayed_share() -> None:
    signals = signals_of(ratings())
    weights = 0.5 ** (np.array([20, 10, 0]) / 30)
    share = np.array([weights[0], weights[1] + weights[2], 0, 0]) / weights.sum()
    np.testing.assert_allclose(
        signals.column("popularity 30d"), np.log(1e4 * share + 0.3), rtol=1e-5
    )
    assert signals.counts.tolist() == [1, 2, 0, 0]


def test_the_clock_of_ratings_runs_with_the_ratings() -> None:
    signals = signals_of(ratings())
    weights = 0.5 ** (np.array([2, 1, 0]) / 2000)
    share = np.array([weights[0], weights[1] + weights[2], 0, 0]) / weights.sum()
    np.testing.assert_allclose(
        signals.column("popularity 2000 ratings"), np.log(1e4 * share + 0.3), rtol=1e-5
    )


def test_a_first_day_is_that_of_each_user() -> None:
    # the rating of film 1 by user 0 came ten days after the first
    share = np.array([1, 1, 0, 0]) / 2
    signals = signals_of(ratings())
    np.testing.assert_allclose(signals.column("first days"), np.log(1e4 * share + 0.3), rtol=1e-5)


def test_ages() -> None:
    signals = signals_of(ratings())
    # the age of a film without a year is the median
    np.testing.assert_allclose(signals.column("age"), np.log1p([10, 1, 10, 20]), atol=0.01)
    assert signals.column("new").tolist() == [0, 1, 0, 0]
    assert signals.column("recent").tolist() == [0, 1, 0, 0]
    # unrated films: since the first rating of all
    np.testing.assert_allclose(signals.column("last rating"), np.log1p([20, 0, 20, 20]), atol=0.01)


def test_nothing_known_is_no_error() -> None:
    bare = Catalog.of(Film(id=str(row), title="Untitled") for row in range(4))
    nothing = replace(ratings(), times=np.zeros(3, dtype=np.int64)).select(slice(0))
    for past in (nothing, replace(ratings(), times=np.zeros(3, dtype=np.int64))):
        assert np.isfinite(signals_of(past, bare).values).all()


def test_newcomers_have_only_the_features_that_users_share() -> None:
    signals = signals_of(ratings())
    known, new = (common_features(signals, known=each) for each in (True, False))
    shared = np.flatnonzero(new.any(axis=0))
    np.testing.assert_array_equal(known[:, shared], new[:, shared])
    assert known.shape == new.shape
    assert known.any(axis=0).sum() > 2 * len(shared)
