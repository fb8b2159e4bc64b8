"""Votes of a catalogue's source as popularity, for films that nobody here has rated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog

__all__ = ["popularity_from_votes"]

_FEWEST = 20
"""Rated films with votes from which a line is fitted."""


def popularity_from_votes(popularity: NDArray[np.float32], catalog: Catalog) -> NDArray[np.float32]:
    """Popularity with that of unrated films estimated from their votes, `float32[n_items]`.

    A line is fitted through the logarithms of votes and popularity of the films that have both, by
    least squares. A film with votes and a popularity of 0 gets the value on the line, at most the
    highest popularity there is. Other values stay; so do all, if fewer than 20 films have both.

    Args:
        popularity: of every film, on any scale that is 0 without ratings, such as a model's prior.
        catalog: with votes.
    """
    votes = catalog.votes.astype(np.float64)
    both = (votes > 0) & (popularity > 0)
    wanted = (votes > 0) & (popularity <= 0)
    if np.count_nonzero(both) < _FEWEST or not wanted.any():
        return popularity
    x, y = np.log(votes[both]), np.log(popularity[both].astype(np.float64))
    slope = float(np.mean((x - x.mean()) * (y - y.mean())) / max(x.var(), 1e-9))
    line = y.mean() + max(slope, 0.0) * (np.log(votes[wanted]) - x.mean())
    estimated = popularity.copy()
    estimated[wanted] = np.minimum(np.exp(line), popularity.max())
    return estimated
