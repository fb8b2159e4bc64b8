"""Prints the results of a comparison by split and by group, and its notes."""

from __future__ import annotations

import click
import numpy as np

from matinee.cli.comparison_groups import written
from matinee.cli.console import print_table, say
from matinee.experiments.measuring.group_results import GroupResult
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.service.train import liked_from

__all__ = ["mean_name", "print_parts", "print_splits", "say_notes"]

_MOST_COLUMNS = 5
_METRICS_OF_GROUPS = ("ndcg", "recall", "rmse", "mae")


def mean_name(comparison: Comparison) -> str:
    """The name of the mean over all splits: "mean", or "mean over the curve" of a curve."""
    return "mean over the curve" if comparison.receipt["protocol"].get("curve") else "mean"


def print_splits(comparison: Comparison) -> None:
    """Prints the deciding metric by split, averaged over seeds; many splits are rows.

    The numbers of fits follow where the log is replayed.
    """
    names = list(dict.fromkeys(split.split for split in comparison.results[0].splits))
    last = mean_name(comparison)
    values = {
        result.name: [
            *(written(_mean_on(result, name, comparison.metric)) for name in names),
            written(result.means[comparison.metric]),
        ]
        for result in comparison.results
    }
    if comparison.is_replay:
        values = {each.name: [*values[each.name], f"{each.fits:,}"] for each in comparison.results}
        names.append(last)
        last = "fits"
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
    """Prints NDCG and recall, or RMSE and MAE, of the protocol's groups, averaged over splits.

    A group that holds every target says nothing beside the mean and is left out.
    """
    first_splits = comparison.results[0].splits
    n_targets = sum(test.targets.nnz for test in comparison.tests)
    names = [
        name
        for name in dict.fromkeys(name for split in first_splits for name in split.groups)
        if sum(part.targets for part in _parts(comparison.results[0], name)) < n_targets
    ]
    if not names:
        return
    first = _parts(comparison.results[0], names[0])[0].means
    metrics = [each for each in first if each.partition("@")[0] in _METRICS_OF_GROUPS]
    once = len(comparison.tests) == 1  # several splits would count viewers twice
    rows = [
        [
            result.name,
            name,
            *((f"{_parts(result, name)[0].viewers:,}",) if once else ()),
            f"{sum(part.targets for part in _parts(result, name)):,}",
            *(
                written(float(np.mean([part.means[metric] for part in _parts(result, name)])))
                for metric in metrics
            ),
        ]
        for name in names
        for result in comparison.results
    ]
    numbers = [*(("viewers",) if once else ()), "ratings", *metrics]
    click.echo()
    print_table(["model", "group", *numbers], rows, numbers=numbers)


def say_notes(comparison: Comparison) -> None:
    """Prints notes about the splits and about each model's answers to stderr."""
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
    likes = _note_of_likes(comparison)
    if likes:
        say(likes)


def _note_of_likes(comparison: Comparison) -> str:
    """Models that learn from fewer ratings where they answer viewers; "" for none."""
    protocol, train = comparison.receipt["protocol"], comparison.tests[0].train
    threshold = liked_from(train)
    has_threshold = protocol.get("relevant_from") is not None or protocol["min_rating"] is not None
    if threshold is None or has_threshold or not comparison.receipt["k"]:
        return ""
    options = {result.name: result.splits[0].options for result in comparison.results}
    models = [name for name, each in options.items() if each.get("min_rating", 0) is None]
    if not models or not (train.values < threshold).any():
        return ""
    return (
        f"{', '.join(models)}: every rating is a like here, and on the site those from "
        f"{threshold:g} on; evaluate that with --relevant-from {threshold:g}"
    )


def _mean_on(result: ModelResult, name: str, metric: str) -> float:
    return float(np.mean([each.means[metric] for each in result.splits if each.split == name]))


def _parts(result: ModelResult, name: str) -> list[GroupResult]:
    return [split.groups[name] for split in result.splits if name in split.groups]
