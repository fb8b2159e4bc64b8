"""Several models as one, combined by what each finds of ratings that were held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import AfterValidator, PositiveInt
from pydantic_core import PydanticCustomError

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.models import Config, Model
from matinee.models._blend.boosted import boosted_scores, learned_trees, lightgbm_or_error, trees_of
from matinee.models._blend.held_out import HeldOut, hold_out
from matinee.models._blend.parts import (
    Part,
    arrays_of,
    fit_parts,
    kept_query,
    kept_ratings,
    read_parts,
    restored,
)
from matinee.models._blend.shortlist import (
    Shortlists,
    film_facts,
    seen_films,
    shortlists,
    weighted_scores,
)
from matinee.models._blend.weights import equal_weights, learned_weights, spread_of, weights_for
from matinee.models._shared.feedback import damped_popularity, liked, require_likes

__all__ = ["Blend", "BlendConfig"]

_MOST_VIEWERS = 20_000
"""Whose shortlists teach the trees: some six million films at the default length."""
_SCORES_AT_ONCE = 2**23


def _known(text: str) -> str:
    try:
        parts = read_parts(text)
    except OptionError as error:
        raise PydanticCustomError("parts", "{said}", {"said": str(error)}) from None
    if any(part.name in ("blend", "auto") for part in parts):
        raise PydanticCustomError("parts", "a blend cannot be a part of a blend")
    return text


class BlendConfig(Config):
    """Options of `Blend`."""

    parts: Annotated[str, AfterValidator(_known)] = (
        "dlae + ials factors=64 unobserved_weight=0.05 l2=0.01"
    )
    """Models with their options, as in 'ease l2=300 + ials factors=128'."""
    combine: Literal["weights", "ranker"] = "weights"
    """A sum with weights, or boosted trees that correct it for the first films of every part; these
    are fitted by LightGBM (extra: boost)."""
    depth: PositiveInt = 50
    """Length of the lists whose NDCG decides about the weights or the trees."""
    buckets: PositiveInt = 3
    """Groups of viewers by length of history, each with weights of its own where it is large."""
    shortlist: PositiveInt = 200
    """Films of every part's list that the ranker orders anew."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Blend(Model):
    """Weighted sum of the scores of several models, each divided by its spread over the films.

    Weights are found as in stacking (Wolpert, "Stacked generalization", Neural Networks 1992): a
    fifth of the ratings of every viewer is held back, the parts are fitted on the others, and a
    coordinate search moves the weights, none negative, while NDCG of what was held back rises.
    Then the parts are fitted anew on everything.

    With `combine=ranker` what was held back then teaches boosted trees, which correct the sum for
    the first films of every part by scores, ranks and a few facts (LambdaRank: Burges, "From
    RankNet to LambdaRank to LambdaMART", 2010); all other films stay below these. Such a fit raises
    `InputError` where the extra `boost` is not installed.
    """

    Config: ClassVar[type[Config]] = BlendConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        require_likes(interactions, self.config.min_rating)
        liked_ones = interactions.select(interactions.values >= self.config.min_rating)
        combined = self._combined(liked_ones, catalog, rng)
        self.arrays = arrays_of(fit_parts(self._parts(), liked_ones, catalog, rng)) | combined
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        order = np.argsort(query.items)
        row = (query.values[order], query.items[order], [0, len(query)])
        history = sp.csr_array(row, shape=(1, len(self.arrays["prior"])))
        blended: NDArray[np.float32] = self.scores(history)[0]
        return blended

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = kept_ratings(histories, self.config.min_rating)
        blended = self._ranked(kept) if self._is_ranker else self._weighted(kept)
        blended[np.diff(kept.indptr) == 0] = self.arrays["prior"]
        return blended

    def similar(self, item: int) -> NDArray[np.float32]:
        for model in restored(self._parts(), self.arrays):
            if type(model).similar is not Model.similar:
                return model.similar(item)
        raise InputError(
            f"none of the parts of {self.name!r} compares films with each other; "
            "add content, item-knn or ease to them"
        )

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        return self.contributions_to(query, np.array([item]))[0]

    def contributions_to(
        self, query: Query, items: NDArray[np.integer]
    ) -> list[NDArray[np.float32] | None]:
        kept = liked(query, self.config.min_rating)
        shown = kept_query(query, kept)
        if not len(shown) or self._is_ranker:
            return [None] * len(items)
        parts = np.zeros((len(items), len(query)), dtype=np.float32)
        silent = np.zeros(len(items), dtype=np.bool_)
        weights = weights_for(self.arrays, np.array([len(shown)]))[0]
        for weight, model in zip(weights, restored(self._parts(), self.arrays), strict=True):
            if weight == 0:
                continue
            scores = model.score(shown)
            share = weight / spread_of(scores[None])[0]
            scored = np.flatnonzero(scores[items])
            found = model.contributions_to(shown, items[scored])
            for place, added in zip(scored, found, strict=True):
                if added is None:
                    silent[place] = True
                else:
                    parts[place, kept] += added * share
        return [
            row if row.any() and not without else None
            for row, without in zip(parts, silent, strict=True)
        ]

    @property
    def _is_ranker(self) -> bool:
        return bool(self.config.combine == "ranker")

    def _parts(self) -> tuple[Part, ...]:
        return read_parts(self.config.parts)

    def _combined(
        self, interactions: Interactions, catalog: Catalog, rng: np.random.Generator
    ) -> dict[str, NDArray[Any]]:
        """What parts fitted without what is held back teach of combining them."""
        if self._is_ranker:
            lightgbm_or_error()  # before the parts are fitted, which may take long
        parts = self._parts()
        combined = equal_weights(len(parts))
        held_out = hold_out(interactions, rng, _MOST_VIEWERS if self._is_ranker else None)
        models = fit_parts(parts, held_out.train, catalog, rng) if held_out else []
        if held_out:
            few = held_out.few(rng)
            combined = learned_weights(models, few, self.config.depth, self.config.buckets)
        if not self._is_ranker:
            return combined
        trees = self._trees(models, combined, held_out, catalog, rng) if held_out else trees_of([])
        return combined | trees | {"facts": film_facts(interactions, catalog)}

    def _trees(
        self,
        models: Sequence[Model],
        combined: Mapping[str, NDArray[Any]],
        held_out: HeldOut,
        catalog: Catalog,
        rng: np.random.Generator,
    ) -> dict[str, NDArray[Any]]:
        """Trees learned on the shortlists of all viewers of whom something was held back."""
        facts = film_facts(held_out.train, catalog)
        at_once = max(1, _SCORES_AT_ONCE // len(facts))
        lists, wanted, weighted = [], [], []
        for start in range(0, len(held_out.lengths), at_once):
            rows = slice(start, start + at_once)
            scores = weighted_scores(models, combined, held_out.histories[rows])
            some = shortlists(scores, facts, self.config.shortlist)
            place = some.rows, some.items
            lists.append(some.moved(start))
            wanted.append(seen_films(held_out.targets[rows])[place])
            weighted.append(scores.weighted[place])
        return learned_trees(
            Shortlists.together(lists),
            np.concatenate(wanted),
            np.concatenate(weighted),
            self.config.depth,
            rng,
        )

    def _weighted(self, kept: sp.csr_array) -> NDArray[np.float32]:
        weights = weights_for(self.arrays, np.diff(kept.indptr))
        blended = np.zeros(kept.shape, dtype=np.float32)
        for place, model in enumerate(restored(self._parts(), self.arrays)):
            if weights[:, place].any():
                scores = model.scores(kept)
                blended += scores * (weights[:, place] / spread_of(scores))[:, None]
        return blended

    def _ranked(self, kept: sp.csr_array) -> NDArray[np.float32]:
        models = restored(self._parts(), self.arrays)
        scores = weighted_scores(models, self.arrays, kept)
        lists = shortlists(scores, self.arrays["facts"], self.config.shortlist)
        return boosted_scores(lists, self.arrays, scores.weighted)
