"""What is usual among viewers: the ground a single viewer's tastes are measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import Features
from matinee.data import Interactions
from matinee.errors import InputError

__all__ = ["Audience", "popularity_percentiles", "residuals"]

_USUAL_SHRINKAGE = 5.0
"""Films that the prior counts for where the ratings are too few to say."""
_LARGEST_SHRINKAGE = 1e6
"""Where viewers do not differ in a field at all, practically nothing of an effect is left."""


@dataclass(frozen=True, eq=False)
class Audience:
    """Measured once over everybody's ratings.

    Attributes:
        mean: of all ratings, in stars; the middle of the scale where there are none.
        scale: lowest and highest rating that can be given.
        percentiles: `float32[n_items]` in 0..1, see `popularity_percentiles`.
        popularity: mean percentile of the films of all ratings: how popular what people watch is.
        shrinkage: `float64[n_fields]`, over the fields of the features; how many films the prior
            "no different from their mean" counts for in a viewer's taste (see `measure`).
    """

    mean: float
    scale: tuple[float, float]
    percentiles: NDArray[np.float32]
    popularity: float
    shrinkage: NDArray[np.float64]

    @classmethod
    def measure(cls, interactions: Interactions, features: Features) -> Audience:
        """The audience of these ratings.

        The shrinkage of a field is `s² / t²`: the variance of ratings within a viewer and a name (a
        genre, a director) over the variance of viewers' true effects, both by the method of
        moments, as for the James-Stein estimator (Efron and Morris, "Data analysis using
        Stein's estimator and its generalizations", JASA 1975). With `r` a rating less its
        viewer's mean and `S`, `Q`, `m` the sum of `r`, the sum of `r²` and the number of a viewer's
        films of one name:

            s² = sum(Q - S²/m) / sum(m - 1),    t² = sum(S² - c s²) / sum(c²),    c = m (1 - m/N)

        over all viewers and names with `m > 1`. `N` is the number of the viewer's films: what they
        watch all the time makes up their mean and cannot differ from it. In columns that are not
        ones and zeros, `S` is the sum of `x r`, the sum of `x²` stands for `m` in `S²/m`, and `c`
        is the sum of `x²` less the squared sum of `x` over `N`.

        Raises:
            InputError: ratings and features are not over the same films.
            DataError: a viewer rated a film twice.
        """
        if features.matrix.shape[0] != interactions.n_items:
            raise InputError(
                f"the features are of {features.matrix.shape[0]:,} films and the ratings of "
                f"{interactions.n_items:,}; both must be over the same rows"
            )
        percentiles = popularity_percentiles(interactions)
        some = len(interactions) > 0
        middle = sum(interactions.scale) / 2
        differences = residuals(interactions.matrix)
        return cls(
            mean=float(interactions.values.mean(dtype=np.float64)) if some else middle,
            scale=interactions.scale,
            percentiles=percentiles,
            popularity=float(percentiles[interactions.items].mean()) if some else 0.5,
            shrinkage=np.array(
                [_shrinkage(differences, features.block(field)) for field in features.fields]
            ),
        )


def popularity_percentiles(interactions: Interactions) -> NDArray[np.float32]:
    """The share of films rated less often than each, `float32[n_items]`; equals count half.

    0.5 is a film of middling popularity; films that are rated equally often have one percentile.
    """
    counts = np.bincount(interactions.items, minlength=interactions.n_items)
    in_order = np.sort(counts)
    below = np.searchsorted(in_order, counts, side="left")
    not_above = np.searchsorted(in_order, counts, side="right")
    return ((below + not_above) / (2 * max(len(counts), 1))).astype(np.float32)


def residuals(matrix: sp.csr_array) -> sp.csr_array:
    """Ratings less their viewer's mean, `float64` in the shape and pattern of `matrix`."""
    counts = np.diff(matrix.indptr)
    viewers = np.repeat(np.arange(len(counts)), counts)
    sums = np.bincount(viewers, weights=matrix.data, minlength=len(counts))
    means = sums / np.maximum(counts, 1)
    shape = matrix.shape
    return sp.csr_array((matrix.data - means[viewers], matrix.indices, matrix.indptr), shape=shape)


def _shrinkage(differences: sp.csr_array, block: sp.csr_array) -> float:
    films = block.astype(np.float64)
    films.eliminate_zeros()
    named = _like(films, np.ones_like(films.data))
    watched = _like(differences, np.ones_like(differences.data))
    counts = watched @ named
    several = _like(counts, (counts.data > 1).astype(np.float64))
    squares = (watched @ films.power(2)).multiply(several).tocsr()
    lengths = squares - _shared_out((watched @ films).multiply(several).power(2), watched)
    inverse = _like(squares, 1 / np.where(squares.data > 0, squares.data, np.inf))
    squared_sums = (differences @ films).multiply(several).power(2)
    total = (_like(differences, differences.data**2) @ named).multiply(several).sum()
    freedom = counts.multiply(several).sum() - several.sum()
    weight = lengths.power(2).sum()
    if freedom <= 0 or weight <= 0:
        return _USUAL_SHRINKAGE
    noise = max((total - squared_sums.multiply(inverse).sum()) / freedom, 0.0)
    true = (squared_sums.sum() - noise * lengths.sum()) / weight
    if noise == 0:
        return _USUAL_SHRINKAGE
    return float(min(noise / max(true, noise / _LARGEST_SHRINKAGE), _LARGEST_SHRINKAGE))


def _shared_out(matrix: sp.csr_array, watched: sp.csr_array) -> sp.csr_array:
    """Every viewer's row divided by the number of their films."""
    rows = matrix.tocsr()
    films = np.repeat(np.diff(watched.indptr), np.diff(rows.indptr))
    return _like(rows, rows.data / films)


def _like(matrix: sp.csr_array, data: NDArray[np.float64]) -> sp.csr_array:
    return sp.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
