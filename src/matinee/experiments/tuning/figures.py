"""What options score: a mean over viewers with its interval, on validation and on the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matinee.data.splits import Split
from matinee.experiments.measuring.background import Background
from matinee.experiments.measuring.contenders import Contender
from matinee.experiments.measuring.measure import Measured, Yardstick
from matinee.experiments.statistics.bootstrap import Interval, Sample, interval, resampled_means
from matinee.experiments.statistics.plain import plain_bounds, plain_number
from matinee.experiments.tuning.trials import Question
from matinee.models import Config

__all__ = ["Figure", "figures"]


@dataclass(frozen=True)
class Figure:
    """A mean over viewers with its 95% interval; NaN bounds where it is not one over viewers."""

    mean: float
    interval: Interval

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"mean": plain_number(self.mean), "interval": plain_bounds(self.interval)}


def figures(config: Config, question: Question, tests: Sequence[Split]) -> tuple[Figure, Figure]:
    """Options on validation, now with an interval, and on the test.

    Args:
        config: the options.
        question: where they were chosen.
        tests: what is looked at now, in the order of the question's splits.
    """
    one = Contender(question.kind.__name__, question.kind, (config,), "given")
    decides = question.yardstick.chooses
    on_validation, on_test = [], []
    for (seed, validation), test in zip(question.splits, tests, strict=True):
        model = one.fit(config, validation.train, question.catalog, seed).model
        background = Background(validation.train, question.catalog)
        on_validation.append((validation, decides.measure(model, validation, background)))
        if test.train is not validation.train:
            model = one.fit(config, test.train, question.catalog, seed).model
            background = Background(test.train, question.catalog)
        on_test.append((test, decides.measure(model, test, background)))
    return _figure(on_validation, decides), _figure(on_test, decides)


def _figure(measured: Sequence[tuple[Split, Measured]], yardstick: Yardstick) -> Figure:
    label = yardstick.label
    mean = float(np.mean([each.means[label] for _, each in measured]))
    if not yardstick.decides.per_viewer:
        return Figure(mean, interval(np.empty(0)))
    samples = [
        Sample(
            split.users,
            each.weights,
            each.values[label][:, None],
            np.array([float(yardstick.decides.power)]),
        )
        for split, each in measured
    ]
    return Figure(mean, interval(resampled_means(samples)[:, 0]))
