"""Errors of predicted ratings, one for each target of a split."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Catalog, rows_of
from matinee.data.splits import Split
from matinee.display import formats
from matinee.experiments.measuring.scoring import Ends

__all__ = ["PredictionErrors"]

_MOST = 2**22
"""Targets of a split whose errors are stored; of more, a random sample of this size."""


@dataclass(frozen=True, eq=False)
class PredictionErrors:
    """Prediction minus rating for the targets of a split, in their order.

    Attributes:
        errors: `float32[m]`, on the scale of the data.
        ends: `float32[2, m]`, lower and upper ends of 80% intervals; `None` if the model has none.
        places: `int64[m]`, the targets that were sampled, ascending; `None` for all of them.
    """

    errors: NDArray[np.float32] = field(repr=False)
    ends: NDArray[np.float32] | None = field(default=None, repr=False)
    places: NDArray[np.int64] | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, errors: NDArray[np.float64], ends: Ends | None, *, most: int = _MOST
    ) -> PredictionErrors:
        """Errors of all targets, `float64[t]`; of more than `most`, a sample that is reproducible.

        Every sample is the same for all models, since it depends on the number of targets alone.
        """
        places = None
        if len(errors) > most:
            places = np.random.default_rng(0).choice(len(errors), most, replace=False)
            places.sort()
        some = slice(None) if places is None else places
        return cls(
            errors[some].astype(np.float32),
            None if ends is None else np.stack([end[some] for end in ends]).astype(np.float32),
            places,
        )

    def __repr__(self) -> str:
        return f"PredictionErrors of {formats.count(len(self.errors), 'rating')}"

    def frame(self, split: Split, catalog: Catalog) -> pl.DataFrame:
        """One row per target; see `Comparison.errors`."""
        targets, train = split.targets, split.train
        places = np.arange(targets.nnz) if self.places is None else self.places
        rows, items = rows_of(targets)[places], targets.indices[places]
        rated, film = np.unique(items, return_inverse=True)
        ratings = targets.data[places]
        low, high = (None, None) if self.ends is None else self.ends
        popularity = np.bincount(train.items, minlength=train.n_items)
        return pl.DataFrame(
            {
                "split": pl.repeat(split.name, len(rows), dtype=pl.String, eager=True),
                "user": pl.Series(train.user_ids.ids[split.users].tolist()).gather(rows),
                "item": pl.Series(train.item_ids.ids[rated].tolist()).gather(film),
                "title": pl.Series([each.label for each in catalog.films(rated)]).gather(film),
                "rating": ratings,
                "predicted": ratings + self.errors,
                "error": self.errors,
                "low": low,
                "high": high,
                "viewer_ratings": split.histories.lengths[rows],
                "film_ratings": popularity[items],
            },
            schema_overrides={"low": pl.Float32, "high": pl.Float32},
        )
