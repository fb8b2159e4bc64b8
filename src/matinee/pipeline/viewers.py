"""Viewers as people name them, as queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from matinee.data import Catalog, Dataset, Query
from matinee.errors import InputError
from matinee.pipeline.fitted_model import FittedModel

__all__ = ["Viewer", "query_of", "require_data"]

Viewer: TypeAlias = Query | str | int | Mapping[str | int, float]
"""A viewer: a query, an id of the data set, or ratings by title or id."""


def query_of(viewer: Viewer, fitted: FittedModel) -> Query:
    """A viewer as a query over the films of a recommender.

    Raises:
        UnknownNameError: no such viewer or film.
        InputError: no viewer, an id without a data set, or a query over the films of other data.
    """
    if isinstance(viewer, Mapping):
        bounds = (0.0, float("inf")) if fitted.model.counts else fitted.scale
        return Query.of_films(viewer, fitted.titles, bounds)
    if isinstance(viewer, Query):
        if viewer.titles is not None:
            _require_films(fitted.catalog, viewer.titles.catalog)
        return viewer
    if not isinstance(viewer, str | int | np.integer):
        raise InputError(
            f"a viewer is an id, a query or ratings by title, not a {type(viewer).__name__}; "
            "for several together use recommend_group"
        )
    return require_data(fitted.data).viewer(viewer)


def require_data(data: Dataset | None) -> Dataset:
    """The data set of a recommender.

    Raises:
        InputError: it has none.
    """
    if data is None:
        raise InputError(
            "this recommender has no data set, so viewers have no ids; open it with one, "
            "matinee.open(path, data), or name ratings by title, {'Toy Story': 5}"
        )
    return data


def _require_films(own: Catalog, other: Catalog) -> None:
    ids, others = own.item_ids, other.item_ids
    if ids is not others and not np.array_equal(ids.ids, others.ids):
        raise InputError(
            f"the history is over the {len(other):,} films of another data set than the "
            f"{len(own):,} of this recommender; make it from the same data set"
        )
