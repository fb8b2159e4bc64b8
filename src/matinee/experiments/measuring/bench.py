"""Fits one model after the other, and remembers the last fit and the last choice.

Divisions that are points of one curve share their validation, and sometimes their training: what
is the same is fitted and chosen once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matinee.data import Catalog, Interactions
from matinee.data.splits import Division, Split
from matinee.experiments.measuring.background import Background
from matinee.experiments.measuring.contenders import Contender, FittedModel, Trial, choose
from matinee.experiments.measuring.measure import Yardstick
from matinee.models import Config

__all__ = ["Bench", "fits"]

_Choice = tuple[Config, tuple[Trial, ...]]


class Bench:
    """One contender on the divisions of one evaluation, in their order.

    Args:
        entry: what is fitted.
        catalog: the films.
        yardstick: what options are chosen by.
        step: told what is fitted, at the beginning of every fit.
    """

    def __init__(
        self, entry: Contender, catalog: Catalog, yardstick: Yardstick, step: Callable[[str], None]
    ) -> None:
        self.entry = entry
        self._catalog = catalog
        self._yardstick = yardstick
        self._step = step
        self._fitted: tuple[Interactions, Config, int, FittedModel] | None = None
        self._chosen: tuple[Split, tuple[Config, ...], int, _Choice] | None = None

    def fit(self, config: Config, split: Split, seed: int) -> FittedModel:
        """The model as fitted on a split's training."""
        last = self._fitted
        if last and last[0] is split.train and last[1:3] == (config, seed):
            return last[3]
        self._step(f"{self.entry.label}, {split.name}")
        fitted = self.entry.fit(config, split.train, self._catalog, seed)
        self._fitted = (split.train, config, seed, fitted)
        return fitted

    def choose(
        self, configs: tuple[Config, ...], validation: Split, background: Background, seed: int
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
            score=lambda model: self._yardstick.decisive(model, validation, background),
            higher_is_better=bool(self._yardstick.decides.higher_is_better),
        )
        self._fitted = (validation.train, config, seed, fitted)
        self._chosen = (validation, configs, seed, (config, trials))
        return config, trials


def fits(tried: int, divisions: Sequence[Division]) -> int:
    """How many fits a bench makes where `tried` options are chosen from on each division."""
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
