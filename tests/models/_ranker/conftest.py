"""A year of planted ratings: films come out, are watched for some weeks, and fade."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from matinee.data import Catalog, Film, Interactions, Vocabulary

DAY = 86_400


class Year(NamedTuple):
    """Ratings and films."""

    ratings: Interactions
    catalog: Catalog


@pytest.fixture(scope="session")
def year() -> Year:
    """120 films and 240 users, half of whom love comedies and half horrors.

    A film comes out every third day and is mostly watched in the month after. A user is active on
    four days in two months.
    """
    rng = np.random.default_rng(11)
    n_films, n_users = 120, 240
    out = np.arange(n_films) * 3.0 - 30
    genre = np.arange(n_films) % 2
    users, items, times = [], [], []
    for user in range(n_users):
        start = rng.uniform(0, 300)
        seen: set[int] = set()
        for day in np.sort(start + rng.uniform(0, 60, 4)):
            age = day - out
            odds = np.where(age > 0, np.exp2(-np.maximum(age, 0) / 20), 0)
            odds *= np.where(genre == user % 2, 1.0, 0.08)
            odds[list(seen)] = 0
            chosen = rng.choice(n_films, 4, replace=False, p=odds / odds.sum())
            seen |= set(chosen.tolist())
            users += [user] * 4
            items += chosen.tolist()
            times += [int((11_000 + day) * DAY)] * 4
    catalog = Catalog.of(
        Film(
            id=str(row),
            title=f"Film {row}",
            year=1999 + (row > 60),
            genres=("Comedy",) if row % 2 == 0 else ("Horror",),
        )
        for row in range(n_films)
    )
    ratings = Interactions(
        np.array(users, dtype=np.int32),
        np.array(items, dtype=np.int32),
        rng.integers(4, 6, len(users)).astype(np.float32),
        np.array(times, dtype=np.int64),
        Vocabulary.of("viewer", range(n_users)),
        catalog.item_ids,
    )
    return Year(ratings, catalog)
