"""Recommendations for all viewers of a data set, as data frames."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.errors import InputError
from matinee.pipeline.best import require_positive
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.top_lists import Lists, top_lists

__all__ = ["lists_in_blocks"]


def lists_in_blocks(
    fitted: FittedModel,
    interactions: Interactions,
    n: int = 10,
    *,
    allowed: NDArray[np.bool_] | None = None,
    first: NDArray[np.bool_] | None = None,
    block: int = 8192,
) -> Iterator[pl.DataFrame]:
    """The `n` best unseen films for every viewer, in data frames of `block` viewers each.

    The lists are those of `Recommender.recommend` without reasons, shorter for a viewer who has
    seen nearly everything. The block bounds the memory. Columns: user, rank (from 1), item, title,
    score, model, version; viewers in the order of `interactions.user_ids`.

    Args:
        fitted: the model, over the films of `interactions`.
        interactions: of the viewers.
        n: how many films at most.
        allowed: `bool[n_items]`, the only films to list, see `Recommender.allowed`; `None` for all.
        first: `bool[n_items]`, films to list before the others, see `Constraints.preferred`.
        block: viewers of a frame.

    Raises:
        InputError: `n` is not positive, there are no viewers, or the films are not those of the
            model.
    """
    n = require_positive(n)
    if interactions.item_ids.ids.tolist() != fitted.catalog.item_ids.ids.tolist():
        raise InputError("the ratings are not over the films the recommender was fitted on")
    if not interactions.n_users:
        raise InputError("the data set has no viewers to recommend to")
    return _frames(fitted, interactions, n, allowed, first, block)


def _frames(
    fitted: FittedModel,
    interactions: Interactions,
    n: int,
    allowed: NDArray[np.bool_] | None,
    first: NDArray[np.bool_] | None,
    block: int,
) -> Iterator[pl.DataFrame]:
    user_ids = pl.Series(interactions.user_ids.ids.tolist(), dtype=pl.String)
    item_ids = pl.Series(fitted.catalog.item_ids.ids.tolist(), dtype=pl.String)
    titles = pl.Series(list(fitted.catalog.titles), dtype=pl.String)
    histories = Histories.of_users(interactions, np.arange(interactions.n_users))
    for start in range(0, len(histories), block):
        some = histories.take(slice(start, start + block))
        items, scores = _lists(fitted, some, n, allowed, first)
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
        ).with_columns(model=pl.lit(fitted.model.name), version=pl.lit(fitted.version))


def _lists(
    fitted: FittedModel,
    histories: Histories,
    n: int,
    allowed: NDArray[np.bool_] | None,
    first: NDArray[np.bool_] | None,
) -> Lists:
    """`top_lists` with the films `first` in front of all others."""
    model, copies, discounts = fitted.model, fitted.copies, fitted.discounts
    if first is None:
        return top_lists(model, histories, n, copies, allowed, discounts)
    parts = (each if allowed is None else each & allowed for each in (first, ~first))
    lists = [top_lists(model, histories, n, copies, each, discounts) for each in parts]
    items, scores = map(np.hstack, zip(*lists, strict=True))
    return copies.first_of_each(items, scores, n)
