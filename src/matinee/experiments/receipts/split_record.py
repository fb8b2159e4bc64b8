"""Converts a split result to plain values and arrays for a ledger, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.audit import Audit
from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.group_results import GroupResult
from matinee.experiments.measuring.prediction_errors import PredictionErrors
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.measuring.results import SplitResult
from matinee.models import Selection

__all__ = ["Arrays", "from_record", "to_record"]

Arrays = dict[str, NDArray[Any]]

_PLAIN = (
    *("split", "seed", "skipped", "origin"),
    *("fits", "fit_seconds", "score_seconds", "fit_bytes", "model_bytes"),
)
_LISTS: Mapping[str, type[np.generic]] = {
    "items": np.int32,
    "hits": np.bool_,
    "gains": np.float32,
    "test_scores": np.float32,
}
_POSITIONS = "lists.positions"
_ERRORS = "errors.errors"


def to_record(result: SplitResult) -> tuple[dict[str, Any], Arrays]:
    """The JSON values of a result, and its arrays, none of objects."""
    plain = {name: getattr(result, name) for name in _PLAIN}
    plain |= {
        "options": dict(result.options),
        "metrics": list(result.means),
        "metrics_over_viewers": list(result.values),
        "metrics_with_weights": list(result.own_weights),
        "tried": [dict(trial.options) for trial in result.trials],
        "parts": {name: asdict(part) for name, part in result.groups.items()},
        "notes": list(result.notes),
        "audit": asdict(result.audit) if result.audit else None,
        "selection": result.selection.to_json() if result.selection else None,
    }
    arrays: Arrays = {
        "users": result.users,
        "weights": result.weights,
        "means": np.array(list(result.means.values()), dtype=np.float64),
        "scores_tried": np.array([trial.score for trial in result.trials], dtype=np.float64),
        "answer_seconds": np.array(result.answer_seconds),  # NaN is possible, and JSON has none
        **{f"values.{name}": values for name, values in result.values.items()},
        **{f"weights.{name}": weights for name, weights in result.own_weights.items()},
    }
    if result.newcomers is not None:
        arrays["newcomers"] = result.newcomers
    if result.lists is not None:
        arrays |= {f"lists.{name}": getattr(result.lists, name) for name in _LISTS}
        arrays[_POSITIONS] = result.lists.positions.astype(np.int32)  # ranks fit into 32 bits
    if result.errors is not None:
        columns = vars(result.errors).items()
        arrays |= {f"errors.{name}": column for name, column in columns if column is not None}
    return plain, arrays


def from_record(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> SplitResult:
    """The inverse of `to_record`; a KeyError, TypeError or ValueError if it is none."""
    lists = None
    if _POSITIONS in arrays:
        parts = {name: arrays[f"lists.{name}"].astype(kind) for name, kind in _LISTS.items()}
        lists = RankedLists(**parts, positions=arrays[_POSITIONS].astype(np.int64))
    errors = None
    if _ERRORS in arrays:
        ends, places = (arrays.get(f"errors.{name}") for name in ("ends", "places"))
        errors = PredictionErrors(arrays[_ERRORS], ends, places)
    over_viewers = plain["metrics_over_viewers"]
    return SplitResult(
        **{name: plain[name] for name in _PLAIN},
        users=arrays["users"],
        weights=arrays["weights"],
        values={name: arrays[f"values.{name}"] for name in over_viewers},
        means=dict(zip(plain["metrics"], arrays["means"].tolist(), strict=True)),
        options=plain["options"],
        answer_seconds=float(arrays["answer_seconds"]),
        trials=tuple(
            Trial(options, score)
            for options, score in zip(plain["tried"], arrays["scores_tried"].tolist(), strict=True)
        ),
        lists=lists,
        groups={name: GroupResult(**part) for name, part in plain["parts"].items()},
        notes=tuple(plain["notes"]),
        audit=Audit(**plain["audit"]) if plain["audit"] else None,
        errors=errors,
        own_weights={name: arrays[f"weights.{name}"] for name in plain["metrics_with_weights"]},
        newcomers=arrays.get("newcomers"),
        selection=Selection.from_json(plain["selection"]) if plain.get("selection") else None,
    )
