"""Fits models split by split and reuses a fit, or chosen options, if the next split shares them.

Divisions that are points of one curve share their validation, and sometimes their training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from matinee.data import Catalog, Interactions
from matinee.data.splits import Division, Split
from matinee.experiments.measuring.candidate_models import CandidateModel, FittedModel, Trial
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.models import Config

__all__ = ["Runner", "fits"]

_NOISE = 0.02
"""Preferred options win if they are at most this share behind the best: validation has noise."""
_NONE: Mapping[str, object] = MappingProxyType({})

_Choice = tuple[Config, tuple[Trial, ...]]


class _Training(NamedTuple):
    """The ratings of a fit: `size` of the first ones of a source."""

    source: Interactions
    size: int

    @classmethod
    def of(cls, split: Split) -> _Training:
        """Parts of a split with refits share the log as their source."""
        return cls(split.train if split.log is None else split.log, len(split.train))

    def is_same(self, other: _Training) -> bool:
        return self.source is other.source and self.size == other.size


class Runner:
    """One candidate model on the divisions of one evaluation, in their order.

    `step` is called with a description before every fit; `n_fits` counts them. `preferred` are
    options to choose where validation finds no others clearly better, see `Protocol`.
    """

    def __init__(
        self,
        candidate: CandidateModel,
        catalog: Catalog,
        metric_set: MetricSet,
        step: Callable[[str], None],
        preferred: Mapping[str, object] = _NONE,
    ) -> None:
        self.candidate = candidate
        self._catalog = catalog
        self._metric_set = metric_set
        self._step = step
        self._preferred = preferred
        self.n_fits = 0
        self._fitted: tuple[_Training, Config, int, FittedModel] | None = None
        self._chosen: tuple[Split, tuple[Config, ...], int, _Choice] | None = None

    def fit(self, config: Config, split: Split, seed: int) -> FittedModel:
        """The model fitted on a split's training part."""
        last, training = self._fitted, _Training.of(split)
        if last and last[0].is_same(training) and last[1:3] == (config, seed):
            return last[3]
        self._step(f"{self.candidate.label}, {split.name}")
        # of the refits on one growing log, the first is measured
        measured = last is None or last[0].source is not training.source
        fitted = self.candidate.fit(
            config, split.train, self._catalog, seed, memory_measured=measured
        )
        self._fitted = (training, config, seed, fitted)
        self.n_fits += 1
        return fitted

    def choose(
        self,
        configs: tuple[Config, ...],
        validation: Split,
        training: TrainingStatistics,
        seed: int,
    ) -> _Choice:
        """The best options on a validation split, the first among equals, and all trials.

        Preferred options win if they are at most 2% behind the best.
        """
        if len(configs) == 1:
            return configs[0], ()
        last = self._chosen
        if last and last[0] is validation and last[1:3] == (configs, seed):
            return last[3]
        sign = 1 if self._metric_set.decides.higher_is_better else -1
        best: tuple[float, Config, FittedModel] | None = None
        usual: tuple[float, Config, FittedModel] | None = None
        trials = []
        for config in configs:
            fitted = self.fit(config, validation, seed)
            score = self._metric_set.decisive(fitted.model, validation, training)
            trials.append(Trial(config.model_dump(mode="json"), score))
            if best is None or sign * score > sign * best[0]:
                best = (score, config, fitted)
            if self._is_preferred(config) and (usual is None or sign * score > sign * usual[0]):
                usual = (score, config, fitted)
        if best is None:
            raise ValueError("there must be a configuration to choose")
        alike = usual is not None and sign * (best[0] - usual[0]) <= _NOISE * abs(best[0])
        _, chosen, fitted = usual if usual is not None and alike else best
        self._fitted = (_Training.of(validation), chosen, seed, fitted)
        self._chosen = (validation, configs, seed, (chosen, tuple(trials)))
        return self._chosen[3]

    def _is_preferred(self, config: Config) -> bool:
        """Whether a configuration has an option of `preferred`, at its value."""
        options = self._preferred.items()
        return any(getattr(config, name, None) == value for name, value in options)


def fits(n_configs: int, divisions: Sequence[Division]) -> int:
    """The number of fits of a runner that chooses among `n_configs` on each division."""
    n = 0
    validation: Split | None = None
    last: _Training | None = None
    for division in divisions:
        if n_configs > 1 and division.validation is not validation:
            n += n_configs
            validation = division.validation
            last = _Training.of(validation)
        for part in division.test.periods():
            training = _Training.of(part)
            if last is None or not training.is_same(last):
                n += 1
                last = training
    return n
