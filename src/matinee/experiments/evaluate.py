"""Compares models on the same splits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, cast

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import require_dataset
from matinee.data.splits import Division, Split, with_test
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, InputError, OptionError
from matinee.experiments.comparing.gaps import all_gaps
from matinee.experiments.comparing.summary import pairs_of, summarised
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.audit import audit as audit_model
from matinee.experiments.measuring.candidate_models import CandidateModel, ModelLike
from matinee.experiments.measuring.cost import answer_seconds, array_bytes
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.inspection import oddities, suspicion
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.results import Comparison, SplitResult
from matinee.experiments.measuring.runner import Runner, fits
from matinee.experiments.measuring.sampling import sampled
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.experiments.receipts.ledger import Ledger, Task
from matinee.experiments.receipts.receipt import films_hash, receipt
from matinee.experiments.recipes import Recipe, usual_protocol
from matinee.models import Config, Model, require_predictions

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["evaluate"]


def evaluate(
    models: Recipe | ModelLike | Sequence[ModelLike],
    dataset: Dataset,
    protocol: str | None = None,
    *,
    test: object = None,
    ledger: Ledger | None = None,
    progress: Progress | None = None,
    **settings: object,
) -> Comparison:
    """Fits and measures models on the same splits, with paired 95% intervals.

    A model given by name or class alone gets its options chosen on the validation part of every
    division, among all combinations of the values that its `Config` marks for search. The test
    part plays no role in the choice. NDCG at 10 decides for rankings (at the smallest `k` if 10 is
    not among them), RMSE for ratings.

    Args:
        models: a `Recipe`, or the models of one (see `Recipe.models`).
        dataset: the data to evaluate on; the training data beside a `test`.
        protocol: replaces the recipe's protocol; "random" without a recipe, "files" beside a
            `test`.
        test: ratings of your own as the test, under protocol `files` (films are ranked) or
            `ratings` (predicted): a data set, a polars or pandas frame, or the path of a table.
        ledger: stores every finished run and supplies those that an earlier evaluation finished.
            The receipt says how many.
        progress: counts the fits.
        settings: other fields of a `Recipe`, in place of the recipe's: `k=20`, `defaults=True`,
            `folds=5`, `relevant_from=3.5`.

    Raises:
        InputError: no such model, option, setting or protocol; data that does not suit the
            protocol; a split that leaks; a model that only ranks under a protocol that predicts
            ratings.
        FailureError: a model gave unusable scores or changed the histories; the message names it.
            The ledger cannot be written.
    """
    require_dataset(dataset)
    if ledger is not None and not isinstance(ledger, Ledger):
        raise InputError(
            "a ledger is a Ledger of a folder, from matinee.experiments.receipts.ledger, not "
            f"{ledger!r}"
        )
    if not isinstance(models, Recipe):
        usual = usual_protocol(own_test=test is not None)
        models = Recipe(cast("Sequence[ModelLike]", models), protocol=usual)
    recipe = models.with_settings(settings, protocol)
    compared = recipe.candidate_models()
    metric_set = MetricSet.for_ratings()
    if recipe.predicts_ratings:
        for each in compared:
            require_predictions(each.kind)
    else:
        metric_set = MetricSet.for_rankings(recipe.k, candidates=recipe.candidates)
    training_data, test_data = dataset, _own_test(recipe, test, dataset)
    is_test, findings = None, tuple[str, ...]()
    if test_data is not None:
        dataset, is_test = with_test(training_data, test_data)
        findings = tuple(f"{test_data.name}: {each}" for each in test_data.findings)
    films = recipe.films(dataset)
    folds = _folds(recipe, dataset, recipe.cut(among=films, test=is_test), findings)
    runs = [_Run(model, fold) for model in compared for fold in folds]
    keys = ledger.keys([run.task for run in runs], dataset, recipe, metric_set) if ledger else []
    earlier = ledger.recall(keys) if ledger else [None] * len(runs)
    step = _counter(progress, [run for run, old in zip(runs, earlier, strict=True) if not old])
    measured: dict[str, list[SplitResult]] = {model.label: [] for model in compared}
    runner: Runner | None = None
    preferred = protocols.get(recipe.protocol).preferred
    for place, (run, finished) in enumerate(zip(runs, earlier, strict=True)):
        if runner is None or runner.candidate is not run.model:
            runner = Runner(run.model, dataset.catalog, metric_set, step, preferred)
        result = finished or run.measured(runner, dataset.catalog, metric_set, recipe)
        if ledger and not finished:
            ledger.keep(keys[place], run.model.label, result)
        measured[run.model.label].append(result)
    step("")
    results = summarised(measured, metric_set)
    tests = tuple(fold.division.test for fold in folds)
    resumed = sum(each is not None for each in earlier) if ledger else None
    return Comparison(
        metric=metric_set.label,
        results=results,
        receipt=receipt(
            recipe,
            training_data,
            metric_set,
            compared,
            among_sha256=None if films is None else films_hash(films, dataset.catalog),
            test=test_data,
            resumed=resumed,
        ),
        catalog=dataset.catalog,
        tests=tests,
        demographics=dataset.demographics,
        pairs=pairs_of(results, metric_set.label, metric_set.k),
        gaps=all_gaps(results, tests, dataset.demographics, metric_set.label),
    )


@dataclass(frozen=True, eq=False)
class _Fold:
    """A division that every model runs on, with statistics of its training parts."""

    seed: int
    division: Division
    validation: TrainingStatistics
    test: TrainingStatistics


@dataclass(frozen=True, eq=False)
class _Run:
    """One model on one fold."""

    model: CandidateModel
    fold: _Fold

    @property
    def task(self) -> Task:
        return self.model, self.fold.seed, self.fold.division

    @property
    def n_configs(self) -> int:
        return len(self.model.configs_on(self.fold.seed, self.fold.division.test.name))

    def measured(
        self, runner: Runner, catalog: Catalog, metric_set: MetricSet, recipe: Recipe
    ) -> SplitResult:
        """Chooses options on the validation part, refits, and measures on the test part."""
        fold, seed = self.fold, self.fold.seed
        validation, test = fold.division
        configs = self.model.configs_on(seed, test.name)
        config, trials = runner.choose(configs, validation, fold.validation, seed)
        refits = _Refits(runner, config, seed)
        ranks = bool(metric_set.ks)
        measured = metric_set.measure(refits if ranks else refits(test), test, fold.test)
        model, part = refits.last

        notes = tuple[str, ...]()
        if ranks:
            too_good = suspicion(measured.means, metric_set.label, len(test.users))
            notes = (*oddities(model, part), *too_good)

        def refit(train: Interactions, films: Catalog) -> Model:
            return self.model.fit(config, train, films, seed).model

        audited = None
        if recipe.audit:
            audited = audit_model(model, refit, part, catalog, metric_set.k, metric_set.label)
        return SplitResult(
            split=test.name,
            seed=seed,
            users=test.users,
            skipped=test.skipped,
            weights=measured.weights,
            values=measured.values,
            means=measured.means,
            options=config.model_dump(mode="json"),
            origin=self.model.origin,
            trials=trials,
            lists=measured.lists,
            fit_seconds=refits.seconds,
            score_seconds=measured.seconds,
            answer_seconds=answer_seconds(model, part, metric_set.k) if ranks else nan,
            fit_bytes=refits.peak_bytes,
            model_bytes=array_bytes(model),
            groups=measured.groups,
            errors=measured.errors,
            selection=model.selection,
            notes=notes,
            audit=audited,
            own_weights=measured.own_weights,
            newcomers=test.histories.lengths == 0 if recipe.cuts else None,
            fits=refits.n,
        )


class _Refits:
    """Fits one model on every part of a test split, and remembers the costs and the last model."""

    def __init__(self, runner: Runner, config: Config, seed: int) -> None:
        self._runner, self._config, self._seed = runner, config, seed
        self._before = runner.n_fits
        self._costs: list[tuple[float, int | None]] = []
        self._last: tuple[Model, Split] | None = None

    def __call__(self, part: Split) -> Model:
        fitted = self._runner.fit(self._config, part, self._seed)
        self._costs.append((fitted.seconds, fitted.peak_bytes))
        self._last = (fitted.model, part)
        return fitted.model

    @property
    def last(self) -> tuple[Model, Split]:
        """The last model, and the part that it answers."""
        if self._last is None:
            raise ValueError("nothing was fitted")
        return self._last

    @property
    def n(self) -> int:
        """Number of fits; a model that serves again is none."""
        return self._runner.n_fits - self._before

    @property
    def seconds(self) -> float:
        """Mean time of a fit."""
        return sum(seconds for seconds, _ in self._costs) / len(self._costs)

    @property
    def peak_bytes(self) -> int | None:
        """The most memory of a fit; `None` if unknown."""
        return max((peak for _, peak in self._costs if peak is not None), default=None)


def _own_test(recipe: Recipe, test: object, training: Dataset) -> Dataset | None:
    """The data set of a test; ratings of a table are read on the scale of the training."""
    if test is None and recipe.test is not None:
        raise InputError(
            f"the recipe names {recipe.test!r} as its test; load it and give it as test=..."
        )
    if test is None or isinstance(test, Dataset):
        return test
    scale = None if training.interactions.counts else training.interactions.scale
    try:
        dataset = _read_test(test, scale)
    except OptionError:  # it has counts, which `with_test` refuses beside ratings
        dataset = _read_test(test, None)
    return dataset if isinstance(test, str | Path) else replace(dataset, name="the test")


def _read_test(test: object, scale: tuple[float, float] | None) -> Dataset:
    try:
        return read_ratings(test, scale=scale, cleaning=Cleaning())
    except DataError as error:
        raise DataError(f"the test cannot be read: {error}") from None


def _folds(recipe: Recipe, dataset: Dataset, cut: Cut, findings: tuple[str, ...]) -> list[_Fold]:
    """The divisions of every seed; tests name the findings of a test of one's own."""
    folds = []
    for seed in recipe.seeds:
        for division in protocols.divide(
            recipe.protocol,
            dataset,
            seed=seed,
            min_rating=recipe.min_rating,
            cut=cut,
        ):
            validation, test = division
            test = replace(test, notes=(*findings, *test.notes))
            statistics = TrainingStatistics(test.train, dataset.catalog)
            on_validation = statistics
            if validation.train is not test.train:
                on_validation = TrainingStatistics(validation.train, dataset.catalog)
            if recipe.candidates is not None:  # options are still chosen by full ranking
                test = sampled(test, recipe.candidates)
            folds.append(_Fold(seed, Division(validation, test), on_validation, statistics))
    return folds


def _counter(progress: Progress | None, runs: Sequence[_Run]) -> Callable[[str], None]:
    """A function to call with a description before every fit, and once at the end."""
    steps = sum(
        fits(n_configs, [run.fold.division for run in same])
        for (_, n_configs), same in groupby(runs, key=lambda run: (run.model.label, run.n_configs))
    )
    task = progress.add_task("", total=steps) if progress else None
    done = count()

    def step(description: str) -> None:
        if progress and task is not None:
            progress.update(task, description=description, completed=next(done))

    return step
