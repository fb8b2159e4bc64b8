"""Term weighting of text retrieval, for users and items: the users of an item are its terms."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.models._shared.config import span

__all__ = ["LengthShare", "Saturation", "TermWeighting", "rarity", "term_weights"]

TermWeighting = Literal["cosine", "tfidf", "bm25"]
Saturation = Annotated[
    NonNegativeFloat,
    Field(
        description="Of bm25: with a higher k1, higher ratings and shorter lists count more.",
        json_schema_extra=span(0.5, 50, log=True),
    ),
]
LengthShare = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        description="Of bm25: discount for long lists, from 0 (none) to 1.",
        json_schema_extra=span(0, 1),
    ),
]


def rarity(counts: NDArray[np.integer], n: int) -> NDArray[np.float32]:
    """Inverse document frequency of each term: `log(1 + (n - count + .5) / (count + .5))`.

    The weight of Robertson & Spärck Jones 1976, kept above 0, `float32[m]`, from the number of
    documents with each term among `n`.
    """
    odds = (n - counts + 0.5) / (counts + 0.5)
    return np.log1p(odds).astype(np.float32)


def term_weights(
    documents: sp.csr_array,
    weighting: TermWeighting,
    rare: NDArray[np.float32],
    k1: float,
    b: float,
    mean_length: float,
) -> NDArray[np.float32]:
    """Weight of every entry for comparisons between rows, `float32[nnz]`.

    `cosine` leaves the values as they are and `tfidf` multiplies them by the rarity of their
    column. `bm25` also lets them saturate and discounts long rows: `rare (k1 + 1) v / (v + k1
    (1 - b + b length / mean_length))` (Robertson & Zaragoza 2009, "The probabilistic relevance
    framework: BM25 and beyond"). Values are weights of ratings, negative for dislikes.
    """
    values: NDArray[np.float32] = documents.data
    if weighting == "cosine":
        return values
    tfidf: NDArray[np.float32] = rare[documents.indices] * values
    if weighting == "tfidf":
        return tfidf
    lengths = np.diff(documents.indptr)
    saturation = k1 * (1 - b + b * lengths / max(mean_length, 1e-9))
    denominators = np.abs(values) + np.repeat(saturation, lengths)
    weights: NDArray[np.floating] = tfidf * (k1 + 1) / np.maximum(denominators, 1e-9)
    return weights.astype(np.float32)
