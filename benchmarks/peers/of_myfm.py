"""myFM's Bayesian factorisation machine, for `every_model.py`.

Features and sweeps are those of `rating_accuracy.py`: "timeSVD++ flipped" of its own example.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from given_split import GivenSplit
from rating_accuracy import RANK, one_hot, sides


class Flipped:
    """Viewer, film, day, which films a viewer rated and which viewers a film."""

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        self.split = GivenSplit(given)
        self.columns = self.split.columns()
        self.sweeps = options["sweeps"]
        users, items = self.columns["user"], self.columns["item"]
        self.blocks = sides(users, items, self.split.shape, implicit=True)
        self.days = np.unique(self.columns["day"])
        self.model: Any = None

    def fit(self) -> Any:
        from myfm import MyFMRegressor

        columns = self.columns
        groups = [len(self.days), *(n for _, each in self.blocks for n in each)]
        self.model = MyFMRegressor(rank=RANK, random_seed=0)
        self.model.fit(
            **self._design(columns["user"], columns["item"], columns["day"]),
            y=columns["rating"],
            group_shapes=groups,
            n_iter=self.sweeps,
            n_kept_samples=self.sweeps,
        )
        return self.model

    def answers(self) -> np.ndarray:
        users, items = self.split.wanted()
        design = self._design(users, items, self.split.wanted_days())
        return np.clip(self.model.predict(**design), 1, 5)

    def ask(self, row: int) -> None:
        films = np.arange(self.split.shape[1])
        users = np.full(len(films), self.split.users[row])
        days = np.zeros(len(films), dtype=np.int64)
        found = self.model.predict(**self._design(users, films, days))
        np.argpartition(-found, 10)[:10]

    def _design(self, users: Any, items: Any, days: Any) -> dict[str, Any]:
        from myfm import RelationBlock

        rows = [
            RelationBlock(of, matrix)
            for of, (matrix, _) in zip((users, items), self.blocks, strict=True)
        ]
        return {"X": one_hot(days, self.days), "X_rel": rows}
