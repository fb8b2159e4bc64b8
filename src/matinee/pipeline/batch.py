"""Recommendations for all viewers of a data set, as data frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from matinee.data import Histories, Interactions
from matinee.errors import InputError
from matinee.pipeline.best import require_positive
from matinee.pipeline.top_lists import top_lists

if TYPE_CHECKING:
    from matinee.pipeline.recommender import Recommender

__all__ = ["lists_in_blocks"]


def lists_in_blocks(
    recommender: Recommender, interactions: Interactions, n: int = 10, *, block: int = 8192
) -> Iterator[pl.DataFrame]:
    """The `n` best unseen films for every viewer, in data frames of `block` viewers each.

    The lists are those of `Recommender.recommend` without constraints and reasons, shorter for a
    viewer who has seen nearly everything. The block bounds the memory. Columns: user, rank (from
    1), item, title, score, model, version; viewers in the order of `interactions.user_ids`.

    Raises:
        InputError: `n` is not positive, or the films are not those of the recommender.
    """
    n = require_positive(n)
    if interactions.item_ids.ids.tolist() != recommender.catalog.item_ids.ids.tolist():
        raise InputError("the ratings are not over the films the recommender was fitted on")
    return _frames(recommender, interactions, n, block)


def _frames(
    recommender: Recommender, interactions: Interactions, n: int, block: int
) -> Iterator[pl.DataFrame]:
    user_ids = pl.Series(interactions.user_ids.ids.tolist(), dtype=pl.String)
    item_ids = pl.Series(recommender.catalog.item_ids.ids.tolist(), dtype=pl.String)
    titles = pl.Series(list(recommender.catalog.titles), dtype=pl.String)
    histories = Histories.of_users(interactions, np.arange(interactions.n_users))
    for start in range(0, len(histories), block):
        some = histories.take(slice(start, start + block))
        items, scores = top_lists(recommender.model, some, n, recommender.copies)
        users, ranks = np.nonzero(items >= 0)
        rows = items[users, ranks]
        yield pl.DataFrame(
            {
                "user": user_ids.gather(start + users),
                "rank": (ranks + 1).astype(np.int32),
                "item": item_ids.gather(rows),
                "title": titles.gather(rows),
                "score": scores[users, ranks],
            }
        ).with_columns(model=pl.lit(recommender.model.name), version=pl.lit(recommender.version))
