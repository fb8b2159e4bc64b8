"""Small data and fits that the tests of several models share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Catalog, Film, Interactions, Query, Vocabulary
from matinee.models import Model, create

Fit = Callable[..., Model]
History = Callable[..., Query]
Ratings = Callable[[list[list[float]]], Interactions]


@pytest.fixture
def fit() -> Fit:
    """Fits a model by name; a catalogue is made up where none is given."""

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
def ratings() -> Ratings:
    """Interactions from rows of stars, one row a viewer, 0 where there is no rating."""

    def from_rows(rows: list[list[float]]) -> Interactions:
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
    """A query of the given films, all rated 5 unless said."""

    def of_items(items: list[int], values: list[float] | None = None) -> Query:
        stars = [5.0] * len(items) if values is None else values
        return Query(
            items=np.array(items, dtype=np.int32),
            values=np.array(stars, dtype=np.float32),
            times=np.zeros(len(items), dtype=np.int64),
        )

    return of_items
