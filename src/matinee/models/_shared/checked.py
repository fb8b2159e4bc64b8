"""Verbs of a model that check what they are given before its code, and its kernels, read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.data.checks import film_rows, require_csr, require_within
from matinee.errors import InputError
from matinee.models._shared.popularity import damped_popularity

if TYPE_CHECKING:
    from matinee.models import Model

__all__ = ["check_verbs"]

Verb = Callable[..., Any]


def check_verbs(kind: type[Model]) -> None:
    """Wraps the verbs that a class defines itself.

    Checks are of the shape alone: `Histories` were checked when they were made.
    """
    for name, wrapper in _WRAPPERS.items():
        if name in vars(kind):
            setattr(kind, name, wrapper(vars(kind)[name]))


def _checked_fit(fit: Verb) -> Verb:
    """`fit` that starts without arrays, keeps the scale and whether values are counts, and sets a
    prior unless `fit` did.
    """

    @wraps(fit)
    def fitted(
        self: Model, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Model:
        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; they must have the same rows"
            )
        if interactions.counts and self.predicts_ratings and self.personal:
            raise InputError(
                f"model {self.name!r} learns from ratings, and these are counts; use a model that "
                "learns from likes, such as ials, ease or item-knn"
            )
        facts = {"scale": np.array(interactions.scale, dtype=np.float32)}
        if interactions.counts:
            facts["counts"] = np.ones(1, dtype=np.bool_)
        if type(self).fit is fitted:  # else a derived class has begun, and calls this one
            self.arrays = {}
        self.arrays.update(facts)
        fit(self, interactions, catalog, rng=rng)
        self.arrays.update(facts)
        if "prior" not in self.arrays:
            self.arrays["prior"] = damped_popularity(interactions)
        return self

    return fitted


def _checked_scores(scores: Verb) -> Verb:
    """`scores` with the prior in place of rows of zeros."""

    @wraps(scores)
    def answered(self: Model, histories: Histories) -> NDArray[np.float32]:
        _check_histories(self, histories)
        found: NDArray[np.float32] = scores(self, histories)
        if found.shape != (len(histories), self.n_items):
            return found  # for whoever checks answers to refuse
        silent = np.asarray(~found.any(axis=1))
        return np.where(silent[:, None], self.arrays["prior"], found) if silent.any() else found

    return answered


def _checked_factors(factors: Verb) -> Verb:
    @wraps(factors)
    def answered(self: Model, histories: Histories) -> Any:
        _check_histories(self, histories)
        return factors(self, histories)

    return answered


def _checked_ratings(verb: Verb) -> Verb:
    """`predictions` or `intervals`."""

    @wraps(verb)
    def answered(self: Model, histories: Histories, wanted: sp.csr_array, *more: Any) -> Any:
        _check_histories(self, histories)
        require_csr(wanted, "wanted", np.int64, (len(histories), self.n_items))
        return verb(self, histories, wanted, *more)

    return answered


def _checked_contributions(contributions: Verb) -> Verb:
    @wraps(contributions)
    def answered(self: Model, histories: Histories, items: NDArray[np.integer]) -> Any:
        _check_histories(self, histories)
        if len(histories) != 1:
            raise InputError(
                f"contributions are those of one history, not of {len(histories):,}; "
                "take them one by one with Histories.take"
            )
        return contributions(self, histories, _check_items(self, items))

    return answered


def _checked_similar(similar: Verb) -> Verb:
    @wraps(similar)
    def answered(self: Model, items: NDArray[np.integer]) -> Any:
        return similar(self, _check_items(self, items))

    return answered


_WRAPPERS: dict[str, Callable[[Verb], Verb]] = {
    "fit": _checked_fit,
    "scores": _checked_scores,
    "factors": _checked_factors,
    "user_similarities": _checked_factors,  # of the models that keep their users
    "predictions": _checked_ratings,
    "intervals": _checked_ratings,
    "contributions": _checked_contributions,
    "similar": _checked_similar,
}


def _check_histories(model: Model, histories: Histories) -> None:
    if not isinstance(histories, Histories):
        raise InputError(
            f"models take Histories, not {type(histories).__name__}; "
            "make them with Histories(ratings) or Histories.of(query, n_items)"
        )
    if histories.n_items != model.n_items:
        raise InputError(
            f"histories are over {histories.n_items:,} films and model {model.name!r} was fitted "
            f"on {model.n_items:,}; their rows must be the same films"
        )


def _check_items(model: Model, items: object) -> NDArray[np.int32]:
    rows = film_rows(items, "items")
    require_within(rows, model.n_items, "items")
    return rows
