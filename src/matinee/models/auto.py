"""The model that suits the data: candidates race on ratings that were held back."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model
from matinee.models._blend.held_out import HeldOut, hold_out
from matinee.models._blend.parts import (
    arrays_of,
    kept_query,
    kept_ratings,
    prefixed,
    read_parts,
)
from matinee.models._shared.feedback import damped_popularity, liked, require_likes
from matinee.models.blend import Blend, BlendConfig

__all__ = ["Auto", "AutoConfig"]

_DEPTH = 10
_SIMPLE = ("popular", "item-knn")
_FACTORS = tuple(
    f"ials unobserved_weight={weight} l2={l2}"
    for weight, l2 in ((0.05, 0.01), (0.1, 0.02), (0.2, 0.02), (0.3, 0.01))
)
"""From many ratings to few."""
_PENALTIES = (60, 200, 600)
_PARTS = 2
"""Of the blend that is tried."""
_WORTH_TRYING = 0.98
"""Share of the best's quality that a blend needs to be preferred: what was held back tells models
apart to some percent only, and two that err differently are less at the mercy of that."""


class AutoConfig(Config):
    """Options of `Auto`."""

    most_films: PositiveInt = 4_000
    """With more films, ease-sparse takes the place of models that invert a matrix of all films."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Auto(Model):
    """Candidates are fitted without a part of the ratings, and the best at finding it is kept.

    They are popularity, item neighbours, implicit factorisation, and linear autoencoders with a
    few penalties: where the films are few enough to invert their Gram matrix dense ones, one of
    which reads the catalogue where people are known of most films, else sparse ones; then a blend
    of the best of each kind. NDCG at 10 decides; the winner is fitted anew on everything. This is
    model selection by validation (Stone, "Cross-validatory choice and assessment of statistical
    predictions", 1974).
    """

    Config: ClassVar[type[Config]] = AutoConfig
    reads_catalog: ClassVar[bool] = True

    @property
    def winner(self) -> str:
        """The model that was chosen, with its options: "ease l2=150"."""
        return bytes(self.arrays["winner"]).decode()

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        require_likes(interactions, self.config.min_rating)
        liked_ones = interactions.select(interactions.values >= self.config.min_rating)
        held_out = hold_out(liked_ones, rng)
        autoencoders = self._autoencoders(interactions, catalog)
        text = "popular" if held_out is None else _race(autoencoders, held_out, catalog, rng)
        self.arrays = arrays_of([_model(text).fit(liked_ones, catalog, rng=rng)])
        self.arrays["winner"] = np.frombuffer(text.encode(), dtype=np.uint8).copy()
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        shown = kept_query(query, liked(query, self.config.min_rating))
        if not len(shown):
            return np.array(self.arrays["prior"])
        return self._chosen().score(shown)

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = kept_ratings(histories, self.config.min_rating)
        scores = self._chosen().scores(kept)
        scores[np.diff(kept.indptr) == 0] = self.arrays["prior"]
        return scores

    def similar(self, item: int) -> NDArray[np.float32]:
        return self._chosen().similar(item)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        return self.contributions_to(query, np.array([item]))[0]

    def contributions_to(
        self, query: Query, items: NDArray[np.integer]
    ) -> list[NDArray[np.float32] | None]:
        kept = liked(query, self.config.min_rating)
        found = self._chosen().contributions_to(kept_query(query, kept), items)
        parts = np.zeros((len(items), len(query)), dtype=np.float32)
        for row, of_kept in zip(parts, found, strict=True):
            row[kept] = 0 if of_kept is None else of_kept
        return [None if of_kept is None else row for row, of_kept in zip(parts, found, strict=True)]

    def _chosen(self) -> Model:
        model = _model(self.winner)
        model.arrays = prefixed(self.arrays, 0)
        return model

    def _autoencoders(self, interactions: Interactions, catalog: Catalog) -> tuple[str, ...]:
        if interactions.n_items > self.config.most_films:
            return ("ease-sparse",)
        return ("dlae", "ease-content") if _has_facts(catalog) else ("dlae",)


def _model(text: str) -> Model:
    """A model of its text, or a blend of the several that are named; unfitted."""
    parts = read_parts(text)
    if len(parts) > 1:
        return Blend(BlendConfig(parts=text, depth=_DEPTH))
    return parts[0].model()


def _has_facts(catalog: Catalog) -> bool:
    """Whether people are known of at least half of the films: genres alone add little."""
    known = np.diff(catalog.directors.bounds) + np.diff(catalog.cast.bounds) > 0
    return bool(2 * known.sum() >= len(catalog))


def _race(
    autoencoders: tuple[str, ...], held_out: HeldOut, catalog: Catalog, rng: np.random.Generator
) -> str:
    """The candidate that finds most of what was held back: one of each kind, or their blend."""

    def quality(text: str) -> float:
        model = _model(text).fit(held_out.train, catalog, rng=np.random.default_rng(seed))
        return float(held_out.ndcg(held_out.scores(model), _DEPTH).mean())

    seed = int(rng.integers(2**32))
    kinds = [
        _SIMPLE,
        _FACTORS,
        *([f"{kind} l2={l2}" for l2 in _PENALTIES] for kind in autoencoders),
    ]
    found = {text: quality(text) for kind in kinds for text in kind}
    best = max(found, key=found.__getitem__)
    # of each kind one: what differs is worth more together
    best_of = [max(kind, key=found.__getitem__) for kind in kinds]
    blend = " + ".join(sorted(best_of, key=found.__getitem__, reverse=True)[:_PARTS])
    return blend if quality(blend) > _WORTH_TRYING * found[best] else best
