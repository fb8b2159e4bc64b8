"""Asks a model between which stars its predictions lie, and trusts no answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.errors import FailureError
from matinee.models import Model

__all__ = ["Ends", "prediction_intervals"]

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Lower and upper ends, `float64[t]` each, in stars."""


def prediction_intervals(model: Model, split: Split) -> Ends | None:
    """80% intervals for every stored target, in the order of the matrix; `None` without any.

    Raises:
        FailureError: the model's intervals are not usable; the message names it.
    """
    ends = model.intervals(split.histories, split.wanted)
    if ends is None:
        return None
    lower, upper = ends
    wanted = split.targets.data.shape
    if lower.shape != wanted or upper.shape != wanted:
        raise FailureError(
            f"model {model.name!r}: intervals gave {list(lower.shape)} lower and "
            f"{list(upper.shape)} upper ends where {list(wanted)} were asked for; "
            "the model must be put right"
        )
    wrong = ~(np.isfinite(lower) & np.isfinite(upper) & (lower <= upper))
    if wrong.any():
        raise FailureError(
            f"model {model.name!r} gave {np.count_nonzero(wrong):,} prediction intervals that are "
            "not finite or end below their beginning; check its options"
        )
    return lower.astype(np.float64), upper.astype(np.float64)
