"""Scores, predictions and intervals of a fitted model for the viewers of a split, checked.

Viewers are processed in blocks, so memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, rows_of
from matinee.data.splits import Split
from matinee.errors import FailureError
from matinee.experiments.measuring.ranking import RankedLists, ranked_lists
from matinee.models import Model

__all__ = ["Ends", "checked_scores", "prediction_errors", "prediction_intervals", "rank_split"]

_BLOCK_SCORES = 2**24
"""64 MiB of scores: enough for BLAS to run at full speed."""

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Lower and upper ends of intervals, `float64[t]` each, on the scale of the data."""


def rank_split(
    model: Model,
    split: Split,
    k: int,
    *,
    positions: bool = False,
    test_scores: bool = False,
    block: int = _BLOCK_SCORES,
) -> RankedLists:
    """The first k films of every evaluated viewer; see `ranking.ranked_lists` for ties.

    `positions` adds the rank of every target, `test_scores` the scores of all films that were rated
    in the test; `block` is the number of scores in memory at a time.
    """
    n, n_items = split.targets.shape
    step = max(1, block // max(1, n_items))
    lists = []
    for start in range(0, n, step):
        rows = slice(start, start + step)
        scores = checked_scores(model, split.histories.take(rows), split.seen[rows])
        unranked = split.unranked(rows)
        ranked = ranked_lists(scores, split.targets[rows], unranked, k, positions=positions)
        if test_scores:
            films = split.judgements[rows]
            ranked = replace(ranked, test_scores=scores[rows_of(films), films.indices])
        lists.append(ranked)
    return RankedLists.joined(lists)


def checked_scores(model: Model, histories: Histories, seen: sp.csr_array) -> NDArray[np.float32]:
    """The model's scores for many viewers, `float32[n, n_items]`.

    Seen films may have minus infinity, since they are not ranked.

    Raises:
        FailureError: scores of another shape or type, or not finite for an unseen film; or the
            model changed the histories.
    """
    with _unchanged(model, histories):
        scores = model.scores(histories)
    _require_float32(model, "scores", scores, histories.ratings.shape)
    wrong = ~np.isfinite(scores)
    if wrong.any():
        at_seen = rows_of(seen), seen.indices
        wrong[at_seen] &= scores[at_seen] != -np.inf
    if wrong.any():
        viewer, item = np.argwhere(wrong)[0]
        raise FailureError(
            f"model {model.name!r} scored {np.count_nonzero(wrong):,} films "
            f"with no finite number (first: {scores[viewer, item]} for film row {item}); "
            "check its options and that its training converged"
        )
    return scores


def prediction_errors(model: Model, split: Split) -> NDArray[np.float64]:
    """Prediction minus rating of every stored target, on the scale of the data.

    Errors are in the order of the matrix.

    Raises:
        InputError: the model does not predict ratings.
        FailureError: the predictions are not usable, or the model changed the histories.
    """
    ratings = split.targets.data
    with _unchanged(model, split.histories):
        predicted = model.predictions(split.histories, split.wanted)
    _require_float32(model, "predictions", predicted, ratings.shape)
    if not np.isfinite(predicted).all():
        raise FailureError(
            f"model {model.name!r} predicted {np.count_nonzero(~np.isfinite(predicted)):,} ratings "
            "that are no finite number; check its options and that its training converged"
        )
    return predicted.astype(np.float64) - ratings


def prediction_intervals(model: Model, split: Split) -> Ends | None:
    """80% intervals for every stored target, in the order of the matrix; `None` without any."""
    ends = model.intervals(split.histories, split.wanted)
    if ends is None:
        return None
    lower, upper = ends
    shape = split.targets.data.shape
    if lower.shape != shape or upper.shape != shape:
        raise FailureError(
            f"model {model.name!r}: intervals gave {list(lower.shape)} lower and "
            f"{list(upper.shape)} upper ends, but {list(shape)} are required; fix the model"
        )
    wrong = ~(np.isfinite(lower) & np.isfinite(upper) & (lower <= upper))
    if wrong.any():
        raise FailureError(
            f"model {model.name!r} gave {np.count_nonzero(wrong):,} prediction intervals that are "
            "not finite or end below their beginning; check its options"
        )
    return lower.astype(np.float64), upper.astype(np.float64)


@contextmanager
def _unchanged(model: Model, histories: Histories) -> Iterator[None]:
    """Checks that a model does not change the histories, which other models share."""

    def columns() -> tuple[NDArray[Any], ...]:
        return histories.values, histories.items, histories.starts, histories.known_times

    before = [column.copy() for column in columns()]
    yield
    if not all(map(np.array_equal, before, columns())):
        raise FailureError(
            f"model {model.name!r} changed the histories, which all models share; fix the model"
        )


def _require_float32(
    model: Model, method: str, answer: NDArray[np.float32], shape: tuple[int, ...]
) -> None:
    if answer.shape != shape or answer.dtype != np.float32:
        raise FailureError(
            f"model {model.name!r}: {method} gave {answer.dtype}{list(answer.shape)}, "
            f"but float32{list(shape)} is required; fix the model"
        )
