"""Implicit ALS that knows what films are about and what is known of viewers."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.content.description import described
from matinee.data import Attributes, Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
    single_row,
)
from matinee.models._shared.likeness import cosine_rows
from matinee.models._shared.priors import FilmPrior, ViewerPrior

__all__ = ["IalsContent", "IalsContentConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of a film's factors at the start, over the root of their number."""
_EXACT_STEPS = 300
"""Of conjugate gradients in double precision; a viewer is solved for long before."""


class IalsContentConfig(Config):
    """Options of `IalsContent`."""

    factors: PositiveInt = 64
    """Numbers that describe a film, and a viewer."""
    iterations: PositiveInt = 15
    """Times to solve for all viewers and then for all films."""
    unobserved_weight: PositiveFloat = 0.2
    """How much a film that was not seen counts as a no, against 1 for a like."""
    l2: PositiveFloat = Field(0.01, json_schema_extra=search(0.003, 0.01))
    """Penalty of the factors for each film of a viewer, each viewer of a film (and, by
    `unobserved_weight`, for each that is not)."""
    description_weight: NonNegativeFloat = 10.0
    """Penalty of a film's distance from what its description makes one expect; 0 asks the
    description about films without likes alone."""
    feature_l2: PositiveFloat = 5.0
    """Penalty of the regression on what films are about; higher trusts single facts less."""
    attribute_l2: PositiveFloat = 30.0
    """Viewers like everybody that each attribute is given; higher trusts attributes less."""
    likes_for_half: PositiveFloat = Field(5.0, json_schema_extra=search(1, 30))
    """Films of a history after which one that is not in it counts half as a no and half as what
    was to be expected of the viewer; small where histories are complete, large for newcomers."""
    solver_steps: PositiveInt = 3
    """Steps of conjugate gradients in each solve; more are slower and hardly better."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class IalsContent(Model):
    """Implicit ALS whose factors are drawn to a regression on attributes and descriptions.

    The loss is that of `Ials` (Hu, Koren & Volinsky 2008; Rendle et al. 2021) with priors in the
    manner of regression-based latent factor models (Agarwal & Chen, KDD 2009): a viewer is
    expected at the mean of all viewers and what their attributes add, a film where its description
    puts it. What is short of feedback stays near there; what has none is there.
    """

    Config: ClassVar[type[Config]] = IalsContentConfig
    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.alternate import gram  # noqa: PLC0415  brings numba

        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; both must be over the same rows"
            )
        config = self.config
        by_user = likes(interactions, config.min_rating)
        known = interactions.attributes or Attributes.of_words([()] * interactions.n_users)
        activity, rated = by_user.sum(axis=1, dtype=np.float64), by_user.sum(axis=0) > 0
        viewers = ViewerPrior(known.matrix, activity, config.attribute_l2)
        films = FilmPrior(described(catalog), rated, config.feature_l2)
        factors = self._alternate(by_user, viewers, films, rng)
        self.arrays["gram"] = gram(factors, config.unobserved_weight).astype(np.float64)
        factors[~rated] = films.expected()[~rated]
        self.arrays["item_factors"] = factors
        self.arrays["mean"] = viewers.mean
        self.arrays["attribute_factors"] = viewers.effects
        self.arrays["attributes"] = np.array(known.names, dtype=np.str_)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        items = query.items[liked(query, self.config.min_rating)]
        history = single_row(items, len(self.arrays["prior"]))
        scores = self._scores(history, Attributes.of_words([query.attributes]))
        alone: NDArray[np.float32] = scores[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._scores(liked_histories(histories, self.config.min_rating), None)

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        kept = liked_histories(histories, self.config.min_rating)
        return self._scores(kept, context.attributes)

    def factors(self, histories: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        kept = liked_histories(histories, self.config.min_rating)
        return self._viewers(kept, None), self.arrays["item_factors"]

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def _scores(self, kept: sp.csr_array, attributes: Attributes | None) -> NDArray[np.float32]:
        own = self._viewers(kept, attributes)
        return or_prior(own @ self.arrays["item_factors"].T, self.arrays["prior"])

    def _viewers(self, kept: sp.csr_array, attributes: Attributes | None) -> NDArray[np.float32]:
        """Factors of viewers by their likes and attributes; zeros where there are neither."""
        from matinee.kernels.alternate import balanced  # noqa: PLC0415  brings numba
        from matinee.kernels.alternate_around import improve_around  # noqa: PLC0415  likewise

        arrays, counts = self.arrays, np.diff(kept.indptr)
        expected = np.tile(arrays["mean"], (len(counts), 1))
        says = counts > 0
        if attributes is not None:
            known = attributes.aligned(arrays["attributes"].tolist())
            expected += known @ arrays["attribute_factors"]
            says |= np.diff(known.indptr) > 0
        films, indices = np.unique(kept.indices, return_inverse=True)
        own = expected.copy()
        improve_around(
            kept.indptr,
            indices.astype(np.int32),
            balanced(kept.indptr),
            arrays["item_factors"][films].astype(np.float64),
            np.asarray(arrays["gram"]),
            np.zeros(len(counts)),
            self._ridge(counts, len(arrays["prior"])),
            0.5 ** (counts / self.config.likes_for_half),
            expected,
            own,
            _EXACT_STEPS,
        )
        own[counts == 0] = expected[counts == 0]
        own[~says] = 0
        return own.astype(np.float32)

    def _alternate(
        self,
        by_user: sp.csr_array,
        viewers: ViewerPrior,
        films: FilmPrior,
        rng: np.random.Generator,
    ) -> NDArray[np.float32]:
        """The films' own factors, zeros for those without a like; both priors learn beside."""
        config, shape = self.config, (by_user.shape[0], self.config.factors)
        by_item = by_user.T.tocsr()
        spread = np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        users = np.zeros(shape, dtype=np.float32)
        items = rng.standard_normal((by_user.shape[1], config.factors), dtype=np.float32) * spread
        expected_users, expected_items = np.zeros_like(users), np.zeros_like(items)
        to_zero = self._ridge(np.diff(by_item.indptr), len(users))
        to_expected = self._ridge(np.diff(by_user.indptr), len(items))
        no_ridge = np.zeros_like(to_expected)
        pull = np.full_like(to_zero, config.description_weight)
        for _ in range(config.iterations):
            self._improve(by_user, items, no_ridge, to_expected, expected_users, users)
            viewers.learn(users)
            expected_users = viewers.expected()
            self._improve(by_item, users, to_zero, pull, expected_items, items)
            films.learn(items)
            expected_items = films.expected()
        return items

    def _improve(
        self,
        side: sp.csr_array,
        fixed: NDArray[np.float32],
        ridge: NDArray[np.float64],
        pull: NDArray[np.float64],
        expected: NDArray[np.float32],
        moving: NDArray[np.float32],
    ) -> None:
        """Half an iteration; rows without likes, which nothing is to be learned from, are zero."""
        from matinee.kernels.alternate import balanced, gram  # noqa: PLC0415  brings numba
        from matinee.kernels.alternate_around import improve_around  # noqa: PLC0415  likewise

        counts = np.diff(side.indptr)
        improve_around(
            side.indptr,
            side.indices,
            balanced(side.indptr),
            fixed,
            gram(fixed, self.config.unobserved_weight),
            ridge.astype(np.float32),
            pull.astype(np.float32),
            np.zeros(len(counts), dtype=np.float32),
            expected,
            moving,
            self.config.solver_steps,
        )
        moving[counts == 0] = 0

    def _ridge(self, counts: NDArray[np.integer], others: int) -> NDArray[np.float64]:
        penalty: NDArray[np.float64] = self.config.l2 * (
            counts + self.config.unobserved_weight * others
        )
        return penalty
