"""When ratings of many viewers were given, and what is known of the viewers besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.attributes import Attributes

__all__ = ["Context"]


@dataclass(frozen=True, eq=False)
class Context:
    """When each rating of a history was given, and each wanted one: many viewers at once.

    The day of a prediction is known when it is made, so a model may use it. Both matrices store
    an entry, zeros included, exactly where the ratings they belong to are stored.

    Attributes:
        history: `int64[n, n_items]`, Unix seconds; 0 where unknown.
        wanted: `int64[n, n_items]`, likewise; empty where films are ranked, since nothing may be
            known of when the targets were watched.
        attributes: what is known of the viewers, row for row; `None` where nothing is.
    """

    history: sp.csr_array
    wanted: sp.csr_array
    attributes: Attributes | None = None

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

    def take(self, rows: NDArray[np.integer] | slice) -> Context:
        """The same for some of the viewers."""
        attributes = None if self.attributes is None else self.attributes.take(rows)
        return Context(self.history[rows], self.wanted[rows], attributes)

    @classmethod
    def stacked(cls, parts: Sequence[Context | None], order: NDArray[np.integer]) -> Context | None:
        """Several one below the other, rows taken in an order; `None` if one of them is."""
        known = [each for each in parts if each is not None]
        if len(known) < len(parts):
            return None
        history, wanted = (
            sp.csr_array(sp.vstack([getattr(each, name) for each in known], format="csr"))
            for name in ("history", "wanted")
        )
        described = [each.attributes for each in known if each.attributes is not None]
        attributes = None
        if len(described) == len(known):
            together = sp.vstack([each.matrix for each in described], format="csr")
            attributes = Attributes(described[0].names, sp.csr_array(together))
        return cls(history, wanted, attributes).take(order)

    def rest_of(self, row: int) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Times of one viewer's history, `int64[h]` as stored, and their attributes."""
        start, end = self.history.indptr[row], self.history.indptr[row + 1]
        words = () if self.attributes is None else self.attributes.words(row)
        return self.history_times[start:end], words
