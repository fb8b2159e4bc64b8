"""The tasks: two data sets, ranking and rating."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import matinee
from matinee import plugins
from matinee.data import Dataset
from matinee.data.splits import Division, folds
from matinee.data.splits.leakage import check_divisions
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import Measured, MetricSet
from matinee.experiments.statistics.bootstrap import interval, resampled_means
from matinee.experiments.statistics.sample import Sample
from matinee.models import Model

__all__ = ["TASKS", "Figure", "Task", "figure"]

_TENTH = 0.1
_BOTH = ("popular",)
"""Rating models that are also listed among the rankings."""


@dataclass(frozen=True)
class Task:
    """One table of the page.

    Attributes:
        name: as in rows and on the command line.
        data: the data set.
        protocol: a name of `protocols.PROTOCOLS`.
        about: the split, in words.
        k: length of lists; 0 for rating prediction.
        min_rating: lower ratings are dropped before a ranking protocol splits.
        seeds: seeds of splits and fits.
    """

    name: str
    data: str
    protocol: str
    about: str
    k: int = 0
    min_rating: float | None = None
    seeds: tuple[int, ...] = (0,)

    @property
    def metric_set(self) -> MetricSet:
        """Only the deciding metric."""
        all_metrics = MetricSet.for_rankings(self.k) if self.k else MetricSet.for_ratings()
        return all_metrics.chooses

    @property
    def models(self) -> tuple[str, ...]:
        """All registered models for this task."""
        return tuple(name for name in plugins.names("models") if self._fits(name))

    def _fits(self, name: str) -> bool:
        kind: type[Model] = plugins.get("models", name)
        return name in _BOTH or kind.predicts_ratings == (not self.k)

    def divided(self) -> tuple[Dataset, list[tuple[int, Division]]]:
        """The data set, and its divisions with their seeds."""
        dataset = matinee.load(self.data)
        if not self.k and dataset.folds is None:
            return dataset, [(0, _tenth_held_out(dataset))]
        found = [
            (seed, division)
            for seed in self.seeds
            for division in protocols.divide(
                self.protocol, dataset, seed=seed, min_rating=self.min_rating
            )
        ]
        return dataset, found


def _tenth_held_out(dataset: Dataset) -> Division:
    """Protocol `folds` for data without folds: one fold, a random tenth."""
    drawn = np.random.default_rng(0).random(len(dataset.interactions)) >= _TENTH
    division = folds(dataset.interactions, drawn.astype(np.int8), 0)[0]
    check_divisions([division], dataset.interactions)
    return division


TASKS = {
    each.name: each
    for each in (
        Task(
            "ml-100k ranking",
            "ml-100k",
            "random",
            "80/10/10 by rating, three seeds",
            k=10,
            seeds=(0, 1, 2),
        ),
        Task(
            "ml-1m ranking",
            "ml-1m",
            "strong",
            "viewers held out whole, 80% of each shown",
            k=100,
            min_rating=4,
        ),
        Task("ml-100k rating", "ml-100k", "folds", "its own five folds"),
        Task("ml-1m rating", "ml-1m", "folds", "one fold, a tenth of the ratings drawn at random"),
    )
}


@dataclass(frozen=True)
class Figure:
    """A mean over viewers and splits, with its 95% interval."""

    mean: float
    low: float
    high: float


def figure(task: Task, users: list[np.ndarray], measured: list[Measured]) -> Figure:
    """The mean of the splits' means, with a bootstrap interval over viewers."""
    label = task.metric_set.label
    power = np.array([task.metric_set.decides.power], dtype=np.float64)
    samples = [
        Sample(viewers, each.weights, each.values[label][:, None], power)
        for viewers, each in zip(users, measured, strict=True)
    ]
    bounds = interval(resampled_means(samples)[:, 0])
    mean = float(np.mean([each.means[label] for each in measured]))
    return Figure(mean, bounds.low, bounds.high)
