"""What stands behind a report's numbers: splits, options, trials, notes, the receipt's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.metrics import get
from matinee.service.pages.charts import Table
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["audits", "chosen_options", "definitions", "facts", "notes", "parts", "splits", "trials"]

_APART = frozenset({"metrics", "models"})
"""Of the receipt, what has a table of its own."""


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
                *(written.number(result.splits[place].means[metric]) for result in results),
            )
            for place, first in enumerate(results[0].splits)
        ),
    )


def parts(subject: Subject) -> Table | None:
    """What the protocol reports separately, under the deciding metric; `None` where nothing is."""
    results, metric = subject.comparison.results, subject.comparison.metric
    rows = [
        (
            f"{split.split}: {name}",
            f"{part.viewers:,}",
            f"{part.targets:,}",
            *(_of_part(result, place, name, metric) for result in results),
        )
        for place, split in enumerate(results[0].splits)
        for name, part in split.groups.items()
    ]
    columns = ("part", "viewers", "to be found", *(result.name for result in results))
    return Table(columns, tuple(rows)) if rows else None


def _of_part(result: ModelResult, place: int, name: str, metric: str) -> str:
    part = result.splits[place].groups.get(name)
    return written.NONE if part is None else written.number(part.means.get(metric))


def chosen_options(comparison: Comparison) -> Table:
    """A row a model, or a row a model and split where the options differ."""
    rows = []
    for result in comparison.results:
        told = [written.options(split.options) for split in result.splits]
        alike = len(set(told)) == 1
        for split, text in zip(result.splits[: 1 if alike else None], told, strict=False):
            where = "all" if alike else split.split
            rows.append((result.name, where, text, _origin(split.origin, len(split.trials))))
    return Table(("model", "splits", "options", "from"), tuple(rows), words=True)


def _origin(origin: str, n_trials: int) -> str:
    return f"chosen among {n_trials} on validation" if origin == "validation" else origin


def trials(comparison: Comparison) -> Iterator[tuple[str, Table]]:
    """All options tried on validation, a table a model that had a choice."""
    for result in comparison.results:
        if not result.splits[0].trials:
            continue
        varied = _varied([trial for split in result.splits for trial in split.trials])
        rows = [
            (
                split.split,
                written.options({name: trial.options[name] for name in varied}),
                written.number(trial.score),
                "chosen" if dict(trial.options) == dict(split.options) else "",
            )
            for split in result.splits
            for trial in split.trials
        ]
        yield result.name, Table(("split", "options", "on validation", ""), tuple(rows), words=True)


def _varied(tried: list[Trial]) -> list[str]:
    """Names of the options that were not the same in all trials."""
    names = list(tried[0].options)
    varied = [name for name in names if len({str(trial.options[name]) for trial in tried}) > 1]
    return varied or names


def notes(comparison: Comparison) -> Iterator[str]:
    """What protocols say of their splits, and what was odd about a model's answers; once each."""
    said: dict[str, list[str]] = {}
    for test in comparison.tests:
        for note in test.notes:
            said.setdefault(note, []).append(test.name)
    for result in comparison.results:
        for split in result.splits:
            for note in split.notes:
                said.setdefault(f"{result.name}: {note}", []).append(split.split)
    for note, places in said.items():
        everywhere = len(set(places)) == len(comparison.tests)
        yield note if everywhere else f"{note} ({', '.join(dict.fromkeys(places))})"


def audits(comparison: Comparison) -> Table | None:
    """Whether models know what they cannot have learned; `None` where nobody asked."""
    rows = [
        (
            result.name,
            split.split,
            written.number(split.audit.fitted),
            written.number(split.audit.exchanged),
            written.number(split.audit.chance),
            split.audit.outcome,
        )
        for result in comparison.results
        for split in result.splits
        if split.audit
    ]
    columns = ("model", "split", "as fitted", "on exchanged films", "chance, at most", "audit")
    return Table(columns, tuple(rows)) if rows else None


def definitions(comparison: Comparison) -> Table:
    """Every metric's formula and source."""
    told = {True: "higher", False: "lower", None: written.NONE}
    names = [get(name) for name in comparison.receipt["metrics"]]
    return Table(
        ("metric", "definition", "better", "source"),
        tuple(
            (written.title(each.name), each.definition, told[each.higher_is_better], each.source)
            for each in names
        ),
        words=True,
    )


def facts(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """All else in the receipt, a line each: "versions, numpy" and "2.4.6"."""
    rest = {name: each for name, each in comparison.receipt.items() if name not in _APART}
    return tuple(_lines("", rest))


def _lines(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            words = str(name).replace("_", " ")
            yield from _lines(f"{path}, {words}" if path else words, each)
    elif isinstance(value, list | tuple):
        yield path, ", ".join(map(str, value)) or written.NONE
    else:
        yield path, written.NONE if value is None else str(value)
