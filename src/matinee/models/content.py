"""Recommendations from descriptions of films, without other viewers."""

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
from matinee.content.embeddings import film_embeddings
from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, search, span
from matinee.models._shared.biases import row_biases
from matinee.models._shared.description_ridge import (
    Smoother,
    common_directions,
    regressed_on_description,
)

__all__ = ["SIMILARITY_WEIGHTS", "Content", "ContentConfig"]

SIMILARITY_WEIGHTS: Mapping[str, float] = MappingProxyType(
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
"""Weight of each field in `similar`, chosen for a reader's eye. Fields that rank well are no guide:
that a film has a certificate at all predicts its audience."""

_MEAN_DAMPING = 10.0
"""Pseudo-ratings at the global mean added to the mean of a viewer."""
_EMBEDDING_DIMENSIONS = 64
_PSEUDO_FILMS = 1000
"""Added to the number of films that the penalty is multiplied by: a few films say little of what
films have in common."""
_AUDIENCE_OF_SIMILARITY = np.float32(0.15)
"""Power of the audience in `similar`, enough to rank a sequel above an imitation."""
_LEAST_AUDIENCE = 0.1
"""Added to every predicted audience, as a share of the mean audience."""


def _is_path(text: str) -> str:
    """Checks the form only, because a fitted model answers without the encoder."""
    if text and not {"/", "\\"} & set(text):
        raise PydanticCustomError("path", "must be the path of a folder, as ./all-minilm-l6-v2")
    return text


class ContentConfig(Config):
    """Options of `Content`: weights of the fields of the catalogue, and penalties."""

    title: NonNegativeFloat = Field(0.7, json_schema_extra=span(0, 3))
    """Weight of the words of the title."""
    overview: NonNegativeFloat = Field(0.5, json_schema_extra=span(0, 3))
    """Weight of the words of the overview."""
    genres: NonNegativeFloat = Field(0.7, json_schema_extra=span(0, 3))
    """Weight of the genres."""
    keywords: NonNegativeFloat = Field(0.5, json_schema_extra=span(0, 3))
    """Weight of the keywords."""
    people: NonNegativeFloat = Field(1.5, json_schema_extra=span(0, 3))
    """Weight of directors and cast."""
    decade: NonNegativeFloat = Field(0.7, json_schema_extra=span(0, 3))
    """Weight of the decade of release."""
    origin: NonNegativeFloat = Field(0.5, json_schema_extra=span(0, 3))
    """Weight of languages and countries."""
    runtime: NonNegativeFloat = Field(0.3, json_schema_extra=span(0, 3))
    """Weight of the runtime, in five classes."""
    certificate: NonNegativeFloat = Field(0.6, json_schema_extra=span(0, 3))
    """Weight of the age certificate."""
    known: NonNegativeFloat = Field(0.5, json_schema_extra=span(0, 3))
    """Weight of which fields are filled in; the catalogue knows more about popular films."""
    embeddings: NonNegativeFloat = 0.0
    """Weight of the sentence embedding of title, genres, keywords and overview. More than 0 needs
    the extra `text` and an `encoder`. It pays off if there are overviews; 0.8 is a good weight."""
    encoder: Annotated[str, AfterValidator(_is_path)] = ""
    """Path of the sentence encoder's folder, needed to fit with `embeddings` and not to answer."""
    l2: PositiveFloat = Field(
        0.02, json_schema_extra=search(0.01, 0.02, 0.04) | span(0.001, 0.5, log=True)
    )
    """Penalty of a viewer's ridge regression per film of the catalogue; higher gives less weight to
    rare features of a history and more to common ones."""
    audience: NonNegativeFloat = Field(0.6, json_schema_extra=search(0.6, 1.0) | span(0, 2))
    """Power of the audience predicted from a description; 0 ranks by the viewer's taste alone."""
    audience_l2: PositiveFloat = Field(1.0, json_schema_extra=span(0.1, 10, log=True))
    """Penalty of the regression of audiences on descriptions."""
    rating_weight: NonNegativeFloat = Field(0.6, json_schema_extra=span(0, 2))
    """Added to a film's weight of 1 for each star above the viewer's mean, and subtracted for each
    star below; 0 weighs all films of a history the same. A star is a quarter of the scale."""
    components: PositiveInt = Field(64, json_schema_extra=span(16, 256, log=True))
    """Number of directions that films have in common."""


class Content(Model[ContentConfig]):
    """Ridge regression of one viewer's likes on descriptions, times a predicted audience.

    Films of the history are examples weighted by their rating, all other films are examples of 0.
    So features of a history count by how rare they are in the catalogue. Ratings of other viewers
    have one effect: they teach the size of the audience that a description attracts (see
    docs/decisions/0024).

    It has no `levels`: a rating weighs by its distance from the viewer's own mean, which needs no
    threshold of likes. On validation the table of levels showed a quarter fewer dislikes, at an
    NDCG of .1422 in place of .1458 (docs/decisions/0039).
    """

    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        blocks = field_blocks(catalog)
        if config.embeddings:
            embedded = film_embeddings(catalog, config.encoder, _EMBEDDING_DIMENSIONS)
            blocks["embeddings"] = sp.csr_array(embedded)
        features = sp.csr_array(sp.hstack(list(blocks.values()), format="csr", dtype=np.float32))
        squares = _squares(blocks, config.model_dump())
        films = sp.csr_array(features.multiply(np.sqrt(squares)), dtype=np.float32)
        ridge = config.l2 * (len(catalog) + _PSEUDO_FILMS)
        similarity = _squares(blocks, SIMILARITY_WEIGHTS)
        total = sum(weight**2 for weight in SIMILARITY_WEIGHTS.values())
        values = interactions.values
        mean = values.mean(dtype=np.float64) if len(values) else sum(interactions.scale) / 2
        self.arrays["features"] = features.data
        self.arrays["indices"] = features.indices
        self.arrays["indptr"] = features.indptr
        self.arrays["squares"] = (squares / ridge).astype(np.float32)
        self.arrays["similarity"] = (similarity / total).astype(np.float32)
        self.arrays["directions"] = common_directions(films, ridge, config.components)
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        self.arrays["audience"] = self._audience(films, interactions)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes = (self._weights(histories), histories.items, histories.starts)
        scores = self._smoother().smooth(sp.csr_array(likes, shape=histories.ratings.shape))
        scores *= self.arrays["audience"]
        return scores

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Mean of the cosines in each field, weighted by the squares of `SIMILARITY_WEIGHTS`.

        Of films about as similar, those with the larger predicted audience come first. A film's
        similarity to itself is the highest.
        """
        features = self._smoother().features
        cosines = features @ (features[items].toarray() * self.arrays["similarity"]).T
        similar: NDArray[np.float32] = cosines.T
        similar *= self.arrays["audience"] ** _AUDIENCE_OF_SIMILARITY
        similar[np.arange(len(items)), items] = similar.max(axis=1)
        return similar

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        parts = self._smoother().between(histories.items, items) * self._weights(histories)
        parts *= self.arrays["audience"][items, None]
        return parts

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        """Coordinates of the descriptions in the directions that many films share, embeddings
        included: latent semantic analysis (Deerwester et al. 1990, JASIS 41(6)).
        """
        return self.arrays["directions"]

    def _audience(self, films: sp.csr_array, interactions: Interactions) -> NDArray[np.float32]:
        """Predicted number of ratings of each film over the mean, to the power `audience`."""
        counts = np.bincount(interactions.items, minlength=interactions.n_items)
        rated = counts > 0
        if not rated.any():
            return np.ones(len(counts), dtype=np.float32)
        shares = counts / counts[rated].mean()
        predicted = regressed_on_description(films, rated, shares, self.config.audience_l2)
        audience: NDArray[np.float32] = (predicted + _LEAST_AUDIENCE) ** self.config.audience
        return audience.astype(np.float32)

    def _weights(self, histories: Histories) -> NDArray[np.float32]:
        """Weight of each rating, `float32[nnz]`, 1 at the viewer's mean.

        The mean is damped towards the global mean, so that a single poor rating counts against its
        film. A count weighs 1.
        """
        if self.counts:
            return np.minimum(histories.values, 1)
        low, high = self.arrays["scale"].tolist()
        star = (high - low) / 4 or 1.0
        deviations = histories.values - self.arrays["mean"][0]
        biases = row_biases(histories.rows, deviations, len(histories), _MEAN_DAMPING)
        weights: NDArray[np.floating] = (deviations - biases[histories.rows]) / star
        return (1 + self.config.rating_weight * weights).astype(np.float32)

    def _smoother(self) -> Smoother:
        arrays = self.arrays
        shape = (len(arrays["audience"]), len(arrays["squares"]))
        rows = (arrays["features"], arrays["indices"], arrays["indptr"])
        return Smoother(sp.csr_array(rows, shape=shape), arrays["squares"], arrays["directions"])


def _squares(
    blocks: Mapping[str, sp.csr_array], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """Squared weight of every feature, `float64[n_features]`; 0 for fields without a weight."""
    each = [np.full(block.shape[1], weights.get(field, 0.0)) for field, block in blocks.items()]
    return np.square(np.concatenate(each, dtype=np.float64))
