"""The profile of one viewer: activity, tastes, liked and disliked films."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data import Dataset, Film, Interactions

__all__ = ["Rated", "Taste", "ViewerProfile", "viewer_profile"]

_DAY = 86_400
_SHRINKAGE = 5.0
"""Films that pull an effect halfway to 0."""
_MIN_FILMS = 2
"""Films of a person needed for a taste; genres and decades need one."""


@dataclass(frozen=True)
class Taste:
    """A viewer's ratings of films that share a genre, a decade or a person, the `name`.

    `mean` is that of the films, `effect` the stars above or below the viewer's own mean, shrunk
    towards 0 for few films.
    """

    name: str
    films: int
    mean: float
    effect: float


@dataclass(frozen=True)
class Rated:
    """A film and its rating."""

    id: str
    title: str
    rating: float


@dataclass(frozen=True)
class ViewerProfile:
    """One viewer.

    Attributes:
        attributes: as "age=25-34".
        ratings: number of ratings, with their `mean`.
        spread: standard deviation of the ratings.
        popularity: mean popularity percentile of the rated films, 0..1.
        days: number of days (UTC) with a rating.
        first: Unix seconds of the first rating, and `last` of the last; 0 if times are unknown.
        genres: tastes, best first, as `decades` and `people` (directors and cast together).
        likes: films rated above the mean, highest and most recent first.
        dislikes: films rated below the mean, lowest and most recent first; no count is one.
    """

    id: str
    attributes: tuple[str, ...]
    ratings: int
    mean: float
    spread: float
    popularity: float
    days: int
    first: int
    last: int
    genres: tuple[Taste, ...]
    decades: tuple[Taste, ...]
    people: tuple[Taste, ...]
    likes: tuple[Rated, ...]
    dislikes: tuple[Rated, ...]


def viewer_profile(dataset: Dataset, user_id: str) -> ViewerProfile:
    """The profile of one viewer of a data set.

    The effect of a genre, decade or person is `S / (n + 5)`, with `S` the sum of rating minus mean
    over the viewer's `n` films of it: the posterior mean of a normal model (Efron and Morris, "Data
    analysis using Stein's estimator and its generalizations", JASA 1975).

    Raises:
        UnknownNameError: no such viewer.
    """
    interactions = dataset.interactions
    row = interactions.user_ids.row(user_id)
    history = interactions.history(row)
    values = history.values.astype(np.float64)
    mean = float(values.mean()) if len(values) else 0.0
    films = dataset.catalog.films(history.items)
    times = history.times[history.times > 0]
    pairs = zip(films, values.tolist(), strict=True)
    recent = [Rated(film.id, film.label, value) for film, value in pairs][::-1]
    by_rating = sorted(recent, key=lambda each: each.rating)
    by_liking = sorted(recent, key=lambda each: -each.rating)
    return ViewerProfile(
        id=user_id,
        attributes=interactions.attributes.words(row) if interactions.attributes else (),
        ratings=len(history),
        mean=mean,
        spread=float(values.std()) if len(values) else 0.0,
        popularity=float(_percentiles(interactions)[history.items].mean()) if len(values) else 0.0,
        days=len(np.unique(times // _DAY)),
        first=int(times.min()) if len(times) else 0,
        last=int(times.max(initial=0)),
        genres=_tastes((film.genres for film in films), values, mean),
        decades=_tastes((_decade(film) for film in films), values, mean),
        people=_tastes((film.directors + film.cast for film in films), values, mean, _MIN_FILMS),
        likes=tuple(each for each in by_liking if each.rating > mean),
        dislikes=tuple(
            each for each in by_rating if each.rating < mean and not interactions.counts
        ),
    )


def _tastes(
    names: Iterable[tuple[str, ...]], values: NDArray[np.float64], mean: float, min_films: int = 1
) -> tuple[Taste, ...]:
    ratings: defaultdict[str, list[float]] = defaultdict(list)
    for own, value in zip(names, values.tolist(), strict=True):
        for name in dict.fromkeys(own):
            ratings[name].append(value)
    tastes = [
        Taste(
            name,
            len(own),
            sum(own) / len(own),
            sum(value - mean for value in own) / (len(own) + _SHRINKAGE),
        )
        for name, own in ratings.items()
        if len(own) >= min_films
    ]
    return tuple(sorted(tastes, key=lambda taste: (-taste.effect, -taste.films, taste.name)))


def _decade(film: Film) -> tuple[str, ...]:
    return (f"{film.year // 10 * 10}s",) if film.year else ()


def _percentiles(interactions: Interactions) -> NDArray[np.float64]:
    """Share of films with fewer ratings than each; films with as many count half."""
    counts = np.bincount(interactions.items, minlength=interactions.n_items)
    ordered = np.sort(counts)
    below = np.searchsorted(ordered, counts, side="left")
    up_to = np.searchsorted(ordered, counts, side="right")
    return (below + up_to) / (2 * max(len(counts), 1))
