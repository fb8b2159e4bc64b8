"""Weights of the ratings in histories, by value and by age."""

from __future__ import annotations

from copy import copy
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.errors import InputError
from matinee.models._shared.config import (
    Config,
    CountsConfig,
    DislikesConfig,
    LikesConfig,
    Weighting,
)

__all__ = ["interpolated", "no_likes", "rating_weights", "require_likes", "weighted"]

_DAY = 86_400
_NEGLIGIBLE = 1e-6
"""Weights below this are dropped."""


def rating_weights(
    config: Config, histories: Histories, scale: NDArray[np.float32], *, counts: bool = False
) -> NDArray[np.float32]:
    """`float32[nnz]`, the weight of every rating or count; 0 below `min_rating`.

    With a `LikesConfig` the rating alone decides, with other configs all ratings weigh 1. With
    `like_from` a low rating weighs less than 0. A count weighs 1 as well, or more with a
    `CountsConfig`, but for a 0, which has no weight. Those of a single user are kept as long as
    their history and cannot be written to, since every part of a combined model asks for them.
    """
    if len(histories) != 1:
        return _rating_weights(config, histories, scale, counts=counts)
    aged = isinstance(config, Weighting) and config.decays and histories.times is not None
    histories = histories if aged else histories.untimed
    memory = _WEIGHTS.setdefault(histories, {})
    signed = isinstance(config, DislikesConfig) and config.like_from is not None and not counts
    options = ("levels" if signed else "lowest_weight", *_VALUES, *(_AGES if aged else ()))
    key = (counts, *scale.tolist(), *map(vars(config).get, options))
    weights = memory.get(key)
    if weights is None:
        if isinstance(config, Weighting) and histories.times is not None:  # those without age first
            by_value = rating_weights(config, histories.untimed, scale, counts=counts)
            weights = by_value * _decay(config, histories, histories.times)
        else:
            weights = _rating_weights(config, histories, scale, counts=counts)
        weights.flags.writeable = False
        memory[key] = weights
    return weights


_VALUES = ("like_from", "min_rating", "confidence", "confidence_weight")
"""Options that weigh a rating by its value; a config without one of them has none instead."""
_AGES = ("half_life", "half_life_items")
_WEIGHTS: WeakKeyDictionary[Histories, dict[tuple[object, ...], NDArray[np.float32]]]
_WEIGHTS = WeakKeyDictionary()


def _rating_weights(
    config: Config, histories: Histories, scale: NDArray[np.float32], *, counts: bool
) -> NDArray[np.float32]:
    values = histories.values
    if isinstance(config, DislikesConfig) and config.like_from is not None and not counts:
        weights = config.signed_weights(values, (float(scale[0]), float(scale[1])))
    elif isinstance(config, Weighting):
        weights = interpolated(values, scale, config.lowest_weight)
    else:
        weights = np.ones(len(values), dtype=np.float32)
    times = histories.times
    if isinstance(config, Weighting) and times is not None and config.decays:
        weights = weights * _decay(config, histories, times)
    if counts:
        weights = weights * _of_counts(values, config)
    if isinstance(config, LikesConfig) and config.min_rating is not None:
        weights[~config.likes(values)] = 0
    return weights


def weighted(ratings: sp.csr_array, weights: NDArray[np.generic]) -> sp.csr_array:
    """Weights in place of ratings, the shape of `ratings`, columns sorted; zeros are dropped.

    Columns and weights are not copied if every rating has a weight: copying a hundred million of
    them takes longer than learning from them. The caller must not use `weights` afterwards.
    """
    if ratings.has_sorted_indices and weights.all():
        matrix = copy(ratings)  # a new sparse array would check its indices once more
        matrix.data = weights
        return matrix
    items = ratings.indices.astype(np.int32, copy=False)
    starts, nonzero = ratings.indptr.astype(np.int32, copy=False), weights != 0
    if not nonzero.all():
        starts = np.concatenate([[0], np.cumsum(nonzero)])[starts].astype(np.int32)
        weights, items = weights[nonzero], items[nonzero]
    else:
        items = items.copy()  # sorting must not touch the ratings
    matrix = sp.csr_array((weights, items, starts), shape=ratings.shape)
    matrix.sort_indices()
    return matrix


def no_likes(n: int, option: str = "min_rating") -> InputError:
    """The error for `n` training ratings without a like, by this option, among them."""
    why, way = "there are no ratings", ""
    if n:
        why, way = f"none of the {n:,} ratings reaches {option}", f"lower {option} or "
    return InputError(
        f"{why}, so there are no likes to learn from; {way}use a model that needs none (content)"
    )


def require_likes(
    config: Config,
    ratings: NDArray[np.float32],
    weights: NDArray[np.float32],
    *,
    counts: bool = False,
) -> None:
    """Refuses training ratings without a like; arguments are those of `rating_weights`.

    Raises:
        InputError: there is none.
    """
    if not weights.any():
        raise no_likes(len(weights))
    if counts or not isinstance(config, DislikesConfig) or config.like_from is None:
        return
    if not config.liked(ratings).any():
        raise no_likes(len(weights), "like_from")


def interpolated(
    values: NDArray[np.float32], scale: NDArray[np.float32], lowest: float
) -> NDArray[np.float32]:
    """`lowest` at the low end of the scale, 1 at the high end, linear between, `float32[n]`."""
    low, high = scale.tolist()
    if high <= low or lowest == 1:
        return np.ones_like(values)
    share = np.clip((values - low) / (high - low), 0, 1)
    return (lowest + (1 - lowest) * share).astype(np.float32)


def _of_counts(values: NDArray[np.float32], config: Config) -> NDArray[np.float32]:
    """Weight of each count, `float32[n]`: 0 for none, 1 for one, more by a `CountsConfig`.

    These are the confidences of Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit
    feedback datasets", `1 + alpha r` and `1 + alpha log(r)`, but for counts above 1 only: a film
    seen once weighs as much as a like.
    """
    weights = np.minimum(values, 1)
    if isinstance(config, CountsConfig) and config.confidence_weight:
        more = np.maximum(values, 1)
        growth = np.log2(more) if config.confidence == "log" else more - 1
        weights += np.float32(config.confidence_weight) * growth
    return weights


def _decay(
    config: Weighting, histories: Histories, times: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Decay factor of each rating, relative to its user's latest one, `float32[nnz]`.

    A rating without a time is as old as the oldest of its history that has one; in a history
    without any time every factor is 1.
    """
    halvings = np.zeros(len(times))
    if config.half_life:
        halvings += _ages(histories, times) / config.half_life
    if config.half_life_items:
        halvings += _later(histories, times) / config.half_life_items
    factors = np.exp2(-halvings)
    factors[factors < _NEGLIGIBLE] = 0
    return factors.astype(np.float32)


def _ages(histories: Histories, times: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days between each rating and the latest of its user, `float64[nnz]`."""
    rows, latest, known = histories.rows, histories.latest, times != 0
    if not known.all():
        oldest = latest.copy()
        np.minimum.at(oldest, rows[known], times[known])
        times = np.where(known, times, oldest[rows])
    return (latest[rows] - times) / _DAY


def _later(histories: Histories, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of later ratings of the same user, `int64[nnz]`."""
    rows = histories.rows
    order = np.lexsort((times, rows))
    changes = (np.diff(rows[order]) != 0) | (np.diff(times[order]) != 0)
    instants = np.concatenate([[0], np.cumsum(changes)])
    through = np.cumsum(np.bincount(instants))
    later = np.empty(len(times), dtype=np.int64)
    later[order] = histories.starts[rows[order] + 1] - through[instants]
    return later
