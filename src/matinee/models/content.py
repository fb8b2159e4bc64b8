"""Films described alike: the model that needs no other viewers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, NonNegativeFloat, PositiveFloat, PositiveInt
from pydantic_core import PydanticCustomError

from matinee.content.description import field_blocks
from matinee.content.meaning import meanings
from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.description_ridge import (
    Smoother,
    expected_from_description,
    usual_directions,
)
from matinee.models._shared.feedback import damped_popularity, or_prior

__all__ = ["LIKENESS_WEIGHTS", "Content", "ContentConfig"]

LIKENESS_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "title": 0.4,
        "overview": 0.7,
        "genres": 0.5,
        "keywords": 1.0,
        "people": 0.7,
        "decade": 0.3,
        "origin": 0.2,
    }
)
"""How much each field counts when two films are compared for a person's eye, see `similar`. What
ranks best says nothing of that: that a film's certificate is known tells how many watch it."""

_RATINGS_FOR_HALF = 10.0
"""Ratings after which a viewer's own mean counts half in what is usual for them."""
_MEANINGS = 64
"""Numbers that are kept of an embedding."""
_FILMS_BEFORE = 1000
"""Films added to those of the catalogue where the penalty is one per film: a handful of films says
little of what is usual."""
_AUDIENCE_OF_LIKENESS = np.float32(0.15)
"""Power of the audience in `similar`: enough to put a sequel before an imitation."""
_LEAST_AUDIENCE = 0.1
"""Share of the mean audience that every film is granted, whatever its description."""


def _is_a_path(text: str) -> str:
    """Not whether it exists: a fitted model also answers where there is no encoder."""
    if text and not {"/", "\\"} & set(text):
        raise PydanticCustomError("path", "must be the path of a folder, as ./all-minilm-l6-v2")
    return text


class ContentConfig(Config):
    """Options of `Content`: how much each field of the catalogue counts, and how firmly."""

    title: NonNegativeFloat = 0.7
    """Weight of the words of the title."""
    overview: NonNegativeFloat = 0.5
    """Weight of the words of the overview."""
    genres: NonNegativeFloat = 0.7
    """Weight of the genres."""
    keywords: NonNegativeFloat = 0.5
    """Weight of the keywords."""
    people: NonNegativeFloat = 1.5
    """Weight of directors and cast."""
    decade: NonNegativeFloat = 0.7
    """Weight of the time of release."""
    origin: NonNegativeFloat = 0.5
    """Weight of languages and countries."""
    runtime: NonNegativeFloat = 0.3
    """Weight of the length, in five classes."""
    certificate: NonNegativeFloat = 0.6
    """Weight of the age the film is released for."""
    known: NonNegativeFloat = 0.5
    """Weight of which fields the catalogue has at all: much is written about what many watch."""
    embeddings: NonNegativeFloat = 0.0
    """Weight of the sentence embedding of title, genres, keywords and overview. More than 0 needs
    the extra `text` and an `encoder`; worth it where there are overviews, then 0.8 is a good
    weight."""
    encoder: Annotated[str, AfterValidator(_is_a_path)] = ""
    """Path of the sentence encoder's folder; needed to fit with `embeddings`, not to answer."""
    l2: PositiveFloat = Field(0.02, json_schema_extra=search(0.01, 0.02, 0.04))
    """Penalty of a viewer's ridge regression per film of the catalogue; higher asks less of what is
    unusual about the films of a history, and more of what they have in common."""
    audience: NonNegativeFloat = Field(0.6, json_schema_extra=search(0.6, 1.0))
    """Power of the audience that a description makes one expect; 0 ranks by the viewer's taste
    alone."""
    audience_l2: PositiveFloat = 1.0
    """Penalty of the regression of audiences on descriptions."""
    rating_weight: NonNegativeFloat = 0.6
    """How much a rating one star above what is usual for the viewer adds to a film's weight of 1,
    and one below takes away; 0 counts all films of a history the same. A star is a quarter of the
    scale."""
    components: PositiveInt = 64
    """Directions of what films usually have in common that are told apart."""


