"""Algorithms of implicit, for `every_model.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
from given_split import GivenSplit

_FACTORS = 64


class _Implicit:
    """What they share; `recommend` is the library's own for all of them."""

    recalculate = False

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        self.split = GivenSplit(given)
        self.histories = self.split.histories()
        self.likes = self.split.likes()
        self.options = options
        self.model: Any = None

    def fit(self) -> Any:
        self.model = self.made()
        self.model.fit(self.likes, show_progress=False)
        return self.model

    def made(self) -> Any:
        raise NotImplementedError

    def ask(self, row: int) -> None:
        self.model.recommend(
            self.split.users[row],
            self.histories[row],
            N=10,
            recalculate_user=self.recalculate,
        )


class Als(_Implicit):
    """Alternating least squares."""

    recalculate = True

    def made(self) -> Any:
        from implicit.cpu.als import AlternatingLeastSquares

        options = {"factors": _FACTORS, **self.options}
        return AlternatingLeastSquares(iterations=15, random_state=0, **options)

    def answers(self) -> np.ndarray:
        own = self.model.recalculate_user(np.arange(self.histories.shape[0]), self.histories)
        return own @ self.model.item_factors.T


class Bpr(_Implicit):
    """Bayesian personalised ranking, which answers only whom it was fitted on."""

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        super().__init__(given, options)
        self.likes = self.split.likes_and_histories()

    def made(self) -> Any:
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        return BayesianPersonalizedRanking(factors=_FACTORS, random_state=0, **self.options)

    def answers(self) -> np.ndarray:
        return self.model.user_factors[self.split.users] @ self.model.item_factors.T


class ItemItem(_Implicit):
    """Neighbours of films by cosine, TF-IDF or BM25."""

    def made(self) -> Any:
        from implicit import nearest_neighbours

        options = dict(self.options)
        return getattr(nearest_neighbours, options.pop("kind"))(**options)

    def answers(self) -> np.ndarray:
        return (self.histories @ self.model.similarity).toarray()
