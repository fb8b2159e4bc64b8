"""What a comparison says besides its means: by split, by part, and in sentences."""

from __future__ import annotations

import math

import numpy as np

from matinee.cli.console import print_table, say
from matinee.experiments.measuring.parts import Part
from matinee.experiments.measuring.results import Comparison, ModelResult

__all__ = ["mean_name", "print_parts", "print_splits", "say_notes"]

_DIGITS = 4
_MOST_COLUMNS = 5
_SHOWN_OF_A_PART = ("ndcg", "recall")


def mean_name(comparison: Comparison) -> str:
    """What the mean over all splits is: of repetitions "mean", of a curve "mean over the curve"."""
    return "mean over the curve" if comparison.receipt["protocol"].get("curve") else "mean"


def print_splits(comparison: Comparison) -> None:
    """What each split gave, seeds averaged; a long curve goes down the page."""
    names = list(dict.fromkeys(split.split for split in comparison.results[0].splits))
    last = mean_name(comparison)
    values = {
        result.name: [
            *(_written(_mean_on(result, name, comparison.metric)) for name in names),
            _written(result.means[comparison.metric]),
        ]
        for result in comparison.results
    }
    if len(names) <= _MOST_COLUMNS:
        columns = [*names, last]
        rows = [[model, *means] for model, means in values.items()]
        print_table([comparison.metric, *columns], rows, numbers=columns)
    else:
        models = list(values)
        along = zip([*names, last], *values.values(), strict=True)
        what = f"{comparison.metric} by {comparison.receipt['protocol'].get('curve', 'split')}"
        print_table([what, *models], [list(row) for row in along], numbers=models)


def print_parts(comparison: Comparison) -> None:
    """NDCG and recall of the parts that the protocol reports separately, mean over splits."""
    names = list(
        dict.fromkeys(
            name for each in comparison.results for split in each.splits for name in split.parts
        )
    )
    if not names:
        return
    first = _parts(comparison.results[0], names[0])[0].means
    metrics = [each for each in first if each.partition("@")[0] in _SHOWN_OF_A_PART]
    once = len(comparison.tests) == 1  # over several splits, viewers would be counted twice
    rows = [
        [
            result.name,
            name,
            *((f"{_parts(result, name)[0].viewers:,}",) if once else ()),
            f"{sum(part.targets for part in _parts(result, name)):,}",
            *(
                _written(float(np.mean([part.means[metric] for part in _parts(result, name)])))
                for metric in metrics
            ),
        ]
        for name in names
        for result in comparison.results
    ]
    numbers = [*(("viewers",) if once else ()), "ratings", *metrics]
    print_table(["model", "part", *numbers], rows, numbers=numbers)


def say_notes(comparison: Comparison) -> None:
    """What readers should know of the splits and of each model's answers, on stderr."""
    warning = comparison.receipt["protocol"].get("warning")
    if warning:
        say(warning)
    for note in dict.fromkeys(note for test in comparison.tests for note in test.notes):
        say(note)
    for result in comparison.results:
        audits = [split.audit.note for split in result.splits if split.audit]
        notes = [note for split in result.splits for note in split.notes]
        for note in dict.fromkeys([*notes, *audits]):
            say(f"{result.name}: {note}")


def _mean_on(result: ModelResult, name: str, metric: str) -> float:
    return float(np.mean([each.means[metric] for each in result.splits if each.split == name]))


def _parts(result: ModelResult, name: str) -> list[Part]:
    return [split.parts[name] for split in result.splits if name in split.parts]


def _written(value: float) -> str:
    return f"{value:.{_DIGITS}f}" if math.isfinite(value) else ""
