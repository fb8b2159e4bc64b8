"""What is known about films, as rows whose products are similarities: genres, people, plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.billing import billed
from matinee.content.description import tfidf
from matinee.content.features import genre_matrix, multi_hot
from matinee.content.plots import genre_words, plot_words
from matinee.data import Catalog

__all__ = ["WEIGHTS", "Facts"]

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "genres": 0.2,
        "directors": 0.05,
        "cast": 0.6,
        "keywords": 0.6,
        "genre_words": 0.2,
        "plot": 1.5,
    }
)
"""Weight of the cosine of each field; the audience weighs 1 (docs/decisions/0041)."""
_SENTENCES = 0.5
"""Weight of sentence vectors of the plot; its words then weigh as much less."""
_BILLED = 20
"""Actors of a film that are compared, the first ones of its cast."""
_MIN_FILMS = 2
"""Films a person must appear in."""
_DAMPING = 100
"""Films without a genre that are added to the mean, which among few films says little."""
_LEAST_PLOT = 0.1
"""Cosine of two plots from which they are called similar."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts of all films; rows are scaled so that inner products are weighted cosines.

    Attributes:
        genres: `float32[n_items, n_genres]`, less the mean of all films. A genre that only one of
            two films has makes them less similar, and a rare common one counts for more.
        labels: `float32[n_items, n_genres]`, the genres as ones and zeros.
        names: sparse `float32[n_items, n_names]`: directors, cast and keywords.
        words: sparse `float32[n_items, n_words]`, of the plots.
        genre_words: sparse `float32[n_items, n_genre_words]`, by which the plots name genres. Films
            with nothing else in common are not similar: too many are "American" or "drama".
        sentences: `float32[n_items, d]`, of the plots; `d` is 0 without an encoder.
    """

    genres: NDArray[np.float32]
    labels: NDArray[np.float32]
    names: sp.csr_array
    words: sp.csr_array
    genre_words: sp.csr_array
    sentences: NDArray[np.float32]

    @classmethod
    def of(cls, catalog: Catalog, sentences: NDArray[np.float32] | None = None) -> Self:
        """The facts of a catalogue, with sentence vectors of its plots if there are any."""
        if sentences is None:
            sentences = np.zeros((len(catalog), 0), dtype=np.float32)
        weights = {**WEIGHTS, "sentences": _SENTENCES if sentences.any() else 0.0}
        weights["plot"] -= weights["sentences"]
        fields = {
            "directors": _unit(multi_hot(catalog.directors, _MIN_FILMS)[0]),
            "cast": _unit(multi_hot(_leading(catalog), _MIN_FILMS)[0]),
            "keywords": tfidf([[each.lower() for each in row] for row in catalog.keywords]),
        }
        root = {name: np.float32(np.sqrt(weight)) for name, weight in weights.items()}
        labels = genre_matrix(catalog.genres).toarray()
        return cls(
            genres=_centred(labels) * root["genres"],
            labels=labels,
            names=sp.csr_array(sp.hstack([rows * root[name] for name, rows in fields.items()])),
            words=tfidf(plot_words(catalog)) * root["plot"],
            genre_words=tfidf(genre_words(catalog)) * root["genre_words"],
            sentences=sentences * root["sentences"],
        )

    @property
    def known(self) -> NDArray[np.float32]:
        """`float32[n_items]`: the weighted sum of each film with itself, of what is known of it."""
        dense = (self.genres**2).sum(axis=1) + (self.sentences**2).sum(axis=1)
        rows = (self.names, self.words, self.genre_words)
        sparse = (each.multiply(each).sum(axis=1) for each in rows)
        known: NDArray[np.float32] = dense + sum(np.asarray(each).ravel() for each in sparse)
        return known

    def similarity(self, items: slice) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Weighted sums of the cosines of some films with all films, `float32[m, n_items]`.

        And whether the two have something in common, `bool[m, n_items]`: a genre, a name or a
        similar plot. A genre that only the plots name does not suffice.
        """
        names = (self.names[items] @ self.names.T).toarray()
        plots = (self.words[items] @ self.words.T).toarray()
        plots += self.sentences[items] @ self.sentences.T
        common = (names > 0) | (plots > _LEAST_PLOT * WEIGHTS["plot"])
        common |= self.labels[items] @ self.labels.T > 0
        similar = self.genres[items] @ self.genres.T
        similar += names
        similar += plots
        similar += (self.genre_words[items] @ self.genre_words.T).toarray()
        return similar, common


def _leading(catalog: Catalog) -> Iterable[tuple[str, ...]]:
    return (cast[:_BILLED] for cast in billed(catalog).cast)


def _centred(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows less their damped mean, scaled to length 1; rows of zeros are left out of both."""
    known = labels.sum(axis=1) > 0
    mean = labels.sum(axis=0) / (np.count_nonzero(known) + _DAMPING)
    rows = np.where(known[:, None], labels - mean, 0).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=rows, where=lengths > 0)


def _unit(rows: sp.csr_array) -> sp.csr_array:
    """Rows of ones scaled to length 1."""
    counts = np.diff(rows.indptr)
    scale = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return sp.csr_array((rows.data * scale, rows.indices, rows.indptr), shape=rows.shape)
