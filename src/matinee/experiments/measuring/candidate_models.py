"""Candidate models of a comparison: models with given, default or searched options."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.errors import FailureError, InputError
from matinee.experiments.measuring.cost import PeakMemory, peak_memory
from matinee.experiments.statistics.plain import plain_number
from matinee.models import Config, Model, create, default_options

__all__ = [
    "CandidateModel",
    "FittedModel",
    "ModelLike",
    "Origin",
    "Trial",
    "candidate_model",
    "grid",
]

Origin = Literal["given", "defaults", "validation"]
"""The origin of options."""


@dataclass(frozen=True)
class Trial:
    """Options and their score on validation."""

    options: Mapping[str, Any]
    score: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"options": dict(self.options), "validation": plain_number(self.score)}


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A fitted model, the duration of the fit, and the growth of the process in memory."""

    model: Model
    seconds: float
    peak_bytes: int | None = None


@dataclass(frozen=True)
class CandidateModel:
    """One candidate of a comparison.

    Attributes:
        label: the model's name, with its options if they are given.
        kind: the model's class.
        configs: the configurations to choose from; one if there is no choice.
        origin: their origin.
        by_split: configurations by seed and split, as in a receipt; they replace `configs`.
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
        """The configurations to choose from on one split; a FailureError if `by_split` lacks it."""
        if self.by_split is None:
            return self.configs
        if (seed, split) not in self.by_split:
            raise FailureError(
                f"there are no options of {self.label!r} for split {split!r} of seed {seed}; "
                "this version of matinee divides the data in another way"
            )
        return self.by_split[seed, split]

    def fit(
        self,
        config: Config,
        interactions: Interactions,
        catalog: Catalog,
        seed: int,
        *,
        memory_measured: bool = True,
    ) -> FittedModel:
        """A new model, fitted with its own random generator.

        To measure memory, all garbage is collected first, which takes longer than many fits.
        """
        with peak_memory() if memory_measured else nullcontext(PeakMemory()) as memory:
            started = perf_counter()
            model = self.kind(config).fit(interactions, catalog, rng=np.random.default_rng(seed))
            seconds = perf_counter() - started
        return FittedModel(model, seconds, memory.grown)


ModelLike = str | type[Model] | Model | tuple[str, Mapping[str, object]] | CandidateModel
"""A model by name, by class, unfitted with its options, by name with options, or ready to run."""


def candidate_model(
    candidate: ModelLike, *, defaults: bool, relevant_from: float | None = None
) -> CandidateModel:
    """A candidate of a comparison.

    Given options, and those of an unfitted model, are used unchanged. A name or a class alone gets
    the defaults if `defaults` is true, else the choice among all combinations of the values that
    the model's `Config` marks for search. Options that nobody sets or chooses are
    `default_options` for `relevant_from`.

    Raises:
        UnknownNameError, OptionError: no such model or option.
        InputError: no model.
    """
    if isinstance(candidate, CandidateModel):
        return candidate
    if isinstance(candidate, tuple):
        if len(candidate) != 2 or not isinstance(candidate[1], Mapping):
            raise InputError(
                f'a model with options is a pair, as ("ease", {{"l2": 300}}), not {candidate!r}'
            )
        model = create(*candidate)
        label = _label(model.name, candidate[1])
        options = [model.config.model_dump(exclude_unset=True)]
    elif isinstance(candidate, Model):
        model, options = candidate, [candidate.config.model_dump(exclude_unset=True)]
        label = _label(model.name, options[0])
    else:
        model = create(candidate)
        label, options = model.name, [{}] if defaults else grid(model.Config)
    usual = default_options(model.Config, relevant_from, options[0])
    configs = tuple(model.Config.model_validate({**usual, **each}) for each in options)
    origin: Origin = "validation" if len(configs) > 1 else "defaults"
    if isinstance(candidate, tuple | Model):
        origin = "given"
    return CandidateModel(label, type(model), configs, origin)


def grid(config: type[Config]) -> list[dict[str, Any]]:
    """Every combination of the values marked for search; a single empty one without marks."""
    candidates = config.candidates()
    return [
        dict(zip(candidates, values, strict=True))
        for values in itertools.product(*candidates.values())
    ]


def _label(name: str, options: Mapping[str, object]) -> str:
    written = ", ".join(f"{option}={value}" for option, value in options.items())
    return f"{name} ({written})" if written else name
