"""Training data and histories as the arrays that `peers/given_split.py` reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions

__all__ = ["histories_columns", "training_columns"]


def training_columns(train: Interactions) -> dict[str, NDArray[Any]]:
    """The training ratings, with their times."""
    matrix = train.matrix
    order = np.lexsort((train.items, train.users))
    return {
        "shape": np.array(matrix.shape),
        "train_data": matrix.data,
        "train_indices": matrix.indices,
        "train_indptr": matrix.indptr,
        "train_times": train.times[order],
    }


def histories_columns(users: NDArray[Any], ratings: sp.csr_array) -> dict[str, NDArray[Any]]:
    """The viewers who are asked about, by their rows of the training, and their histories."""
    return {
        "users": users,
        "histories_data": ratings.data,
        "histories_indices": ratings.indices,
        "histories_indptr": ratings.indptr,
    }
