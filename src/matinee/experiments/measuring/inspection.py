"""What is odd about a model's answers: no error, but a reader of the results should know."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.scoring import checked_scores
from matinee.models import Model

__all__ = ["oddities", "suspicion"]

Mask = NDArray[np.bool_]

_ASKED = 256
"""Viewers who are asked about, evenly spaced; enough to see what concerns many."""
_TOO_GOOD = 0.95
_FEWEST_FOR_SUSPICION = 20
_FEWEST_SHOWN = 3
"""Films of a history: who saw one film may well be given it first."""


def oddities(model: Model, split: Split) -> tuple[str, ...]:
    """Sentences about answers that are odd, from asking about some viewers twice.

    That scores differ from one call to the next or go by the place of a viewer, that all films
    are given the same score, and that all films of the history are placed before all others
    (which gains nothing: they are not ranked).

    Args:
        model: a fitted model that ranks.
        split: whose viewers it is asked about.
    """
    n = len(split.users)
    rows = np.unique(np.linspace(0, n - 1, min(n, _ASKED)).astype(np.int64))
    some = split.take(rows)
    once = np.array(checked_scores(model, some.histories, some.seen))
    reverse = some.take(np.arange(len(rows))[::-1])
    again = checked_scores(model, reverse.histories, reverse.seen)[::-1]
    found = []
    changed = np.any(~np.isclose(once, again, rtol=1e-4, atol=1e-6), axis=1)
    if changed.any():
        found.append(
            f"answers differently when asked again, in another order: {_of(changed)}; the result "
            "cannot be repeated"
        )
    lowest, highest = _extremes(once, some.unranked())
    equal = (highest == lowest) & (some.n_ranked > 1)
    if equal.any():
        found.append(f"all scores equal: {_of(equal)}; ties count against the model")
    seen_first = _seen_first(once, some)
    if 2 * seen_first.sum() > len(rows):
        found.append(
            f"scores every seen film above all others: {_of(seen_first)}; seen films are never "
            "ranked, so nothing is gained"
        )
    return tuple(found)


def suspicion(means: Mapping[str, float], label: str, viewers: int) -> tuple[str, ...]:
    """A sentence where a ranking is better than taste can be known.

    Args:
        means: of every metric.
        label: the one that decides, 1 at best.
        viewers: how many the mean is over; a handful may be right by chance.
    """
    if viewers < _FEWEST_FOR_SUSPICION or not means[label] >= _TOO_GOOD:
        return ()
    found = f"suspiciously perfect: {label} = {means[label]:.3f}"
    return (f"{found}; look for the test's ratings in what the model is given, or try --audit",)


def _extremes(
    scores: NDArray[np.float32], left_out: sp.csr_array
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest score of each viewer's films but those left out."""
    others = scores.copy()
    at = np.repeat(np.arange(len(scores)), np.diff(left_out.indptr)), left_out.indices
    others[at] = np.inf
    lowest: NDArray[np.float32] = others.min(axis=1)
    others[at] = -np.inf
    highest: NDArray[np.float32] = others.max(axis=1)
    return lowest, highest


def _seen_first(scores: NDArray[np.float32], split: Split) -> Mask:
    """Who is given all the films of their history before any other."""
    histories = split.histories
    lowest = np.full(len(scores), np.inf, dtype=np.float32)
    np.minimum.at(lowest, histories.rows, scores[histories.rows, histories.items])
    long = histories.lengths >= _FEWEST_SHOWN
    first: Mask = long & (lowest > _extremes(scores, split.seen)[1])
    return first


def _of(viewers: Mask) -> str:
    return f"{np.count_nonzero(viewers):,} of {len(viewers):,} viewers asked about"
