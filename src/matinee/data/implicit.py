"""What people do instead of rating, as how sure it makes us that they want a film."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, OptionError, UnknownNameError

__all__ = ["EVENT_WEIGHTS", "Rule", "combined", "confidence", "from_events"]

EVENT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"view": 0.1, "click": 0.2, "watch": 0.8, "watchlist": 0.5, "like": 0.9, "purchase": 0.8}
)
"""The weight of one event of each type; a watch counts by the fraction that was watched. In 0..1,
0 says nothing and 1 is certainty. Conventions of ours, to be set anew where outcomes are known."""

Rule = Literal["max", "noisy_or", "sum"]


def from_events(
    types: Sequence[str],
    values: NDArray[np.floating],
    times: NDArray[np.int64],
    *,
    weights: Mapping[str, float] = EVENT_WEIGHTS,
    half_life: float | None = None,
    now: int | None = None,
) -> NDArray[np.float32]:
    """The weight of every event, `float32[n]`.

    An event weighs `weights[type]`, a watch that times the fraction watched, and with a half-life
    everything that times `0.5 ** (age / half_life)`.

    Args:
        types: `n` names, each a key of `weights`.
        values: `[n]`; the fraction watched in 0..1 of a "watch", not looked at elsewhere.
        times: `[n]`, Unix seconds; an event of unknown time (0) or after `now` has no age.
        weights: by type, each in 0..1.
        half_life: in days; `None` for no decay.
        now: Unix seconds; `None` for the time of the last event.

    Raises:
        UnknownNameError: a type without a weight.
        DataError: columns of unequal length, or a watch whose value is no fraction.
        OptionError: a weight outside 0..1 or a half-life that is not positive.
    """
    if not len(types) == len(values) == len(times):
        raise DataError("the columns of events differ in length")
    for name, weight in weights.items():
        if not 0 <= weight <= 1:
            raise OptionError(f"the weight of {name} must lie between 0 and 1, not {weight}")
    if half_life is not None and not (half_life > 0 and math.isfinite(half_life)):
        raise OptionError(f"half_life must be a positive number of days, not {half_life}")
    names, kinds = np.unique(np.asarray(types, dtype=np.str_), return_inverse=True)
    for name in names.tolist():
        if name not in weights:
            raise UnknownNameError("event type", name, list(weights))
    by_kind = np.array([weights[name] for name in names.tolist()], dtype=np.float64)
    strengths = by_kind[kinds] * _fractions(names[kinds] == "watch", values)
    if half_life is not None and len(times):
        age = np.maximum((times.max() if now is None else now) - times, 0) / 86_400
        strengths = strengths * np.where(times > 0, 0.5 ** (age / half_life), 1)
    return strengths.astype(np.float32)


def combined(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    weights: NDArray[np.float32],
    times: NDArray[np.int64],
    user_ids: Vocabulary,
    item_ids: Vocabulary,
    *,
    rule: Rule = "noisy_or",
) -> Interactions:
    """One weight for every viewer and film that an event names, in the order of their rows.

    Args:
        users: `int32[n]`, rows of `user_ids`, one an event.
        items: `int32[n]`, rows of `item_ids`.
        weights: `float32[n]`, as `from_events` gives them.
        times: `int64[n]`, Unix seconds; a pair has the time of its last event.
        user_ids: the viewers.
        item_ids: the films.
        rule: "max", the strongest event alone; "noisy_or", `1 - prod(1 - w)`: every event adds,
            none beyond certainty (Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988);
            "sum", the plain sum, as of the counts of Hu, Koren and Volinsky (ICDM 2008).

    Raises:
        DataError: columns of unequal length, a row outside its vocabulary, a number that is not
            finite or, with "noisy_or", a weight outside 0..1.
        OptionError: no such rule.
    """
    events = Interactions(users, items, weights, times, user_ids, item_ids, scale=(0.0, 1.0))
    pairs = users.astype(np.int64) * max(len(item_ids), 1) + items
    _, first, pair = np.unique(pairs, return_index=True, return_inverse=True)
    last = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(last, pair, times)
    together = _combined(weights.astype(np.float64), pair, len(first), rule).astype(np.float32)
    return Interactions(
        users=events.users[first],
        items=events.items[first],
        values=together,
        times=last,
        user_ids=user_ids,
        item_ids=item_ids,
        scale=(0.0, max(1.0, float(together.max(initial=0)))),
    )


def confidence(
    weights: NDArray[np.float32], alpha: float = 40.0, epsilon: float | None = None
) -> NDArray[np.float32]:
    """How much a model should mind a film's being wanted, `float32[n]`, 1 for no event at all.

    `1 + alpha r`, or with `epsilon` the slower `1 + alpha log(1 + r / epsilon)`: equations of
    section 4 of Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets"
    (ICDM 2008), who found `alpha = 40` good for their counts of television programmes.

    Raises:
        OptionError: `alpha` is negative or `epsilon` not positive.
    """
    if not alpha >= 0:
        raise OptionError(f"alpha must not be negative, not {alpha}")
    if epsilon is not None and not epsilon > 0:
        raise OptionError(f"epsilon must be positive, not {epsilon}")
    amounts = weights if epsilon is None else np.log1p(weights.astype(np.float64) / epsilon)
    return (1 + alpha * amounts).astype(np.float32)


def _fractions(watched: NDArray[np.bool_], values: NDArray[np.floating]) -> NDArray[np.float64]:
    fractions = np.where(watched, values, 1).astype(np.float64)
    wrong = np.flatnonzero(~((fractions >= 0) & (fractions <= 1)))
    if len(wrong):
        raise DataError(
            f"event {wrong[0]} is a watch of {values[wrong[0]]}; "
            "the value must be the fraction watched, between 0 and 1"
        )
    return fractions


def _combined(
    weights: NDArray[np.float64], pair: NDArray[np.intp], n_pairs: int, rule: Rule
) -> NDArray[np.float64]:
    match rule:
        case "max":
            together = np.full(n_pairs, -np.inf)
            np.maximum.at(together, pair, weights)
            return together
        case "noisy_or":
            if not ((weights >= 0) & (weights <= 1)).all():
                raise DataError('weights must lie between 0 and 1 for "noisy_or"; use "sum"')
            doubts = np.ones(n_pairs)
            np.multiply.at(doubts, pair, 1 - weights)
            return 1 - doubts
        case "sum":
            return np.bincount(pair, weights=weights, minlength=n_pairs).astype(np.float64)
    raise OptionError(f"rule must be max, noisy_or or sum, not {rule!r}")
