"""What is compared: a model with options that are given, default, or chosen on validation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.errors import FailureError
from matinee.experiments.measuring.cost import peak_memory
from matinee.models import Config, Model, create

__all__ = [
    "CandidateModel",
    "FittedModel",
    "ModelLike",
    "Origin",
    "Trial",
    "candidate_model",
    "choose",
    "grid",
]

Origin = Literal["given", "defaults", "validation"]
"""Where options come from."""


@dataclass(frozen=True)
class Trial:
    """Options tried on validation and what they scored there."""

    options: Mapping[str, Any]
    score: float


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model after `fit`, how long that took, and the memory the process grew by meanwhile."""

    model: Model
    seconds: float
    peak_bytes: int | None = None


@dataclass(frozen=True)
class CandidateModel:
    """One candidate of a comparison.

    Attributes:
        label: the model's name, with its options where they were given.
        kind: the model's class.
        configs: the configurations to choose from; one where nothing is chosen.
        origin: where they come from.
        by_split: the configurations by seed and split, where these differ and are known
            beforehand, as in a receipt; they take the place of `configs`.
    """

    label: str
    kind: type[Model]
    configs: tuple[Config, ...]
    origin: Origin
    by_split: Mapping[tuple[int, str], tuple[Config, ...]] | None = None

    @property
    def name(self) -> str:
        """The name the model is registered by."""
        return self.kind(self.configs[0]).name

    def configs_on(self, seed: int, split: str) -> tuple[Config, ...]:
        """The configurations to choose from on one split.

        Raises:
            FailureError: it is not among those whose configurations are known beforehand.
        """
        if self.by_split is None:
            return self.configs
        if (seed, split) not in self.by_split:
            raise FailureError(
                f"there are no options of {self.label!r} for split {split!r} of seed {seed}; "
                "this version of matinee divides the data in another way"
            )
        return self.by_split[seed, split]

    def fit(
        self, config: Config, interactions: Interactions, catalog: Catalog, seed: int
    ) -> FittedModel:
        """A new model, fitted with a generator of its own."""
        with peak_memory() as memory:
            started = perf_counter()
            model = self.kind(config).fit(interactions, catalog, rng=np.random.default_rng(seed))
            seconds = perf_counter() - started
        return FittedModel(model, seconds, memory.grown)


ModelLike = str | type[Model] | Model | tuple[str, Mapping[str, object]] | CandidateModel
"""A model by name, by class, unfitted with its options, by name with options, or ready to run."""


def candidate_model(candidate: ModelLike, *, defaults: bool) -> CandidateModel:
    """A candidate of a comparison.

    Options that are given, and those of an unfitted model, are taken as they are. For a name or a
    class alone the options are the defaults where `defaults` says so, else every combination of
    the values that the model's `Config` marks as worth trying.

    Raises:
        UnknownNameError: no such model.
        OptionError: an option the model does not have, or out of bounds.
    """
    if isinstance(candidate, CandidateModel):
        return candidate
    if isinstance(candidate, tuple):
        model = create(*candidate)
        return CandidateModel(_label(*candidate), type(model), (model.config,), "given")
    if isinstance(candidate, Model):
        label = _label(candidate.name, candidate.config.model_dump(exclude_unset=True))
        return CandidateModel(label, type(candidate), (candidate.config,), "given")
    model = create(candidate) if isinstance(candidate, str) else candidate()
    combinations = [] if defaults else grid(model.Config)
    if len(combinations) < 2:
        return CandidateModel(model.name, type(model), (model.config,), "defaults")
    configs = tuple(model.Config.model_validate(each) for each in combinations)
    return CandidateModel(model.name, type(model), configs, "validation")


def grid(config: type[Config]) -> list[dict[str, Any]]:
    """Every combination of the values worth trying; one empty one where there are none."""
    candidates = config.candidates()
    return [
        dict(zip(candidates, values, strict=True))
        for values in itertools.product(*candidates.values())
    ]


def choose(
    configs: Sequence[Config],
    fit: Callable[[Config], FittedModel],
    score: Callable[[Model], float],
    *,
    higher_is_better: bool,
) -> tuple[Config, FittedModel, tuple[Trial, ...]]:
    """Fits every configuration and keeps the best on validation, the first among equals.

    Returns:
        The best configuration, its model as it was fitted for validation, and all trials.
    """
    sign = 1.0 if higher_is_better else -1.0
    best: tuple[float, Config, FittedModel] | None = None
    trials = []
    for config in configs:
        fitted = fit(config)
        value = score(fitted.model)
        trials.append(Trial(config.model_dump(mode="json"), value))
        if best is None or sign * value > best[0]:
            best = (sign * value, config, fitted)
    if best is None:
        raise ValueError("there must be a configuration to choose")
    return best[1], best[2], tuple(trials)


def _label(name: str, options: Mapping[str, object]) -> str:
    said = ", ".join(f"{option}={value}" for option, value in options.items())
    return f"{name} ({said})" if said else name
