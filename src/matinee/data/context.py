"""When ratings of many viewers were given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Context"]


@dataclass(frozen=True, eq=False)
class Context:
    """When each rating of a history was given, and each wanted one: many viewers at once.

    The day of a prediction is known when it is made, so a model may use it. Both matrices store
    an entry, zeros included, exactly where the ratings they belong to are stored.

    Attributes:
        history: `int64[n, n_items]`, Unix seconds; 0 where unknown.
        wanted: `int64[n, n_items]`, likewise.
    """

    history: sp.csr_array
    wanted: sp.csr_array

    @property
    def history_times(self) -> NDArray[np.int64]:
        """`int64[histories.nnz]`, in the order the histories are stored."""
        times: NDArray[np.int64] = self.history.data
        return times

    @property
    def wanted_times(self) -> NDArray[np.int64]:
        """`int64[wanted.nnz]`, in the order what is wanted is stored."""
        times: NDArray[np.int64] = self.wanted.data
        return times

    def take(self, rows: NDArray[np.integer]) -> Context:
        """The same for some of the viewers."""
        return Context(self.history[rows], self.wanted[rows])