class Content(Model):
    """Ridge regression of one viewer's likes on what films are about, times an expected audience.

    Every film that is not in the history is a 0 of the regression, every film that is counts by its
    rating, so that what a viewer watches is weighed against what there is to watch. No other
    viewer takes part in it. The ratings of others teach one number a film: how large an audience
    films so described have (see docs/decisions/0024).
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
        config = self.config
        blocks = field_blocks(catalog)
        if config.embeddings:
            written = meanings(catalog, config.encoder, _MEANINGS)
            blocks["embeddings"] = sp.csr_array(written)
        features = sp.csr_array(sp.hstack(list(blocks.values()), format="csr", dtype=np.float32))
        squares = _squares(blocks, config.model_dump())
        films = sp.csr_array(features.multiply(np.sqrt(squares)), dtype=np.float32)
        ridge = config.l2 * (len(catalog) + _FILMS_BEFORE)
        likeness = _squares(blocks, LIKENESS_WEIGHTS)
        counted = sum(weight**2 for weight in LIKENESS_WEIGHTS.values())
        values = interactions.values
        usual = values.mean(dtype=np.float64) if len(values) else sum(interactions.scale) / 2
        self.arrays["features"] = features.data
        self.arrays["indices"] = features.indices
        self.arrays["indptr"] = features.indptr
        self.arrays["squares"] = (squares / ridge).astype(np.float32)
        self.arrays["likeness"] = (likeness / counted).astype(np.float32)
        self.arrays["usual"] = usual_directions(films, ridge, config.components)
        self.arrays["stars"] = np.array([usual, *interactions.scale], dtype=np.float32)
        self.arrays["audience"] = self._audience(films, interactions)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        starts = np.array([0, len(query)])
        shape = (1, len(self.arrays["prior"]))
        history = sp.csr_array((query.values, query.items, starts), shape=shape)
        alone: NDArray[np.float32] = self.scores(history)[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        worth = self._worth(histories.data, histories.indptr)
        weighted = (worth, histories.indices, histories.indptr)
        scores = self._smoother().expected(sp.csr_array(weighted, shape=histories.shape))
        return or_prior(scores * self.arrays["audience"], self.arrays["prior"])

    def similar(self, item: int) -> NDArray[np.float32]:
        """Mean of the cosines in each field, weighted by the squares of `LIKENESS_WEIGHTS`.

        Of films about as much alike those with the larger expected audience come first; none is
        more like a film than itself.
        """
        features = self._smoother().features
        alike = features @ (features[[item]].toarray().ravel() * self.arrays["likeness"])
        likeness: NDArray[np.float32] = alike * self.arrays["audience"] ** _AUDIENCE_OF_LIKENESS
        likeness[item] = likeness.max()
        return likeness

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        worth = self._worth(query.values, np.array([0, len(query)]))
        parts = worth * self._smoother().between(query.items, item) * self.arrays["audience"][item]
        return parts.astype(np.float32) if parts.any() else None

    def _audience(self, films: sp.csr_array, interactions: Interactions) -> NDArray[np.float32]:
        """The expected number of ratings of every film in means of all, to the power asked for."""
        counts = np.bincount(interactions.items, minlength=interactions.n_items)
        rated = counts > 0
        if not rated.any():
            return np.ones(len(counts), dtype=np.float32)
        shares = counts / counts[rated].mean()
        expected = expected_from_description(films, rated, shares, self.config.audience_l2)
        powered: NDArray[np.float32] = (expected + _LEAST_AUDIENCE) ** self.config.audience
        return powered.astype(np.float32)

    def _worth(
        self, values: NDArray[np.float32], indptr: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """How much each film of the histories of a CSR counts, `float32[nnz]`; 1 as a rule.

        What is usual for a viewer is the mean of their ratings, drawn to everybody's, so that a
        single poor rating counts against what it was given to.
        """
        usual, low, high = self.arrays["stars"].tolist()
        star = (high - low) / 4 or 1.0
        counts = np.diff(indptr)
        sums = np.add.reduceat(np.append(values, 0), indptr[:-1]) * (counts > 0)
        centres = (sums + _RATINGS_FOR_HALF * usual) / (counts + _RATINGS_FOR_HALF)
        above = (values - np.repeat(centres, counts)) / star
        worth: NDArray[np.floating] = 1 + self.config.rating_weight * above
        return worth.astype(np.float32)

    def _smoother(self) -> Smoother:
        arrays = self.arrays
        shape = (len(arrays["prior"]), len(arrays["squares"]))
        rows = (arrays["features"], arrays["indices"], arrays["indptr"])
        return Smoother(sp.csr_array(rows, shape=shape), arrays["squares"], arrays["usual"])


def _squares(
    blocks: Mapping[str, sp.csr_array], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """The squared weight of every feature, `float64[n_features]`; 0 for fields without a weight."""
    each = [np.full(block.shape[1], weights.get(field, 0.0)) for field, block in blocks.items()]
    return np.square(np.concatenate(each, dtype=np.float64))
