"""The subject of a report: a comparison, the look of its models, and training statistics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from matinee.data.splits import Split
from matinee.display.charts import Series, series
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric

__all__ = ["Subject"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A comparison, with values that several parts of its report need."""

    comparison: Comparison

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The look of each model, best first."""
        return series([result.name for result in self.comparison.results])

    @property
    def models(self) -> Iterator[tuple[ModelResult, Series]]:
        """Every model with its look, best first."""
        return zip(self.comparison.results, self.series, strict=True)

    @property
    def decides(self) -> Metric:
        """The deciding metric."""
        return metric_of(self.comparison.metric)

    @property
    def lower_is_better(self) -> bool:
        return self.decides.higher_is_better is False

    @property
    def ranks(self) -> bool:
        """Whether the models rank films; otherwise they predict ratings."""
        return all(split.lists for result in self.comparison.results for split in result.splits)

    @property
    def k(self) -> int:
        """List length of the deciding metric; 0 for predictions."""
        length = self.comparison.metric.partition("@")[2].partition(" ")[0]
        return int(length) if length else 0

    def labelled(self, name: str) -> str | None:
        """The key of a metric in results, at the deciding length; `None` if it was not measured."""
        suffix = self.comparison.metric.removeprefix(self.decides.name)
        sampled = suffix.partition(" ")[2]
        candidates = (f"{name}{suffix}", f"{name} {sampled}".strip())
        return next((each for each in candidates if each in self.comparison.metrics), None)

    @cached_property
    def training_statistics(self) -> tuple[TrainingStatistics, ...]:
        """Training statistics of every split."""
        return tuple(
            TrainingStatistics(test.train, self.comparison.catalog)
            for test in self.comparison.tests
        )

    @property
    def test_splits(self) -> Iterator[tuple[Split, TrainingStatistics]]:
        """Every test split with its training statistics."""
        return zip(self.comparison.tests, self.training_statistics, strict=True)
