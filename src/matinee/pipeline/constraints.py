"""The films that a call allows: constraints in words or as fields, and lists of films."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Query
from matinee.data.titles.index import TitleIndex
from matinee.errors import InputError

__all__ = ["allowed_films", "preferred_films", "query_with", "rows_of_films"]


def query_with(
    query: Query,
    *,
    n: int | None = None,
    where: Constraints | str | None = None,
    among: NDArray[np.int32] | None = None,
    diverse: float | None = None,
) -> Query:
    """A query with those of its fields changed that are not `None`.

    Raises:
        UnknownNameError, InputError: as `Recommender.recommend`.
    """
    changes: dict[str, Any] = {}
    if n is not None:
        changes["n"] = n
    if where is not None:
        changes["constraints"] = _constraints(where)
    if among is not None:
        changes["among"] = among
    if diverse is not None:
        changes["diverse"] = diverse
    return replace(query, **changes) if changes else query


def allowed_films(
    titles: TitleIndex,
    where: Constraints | str | None = None,
    among: Iterable[str | int] | None = None,
) -> NDArray[np.bool_] | None:
    """`bool[n_items]`: the films that a call leaves; `None` for all.

    Raises:
        UnknownNameError: no such film.
        InputError: a condition that cannot be read, or that this catalogue cannot decide.
    """
    if where is None and among is None:
        return None
    constraints = Constraints() if where is None else _constraints(where)
    meets = constraints.allowed(titles.catalog)
    if among is not None:
        listed = np.zeros(len(meets), dtype=np.bool_)
        listed[rows_of_films(among, titles)] = True
        meets = meets & listed
    return meets


def preferred_films(catalog: Catalog, where: Constraints | str | None) -> NDArray[np.bool_] | None:
    """`bool[n_items]`: the films that a call lists first, see `Constraints.preferred`."""
    return None if where is None else _constraints(where).preferred(catalog)


def rows_of_films(films: Iterable[str | int], titles: TitleIndex) -> NDArray[np.int32]:
    """Rows of the films in a list, `int32[n]`, in its order; see `TitleIndex.finder`.

    Raises:
        UnknownNameError: no such film; suggests similar ones.
        InputError: no list.
    """
    if isinstance(films, str) or not isinstance(films, Iterable):
        raise InputError(f"films are a list, as [{films!r}], not {films!r}")
    every = list(films)
    return np.array([*map(titles.finder(every), every)], dtype=np.int32)


def _constraints(where: Constraints | str) -> Constraints:
    if isinstance(where, str):
        return Constraints.parse(where)
    if not isinstance(where, Constraints):
        raise InputError(
            f'conditions are text, as where="comedy under 2 hours", or Constraints, not {where!r}'
        )
    return where
