"""A model under test, and what a rule requires of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Attributes, Catalog, Histories, Interactions, Query
from matinee.models import Config, Model
from matinee.testing.planted import N_FILMS, planted_catalog, planted_ratings

__all__ = [
    "ContractError",
    "NotApplicableError",
    "Subject",
    "has_verb",
    "query_of",
    "require",
    "require_close",
    "require_scores",
    "wanted_ratings",
]


class ContractError(AssertionError):
    """A model breaks a rule of the contract; the message says which and how to meet it."""


class NotApplicableError(Exception):
    """A rule is about something that the model does not do."""


@dataclass
class Subject:
    """A model under test, with the data it is fitted on."""

    kind: type[Model]
    config: Config | None = None

    @cached_property
    def catalog(self) -> Catalog:
        """Films of two genres."""
        return planted_catalog()

    @cached_property
    def ratings(self) -> Interactions:
        """Ratings of two tastes."""
        return planted_ratings(self.catalog)

    @cached_property
    def model(self) -> Model:
        """The model, fitted; rules must not change it."""
        return self.fit()

    def unfitted(self, **options: object) -> Model:
        """A new model, with some options set."""
        config = (self.config or self.kind().config).model_dump() | options
        return self.kind(self.kind.Config.model_validate(config))

    def fit(
        self,
        ratings: Interactions | None = None,
        catalog: Catalog | None = None,
        seed: int = 0,
        **options: object,
    ) -> Model:
        """A new model, fitted."""
        fitted = self.unfitted(**options).fit(
            self.ratings if ratings is None else ratings,
            self.catalog if catalog is None else catalog,
            rng=np.random.default_rng(seed),
        )
        require(isinstance(fitted, self.kind), "`fit` must end with `return self`")
        return fitted

    @cached_property
    def histories(self) -> Histories:
        """Seven users with times and attributes: one has no rating, one a single rating."""
        rows = self.ratings.matrix[:7].toarray()
        rows[3] = 0
        rows[5] = 0
        rows[5, 11] = 4
        ratings = sp.csr_array(rows)
        days = np.random.default_rng(5).permutation(ratings.nnz) + 1
        words = [("gender=F",), ("age=25-34",), ("gender=M",), ("gender=F",), (), (), ("gender=F",)]
        return Histories(ratings, days * 86_400, Attributes.of_words(words))


def require(condition: bool, message: str) -> None:  # noqa: FBT001
    """Raises `ContractError` unless a condition holds."""
    if not condition:
        raise ContractError(message)


def require_scores(found: NDArray[Any], shape: tuple[int, ...], what: str) -> None:
    """Requires finite `float32` of a shape."""
    require(
        found.dtype == np.float32 and found.shape == shape,
        f"{what} is {found.dtype}{list(found.shape)}, not float32{list(shape)}",
    )
    require(bool(np.isfinite(found).all()), f"{what} has numbers that are not finite")


def require_close(
    found: NDArray[Any] | None, expected: NDArray[Any], message: str, *, exact: bool = False
) -> None:
    """Requires equal arrays, up to a relative tolerance of 1e-4 unless exact."""
    same = found is not None and found.shape == expected.shape
    if same and found is not None:
        tolerance = 0 if exact else 1e-4
        same = np.allclose(found, expected, rtol=tolerance, atol=tolerance / 10)
    require(same, message)


def query_of(items: Iterable[int], values: Any = None, times: Any = None) -> Query:
    """A query of some films, rated 5 by default; times are in days."""
    rows = np.array(list(items), dtype=np.int32)
    return Query(
        items=rows,
        values=np.array([5] * len(rows) if values is None else values, dtype=np.float32),
        times=np.array([] if times is None else times, dtype=np.int64) * 86_400,
    )


def wanted_ratings() -> sp.csr_array:
    """Some ratings of every user of `Subject.histories` to predict, with their times."""
    wanted = sp.random_array((7, N_FILMS), density=0.4, format="csr", rng=np.random.default_rng(3))
    days = np.random.default_rng(4).permutation(wanted.nnz) + 1
    return sp.csr_array((days * 86_400, wanted.indices, wanted.indptr), shape=wanted.shape)


def has_verb(model: Model, verb: str) -> bool:
    """Whether the class of a model defines an optional verb."""
    return getattr(type(model), verb) is not getattr(Model, verb)
