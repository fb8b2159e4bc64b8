"""What is known of every film at an instant, as numbers: popularity, growth, age, ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Interactions
from matinee.models._shared.popularity import POPULARITY_DAMPING, damped_means, days_before_last

__all__ = ["FilmSignals", "common_features", "film_signals", "places_in_time"]

_HALF_LIVES = (1, 3, 7, 30, 90, 365, 3650)
"""Days."""
_RATING_HALF_LIVES = (2_000, 10_000)
"""Later ratings of anybody that halve a rating's weight: a clock that runs as fast as the data."""
_KNOWN_ONLY = ("first days", "new", "recent", "last rating")
"""Signals beside popularity and mean rating that help users with a history, and not newcomers."""
_DAY = 86_400
_YEAR = 365.25 * _DAY


@dataclass(frozen=True, eq=False)
class FilmSignals:
    """Features of films.

    Attributes:
        names: of the features.
        values: `float32[n_items, f]`.
        counts: `int64[n_items]`, number of ratings.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    counts: NDArray[np.int64]

    def column(self, name: str) -> NDArray[np.float32]:
        """One feature, `float32[n_items]`."""
        return self.values[:, self.names.index(name)]


def places_in_time(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places from 0 in the order of time, `int64[n]`; ratings of one instant stay in theirs."""
    places = np.empty(len(times), dtype=np.int64)
    places[np.argsort(times, kind="stable")] = np.arange(len(times))
    return places


def film_signals(
    past: Interactions, places: NDArray[np.int64], catalog: Catalog, now: int
) -> FilmSignals:
    """Features of every film from the ratings before `now`, with their `places_in_time`.

    Popularity is `log(10,000 share + .3)` of decayed counts, so that it means the same in small and
    in large data. Ages are `log(1 + days)` or `log(1 + years)`.
    """
    n_items = past.n_items
    means, counts = damped_means(past, POPULARITY_DAMPING)
    days = days_before_last(past.times)
    later = len(past) - 1 - places
    features: dict[str, NDArray[np.floating]] = {}
    for half_life in _HALF_LIVES:
        features[f"popularity {half_life}d"] = _popularity(past.items, days, half_life, n_items)
    for half_life in _RATING_HALF_LIVES:
        name = f"popularity {half_life} ratings"
        features[name] = _popularity(past.items, later, half_life, n_items)
    early = past.items[_on_first_day(past)]
    features["first days"] = _popularity(early, np.zeros(len(early), dtype=np.int64), 1, n_items)
    features["mean rating"] = means - means.mean()
    years = catalog.years.astype(np.float64)
    age = np.maximum((now / _YEAR + 1970) - years, 0)
    age[years == 0] = np.median(age[years != 0]) if years.any() else 0
    features["age"] = np.log1p(age)
    features["new"] = (age < 1.5).astype(np.float64)
    features["recent"] = (age < 3.5).astype(np.float64)
    features["last rating"] = np.log1p(_days_since_last(past, now))
    values = np.stack(list(features.values()), axis=1).astype(np.float32)
    return FilmSignals(tuple(features), values, counts)


def common_features(signals: FilmSignals, *, known: bool) -> NDArray[np.float32]:
    """Signals as features for users with or without a history, `float32[n_items, f]`.

    Users share the weights of the first half. Those of the second half are for users with a
    history, and the features are 0 for newcomers.
    """
    places = {name: place for place, name in enumerate(signals.names)}
    both = [places[name] for name in places if name.startswith("popularity")]
    both.append(places["mean rating"])
    own = signals.values[:, both + [places[name] for name in _KNOWN_ONLY]]
    return np.hstack([signals.values[:, both], own if known else np.zeros_like(own)])


def _popularity(
    items: NDArray[np.int32], ages: NDArray[np.int64], half_life: int, n_items: int
) -> NDArray[np.float64]:
    """Logarithms of shares of the films, by ratings whose weight halves with age."""
    halvings = np.arange(ages.max(initial=0) + 1) / half_life  # many ratings are of one age
    weights = np.exp2(-halvings.astype(np.float32)).astype(np.float64)
    recent = np.bincount(items, weights=weights[ages], minlength=n_items)
    return np.log(1e4 * recent / max(recent.sum(), 1e-9) + 0.3)


def _on_first_day(past: Interactions) -> NDArray[np.bool_]:
    """Which ratings are of their user's first day."""
    first = np.full(past.n_users, np.iinfo(np.int64).max)
    np.minimum.at(first, past.users, past.times)
    return past.times < first[past.users] + _DAY


def _days_since_last(past: Interactions, now: int) -> NDArray[np.float64]:
    """Days since the last rating of every film; of an unrated one, since the first of all."""
    known = past.times != 0
    items, times = past.items[known], past.times[known]
    last = np.full(past.n_items, times.min() if len(times) else now)
    np.maximum.at(last, items, times)
    return np.maximum(now - last, 0) / _DAY
