"""Films and viewers compared as texts are: who watched a film are its words, and the other way."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

__all__ = ["LengthShare", "Saturation", "TermWeighting", "rarity", "term_weights"]

TermWeighting = Literal["cosine", "tfidf", "bm25"]
Saturation = Annotated[
    NonNegativeFloat,
    Field(description="Of bm25: how far a higher rating, and a shorter list, count more."),
]
LengthShare = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        description="Of bm25: how far long lists are held against those who have them; 0 is not "
        "at all.",
    ),
]


def rarity(counts: NDArray[np.integer], of: int) -> NDArray[np.float32]:
    """What a word tells by how few of the texts have it, `float32[n]`: `log(1 + (N-n+.5)/(n+.5))`.

    The weight of Robertson & Spärck Jones 1976, kept above 0.
    """
    odds = (of - counts + 0.5) / (counts + 0.5)
    told: NDArray[np.float32] = np.log1p(odds).astype(np.float32)
    return told


def term_weights(
    texts: sp.csr_array,
    weighting: TermWeighting,
    rare: NDArray[np.float32],
    k1: float,
    b: float,
    mean_length: float,
) -> NDArray[np.float32]:
    """What stands for every entry when rows are compared, `float32[nnz]`.

    `cosine` leaves it as it is, `tfidf` multiplies it by its column's rarity. `bm25` besides lets
    it grow less than in proportion, and divides by the row's length: `rare (k1 + 1) v / (v + k1
    (1 - b + b length / mean_length))` (Robertson & Zaragoza 2009, "The probabilistic relevance
    framework: BM25 and beyond").

    Args:
        texts: `float32[n, m]`, what each entry is worth; less than 0 speaks against.
        weighting: one of the three.
        rare: `float32[m]`, from `rarity`.
        k1: of bm25.
        b: of bm25.
        mean_length: entries of a row on average.
    """
    worth: NDArray[np.float32] = texts.data
    if weighting == "cosine":
        return worth
    told: NDArray[np.float32] = rare[texts.indices] * worth
    if weighting == "tfidf":
        return told
    lengths = np.diff(texts.indptr)
    long = k1 * (1 - b + b * lengths / max(mean_length, 1e-9))
    below = np.abs(worth) + np.repeat(long, lengths)
    weights: NDArray[np.float32] = (told * (k1 + 1) / np.maximum(below, 1e-9)).astype(np.float32)
    return weights
