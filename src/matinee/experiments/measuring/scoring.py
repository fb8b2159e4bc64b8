"""Asks a fitted model about the viewers of a split, in bounded memory, and trusts no answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.data.splits import Split
from matinee.errors import FailureError
from matinee.experiments.measuring.ranking import RankedLists, ranked_lists
from matinee.models import Model

__all__ = ["checked_scores", "prediction_errors", "rank_split"]

_SCORES_AT_ONCE = 2**24
"""64 MiB of scores: enough for BLAS to run at full speed."""


def rank_split(model: Model, split: Split, k: int, *, positions: bool = False) -> RankedLists:
    """The first k films of every evaluated viewer; see `ranking.ranked_lists` for ties.

    Args:
        model: a fitted model.
        split: whose viewers it is asked about.
        k: length of the lists.
        positions: whether the rank of every target is wanted, too.

    Raises:
        FailureError: the model's scores are not usable, or it changed the histories it was
            handed; the message names the model.
    """
    batches = []
    for rows in _batches_of(split):
        scores = checked_scores(model, split.histories.take(rows), split.seen[rows])
        left_out = split.unranked(rows)
        batches.append(ranked_lists(scores, split.targets[rows], left_out, k, positions=positions))
    return RankedLists.joined(batches)


def _batches_of(split: Split) -> Iterator[slice]:
    """The rows of a split, as many at a time as there is room for scores of all films."""
    n, n_items = split.targets.shape
    step = max(1, _SCORES_AT_ONCE // max(1, n_items))
    for start in range(0, n, step):
        yield slice(start, start + step)


def checked_scores(model: Model, histories: Histories, seen: sp.csr_array) -> NDArray[np.float32]:
    """The model's scores for many viewers, `float32[n, n_items]`.

    Minus infinity is accepted for seen films, which are not ranked anyway.

    Raises:
        FailureError: scores of another shape or type, or not finite for an unseen film; or the
            model changed the histories.
    """
    handed = _copies(histories)
    scores = model.scores(histories)
    _require_unchanged(model, histories, handed)
    _require_float32(model, "scores", scores, histories.ratings.shape)
    wrong = ~np.isfinite(scores)
    if wrong.any():
        at_seen = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr)), seen.indices
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
    """Prediction minus rating in stars for every stored target, in the order of the matrix.

    Raises:
        InputError: the model does not predict ratings.
        FailureError: its predictions are not usable, or it changed the histories it was handed;
            the message names the model.
    """
    targets = split.targets
    handed = _copies(split.histories)
    predicted = model.predictions(split.histories, split.wanted)
    _require_unchanged(model, split.histories, handed)
    _require_float32(model, "predictions", predicted, targets.data.shape)
    if not np.isfinite(predicted).all():
        raise FailureError(
            f"model {model.name!r} predicted {np.count_nonzero(~np.isfinite(predicted)):,} ratings "
            "that are no finite number; check its options and that its training converged"
        )
    errors: NDArray[np.float64] = predicted.astype(np.float64) - targets.data
    return errors


def _copies(histories: Histories) -> tuple[NDArray[Any], ...]:
    return tuple(each.copy() for each in _columns(histories))


def _columns(histories: Histories) -> tuple[NDArray[Any], ...]:
    return histories.values, histories.items, histories.starts, histories.known_times


def _require_unchanged(
    model: Model, histories: Histories, handed: tuple[NDArray[Any], ...]
) -> None:
    if not all(map(np.array_equal, handed, _columns(histories))):
        raise FailureError(
            f"model {model.name!r} changed the histories it was handed; others are measured on "
            "the same, so the model must be put right"
        )


def _require_float32(
    model: Model, method: str, answer: NDArray[np.float32], shape: tuple[int, ...]
) -> None:
    if answer.shape != shape or answer.dtype != np.float32:
        raise FailureError(
            f"model {model.name!r}: {method} gave {answer.dtype}{list(answer.shape)} where "
            f"float32{list(shape)} was asked for; the model must be put right"
        )
