"""Verifies a receipt: evaluates its recipe again on the same data and compares the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from matinee import plugins
from matinee.data import Dataset
from matinee.errors import FailureError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.experiments.receipts.agreement import (
    TOLERANCE,
    VERDICTS,
    Agreement,
    agreements,
    options_agreements,
)
from matinee.experiments.receipts.receipt import data_facts
from matinee.experiments.receipts.receipt_file import receipt_document
from matinee.experiments.receipts.receipt_format import DataFacts, ModelName, Receipt, SplitRecord
from matinee.models import Config, Model, create

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, eq=False)
class Verification:
    """A receipt beside a repetition of its measurements.

    Attributes:
        recorded: the receipt.
        measured: the receipt of the repetition.
        thorough: whether options were chosen again.
        tolerance: the largest difference that counts as rounding.
        agreements: one a model and number.
        changes: what changed since the receipt was written and could explain a difference.
    """

    recorded: Receipt
    measured: Receipt
    thorough: bool
    tolerance: float
    agreements: tuple[Agreement, ...]
    changes: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every number is exact or within rounding."""
        return all(each.agrees for each in self.agreements)

    @property
    def differing(self) -> tuple[Agreement, ...]:
        """The numbers that do not agree."""
        return tuple(each for each in self.agreements if not each.agrees)

    def counts(self) -> dict[str, int]:
        """Number of agreements by verdict."""
        found = [each.verdict for each in self.agreements]
        return {verdict: found.count(verdict) for verdict in VERDICTS}

    def seconds(self) -> list[dict[str, str | float]]:
        """Recorded and measured times, one row a model. They play no role in the verdict."""
        again = {each.model: each for each in self.measured.results}
        return [
            {
                "model": each.model,
                "fit_seconds_recorded": each.fit_seconds,
                "fit_seconds": again[each.model].fit_seconds,
                "score_seconds_recorded": each.score_seconds,
                "score_seconds": again[each.model].score_seconds,
            }
            for each in self.recorded.results
        ]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return {
            "agrees": self.agrees,
            "receipt": self.recorded.sha256,
            "data": self.recorded.data.model_dump(include={"name", "sha256"}),
            "options_chosen_again": self.thorough,
            "tolerance": self.tolerance,
            "counts": self.counts(),
            "agreements": [asdict(each) for each in self.agreements],
            "changes": list(self.changes),
            "seconds": self.seconds(),
        }


def verify(
    receipt: Receipt,
    dataset: Dataset,
    *,
    thorough: bool = False,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Verification:
    """Measures every model of a receipt again, on the same splits with the recorded options.

    Args:
        receipt: see `read_receipt`.
        dataset: the data of the receipt.
        thorough: choose options again among the recorded trials, and compare the scores on
            validation.
        tolerance: the largest difference that counts as rounding: relative for numbers above 1,
            absolute below.
        progress: counts the fits.

    Raises:
        UnknownNameError, OptionError: the receipt names a model, option or protocol that does not
            exist here.
        FailureError: the data differs, or splits differently.
    """
    _require_same(receipt.data, DataFacts.model_validate(data_facts(dataset)))
    models = tuple(_candidate(receipt, model, thorough=thorough) for model in receipt.models)
    comparison = evaluate(replace(receipt.recipe, models=models), dataset, progress=progress)
    measured = Receipt.model_validate(receipt_document(comparison))
    found = agreements(receipt, measured, tolerance)
    if thorough:
        found += options_agreements(receipt, measured, tolerance)
    changes = tuple(_changes(receipt, measured))
    return Verification(receipt, measured, thorough, tolerance, found, changes)


def _require_same(recorded: DataFacts, found: DataFacts) -> None:
    """Results on other ratings could not be compared."""
    if recorded.sha256 != found.sha256:
        raise FailureError(
            f"the data changed: the receipt is about {_described(recorded)}, "
            f"this is {_described(found)}; name the receipt's data with --data PATH"
        )


def _described(data: DataFacts) -> str:
    return (
        f"{data.name} with SHA-256 {data.sha256} ({data.ratings:,} ratings of {data.viewers:,} "
        f"viewers for {data.films:,} films)"
    )


def _candidate(receipt: Receipt, model: ModelName, *, thorough: bool) -> CandidateModel:
    kind: type[Model] = plugins.get("models", model.name)
    (record,) = (each for each in receipt.results if each.model == model.label)
    by_split = {
        (split.seed, split.split): _configs(model.name, split, thorough=thorough)
        for split in record.splits
    }
    first = next(iter(by_split.values()))
    return CandidateModel(model.label, kind, first, model.options_from, by_split)


def _configs(model: str, split: SplitRecord, *, thorough: bool) -> tuple[Config, ...]:
    tried: list[Mapping[str, object]] = [each.options for each in split.tried] if thorough else []
    return tuple(create(model, options).config for options in tried or [split.options])


def _changes(was: Receipt, now: Receipt) -> list[str]:
    """Sentences about versions, machine, rules and definitions that changed."""
    known: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        ("", was.versions, now.versions),
        ("machine: ", was.machine, now.machine),
        ("", _rules(was), _rules(now)),
        ("definition of ", _definitions(was), _definitions(now)),
        ("SHA-256 of ", _contents(was), _contents(now)),
    ]
    return [
        f"{what}{name}: {before[name]} then, {after.get(name, 'nothing')} now"
        for what, before, after in known
        for name in before
        if before[name] != after.get(name)
    ]


def _rules(receipt: Receipt) -> dict[str, str]:
    return {"rule of ties": receipt.ties, "interval": receipt.interval}


def _definitions(receipt: Receipt) -> dict[str, object]:
    return {name: metric.get("definition") for name, metric in receipt.metrics.items()}


def _contents(receipt: Receipt) -> dict[str, str | None]:
    splits = {f"the split {each.label}": each.sha256 for each in receipt.splits}
    data = {"the films": receipt.data.films_sha256, "the folds": receipt.data.folds_sha256}
    return data | splits
