"""A split as the file has it, for peers of every library."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp


class GivenSplit:
    """Matrices of one split.

    Attributes:
        users: rows of the viewers who are asked about, in the numbering of the training.
        shape: viewers and films.
    """

    def __init__(self, given: Any) -> None:
        self._given = given
        self.users = given["users"]
        self.shape = tuple(given["shape"].tolist())

    def train(self) -> sp.csr_matrix:
        """The training ratings."""
        return self._csr("train", self.shape)

    def likes(self) -> sp.csr_matrix:
        """The training ratings as ones."""
        matrix = self.train()
        matrix.data[:] = 1
        return matrix

    def likes_and_histories(self) -> sp.csr_matrix:
        """The same, and what is shown of the viewers who are asked about.

        For libraries that answer only whom they were fitted on.
        """
        shown = self.histories().tocoo()
        own = sp.csr_matrix((shown.data, (self.users[shown.row], shown.col)), shape=self.shape)
        together = self.likes().maximum(own).tocsr()
        together.sort_indices()
        return together

    def histories(self) -> sp.csr_matrix:
        """What is shown of the viewers who are asked about, as ones; a row a viewer."""
        matrix = self._csr("histories", (len(self.users), self.shape[1]))
        matrix.data[:] = 1
        return matrix

    def columns(self, *, histories: bool = False) -> dict[str, Any]:
        """The training ratings as columns: user, item, rating, and days since 1970 as day."""
        matrix = (self.likes_and_histories() if histories else self.train()).tocoo()
        found = {"user": matrix.row, "item": matrix.col, "rating": matrix.data.astype(np.float64)}
        if not histories:
            found["day"] = self._given["train_times"] // 86_400
        return found

    def wanted(self) -> tuple[Any, Any]:
        """Viewers and films of the ratings that are asked for."""
        counts = np.diff(self._given["wanted_indptr"])
        return np.repeat(self.users, counts), self._given["wanted_indices"]

    def wanted_days(self) -> Any:
        """Their days since 1970."""
        return self._given["wanted_times"] // 86_400

    def _csr(self, name: str, shape: Any) -> sp.csr_matrix:
        parts = (self._given[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
        return sp.csr_matrix(tuple(parts), shape=shape)
