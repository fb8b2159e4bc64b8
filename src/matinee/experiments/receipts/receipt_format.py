"""What a receipt must say so that it can be verified; whatever else it says is kept beside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field, StringConstraints

from matinee.experiments.measuring.contenders import Origin

__all__ = ["FORMAT", "VERSION", "DataFacts", "ModelRecord", "Receipt", "SplitRecord"]

FORMAT = "matinee-receipt"
VERSION = 1

_MOST_MODELS = 1000
_MOST_SPLITS = 1000
_MOST_TRIALS = 10_000

Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Option = bool | int | Number | str | list[bool | int | Number | str] | None
Options = dict[str, Option]


class _Part(pydantic.BaseModel):
    """Checked as it stands: no text is taken for a number."""

    model_config = pydantic.ConfigDict(frozen=True, strict=True, extra="allow")


class DataFacts(_Part):
    """Which data: by content, not by name."""

    name: Name
    sha256: Hash
    films_sha256: Hash
    folds_sha256: Hash | None
    ratings: int
    viewers: int
    films: int


class ProtocolRecord(_Part):
    """How the data was divided."""

    name: Name
    min_rating: Number | None
    candidates: Annotated[int, Field(ge=1)] | None
    audited: bool


class ModelName(_Part):
    """One model that was named: its label in the results, its registered name."""

    label: Name
    name: Name
    options_from: Origin


class Tried(_Part):
    """Options tried on validation and what they scored there; null where it was no number."""

    options: Options
    validation: Number | None


class _OfSplit(_Part):
    split: Name
    seed: int

    @property
    def label(self) -> str:
        """How reports name it: "seed 0", "u1 of seed 0"."""
        own = f"seed {self.seed}"
        return own if self.split == own else f"{self.split} of {own}"


class SplitFacts(_OfSplit):
    """One test split by content."""

    sha256: Hash


class SplitRecord(_OfSplit):
    """One model on one split."""

    viewers: int
    skipped_viewers: int
    metrics: dict[str, Number | None]
    options: Options
    tried: list[Tried] = Field(max_length=_MOST_TRIALS)
    parts: dict[str, dict[str, Any]]
    audit: dict[str, Any] | None = None


class ModelRecord(_Part):
    """One model over all splits.

    `metrics` has for every metric its "mean" and whatever was derived from it: interval,
    difference to the best, p-values.
    """

    model: Name
    metrics: dict[str, dict[str, Any]]
    fit_seconds: Number
    score_seconds: Number
    splits: list[SplitRecord] = Field(min_length=1, max_length=_MOST_SPLITS)


class PairRecord(_Part):
    """Two models by the metric that decides, the better one first, with their difference."""

    better: Name
    other: Name


class Receipt(_Part):
    """A whole receipt."""

    format: Literal["matinee-receipt"]
    version: Literal[1]
    sha256: Hash
    written: str
    data: DataFacts
    protocol: ProtocolRecord
    seeds: list[int] = Field(min_length=1, max_length=_MOST_SPLITS)
    k: list[Annotated[int, Field(ge=1, le=100_000)]] = Field(max_length=100)
    models: list[ModelName] = Field(min_length=1, max_length=_MOST_MODELS)
    ties: str
    interval: str
    metrics: dict[str, dict[str, Any]]
    versions: dict[str, str]
    machine: dict[str, Any]
    splits: list[SplitFacts] = Field(min_length=1, max_length=_MOST_SPLITS)
    metric: Name
    results: list[ModelRecord] = Field(min_length=1, max_length=_MOST_MODELS)
    pairs: list[PairRecord] = Field(max_length=_MOST_MODELS**2)

    @pydantic.model_validator(mode="after")
    def _of_one_piece(self) -> Receipt:
        labels = sorted(each.label for each in self.models)
        if labels != sorted(each.model for each in self.results) or len(set(labels)) < len(labels):
            raise ValueError("models and results do not name the same models, once each")
        stages = [(each.seed, each.split) for each in self.splits]
        if any([(s.seed, s.split) for s in result.splits] != stages for result in self.results):
            raise ValueError("a result is not of the splits that are listed")
        return self
