"""The record behind a report: splits, options, trials, notes, and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matinee.display import formats
from matinee.display.table import Table
from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.results import Comparison
from matinee.metrics import get
from matinee.service.pages.report.subject import Subject

__all__ = ["audits", "chosen_options", "definitions", "facts", "notes", "parts", "splits", "trials"]

_APART = frozenset({"metrics", "models"})
"""Parts of the receipt with tables of their own."""


def splits(subject: Subject) -> Table:
    """The deciding metric of every model on every test split."""
    results = subject.comparison.results
    metric = subject.comparison.metric
    seeds = len({split.seed for split in results[0].splits}) > 1
    return Table(
        ("split", *(["seed"] if seeds else []), "viewers", *(result.name for result in results)),
        tuple(
            (
                first.split,
                *([f"{first.seed}"] if seeds else []),
                f"{len(first.users):,}",
                *(formats.number(result.splits[place].means[metric]) for result in results),
            )
            for place, first in enumerate(results[0].splits)
        ),
    )


def parts(subject: Subject) -> Table | None:
    """Groups a protocol reports separately, under the deciding metric; `None` without any."""
    results, metric = subject.comparison.results, subject.comparison.metric
    rows = [
        (
            f"{split.split}: {name}",
            f"{part.viewers:,}",
            f"{part.targets:,}",
            *(
                formats.number(each.means.get(metric)) if each else formats.NONE
                for each in (result.splits[place].groups.get(name) for result in results)
            ),
        )
        for place, split in enumerate(results[0].splits)
        for name, part in split.groups.items()
    ]
    columns = ("part", "viewers", "targets", *(result.name for result in results))
    return Table(columns, tuple(rows)) if rows else None


def chosen_options(comparison: Comparison) -> Table:
    """One row per model, or per model and split if its options differ."""
    rows = []
    for result in comparison.results:
        texts = [formats.options(split.options) for split in result.splits]
        same = len(set(texts)) == 1
        for split, text in zip(result.splits[: 1 if same else None], texts, strict=False):
            tuned = split.origin == "validation"
            origin = f"chosen among {len(split.trials)} on validation" if tuned else split.origin
            rows.append((result.name, "all" if same else split.split, text, origin))
    return Table(("model", "splits", "options", "from"), tuple(rows), words=True)


def trials(comparison: Comparison) -> Iterator[tuple[str, Table]]:
    """All options tried on validation, one table per model that had a choice."""
    for result in comparison.results:
        if not result.splits[0].trials:
            continue
        varied = _varied([trial for split in result.splits for trial in split.trials])
        rows = [
            (
                split.split,
                formats.options({name: trial.options[name] for name in varied}),
                formats.number(trial.score),
                "chosen" if dict(trial.options) == dict(split.options) else "",
            )
            for split in result.splits
            for trial in split.trials
        ]
        yield result.name, Table(("split", "options", "on validation", ""), tuple(rows), words=True)


def _varied(trials: list[Trial]) -> list[str]:
    """Names of the options that differ between trials."""
    names = list(trials[0].options)
    varied = [name for name in names if len({str(trial.options[name]) for trial in trials}) > 1]
    return varied or names


def notes(comparison: Comparison) -> Iterator[str]:
    """Notes of protocols on splits and of checks on models, each once."""
    places_of: dict[str, list[str]] = {}
    for test in comparison.tests:
        for note in test.notes:
            places_of.setdefault(note, []).append(test.name)
    for result in comparison.results:
        for split in result.splits:
            for note in split.notes:
                places_of.setdefault(f"{result.name}: {note}", []).append(split.split)
    for note, places in places_of.items():
        everywhere = len(set(places)) == len(comparison.tests)
        yield note if everywhere else f"{note} ({', '.join(dict.fromkeys(places))})"


def audits(comparison: Comparison) -> Table | None:
    """Results of the leak check; `None` if it did not run."""
    rows = [
        (
            result.name,
            split.split,
            formats.number(split.audit.fitted),
            formats.number(split.audit.permuted),
            formats.number(split.audit.chance),
            split.audit.outcome,
        )
        for result in comparison.results
        for split in result.splits
        if split.audit
    ]
    columns = ("model", "split", "as fitted", "with films permuted", "chance, at most")
    return Table((*columns, "leak check"), tuple(rows)) if rows else None


def definitions(comparison: Comparison) -> Table:
    """Every metric's formula and source."""
    better = {True: "higher", False: "lower", None: formats.NONE}
    return Table(
        ("metric", "definition", "better", "source"),
        tuple(
            (formats.title(each.name), each.definition, better[each.higher_is_better], each.source)
            for each in map(get, comparison.receipt["metrics"])
        ),
        words=True,
    )


def facts(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """The other facts of the receipt: "versions, numpy" and "2.4.6"."""
    rest = {name: each for name, each in comparison.receipt.items() if name not in _APART}
    return tuple(_lines("", rest))


def _lines(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            words = str(name).replace("_", " ")
            yield from _lines(f"{path}, {words}" if path else words, each)
    elif isinstance(value, list | tuple):
        yield path, ", ".join(map(str, value)) or formats.NONE
    else:
        yield path, formats.NONE if value is None else str(value)
