"""What to give up when a question leaves too few films: as little as possible.

A relaxation changes some conditions of a question: it moves a threshold (length, year, age) to the
value of a film, or gives a condition up. One is smaller than another if it, in this order,

1. changes fewer conditions,
2. gives fewer of them up altogether,
3. moves its thresholds less in sum, where a year counts as much as `_WEIGHTS["since"]` minutes of
   length and a year of age as much as `_WEIGHTS["max_age"]`.

Offered are the relaxations that change the least number of conditions with which enough films are
left: for every set of conditions of that number the smallest one that is enough, the smallest
first. The idea is that of minimal relaxations of an over-constrained query (Jannach, "Techniques
for Fast Query Relaxation in Content-Based Recommender Systems", KI 2006).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.constraints.conditions import Condition, allowed, conditions
from matinee.data.constraints.constraints import Constraints
from matinee.data.constraints.moves import GIVEN_UP, smallest_moves

__all__ = ["Relaxation", "offers", "relaxations"]

_MOST_CHANGED = 3
"""Conditions; who would have to change more asks for something else."""
_MOST_OFFERED = 5
_MOST_SMALL = 2
"""Offers of a film or two, where nothing is left; the others have as many as were wanted."""
_WEIGHTS = {"max_runtime": 1, "min_runtime": 1, "since": 2, "until": 2, "max_age": 5}
_MOVED = {
    "max_runtime": (1, "{} longer (under {})"),
    "min_runtime": (-1, "{} shorter (over {})"),
    "since": (-1, "since {1} instead of {2}"),
    "until": (1, "until {1} instead of {2}"),
    "max_age": (1, "up to age {1} instead of {2}"),
}
"""Which way a threshold moves to let more films through, and how that is said."""


@dataclass(frozen=True)
class Relaxation:
    """A smaller question that leaves more films.

    Attributes:
        constraints: the question to ask instead.
        text: what is different, for a person: "6 minutes longer (under 126)".
        films: how many films it leaves.
    """

    constraints: Constraints
    text: str
    films: int


def relaxations(
    constraints: Constraints, catalog: Catalog, allowed_before: NDArray[np.bool_], wanted: int
) -> tuple[Relaxation, ...]:
    """The smallest changes with which `wanted` films are left, the smallest first.

    Args:
        constraints: the question; its conditions stay as they are where nothing is offered.
        catalog: the films.
        allowed_before: `bool[n_items]`, the films that could be recommended without any condition.
        wanted: how many films are enough; where the catalogue has fewer, all of those.

    Returns:
        At most five, none where the question leaves enough, or where more than three conditions
        would have to be changed.

    Raises:
        UnknownNameError, InputError: as `Constraints.allowed`.
    """
    return _relaxed(constraints, conditions(constraints.terms, catalog), allowed_before, wanted)


def offers(
    constraints: Constraints,
    held: Sequence[Condition],
    allowed_before: NDArray[np.bool_],
    wanted: int,
) -> tuple[Relaxation, ...]:
    """What to propose for conditions that have been held against the films already.

    `relaxations` for as many films as are wanted, at most five; where nothing at all is left, the
    two smallest that leave one film come first.
    """
    some: tuple[Relaxation, ...] = ()
    if not (allowed_before & allowed(held, len(allowed_before))).any():
        some = _relaxed(constraints, held, allowed_before, 1)[:_MOST_SMALL]
    enough = _relaxed(constraints, held, allowed_before, wanted)
    return tuple(dict.fromkeys((*some, *enough)))[:_MOST_OFFERED]


def _relaxed(
    constraints: Constraints,
    held: Sequence[Condition],
    allowed_before: NDArray[np.bool_],
    wanted: int,
) -> tuple[Relaxation, ...]:
    missed = np.zeros(len(allowed_before), dtype=np.int64)
    for place, each in enumerate(held):
        missed |= (~each.meets).astype(np.int64) << place
    missed = np.where(allowed_before, missed, -1)
    patterns, counts = np.unique(missed[allowed_before], return_counts=True)
    wanted = min(wanted, int(counts.sum()))
    if wanted == 0 or counts[patterns == 0].sum() >= wanted:
        return ()
    offered = []
    for changed in _smallest_sets(patterns, counts, len(held), wanted):
        bits = sum(1 << place for place in changed)
        rows = np.flatnonzero(allowed_before & ((missed & ~bits) == 0))
        offered.append(_relaxation(constraints, [held[place] for place in changed], rows, wanted))
    offered.sort(key=lambda each: each[0])
    return tuple(relaxation for _, relaxation in offered[:_MOST_OFFERED])


def _smallest_sets(
    patterns: NDArray[np.int64], counts: NDArray[np.int64], n_conditions: int, wanted: int
) -> list[tuple[int, ...]]:
    """The smallest sets of conditions without which enough films are left, in order.

    Args:
        patterns: `int64[p]`, the sets of conditions that films miss, as bits.
        counts: `int64[p]`, how many films miss just these.
        n_conditions: how many conditions there are.
        wanted: how many films are enough.
    """
    sizes = np.bitwise_count(patterns)
    for size in range(1, min(_MOST_CHANGED, n_conditions) + 1):
        within = sizes <= size  # a film that misses more cannot be won by so few changes
        if counts[within].sum() < wanted:
            continue
        sets = list(itertools.combinations(range(n_conditions), size))
        bits = np.array([sum(1 << place for place in each) for each in sets], dtype=np.int64)
        left = np.zeros(len(sets), dtype=np.int64)
        for pattern, count in zip(patterns[within], counts[within], strict=True):
            left += np.where(pattern & ~bits, 0, count)
        if (left >= wanted).any():
            return [sets[place] for place in np.flatnonzero(left >= wanted)]
    return []


def _relaxation(
    constraints: Constraints, changed: Sequence[Condition], rows: NDArray[np.int64], wanted: int
) -> tuple[tuple[int, int, int], Relaxation]:
    """The smallest change of just these conditions, behind what it is ordered by.

    Args:
        constraints: the question.
        changed: the conditions that are moved or given up.
        rows: the films that meet all the others.
        wanted: how many films are enough.
    """
    thresholds = [each for each in changed if each.excess is not None]
    needs = [_need(each)[rows] for each in thresholds]
    weights = [_WEIGHTS[each.term.field] for each in thresholds]
    moves = smallest_moves(needs, weights, wanted)
    won = np.ones(len(rows), dtype=np.bool_)
    for need, move in zip(needs, moves, strict=True):
        won &= need <= move
    films = int(np.count_nonzero(won))
    by = dict(zip([each.term for each in thresholds], moves, strict=True))
    said, given_up, sum_of_moves = [], [], 0
    for each in changed:
        move = by.get(each.term, GIVEN_UP)
        if move == GIVEN_UP:
            constraints = constraints.without(each.term)
            given_up.append(f"“{each.term.said}”")
            continue
        field, old = each.term.field, int(each.term.values[0])
        direction, words = _MOVED[field]
        new = old + direction * move
        constraints = constraints.moved(field, new)
        minutes = f"{move} minute{'' if move == 1 else 's'}"
        said.append(words.format(minutes, new, old))
        sum_of_moves += move * _WEIGHTS[field]
    if given_up:
        said.append(f"leaving out {' and '.join(given_up)}")
    order = (len(given_up), sum_of_moves, -films)
    return order, Relaxation(constraints, " and ".join(said), films)


def _need(condition: Condition) -> NDArray[np.int64]:
    """How far the threshold must move for each film; no move is enough for an unknown fact."""
    assert condition.excess is not None  # noqa: S101 - thresholds alone come here
    return np.where(condition.known, condition.excess, GIVEN_UP)
