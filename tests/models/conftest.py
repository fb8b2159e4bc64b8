"""Small data, fits and answers that the tests of several models share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

import matinee
from matinee.data import Catalog, Film, Histories, Interactions, Query, Vocabulary
from matinee.data.splits import Split, folds
from matinee.models import Model, create

Fit = Callable[..., Model]
History = Callable[..., Query]
Predict = Callable[[Model, Query, list[int]], NDArray[np.float32]]
Contributions = Callable[[Model, Query, list[int]], NDArray[np.float32]]
Ratings = Callable[[Sequence[Sequence[float]]], Interactions]


@pytest.fixture
def fit() -> Fit:
    """Fits a model by name; the default catalogue has titles alone."""

    def fit_by_name(
        name: str,
        interactions: Interactions,
        options: dict[str, object] | None = None,
        catalog: Catalog | None = None,
        seed: int = 0,
    ) -> Model:
        films = catalog or Catalog.of(
            Film(id=str(each), title=f"Film {each}") for each in interactions.item_ids.ids
        )
        return create(name, options).fit(interactions, films, rng=np.random.default_rng(seed))

    return fit_by_name


@pytest.fixture
def first_fold(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> tuple[Split, Catalog]:
    """The first of the five folds of MovieLens 100K, the hardest, and its films."""
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path))
    dataset = matinee.load("ml-100k")
    assert dataset.folds is not None
    return folds(dataset.interactions, dataset.folds, 0)[0].test, dataset.catalog


@pytest.fixture
def ratings() -> Ratings:
    """Interactions from rows of stars, one row a viewer, 0 where there is no rating."""

    def from_rows(rows: Sequence[Sequence[float]]) -> Interactions:
        stars = np.array(rows, dtype=np.float32)
        users, items = np.nonzero(stars)
        return Interactions(
            users=users.astype(np.int32),
            items=items.astype(np.int32),
            values=stars[users, items],
            times=np.arange(len(users), dtype=np.int64),
            user_ids=Vocabulary.of("viewer", range(stars.shape[0])),
            item_ids=Vocabulary.of("film", range(stars.shape[1])),
        )

    return from_rows


@pytest.fixture
def history() -> History:
    """A query of some films, rated 5 by default, in ascending order of films."""

    def of_items(items: list[int], values: list[float] | None = None) -> Query:
        stars = [5.0] * len(items) if values is None else values
        order = np.argsort(items)
        return Query(
            items=np.array(items, dtype=np.int32)[order],
            values=np.array(stars, dtype=np.float32)[order],
        )

    return of_items


@pytest.fixture
def predict() -> Predict:
    """Predictions for one query and some films, in ascending order of films."""

    def predicted(model: Model, query: Query, items: list[int]) -> NDArray[np.float32]:
        times = np.zeros(len(items), dtype=np.int64)
        shape = (1, model.n_items)
        wanted = sp.csr_array((times, np.sort(items), [0, len(items)]), shape=shape)
        return model.predictions(Histories.of(query, model.n_items), wanted)

    return predicted


@pytest.fixture
def contributions() -> Contributions:
    """Contributions to some films' scores for one query, a column per film of the history."""

    def parts(model: Model, query: Query, items: list[int]) -> NDArray[np.float32]:
        found = model.contributions(Histories.of(query, model.n_items), np.array(items))
        assert found is not None
        return found

    return parts


_DAY = 86_400


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
            times += [int((11_000 + day) * _DAY)] * 4
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
