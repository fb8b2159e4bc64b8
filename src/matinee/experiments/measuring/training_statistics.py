"""Statistics of training data that metrics need, computed once for all models."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import multi_hot
from matinee.data import Catalog, Interactions
from matinee.data.splits import Split
from matinee.experiments.measuring.ranking import ranked_lists

__all__ = ["TrainingStatistics"]


@dataclass(frozen=True, eq=False)
class TrainingStatistics:
    """Statistics of a split's training interactions and of the films, which have the same rows."""

    interactions: Interactions
    catalog: Catalog
    _usual: WeakKeyDictionary[Split, NDArray[np.int32]] = field(
        default_factory=WeakKeyDictionary, init=False, repr=False
    )

    @property
    def n_items(self) -> int:
        return len(self.catalog)

    @property
    def train(self) -> sp.csr_array:
        """`float32[n_users, n_items]`."""
        return self.interactions.matrix

    @cached_property
    def n_viewers(self) -> int:
        """Number of users with a rating in training."""
        return len(np.unique(self.interactions.users))

    @cached_property
    def item_counts(self) -> NDArray[np.int64]:
        """`int64[n_items]`, number of training users who rated each item."""
        return np.bincount(self.interactions.items, minlength=self.n_items)

    def usual_items(self, split: Split, k: int) -> NDArray[np.int32]:
        """`int32[n, k]`: lists by popularity, the baseline of unexpectedness."""
        if split not in self._usual or self._usual[split].shape[1] < k:
            n = split.targets.shape[0]
            scores = np.broadcast_to(self.item_counts.astype(np.float32), (n, self.n_items))
            nothing = sp.csr_array(split.targets.shape, dtype=np.float32)
            self._usual[split] = ranked_lists(scores, nothing, split.unranked(), k).items
        return self._usual[split][:, :k]

    @cached_property
    def item_genres(self) -> sp.csr_array:
        """`float32[n_items, n_genres]`, 1 for each genre of an item."""
        return multi_hot(self.catalog.genres)[0]

    @cached_property
    def item_providers(self) -> sp.csr_array:
        """`float32[n_items, n_countries]`: countries stand for providers."""
        return multi_hot(self.catalog.countries)[0]
