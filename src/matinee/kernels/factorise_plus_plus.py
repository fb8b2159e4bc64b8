"""SVD++ by stochastic gradient descent, user by user."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["Effects", "State", "descend_by_user", "implicit_sums"]

_Array = NDArray[np.float32]
State = tuple[_Array, _Array, _Array, _Array, _Array]
"""Biases of users and of items, and factors: of users, of items and implicit ones of items."""
Effects = tuple[NDArray[np.int32], _Array, _Array, _Array, _Array]
"""Temporal effects beside the biases:

`int32[n, e]`, the effects that are added to each rating, and `float32[n, e]`, their factors, 0 for
none; `float32[m]`, the effects; `float32[n]`, distance of each rating's time from the middle of the
history; `float32[n_users, f]`, change of a user's factors per unit of it, no rows without drift.
"""


@compiled()
def descend_by_user(
    ratings: Csr,
    order: NDArray[np.int64],
    state: State,
    temporal: Effects,
    rate: np.float32,
    l2: np.float32,
    effect_l2: np.float32,
) -> None:
    """One epoch: changes biases and factors in place, one step along the gradient a rating.

    A rating moves all implicit vectors of its user by the same step. So their sum is moved at once,
    and each vector only after the user's last rating. These are the exact steps of the paper, at a
    cost linear in the length of a history. Users are learned from one after another, in one thread.

    Args:
        ratings: by user, in the order of learning: items, and ratings minus the global mean.
        order: `int64[n_users]`, the order of the users.
        state: biases of users and of items, `float32[n]`; factors of users and of items, and
            implicit factors of items, their effect on the users who rated them, `float32[n, f]`.
        temporal: see `Effects`.
        rate: learning rate.
        l2: penalty of biases and factors at each step.
        effect_l2: penalty of effects and drifts at each step.
    """
    (indptr, items, residuals), (places, amounts, effects, away, drifts) = ratings, temporal
    user_biases, item_biases, user_factors, item_factors, implicit = state
    keep, keep_effect = np.float32(1) - rate * l2, np.float32(1) - rate * effect_l2
    f = item_factors.shape[1]
    total, before = np.empty(f, dtype=np.float32), np.empty(f, dtype=np.float32)
    no_drift, sums = np.zeros(f, dtype=np.float32), np.empty(f, dtype=np.float32)
    for user in order:
        first, last = indptr[user], indptr[user + 1]
        if first == last:
            continue
        share = np.float32(1 / np.sqrt(last - first))
        of_user = user_factors[user]
        drift = drifts[user] if len(drifts) else no_drift
        _implicit_sum(items[first:last], implicit, total)
        before[:] = total
        for n in range(first, last):
            item = items[n]
            of_item = item_factors[item]
            predicted = user_biases[user] + item_biases[item]
            for k in range(f):
                sums[k] = of_user[k] + total[k] + away[n] * drift[k]
                predicted += of_item[k] * sums[k]
            for e in range(places.shape[1]):
                predicted += amounts[n, e] * effects[places[n, e]]
            move = rate * (residuals[n] - predicted)
            user_biases[user] = keep * user_biases[user] + move
            item_biases[item] = keep * item_biases[item] + move
            _move_effects(places[n], amounts[n], move, keep_effect, effects)
            if len(drifts):
                _move_along(drift, of_item, keep_effect, move * away[n])
            for k in range(f):
                item_factor = of_item[k]
                of_item[k] = keep * item_factor + move * sums[k]
                of_user[k] = keep * of_user[k] + move * item_factor
                total[k] = keep * total[k] + move * item_factor
        decay = keep ** np.float32(last - first)
        for k in range(f):
            before[k] = share * (total[k] - decay * before[k])
        for n in range(first, last):
            _move_along(implicit[items[n]], before, decay, np.float32(1))


@compiled()
def _move_along(
    vector: NDArray[np.float32], by: NDArray[np.float32], keep: np.float32, amount: np.float32
) -> None:
    for k in range(len(vector)):
        vector[k] = keep * vector[k] + amount * by[k]


@compiled()
def _move_effects(
    places: NDArray[np.int32], amounts: _Array, move: np.float32, keep: np.float32, effects: _Array
) -> None:
    """One gradient step of a rating's temporal effects."""
    for e in range(len(places)):
        if amounts[e] != 0:
            effects[places[e]] = keep * effects[places[e]] + move * amounts[e]


@compiled()
def implicit_sums(indptr: NDArray[np.int32], items: NDArray[np.int32], implicit: _Array) -> _Array:
    """Sum of each history's implicit vectors over the root of its length, `float32[n, f]`.

    Args:
        indptr: `int32[n + 1]`, histories.
        items: `int32[nnz]`, their items.
        implicit: `float32[n_items, f]`.
    """
    sums = np.zeros((len(indptr) - 1, implicit.shape[1]), dtype=np.float32)
    for row in range(len(sums)):
        if indptr[row] < indptr[row + 1]:
            _implicit_sum(items[indptr[row] : indptr[row + 1]], implicit, sums[row])
    return sums


@compiled()
def _implicit_sum(
    items: NDArray[np.int32], implicit: NDArray[np.float32], total: NDArray[np.float32]
) -> None:
    total[:] = 0
    for item in items:
        of_item = implicit[item]
        for k in range(len(total)):
            total[k] += of_item[k]
    total *= np.float32(1 / np.sqrt(len(items)))
