"""The trials of a search as charts, one for each option that was searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from matinee.display import formats
from matinee.display.charts import Chart, Trace, dots, figure, label, series

if TYPE_CHECKING:
    from matinee.experiments.tuning.result import Plateau, Tuned

__all__ = ["charts"]

_FREE: Trace = {"rangemode": "normal", "nticks": 6}
"""Scores of trials differ little, so their axis does not begin at 0."""


def charts(tuned: Tuned) -> Iterator[Chart]:
    """Score of every trial by option. The mark of the best trial is filled."""
    (look,) = series(["trials"])
    scores = [trial.score for trial in tuned.trials]
    title = formats.title(tuned.metric)
    chosen = [trial for trial in tuned.trials if _is_best(trial.options, tuned)]
    for plateau in tuned.plateaus:
        option = plateau.option
        values = [trial.options[option] for trial in tuned.trials]
        hover = f"{label(option)} %{{x}}: %{{y:.4f}}"
        traces = [
            dots(look, values, scores, hover, hollow=True),
            dots(
                look,
                [trial.options[option] for trial in chosen],
                [trial.score for trial in chosen],
                hover,
                size=13,
            ),
        ]
        yield Chart(
            option,
            option,
            f"Best at {plateau.best}; within 1% of the best score: {plateau.near}.",
            figure(traces, x=_axis(plateau, values), y={"title": title} | _FREE),
        )


def _is_best(options: Any, tuned: Tuned) -> bool:
    return all(options[each.option] == each.best for each in tuned.plateaus)


def _axis(plateau: Plateau, values: list[Any]) -> Trace:
    """The scale that the option was searched on."""
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        return {"type": "category"}
    return {"type": "log"} if plateau.log else {}
