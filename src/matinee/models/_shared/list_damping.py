"""Lists of models that predict ratings: films with few ratings must not fill them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.errors import InputError
from matinee.models._shared.config import RatingsConfig

if TYPE_CHECKING:
    from matinee.models import Model

__all__ = ["damped_for_lists", "rating_counts"]


def rating_counts(interactions: Interactions) -> NDArray[np.int32]:
    """Number of ratings of each film, `int32[n_items]`: `arrays["rating_counts"]` of a model."""
    return np.bincount(interactions.items, minlength=interactions.n_items).astype(np.int32)


def damped_for_lists(
    model: Model[RatingsConfig], predicted: NDArray[np.float32], histories: Histories
) -> NDArray[np.float32]:
    """Scores from the predicted ratings of every film, both `float32[n, n_items]`.

    `predicted - list_damping / sqrt(n + 1)` for a film with `n` ratings: a lower bound of its
    rating, because the error of a film's parameters shrinks with the square root of `n`. An empty
    history is scored by the prior.

    Raises:
        InputError: the model has no `arrays["rating_counts"]`.
    """
    counts = model.arrays.get("rating_counts")
    if counts is None:
        raise InputError(
            f"model {model.name!r} has no rating_counts: set them in its fit, or train a saved "
            "model again"
        )
    roots = np.sqrt(counts.astype(np.float32) + np.float32(1))
    predicted = predicted - np.float32(model.config.list_damping) / roots
    predicted[histories.lengths == 0] = model.arrays["prior"]
    return predicted
