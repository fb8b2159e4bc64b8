"""What a search for options found: the best, how good it is, and how little it may matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matinee.experiments.measuring.contenders import Trial
from matinee.experiments.statistics.bootstrap import Interval
from matinee.experiments.statistics.plain import plain_number
from matinee.experiments.tuning.figures import Figure
from matinee.experiments.tuning.search_space import Space

__all__ = ["Plateau", "Tuned", "plateaus", "share_near"]

NEAR = 0.01
"""Scores that differ by less than this part of the best are as good for most purposes."""


@dataclass(frozen=True)
class Plateau:
    """How far one option can be moved without losing much, other options moved as they were.

    Attributes:
        option: its name.
        best: the value that scored best.
        near: the values, lowest and highest or all of a choice, of trials within 1% of the best.
        inside: the same of trials inside the 95% interval of the best score.
        searched: where it was searched, in words.
    """

    option: str
    best: Any
    near: str
    inside: str
    searched: str


@dataclass(frozen=True)
class Tuned:
    """The end of a search.

    Attributes:
        model: its name.
        metric: what decided: "ndcg@10".
        options: the best: every option of the model.
        chosen: the part of them that was fixed or searched.
        trials: all that were scored, in the order they were begun.
        failures: why others could not be scored.
        validation: what the best scored where the options were chosen.
        test: what it scored on the test, which was looked at this once.
        plateaus: one a searched option.
        share_near: part of the trials within 1% of the best.
        about: data, protocol and whatever else the result depends on.
    """

    model: str
    metric: str
    options: Mapping[str, Any]
    chosen: Mapping[str, Any]
    trials: tuple[Trial, ...] = field(repr=False)
    failures: tuple[str, ...] = field(repr=False)
    validation: Figure
    test: Figure
    plateaus: tuple[Plateau, ...]
    share_near: float
    about: Mapping[str, Any] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.model,
            "metric": self.metric,
            "options": dict(self.options),
            "chosen": dict(self.chosen),
            "validation": self.validation.to_json(),
            "test": self.test.to_json(),
            "flatness": {
                "share_of_trials_within_1_percent": self.share_near,
                "options": [vars(each) for each in self.plateaus],
            },
            "trials": [
                {"options": dict(trial.options), "validation": plain_number(trial.score)}
                for trial in self.trials
            ],
            "failures": list(self.failures),
            "about": dict(self.about),
        }


def plateaus(
    trials: Sequence[Trial], best: Trial, bounds: Interval, space: Space, *, higher: bool
) -> tuple[Plateau, ...]:
    """Of every searched option the values that do about as well as the best.

    Args:
        trials: all that were scored.
        best: the best of them.
        bounds: the 95% interval of its score.
        space: what was searched.
        higher: whether a higher score is better.
    """
    near = [trial for trial in trials if _is_near(trial, best)]
    inside = [
        trial
        for trial in trials
        if (trial.score >= bounds.low if higher else trial.score <= bounds.high)
    ]
    return tuple(
        Plateau(
            option,
            best.options[option],
            where.spanned([trial.options[option] for trial in near]),
            where.spanned([trial.options[option] for trial in inside]) if inside else "",
            str(where),
        )
        for option, where in space.items()
    )


def share_near(trials: Sequence[Trial], best: Trial) -> float:
    """The part of the trials that score within 1% of the best."""
    return sum(_is_near(trial, best) for trial in trials) / len(trials)


def _is_near(trial: Trial, best: Trial) -> bool:
    return abs(trial.score - best.score) <= NEAR * abs(best.score)
