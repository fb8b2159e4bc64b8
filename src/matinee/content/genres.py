"""Genres as a matrix, and the overlap of films in their genres."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.multi_hot import multi_hot

__all__ = ["genre_matrix", "genre_overlap"]


def genre_matrix(genres: Iterable[tuple[str, ...]]) -> sp.csr_array:
    """Multi-hot rows, `float32[n_items, n_genres]`; genres in alphabetical order."""
    return multi_hot(genres)[0]


def genre_overlap(matrix: sp.csr_array, item: int) -> NDArray[np.float32]:
    """Jaccard index of one film's genres with all films', `float32[n_items]`; 0 without genres."""
    counts = np.diff(matrix.indptr)
    common = np.asarray((matrix @ matrix[[item]].T).todense()).ravel()
    either = counts + counts[item] - common
    overlap = np.zeros(matrix.shape[0], dtype=np.float32)
    np.divide(common, either, out=overlap, where=either > 0)
    return overlap
