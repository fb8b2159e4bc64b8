"""Model selection: the best candidate on held-out ratings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import LikesConfig, Model
from matinee.models._blend.held_out import HeldOut, hold_out
from matinee.models._blend.parts import arrays_of, likes_of, prefixed, read_parts
from matinee.models.blend import Blend, BlendConfig

__all__ = ["Auto", "AutoConfig", "best_of"]

_DEPTH = 10
_SIMPLE = ("popular", "item-knn")
_FACTORS = tuple(
    f"ials unobserved_weight={weight} l2={l2}"
    for weight, l2 in ((0.05, 0.01), (0.1, 0.02), (0.2, 0.02), (0.3, 0.01))
)
"""Settings for many ratings first, for few ratings last."""
_PENALTIES = (60, 200, 600)
_BLEND_PARTS = 2
_BLEND_TOLERANCE = 0.98
"""Share of the best quality at which a blend is preferred. Held-out ratings tell models apart to
some percent only, and a blend of two different models depends less on chance."""


class AutoConfig(LikesConfig):
    """Options of `Auto`."""

    most_films: PositiveInt = 4_000
    """With more films, ease-sparse replaces models that invert an item-item matrix."""


class Auto(Model[AutoConfig]):
    """Fits candidates on a part of the ratings and keeps the one that ranks the others best.

    Candidates are popularity, item neighbours, implicit factorisation, and linear autoencoders with
    several penalties: dense ones if the films are few enough to invert their Gram matrix, one of
    which reads the catalogue if that knows the people of most films; otherwise sparse ones. Last
    comes a blend of the best of each kind. NDCG at 10 decides, and the winner is fitted again on
    all ratings. This is model selection by validation (Stone, "Cross-validatory choice and
    assessment of statistical predictions", 1974).
    """

    reads_catalog: ClassVar[bool] = True

    @property
    def winner(self) -> str:
        """The chosen model with its options: "ease l2=150"."""
        return bytes(self.arrays["winner"]).decode()

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes = likes_of(interactions, self.config)
        held_out = hold_out(likes, rng)
        kinds = _candidates(catalog, self.config.most_films)
        text = "popular" if held_out is None else best_of(kinds, held_out, catalog, rng)
        self.arrays.update(arrays_of([_model(text).fit(likes, catalog, rng=rng)]))
        self.arrays["winner"] = np.frombuffer(text.encode(), dtype=np.uint8).copy()
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        likes = histories.select(self.config.likes(histories.values))
        scores = self._chosen().scores(likes)
        scores[likes.lengths == 0] = self.arrays["prior"]
        return scores

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return self._chosen().similar(items)

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        liked = self.config.likes(histories.values)
        contributions = np.zeros((len(items), len(liked)), dtype=np.float32)
        parts = self._chosen().contributions(histories.select(liked), items)
        if parts is not None:
            contributions[:, liked] = parts
        return contributions

    def _chosen(self) -> Model:
        model = _model(self.winner)
        model.arrays = prefixed(self.arrays, 0)
        return model


def best_of(
    kinds: Sequence[Sequence[str]], held_out: HeldOut, catalog: Catalog, rng: np.random.Generator
) -> str:
    """The candidate that ranks held-out ratings best, or a blend of the best of some kinds.

    Candidates are written with their options, "ease l2=150", and listed by kind of model.
    """

    def quality(text: str) -> float:
        model = _model(text).fit(held_out.train, catalog, rng=np.random.default_rng(seed))
        return float(held_out.ndcg(held_out.scores(model), _DEPTH).mean())

    seed = int(rng.integers(2**32))
    qualities = {text: quality(text) for kind in kinds for text in kind}
    best = max(qualities, key=qualities.__getitem__)
    # models of different kinds make different errors
    best_of_kind = [max(kind, key=qualities.__getitem__) for kind in kinds]
    parts = sorted(best_of_kind, key=qualities.__getitem__, reverse=True)[:_BLEND_PARTS]
    blend = " + ".join(parts)
    return blend if quality(blend) > _BLEND_TOLERANCE * qualities[best] else best


def _candidates(catalog: Catalog, most_films: int) -> list[Sequence[str]]:
    autoencoders = ["ease-sparse"]
    if len(catalog) <= most_films:
        autoencoders = ["dlae", "ease-content"] if _knows_people(catalog) else ["dlae"]
    penalised = [[f"{kind} l2={l2}" for l2 in _PENALTIES] for kind in autoencoders]
    return [_SIMPLE, _FACTORS, *penalised]


def _model(text: str) -> Model:
    """An unfitted model from its text, a blend if the text has several parts."""
    parts = read_parts(text)
    if len(parts) > 1:
        return Blend(BlendConfig(parts=text, depth=_DEPTH))
    return parts[0].model()


def _knows_people(catalog: Catalog) -> bool:
    """Whether people of at least half of the films are known; genres alone add little."""
    known = np.diff(catalog.directors.bounds) + np.diff(catalog.cast.bounds) > 0
    return bool(2 * known.sum() >= len(catalog))
