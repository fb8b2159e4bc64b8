"""Films described alike: the model that needs no other viewers."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.content.fields import words_by_field
from matinee.content.tfidf import weighted_fields
from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._feedback import damped_popularity, or_prior

__all__ = ["Content", "ContentConfig"]


class ContentConfig(Config):
    """Options of `Content`: how much each field of the catalogue counts."""

    title: NonNegativeFloat = 0.4
    """Weight of the words of the title."""
    overview: NonNegativeFloat = 0.7
    """Weight of the words of the overview."""
    genres: NonNegativeFloat = 0.5
    """Weight of the genres."""
    keywords: NonNegativeFloat = 1.0
    """Weight of the keywords."""
    people: NonNegativeFloat = 0.7
    """Weight of directors and cast."""
    decade: NonNegativeFloat = Field(0.3, json_schema_extra=search(0.3, 1.0))
    """Weight of the time of release."""
    origin: NonNegativeFloat = 0.2
    """Weight of languages and countries."""


class Content(Model):
    """Cosine between a film and the films of the history, by TF-IDF over the catalogue.

    A viewer's profile is the sum of the films of their history, each weighted by how far its rating
    lies above what is usual (Rocchio's relevance feedback, 1971); see `_weights`.
    """

    Config: ClassVar[type[Config]] = ContentConfig
    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; both must be over the same rows"
            )
        words = weighted_fields(words_by_field(catalog), self.config.model_dump())
        values = interactions.values
        usual = values.mean(dtype=np.float64) if len(values) else sum(interactions.scale) / 2
        self.arrays["words"] = words.data
        self.arrays["indices"] = words.indices
        self.arrays["indptr"] = words.indptr
        self.arrays["n_words"] = np.array([words.shape[1]], dtype=np.int64)
        self.arrays["usual"] = np.array([usual], dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        starts = np.array([0, len(query)])
        shape = (1, len(self.arrays["prior"]))
        history = sp.csr_array((query.values, query.items, starts), shape=shape)
        alone: NDArray[np.float32] = self.scores(history)[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        films = self._films()
        weights = _weights(histories.data, histories.indptr, self.arrays["usual"][0])
        weighted = (weights, histories.indices, histories.indptr)
        profiles = sp.csr_array(weighted, shape=histories.shape) @ films
        norms = np.sqrt(profiles.multiply(profiles).sum(axis=1))
        scores = (profiles @ films.T).toarray() / np.maximum(norms, 1e-12)[:, None]
        return or_prior(scores.astype(np.float32), self.arrays["prior"])

    def similar(self, item: int) -> NDArray[np.float32]:
        films = self._films()
        likeness: NDArray[np.float32] = films @ films[[item]].toarray().ravel()
        return likeness

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        films = self._films()
        history = films[query.items]
        weights = _weights(query.values, np.array([0, len(query)]), self.arrays["usual"][0])
        length = np.linalg.norm(history.T @ weights)
        parts = weights * (history @ films[[item]].toarray().ravel())
        return (parts / length).astype(np.float32) if parts.any() else None

    def _films(self) -> sp.csr_array:
        arrays = self.arrays
        shape = (len(arrays["prior"]), int(arrays["n_words"][0]))
        return sp.csr_array((arrays["words"], arrays["indices"], arrays["indptr"]), shape=shape)


def _weights(
    values: NDArray[np.float32], indptr: NDArray[np.integer], usual: np.float32
) -> NDArray[np.float32]:
    """How much each film of the histories of a CSR counts in its viewer's profile.

    A rating counts by its distance from the viewer's mean, or from everybody's where that is
    lower, so that who loves all they watch is not said to dislike the least loved. A viewer whose
    ratings are all the same says only what they watched: each counts 1.
    """
    counts = np.diff(indptr)
    weights = np.ones_like(values)
    filled = np.flatnonzero(counts)
    if len(filled):
        starts = indptr[filled]
        means = np.add.reduceat(values, starts) / counts[filled]
        varies = np.maximum.reduceat(values, starts) > np.minimum.reduceat(values, starts)
        centres = np.repeat(np.minimum(means, usual), counts[filled])
        weights = np.where(np.repeat(varies, counts[filled]), values - centres, weights)
    return weights.astype(np.float32)
