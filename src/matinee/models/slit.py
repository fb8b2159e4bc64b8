"""SLIT: a linear model of the next film, in closed form, from decayed blocks of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.data.histories import times_matrix
from matinee.errors import InputError
from matinee.models import Model, Weighting, search, span
from matinee.models._shared.inverse import solve_in_place
from matinee.models._shared.sequences import (
    Constant,
    Decay,
    Pause,
    drawn_order,
    past_weights,
    step_decays,
)
from matinee.models._shared.weighting import require_likes

if TYPE_CHECKING:
    from matinee.kernels.transitions import Sequences

__all__ = ["Slit", "SlitConfig"]

_DAMPING = np.float32(20)
"""Pseudo-likes added to every film before similarities are computed."""


class SlitConfig(Weighting):
    """Options of `Slit`."""

    blocks: Literal[
        "recent session visit long",
        "recent session long",
        "recent session",
        "recent long",
        "session long",
        "recent",
        "session",
        "long",
    ] = "recent session visit long"
    """Views of the past that are regressed on together: the last few films, the films since a
    short pause, those since a longer one, and the last few dozens. One of them alone is the
    published model."""
    recent_decay: float = Field(0.3, ge=0, lt=1, json_schema_extra=span(0, 0.95))
    """Factor by which a film of the recent block loses weight with every film after it."""
    session_pause: PositiveFloat = Field(60.0, json_schema_extra=span(1, 1_000_000, log=True))
    """Seconds between two films after which all earlier ones have half their weight in the session
    block; films at one time lose none."""
    visit_pause: PositiveFloat = Field(600.0, json_schema_extra=span(1, 1_000_000, log=True))
    """The same for the block of the visit, which outlasts shorter pauses."""
    long_decay: float = Field(0.95, gt=0, le=1, json_schema_extra=span(0.8, 1))
    """Factor by which a film of the long block loses weight with every film after it; 1 for
    none."""
    l2: PositiveFloat = Field(
        600.0, json_schema_extra=search(30, 100, 300, 600) | span(5, 5000, log=True)
    )
    """Added to the diagonal of the Gram matrix; higher with more viewers."""
    long_l2: PositiveFloat = Field(5.0, json_schema_extra=span(0.5, 50, log=True))
    """Multiplies `l2` in the long block, whose weights add up to more than those of the others."""
    draws: PositiveInt = Field(2, json_schema_extra=span(1, 8))
    """Number of times that the order of ratings of one time is drawn in training. The model learns
    from the mean over all draws."""
    films: PositiveInt = Field(2_000, json_schema_extra=span(500, 4_500, log=True))
    """Number of films whose presence in the past is learned from, the most liked ones. Memory grows
    with its square, time with its cube. All films are ranked."""

    @property
    def block_decays(self) -> list[Decay]:
        """How weights fall in each block."""
        known: dict[str, Decay] = {
            "recent": Constant(self.recent_decay),
            "session": Pause(self.session_pause),
            "visit": Pause(self.visit_pause),
            "long": Constant(self.long_decay),
        }
        return [known[name] for name in self.blocks.split()]


class Slit(Model[SlitConfig]):
    """Linear item transitions by ridge regression (Choi et al. 2021), on several views of the past.

    "Session-aware linear item-item models for session-based recommendation", WWW 2021. Every liked
    film is regressed on the films before it, with weights that fall with distance, in one closed
    form. Beyond the paper, the past comes in up to four blocks with coefficients of their own, two
    of which fall with pauses, and the target is the next film instead of all later ones.

    `arrays["weights"]`, `float32[blocks * n_inputs, n_items]`, has a row for each block and each of
    `arrays["inputs"]`, `int32[n_inputs]`; `arrays["likes"]` is `float32[n_items]`.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.transitions import transition_sums

        sequences = self._sequences(interactions, rng)
        n_items = interactions.n_items
        likes = np.bincount(sequences.items, sequences.targets, n_items).astype(np.float32)
        self.arrays["likes"] = likes
        inputs = _most_liked(likes, self.config.films)
        gram, weights = transition_sums(sequences, inputs, n_items)
        gram[np.diag_indices_from(gram)] += self._ridge().repeat(len(inputs))
        if not solve_in_place(gram, weights):
            raise InputError(
                f"the Gram matrix cannot be factored with {self.config.l2:g}; use a larger l2"
            )
        self.arrays["inputs"], self.arrays["weights"] = inputs, weights
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._past(histories) @ self.arrays["weights"]
        return scores

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        inputs = self._rows()[histories.items]
        known = inputs >= 0
        parts = np.zeros((len(items), len(inputs)), dtype=np.float32)
        for weights, block in zip(self._left(histories), self._blocks(), strict=True):
            rows = block[np.ix_(inputs[known], items)]
            parts[:, known] += (rows * weights[known, None]).T
        return parts

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """What follows a film, relative to popularity: the scores after that film alone."""
        inputs = self._rows()[items]
        known = inputs >= 0
        similar = np.zeros((len(items), self.n_items), dtype=np.float32)
        for block in self._blocks():
            similar[known] += block[inputs[known]]
        similar /= np.sqrt(self.arrays["likes"] + _DAMPING)
        similar[np.arange(len(items)), items] = 1  # above all others, whose weights are below 1
        return similar

    def _sequences(self, interactions: Interactions, rng: np.random.Generator) -> Sequences:
        """Training ratings in order, once for each draw; those without a weight are left out."""
        from matinee.kernels.transitions import Sequences

        ratings = Histories.of_interactions(interactions)
        weights = self.rating_weights(ratings)
        require_likes(self.config, ratings.values, weights, counts=self.counts)
        times = times_matrix(interactions).data
        draws = self.config.draws if _has_ties(ratings.rows, times) else 1
        rating = np.tile(np.flatnonzero(weights), draws)
        draw = np.arange(draws).repeat(len(rating) // draws)
        rows = ratings.rows[rating] + len(ratings) * draw  # of one viewer in one draw
        order = drawn_order(rows, times[rating], rng)
        rating, rows = rating[order], rows[order]
        times = times[rating]
        decays = [
            step_decays(each, times, np.diff(rows, prepend=-1) != 0)
            for each in self.config.block_decays
        ]
        return Sequences(
            starts=np.searchsorted(rows, np.arange(draws * len(ratings) + 1)),
            items=ratings.items[rating],
            weights=weights[rating].astype(np.float64),
            targets=self._likes(ratings.values[rating]) / np.float64(draws),
            decays=np.stack(decays, axis=1),
        )

    def _likes(self, values: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which ratings are films to predict, `bool[n]`."""
        like_from = self.config.like_from
        if like_from is None or self.counts:
            return np.ones(len(values), dtype=np.bool_)
        return values >= like_from

    def _left(self, histories: Histories) -> list[NDArray[np.float32]]:
        """Weight of each rating of the past in each block, `float32[nnz]` each."""
        weights = self.rating_weights(histories)
        weighted = histories.select(weights != 0)
        found = []
        for decay in self.config.block_decays:
            left = np.zeros_like(weights)
            left[weights != 0] = past_weights(decay, weighted)
            found.append(left * weights)
        return found

    def _past(self, histories: Histories) -> sp.csr_array:
        """Weights of the past of every history, `float32[n, blocks * n_inputs]`."""
        inputs, n_inputs = self._rows()[histories.items], len(self.arrays["inputs"])
        left = self._left(histories)
        rows = np.concatenate([histories.rows] * len(left))
        columns = np.concatenate([inputs + block * n_inputs for block in range(len(left))])
        values = np.concatenate(left)
        values[np.tile(inputs < 0, len(left))] = 0
        stored = values != 0
        entries = (values[stored], (rows[stored], columns[stored]))
        return sp.csr_array(entries, shape=(len(histories), len(left) * n_inputs))

    def _blocks(self) -> NDArray[np.float32]:
        """Weights by block, `float32[blocks, n_inputs, n_items]`."""
        return self.arrays["weights"].reshape(len(self.config.block_decays), -1, self.n_items)

    def _rows(self) -> NDArray[np.int32]:
        """Row of each film among the inputs, -1 for none, `int32[n_items]`."""
        rows = np.full(self.n_items, -1, dtype=np.int32)
        rows[self.arrays["inputs"]] = np.arange(len(self.arrays["inputs"]))
        return rows

    def _ridge(self) -> NDArray[np.float32]:
        """Penalty of each block, `float32[blocks]`."""
        long = [name == "long" for name in self.config.blocks.split()]
        return np.where(long, self.config.l2 * self.config.long_l2, self.config.l2).astype("f4")


def _most_liked(likes: NDArray[np.floating], n: int) -> NDArray[np.int32]:
    """Rows of the most liked films, ascending, `int32[m]`; at most `n`, all with a like."""
    order = np.argsort(-likes, kind="stable")[:n]
    return np.sort(order[likes[order] > 0]).astype(np.int32)


def _has_ties(rows: NDArray[np.integer], times: NDArray[np.int64]) -> bool:
    """Whether two ratings of one row have the same time."""
    order = np.lexsort((times, rows))
    same = (np.diff(rows[order]) == 0) & (np.diff(times[order]) == 0)
    return bool(same.any())
