"""The fields a receipt needs to be verified. Other fields are allowed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field, StringConstraints

from matinee.display import formats
from matinee.experiments.measuring.candidate_models import Origin
from matinee.experiments.measuring.ranking import LONGEST_LIST
from matinee.experiments.recipes import Recipe

__all__ = [
    "FORMAT",
    "RECORDED_SETTINGS",
    "VERSION",
    "DataFacts",
    "ModelRecord",
    "Receipt",
    "SplitRecord",
    "protocol_label",
]

FORMAT = "matinee-receipt"
VERSION = 1

_MOST_MODELS = 1000
_MOST_SPLITS = 1000
_MOST_TRIALS = 10_000

Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", max_length=1000)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Option = bool | int | Number | str | list[bool | int | Number | str] | None
Options = dict[str, Option]


class _Record(pydantic.BaseModel):
    """Strict: text is never converted to a number."""

    model_config = pydantic.ConfigDict(frozen=True, strict=True, extra="allow")


class DataFacts(_Record):
    """A data set, identified by its content."""

    name: Name
    sha256: Hash
    films_sha256: Hash
    folds_sha256: Hash | None
    ratings: int
    viewers: int
    films: int


class ProtocolRecord(_Record):
    """The protocol and the settings of a recipe that belong to it; those not set are absent.

    `among` is the name of a file, and `among_sha256` the hash of the ids in it (see `films_hash`).
    """

    name: Name
    min_rating: Number | None
    candidates: int | None
    audited: bool
    relevant_from: Number | None = None
    min_per_viewer: int | None = None
    min_per_film: int | None = None
    among: FileName | None = None
    among_sha256: Hash | None = None
    folds: int | None = None
    share: Number | None = None
    until: str | None = None
    cuts: int | None = None
    last: int | Number | None = None
    ties: str | None = None
    retrain: str | None = None


RECORDED_SETTINGS = tuple(
    name
    for name, field in ProtocolRecord.model_fields.items()
    if not field.is_required() and name in Recipe.__dataclass_fields__
)
"""Settings of a recipe that a receipt has where they are set."""


def protocol_label(protocol: Mapping[str, Any]) -> str:
    """The protocol of a receipt with the settings that it has: "time (share 0.9)"."""
    settings = [
        f"{name.replace('_', ' ')} {protocol[name]}"
        for name in RECORDED_SETTINGS
        if name in protocol
    ]
    return protocol["name"] + (f" ({', '.join(settings)})" if settings else "")


class ModelName(_Record):
    """A candidate model: its label in the results and its registered name."""

    label: Name
    name: Name
    options_from: Origin


class TrialRecord(_Record):
    """Options and their score on validation; null if the score was not a finite number."""

    options: Options
    validation: Number | None


class _OfSplit(_Record):
    split: Name
    seed: int

    @property
    def label(self) -> str:
        """The name in reports: "seed 0", "u1 of seed 0"."""
        own = f"seed {self.seed}"
        return own if self.split == own else f"{self.split} of {own}"


class SplitFacts(_OfSplit):
    """A test split, identified by its content."""

    sha256: Hash


class SplitRecord(_OfSplit):
    """One model on one split."""

    viewers: int
    skipped_viewers: int
    metrics: dict[str, Number | None] = Field(repr=False)
    options: Options
    tried: list[TrialRecord] = Field(max_length=_MOST_TRIALS, repr=False)
    parts: dict[str, dict[str, Any]] = Field(repr=False)
    audit: dict[str, Any] | None = None


class ModelRecord(_Record):
    """One model over all splits: each metric's mean, interval, difference to the best, p-values."""

    model: Name
    metrics: dict[str, dict[str, Any]] = Field(repr=False)
    fit_seconds: Number
    score_seconds: Number
    splits: list[SplitRecord] = Field(min_length=1, max_length=_MOST_SPLITS, repr=False)


class PairRecord(_Record):
    """The difference of two models under the deciding metric, the better one first."""

    better: Name
    other: Name


class Receipt(_Record):
    """A whole receipt."""

    format: Literal["matinee-receipt"]
    version: Literal[1]
    sha256: Hash
    written: str
    data: DataFacts
    test_data: DataFacts | None = None
    protocol: ProtocolRecord
    seeds: list[int] = Field(min_length=1, max_length=_MOST_SPLITS)
    k: list[Annotated[int, Field(le=LONGEST_LIST)]] = Field(max_length=100)
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

    def __repr__(self) -> str:
        models = formats.several([each.label for each in self.models])
        return (
            f"Receipt {self.sha256[:12]} of {self.written}: {models} on {self.data.name}, "
            f"protocol {self.protocol.name}, {self.metric}"
        )

    @property
    def recipe(self) -> Recipe:
        """The recipe without its models, whose options are those of the results."""
        return Recipe(
            data=self.data.name,
            test=None if self.test_data is None else self.test_data.name,
            protocol=self.protocol.name,
            k=tuple(self.k) or Recipe.k,
            min_rating=self.protocol.min_rating,
            candidates=self.protocol.candidates,
            **{name: getattr(self.protocol, name) for name in RECORDED_SETTINGS} | self._former,
            seeds=tuple(self.seeds),
            audit=self.protocol.audited,
        )

    @property
    def _former(self) -> dict[str, Any]:
        """Settings that receipts did not have yet, as everything was measured then."""
        ordered = self.protocol.name == "last" and self.protocol.ties is None
        return {"ties": "file"} if ordered else {}

    @pydantic.model_validator(mode="after")
    def _is_consistent(self) -> Receipt:
        labels = sorted(each.label for each in self.models)
        if labels != sorted(each.model for each in self.results) or len(set(labels)) < len(labels):
            raise ValueError("lists other models than it has results of")
        splits = [(each.seed, each.split) for each in self.splits]
        if any([(s.seed, s.split) for s in result.splits] != splits for result in self.results):
            raise ValueError("lists other splits than it has results of")
        return self
