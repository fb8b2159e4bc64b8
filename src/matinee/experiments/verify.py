"""Verifies a receipt: evaluates its recipe again on the same data and compares the numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matinee import plugins
from matinee.data import Dataset
from matinee.data.splits import with_test
from matinee.display import formats
from matinee.errors import DataError, FailureError, InputError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.experiments.receipts.agreement import TOLERANCE, VERDICTS, Agreement, agreements
from matinee.experiments.receipts.receipt import data_facts, films_hash
from matinee.experiments.receipts.receipt_file import receipt_document
from matinee.experiments.receipts.receipt_format import DataFacts, ModelName, Receipt
from matinee.experiments.recipes import Recipe
from matinee.models import Model, create

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, eq=False)
class Verification:
    """A receipt beside the receipt of a repetition, with one agreement a model and number.

    Attributes:
        thorough: whether options were chosen again.
        tolerance: the largest difference that counts as rounding.
        changes: what changed since the receipt was written and could explain a difference.
    """

    recorded: Receipt
    measured: Receipt
    thorough: bool
    tolerance: float
    agreements: tuple[Agreement, ...]
    changes: tuple[str, ...]

    def __repr__(self) -> str:
        numbers = formats.count(len(self.agreements), "number")
        verdict = "all agree" if self.agrees else f"{len(self.differing):,} differ"
        return f"Verification of {numbers}: {verdict}"

    @property
    def agrees(self) -> bool:
        """Whether every number is exact or within rounding."""
        return not self.differing

    @property
    def differing(self) -> tuple[Agreement, ...]:
        """The numbers that do not agree."""
        return tuple(each for each in self.agreements if not each.agrees)

    def seconds(self) -> list[dict[str, str | float]]:
        """Recorded and measured times, one row per model. They play no role in the verdict."""
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
        verdicts = [each.verdict for each in self.agreements]
        return {
            "agrees": self.agrees,
            "receipt": self.recorded.sha256,
            "data": self.recorded.data.model_dump(include={"name", "sha256"}),
            "options_chosen_again": self.thorough,
            "tolerance": self.tolerance,
            "counts": {verdict: verdicts.count(verdict) for verdict in VERDICTS},
            "agreements": [asdict(each) for each in self.agreements],
            "changes": list(self.changes),
            "seconds": self.seconds(),
        }


def verify(
    receipt: Receipt,
    dataset: Dataset,
    *,
    test: Dataset | None = None,
    among: str | Path | None = None,
    thorough: bool = False,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Verification:
    """Measures every model of a receipt again, on the same splits with the recorded options.

    Args:
        receipt: see `read_receipt`.
        dataset: the data of the receipt.
        test: its test, if that is a data set of its own.
        among: the receipt's file of films, if it has one; its name in the working folder by
            default.
        thorough: choose options again among the recorded trials, and compare the scores on
            validation.
        tolerance: the largest difference that counts as rounding: relative for numbers above 1,
            absolute below.
        progress: counts the fits.

    Raises:
        UnknownNameError, OptionError: the receipt names a model, option or protocol that does not
            exist here.
        DataError: the file of films is not here.
        FailureError: the data or the films differ, or the data splits differently.
    """
    _require_same(receipt.data, dataset, "--data")
    if receipt.test_data is not None:
        _require_same(receipt.test_data, test, "--test")
    models = tuple(_candidate(receipt, model, thorough=thorough) for model in receipt.models)
    recipe = replace(_with_films(receipt, among, dataset, test), models=models)
    comparison = evaluate(recipe, dataset, test=test, progress=progress)
    measured = Receipt.model_validate(receipt_document(comparison))
    numbers = agreements(receipt, measured, tolerance, options=thorough)
    changes = tuple(_changes(receipt, measured))
    return Verification(receipt, measured, thorough, tolerance, numbers, changes)


def _require_same(recorded: DataFacts, dataset: Dataset | None, option: str) -> None:
    """Refuses other data, since results on other ratings cannot be compared."""
    if dataset is None:
        raise InputError(f"the receipt is about the test {recorded.name}; give it as test=...")
    here = DataFacts.model_validate(data_facts(dataset))
    if recorded.sha256 != here.sha256:
        raise FailureError(
            f"the data changed: the receipt is about {_described(recorded)}, "
            f"this is {_described(here)}; name the receipt's data with {option} PATH"
        )


def _with_films(
    receipt: Receipt, among: str | Path | None, dataset: Dataset, test: Dataset | None
) -> Recipe:
    """The recipe with its file of films on this machine; refuses another list of films."""
    recipe = receipt.recipe
    if recipe.among is None:
        if among is not None:
            raise InputError("the receipt ranks all films; leave out --among")
        return recipe
    here = replace(recipe, among=recipe.among if among is None else among)
    whole = dataset if test is None else with_test(dataset, test)[0]
    try:
        films = here.films(whole)
    except DataError as error:
        raise DataError(
            f"the receipt ranks the films of {recipe.among}: {error}; name that file with --among "
            "FILE"
        ) from None
    if films is None or films_hash(films, whole.catalog) != receipt.protocol.among_sha256:
        raise FailureError(
            f"the films changed: {here.among} lists others than the {recipe.among} of the receipt; "
            "name that file with --among FILE"
        )
    return here


def _described(data: DataFacts) -> str:
    return (
        f"{data.name} with SHA-256 {data.sha256} ({data.ratings:,} ratings of {data.viewers:,} "
        f"viewers for {data.films:,} films)"
    )


def _candidate(receipt: Receipt, model: ModelName, *, thorough: bool) -> CandidateModel:
    kind: type[Model] = plugins.get("models", model.name)
    (record,) = (each for each in receipt.results if each.model == model.label)
    by_split = {}
    for split in record.splits:
        trials = [each.options for each in split.tried] if thorough else []
        configs = (create(model.name, options).config for options in trials or [split.options])
        by_split[split.seed, split.split] = tuple(configs)
    first = next(iter(by_split.values()))
    return CandidateModel(model.label, kind, first, model.options_from, by_split)


def _changes(was: Receipt, now: Receipt) -> list[str]:
    """Sentences about versions, machine, rules and definitions that changed."""
    before, after = _environment(was), _environment(now)
    return [
        f"{name}: {value} then, {after.get(name, 'nothing')} now"
        for name, value in before.items()
        if value != after.get(name)
    ]


def _environment(receipt: Receipt) -> dict[str, object]:
    """Everything beside the recipe that numbers can depend on, by name."""
    metrics, splits, data = receipt.metrics.items(), receipt.splits, receipt.data
    return {
        **receipt.versions,
        **{f"machine: {name}": value for name, value in receipt.machine.items()},
        "rule of ties": receipt.ties,
        "interval": receipt.interval,
        **{f"definition of {name}": metric.get("definition") for name, metric in metrics},
        "SHA-256 of the films": data.films_sha256,
        "SHA-256 of the folds": data.folds_sha256,
        **{f"SHA-256 of the split {each.label}": each.sha256 for each in splits},
    }
