"""Fits one model after the other, and remembers the last fit and the last choice.

Divisions that are points of one curve share their validation, and sometimes their training: what
is the same is fitted and chosen once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matinee.data import Catalog, Interactions
from matinee.data.splits import Division, Split
from matinee.experiments.measuring.candidate_models import (
    CandidateModel,
    FittedModel,
    Trial,
    choose,
)
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.models import Config

__all__ = ["Runner", "fits"]

_Choice = tuple[Config, tuple[Trial, ...]]


class Runner:
    """One candidate model on the divisions of one evaluation, in their order.

    Args:
        candidate: what is fitted.
        catalog: the films.
        metric_set: what options are chosen by.
        step: told what is fitted, at the beginning of every fit.
    """

    def __init__(
        self,
        candidate: CandidateModel,
        catalog: Catalog,
        metric_set: MetricSet,
        step: Callable[[str], None],
    ) -> None:
        self.candidate = candidate
        self._catalog = catalog
        self._metric_set = metric_set
        self._step = step
        self._fitted: tuple[Interactions, Config, int, FittedModel] | None = None
        self._chosen: tuple[Split, tuple[Config, ...], int, _Choice] | None = None

    def fit(self, config: Config, split: Split, seed: int) -> FittedModel:
        """The model as fitted on a split's training."""
        last = self._fitted
        if last and last[0] is split.train and last[1:3] == (config, seed):
            return last[3]
        self._step(f"{self.candidate.label}, {split.name}")
        fitted = self.candidate.fit(config, split.train, self._catalog, seed)
        self._fitted = (split.train, config, seed, fitted)
        return fitted

    def choose(
        self,
        configs: tuple[Config, ...],
        validation: Split,
        training: TrainingStatistics,
        seed: int,
    ) -> _Choice:
        """The options that are best on a validation split, and all that were tried."""
        if len(configs) == 1:
            return configs[0], ()
        last = self._chosen
        if last and last[0] is validation and last[1:3] == (configs, seed):
            return last[3]
        config, fitted, trials = choose(
            configs,
            fit=lambda candidate: self.fit(candidate, validation, seed),
            score=lambda model: self._metric_set.decisive(model, validation, training),
            higher_is_better=bool(self._metric_set.decides.higher_is_better),
        )
        self._fitted = (validation.train, config, seed, fitted)
        self._chosen = (validation, configs, seed, (config, trials))
        return config, trials


def fits(tried: int, divisions: Sequence[Division]) -> int:
    """How many fits a runner makes where `tried` options are chosen from on each division."""
    n = 0
    validation: Split | None = None
    train: Interactions | None = None
    for division in divisions:
        if tried > 1 and division.validation is not validation:
            n += tried
            validation = division.validation
            train = validation.train
        if division.test.train is not train:
            n += 1
            train = division.test.train
    return n
