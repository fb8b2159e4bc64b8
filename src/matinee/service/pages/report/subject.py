"""What a report is about: a comparison, how its models look, and what its lists lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from matinee.data.splits import Split
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric
from matinee.service.pages.charts import Series, series

__all__ = ["LeftOut", "Subject"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A comparison with what all parts of its report ask for."""

    comparison: Comparison

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """How each model looks, best first."""
        return series([result.name for result in self.comparison.results])

    @property
    def models(self) -> Iterator[tuple[ModelResult, Series]]:
        """Every model and how it looks, best first."""
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
        """Whether films were ranked; else ratings were predicted."""
        return all(split.lists for result in self.comparison.results for split in result.splits)

    @property
    def k(self) -> int:
        """Length of the lists that decide; 0 where ratings are predicted."""
        length = self.comparison.metric.partition("@")[2].partition(" ")[0]
        return int(length) if length else 0

    def labelled(self, name: str) -> str | None:
        """What results call a metric, at the deciding length; `None` where it was not measured."""
        suffix = self.comparison.metric.removeprefix(self.decides.name)
        sampled = suffix.partition(" ")[2]
        candidates = (f"{name}{suffix}", f"{name} {sampled}".strip())
        return next((each for each in candidates if each in self.comparison.metrics), None)

    @cached_property
    def training_statistics(self) -> tuple[TrainingStatistics, ...]:
        """What is known of the training of every split."""
        return tuple(
            TrainingStatistics(test.train, self.comparison.catalog)
            for test in self.comparison.tests
        )

    @property
    def test_splits(self) -> Iterator[tuple[Split, TrainingStatistics]]:
        """Every test split and what is known of its training."""
        return zip(self.comparison.tests, self.training_statistics, strict=True)


@dataclass(frozen=True)
class LeftOut:
    """Why something is not in a report: what, and the reason."""

    what: str
    reason: str
