"""The viewers of a data set who are most similar to one viewer."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Histories, Interactions, Query, rows_of
from matinee.errors import InputError
from matinee.models import Model, models_with
from matinee.pipeline.best import best

__all__ = ["require_user_similarity", "similar_users"]

_BLOCK = 8192
"""Users whose factors are computed at a time."""


@runtime_checkable
class _KeepsUsers(Protocol):
    """A model whose neighbours are users: the exception that `Model.user_sized` declares."""

    def user_similarities(self, histories: Histories) -> NDArray[np.float32]:
        """`float32[n, n_users]`, of histories to the training users."""


def similar_users(
    model: Model, interactions: Interactions, query: Query, n: int, itself: int | None = None
) -> pl.DataFrame:
    """The `n` users most similar to a viewer: user, similarity, common (films both rated).

    User neighbour models compare by their own similarity, models with factors by the cosine of
    folded-in factors. Users without factors, and those a neighbour model finds nothing in common
    with, are left out.

    Args:
        model: fitted on `interactions`.
        interactions: of the users to compare with.
        query: the viewer.
        n: how many users at most.
        itself: row of the viewer among the users, who is left out; `None` for a new viewer.

    Raises:
        InputError: `n` is not positive, the model cannot compare users, or it can make nothing of
            the history.
    """
    similarity = _similarities(model, interactions, query)
    if itself is not None:
        similarity[itself] = -np.inf
    rows = best(similarity, n)
    rated = interactions.matrix[rows]
    both = np.isin(rated.indices, query.items)
    return pl.DataFrame(
        {
            "user": interactions.user_ids.ids[rows].tolist(),
            "similarity": similarity[rows],
            "common": np.bincount(rows_of(rated)[both], minlength=len(rows)),
        },
        schema={"user": pl.String, "similarity": pl.Float32, "common": pl.Int32},
    )


def require_user_similarity(kind: type[Model]) -> None:
    """Refuses a model that does not compare viewers.

    Raises:
        InputError: it does not.
    """
    if not _compares_users(kind):
        able = ", ".join(models_with(_compares_users))
        raise InputError(f"model {kind.name!r} does not compare viewers; models that do: {able}")


def _compares_users(kind: type[Model]) -> bool:
    return issubclass(kind, _KeepsUsers) or kind.factors is not Model.factors


def _similarities(model: Model, interactions: Interactions, query: Query) -> NDArray[np.float32]:
    """`float32[n_users]`, minus infinity for users who cannot be compared."""
    require_user_similarity(type(model))
    own = Histories.of(query, model.n_items)
    if not isinstance(model, _KeepsUsers):
        return _cosines(model, interactions, own)
    similarity = np.array(model.user_similarities(own)[0])
    if len(similarity) != interactions.n_users:
        raise InputError(
            f"the model was fitted on {len(similarity):,} viewers and the data set has "
            f"{interactions.n_users:,}; fit it on this data set"
        )
    similarity[similarity <= 0] = -np.inf
    return similarity


def _cosines(model: Model, interactions: Interactions, own: Histories) -> NDArray[np.float32]:
    viewer = _unit_rows(model, own)[0]
    if not viewer.any():
        raise InputError(
            f"{model.name} can make nothing of this history, so nobody is similar; rate some films"
        )
    similarity = np.empty(interactions.n_users, dtype=np.float32)
    for start in range(0, interactions.n_users, _BLOCK):
        users = np.arange(start, min(start + _BLOCK, interactions.n_users))
        factors = _unit_rows(model, Histories.of_users(interactions, users))
        similarity[users] = np.where(factors.any(axis=1), factors @ viewer, -np.inf)
    return similarity


def _unit_rows(model: Model, histories: Histories) -> NDArray[np.float32]:
    """Factors of users scaled to length 1, `float32[n, f]`; zeros stay zeros."""
    factors = model.factors(histories)
    if factors is None:
        raise TypeError(f"model {model.name!r} has factors for some histories only")
    norms = np.linalg.norm(factors[0], axis=1, keepdims=True)
    unit: NDArray[np.float32] = factors[0] / np.maximum(norms, np.float32(1e-12))
    return unit
