"""Asks a fitted model about the viewers of a split, in bounded memory, and trusts no answer."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.errors import FailureError
from matinee.experiments.ranking import RankedLists, ranked_lists
from matinee.models import Model

__all__ = ["checked_scores", "prediction_errors", "rank_split"]

_SCORES_AT_ONCE = 2**24
"""64 MiB of scores: enough for BLAS to run at full speed."""


def rank_split(model: Model, split: Split, k: int) -> RankedLists:
    """The first k films of every evaluated viewer; see `ranking.ranked_lists` for ties.

    Raises:
        FailureError: the model's scores are not usable; the message names the model.
    """
    n, n_items = split.targets.shape
    step = max(1, _SCORES_AT_ONCE // max(1, n_items))
    batches = []
    for start in range(0, n, step):
        rows = slice(start, start + step)
        histories, targets, seen = split.histories[rows], split.targets[rows], split.seen[rows]
        scores = checked_scores(model, histories, seen)
        batches.append(ranked_lists(scores, targets, seen, k))
    return RankedLists.joined(batches)


def checked_scores(
    model: Model, histories: sp.csr_array, seen: sp.csr_array
) -> NDArray[np.float32]:
    """The model's scores for many viewers, `float32[n, n_items]`.

    Minus infinity is accepted for seen films, which are not ranked anyway.

    Raises:
        FailureError: scores of another shape or type, or not finite for an unseen film.
    """
    scores = model.scores(histories)
    _require_float32(model, "scores", scores, histories.shape)
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
        FailureError: its predictions are not usable; the message names the model.
    """
    targets = split.targets
    predicted = model.predictions(split.histories, targets)
    _require_float32(model, "predictions", predicted, targets.data.shape)
    if not np.isfinite(predicted).all():
        raise FailureError(
            f"model {model.name!r} predicted {np.count_nonzero(~np.isfinite(predicted)):,} ratings "
            "that are no finite number; check its options and that its training converged"
        )
    errors: NDArray[np.float64] = predicted.astype(np.float64) - targets.data
    return errors


def _require_float32(
    model: Model, method: str, answer: NDArray[np.float32], shape: tuple[int, ...]
) -> None:
    if answer.shape != shape or answer.dtype != np.float32:
        raise FailureError(
            f"model {model.name!r}: {method} gave {answer.dtype}{list(answer.shape)} where "
            f"float32{list(shape)} was asked for; the model must be put right"
        )
