"""How models that choose between candidates have chosen, as tables."""

from __future__ import annotations

from collections.abc import Iterator

from matinee.display import formats
from matinee.display.table import Table
from matinee.experiments.measuring.results import Comparison
from matinee.models import Race

__all__ = ["choices", "selection_columns", "selection_rows"]


def choices(comparison: Comparison) -> Iterator[tuple[str, str, Table]]:
    """Title, rule and table of every race: one for each kind of viewer on each split."""
    for result in comparison.results:
        for split in result.splits:
            if split.selection is None:
                continue
            for race in split.selection.races:
                title = f"{result.name}, {split.split}: {race.count:,} {race.viewers}"
                columns = selection_columns(split.selection.metric)
                rows = tuple(tuple(row) for row in selection_rows(race))
                yield title, split.selection.rule, Table(columns, rows, words=True)


def selection_columns(metric: str) -> tuple[str, ...]:
    """The heads of `selection_rows`."""
    return "candidate", metric, "difference to chosen [95%]", "work", ""


def selection_rows(race: Race) -> list[list[str]]:
    """Candidate, quality, interval of the difference, estimated seconds, and what became of it."""
    return [
        [
            each.name,
            formats.number(each.quality),
            "" if each.name == race.chosen else f"{each.low:+.4f} to {each.high:+.4f}",
            f"{each.work:.1f} s" if each.work else "",
            "chosen" if each.name == race.chosen else each.note,
        ]
        for each in race.candidates
    ]
