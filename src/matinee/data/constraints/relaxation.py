"""Relaxations: the smallest changes of the constraints that leave enough films.

A relaxation changes some conditions: it moves a threshold (length, year, age) to the value of a
film, or drops a condition. Relaxations are ordered by, one after the other,

1. the number of conditions they change,
2. the number of conditions they drop,
3. the weighted sum of the moves. A year weighs `_WEIGHTS["since"]` minutes of length, and a year of
   age `_WEIGHTS["max_age"]`.

Offers change the least number of conditions that is enough. For every set of conditions of that
number, the smallest relaxation is offered. The idea is that of minimal relaxations of an
over-constrained query (Jannach, "Techniques for Fast Query Relaxation in Content-Based Recommender
Systems", KI 2006).
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

__all__ = ["DROP", "Relaxation", "offers", "relaxations", "smallest_moves"]

DROP = 1 << 40
"""The move that drops a threshold: every film passes, even if its fact is unknown."""

_MAX_CHANGED = 3
"""Conditions, and so thresholds, that a relaxation may change; more would be another request."""
_MAX_OFFERS = 5
_MAX_SMALL = 2
"""Offers of at least one film where none is left; the others have the minimum."""
_WEIGHTS = {"max_runtime": 1, "min_runtime": 1, "since": 2, "until": 2, "max_age": 5}
_DIRECTIONS = {
    "max_runtime": (1, "{} longer (under {})"),
    "min_runtime": (-1, "{} shorter (over {})"),
    "since": (-1, "since {1} instead of {2}"),
    "until": (1, "until {1} instead of {2}"),
    "max_age": (1, "up to age {1} instead of {2}"),
}
"""The direction in which a threshold admits more films, and its wording."""


@dataclass(frozen=True)
class Relaxation:
    """Weaker constraints that leave more films.

    `text` is the difference, for people: "6 minutes longer (under 126)".
    """

    constraints: Constraints
    text: str
    films: int


def relaxations(
    constraints: Constraints, catalog: Catalog, candidates: NDArray[np.bool_], minimum: int
) -> tuple[Relaxation, ...]:
    """The smallest relaxations that leave `minimum` films, the smallest first.

    `candidates: bool[n_items]` are films that could be recommended without conditions; if there are
    fewer than `minimum`, all of them are enough. There are at most five relaxations, and none if
    enough films are left, or if more than three conditions would have to change.

    Raises:
        UnknownNameError, InputError: as `Constraints.allowed`.
    """
    return _relaxations(constraints, conditions(constraints.terms, catalog), candidates, minimum)


def offers(
    constraints: Constraints,
    all_conditions: Sequence[Condition],
    candidates: NDArray[np.bool_],
    minimum: int,
) -> tuple[Relaxation, ...]:
    """Relaxations to offer a viewer, at most five, for conditions already evaluated.

    If no film is left, the two smallest that leave one film come first.
    """
    small: tuple[Relaxation, ...] = ()
    if not (candidates & allowed(all_conditions, len(candidates))).any():
        small = _relaxations(constraints, all_conditions, candidates, 1)[:_MAX_SMALL]
    enough = _relaxations(constraints, all_conditions, candidates, minimum)
    return tuple(dict.fromkeys((*small, *enough)))[:_MAX_OFFERS]


def _relaxations(
    constraints: Constraints,
    all_conditions: Sequence[Condition],
    candidates: NDArray[np.bool_],
    minimum: int,
) -> tuple[Relaxation, ...]:
    missed = np.zeros(len(candidates), dtype=np.int64)
    for place, each in enumerate(all_conditions):
        missed |= (~each.meets).astype(np.int64) << place
    patterns, counts = np.unique(missed[candidates], return_counts=True)
    minimum = min(minimum, int(counts.sum()))
    if minimum == 0 or counts[patterns == 0].sum() >= minimum:
        return ()
    offered = []
    for changed in _smallest_sets(patterns, counts, len(all_conditions), minimum):
        bits = sum(1 << place for place in changed)
        rows = np.flatnonzero(candidates & ((missed & ~bits) == 0))
        relaxed = [all_conditions[place] for place in changed]
        offered.append(_relaxation(constraints, relaxed, rows, minimum))
    offered.sort(key=lambda each: each[0])
    return tuple(relaxation for _, relaxation in offered[:_MAX_OFFERS])


def _smallest_sets(
    patterns: NDArray[np.int64], counts: NDArray[np.int64], n_conditions: int, minimum: int
) -> list[tuple[int, ...]]:
    """The smallest sets of conditions without which enough films are left.

    `patterns: int64[p]` are distinct sets of conditions that films miss, as bits, and `counts:
    int64[p]` the numbers of films that miss exactly these.
    """
    sizes = np.bitwise_count(patterns)
    for size in range(1, min(_MAX_CHANGED, n_conditions) + 1):
        within = sizes <= size  # films that miss more conditions cannot be won
        if counts[within].sum() < minimum:
            continue
        sets = list(itertools.combinations(range(n_conditions), size))
        bits = np.array([sum(1 << place for place in each) for each in sets], dtype=np.int64)
        left = np.zeros(len(sets), dtype=np.int64)
        for pattern, count in zip(patterns[within], counts[within], strict=True):
            left += np.where(pattern & ~bits, 0, count)
        if (left >= minimum).any():
            return [sets[place] for place in np.flatnonzero(left >= minimum)]
    return []


def _relaxation(
    constraints: Constraints, changed: Sequence[Condition], rows: NDArray[np.int64], minimum: int
) -> tuple[tuple[int, int, int], Relaxation]:
    """The smallest relaxation of exactly these conditions, after its sort key.

    `rows` are the films that meet all other conditions.
    """
    # The move of the threshold that each film needs; with an unknown fact it needs `DROP`.
    needs = {
        each.term: np.where(each.known, each.excess, DROP)[rows]
        for each in changed
        if each.excess is not None
    }
    weights = [_WEIGHTS[term.field] for term in needs]
    moves = dict(zip(needs, smallest_moves(list(needs.values()), weights, minimum), strict=True))
    passing = np.ones(len(rows), dtype=np.bool_)
    for term, need in needs.items():
        passing &= need <= moves[term]
    films = int(np.count_nonzero(passing))
    texts, dropped, cost = [], [], 0
    for term in (each.term for each in changed):
        move = moves.get(term, DROP)
        if move == DROP:
            constraints = constraints.without(term)
            dropped.append(f"“{term.phrase}”")
            continue
        direction, wording = _DIRECTIONS[term.field]
        old = int(term.values[0])
        new = old + direction * move
        constraints = constraints.moved(term.field, new)
        minutes = f"{move} minute{'' if move == 1 else 's'}"
        texts.append(wording.format(minutes, new, old))
        cost += move * _WEIGHTS[term.field]
    if dropped:
        texts.append(f"without the {' and '.join(dropped)} filter{'s' * (len(dropped) > 1)}")
    order = (len(dropped), cost, -films)
    return order, Relaxation(constraints, " and ".join(texts), films)


def smallest_moves(
    needs: Sequence[NDArray[np.int64]], weights: Sequence[int], minimum: int
) -> tuple[int, ...]:
    """One move for each threshold so that at least `minimum` films pass all of them.

    The moves drop as few thresholds as possible, and have the least weighted sum among those. Of
    equal sums, the one with smaller moves of the earlier thresholds.

    Only moves that some film needs are candidates. For each candidate of the first threshold, in
    ascending order, a table counts the films that pass it by their needs of the second and third;
    its cumulative sums are the films that pass every combination of moves.

    `needs` has for each of at most three thresholds `int64[n]`, the move every film needs, 0 or
    more, or `DROP`; `weights` are the costs of a move by one.
    """
    if not needs:
        return ()
    # Missing thresholds come first and need no move.
    missing = _MAX_CHANGED - len(needs)
    needs = [*[np.zeros_like(needs[0])] * missing, *needs]
    candidates = [np.unique(each, return_inverse=True) for each in needs]
    moves, places = [each[0] for each in candidates], [each[1] for each in candidates]
    first, second, third = map(_costs, moves, [*[1] * missing, *weights])
    pair_costs = second[:, np.newaxis] + third
    table = np.zeros(pair_costs.shape, dtype=np.int64)
    # The films that need each candidate move of the first threshold.
    films = np.split(np.argsort(places[0], kind="stable"), np.bincount(places[0]).cumsum()[:-1])
    least, best = np.iinfo(np.int64).max, (0, 0, 0)
    for at, cost in enumerate(first.tolist()):
        if cost >= least:
            break
        np.add.at(table, (places[1][films[at]], places[2][films[at]]), 1)
        enough = table.cumsum(axis=0).cumsum(axis=1) >= minimum
        totals = np.where(enough, pair_costs + cost, least)
        cell = int(totals.argmin())
        if totals.flat[cell] < least:
            least, best = int(totals.flat[cell]), (at, *divmod(cell, len(third)))
    return tuple(int(each[place]) for each, place in zip(moves, best, strict=True))[missing:]


def _costs(moves: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    """Weighted moves; dropping a threshold costs more than all other moves together."""
    return np.where(moves == DROP, DROP, moves * weight)
