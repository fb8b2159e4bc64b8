"""Models side by side under one protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from matinee.data import Catalog, Dataset, Query
from matinee.data.splits import Division, Split
from matinee.errors import InputError, OptionError
from matinee.experiments import protocols
from matinee.experiments.contenders import Contender, Entry, FittedModel, Trial, choose, contender
from matinee.experiments.measure import Yardstick
from matinee.experiments.receipt import receipt
from matinee.experiments.results import Comparison, SplitResult
from matinee.experiments.summary import summarised
from matinee.models import Config

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["evaluate"]

_RESAMPLES = 1000


def evaluate(
    models: Sequence[Entry],
    dataset: Dataset,
    protocol: str = "random",
    *,
    k: int | Sequence[int] = 10,
    min_rating: float | None = None,
    seeds: Sequence[int] = (0,),
    defaults: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Fit and measure models on the same splits, with paired 95% intervals.

    A model given by name or class alone gets its options chosen on the validation part of every
    division, over all combinations of the values its `Config` marks as worth trying; the test is
    never looked at for that. NDCG decides for rankings (at 10, or at the smallest `k` where 10 is
    not asked for), RMSE for ratings.

    Args:
        models: names, names with options, classes, or unfitted models; options that are given are
            not chosen.
        dataset: what to evaluate on.
        protocol: one of `protocols.PROTOCOLS`.
        k: length of the lists, or several.
        min_rating: ratings below it are dropped before a ranking protocol splits.
        seeds: of splits and fits; every one is a run of its own.
        defaults: take default options, choose nothing.
        progress: counts the fits.

    Raises:
        InputError: no such model, option or protocol; data that does not suit the protocol; a
            model that only ranks under a protocol of ratings.
        FailureError: a model gave unusable scores; the message names it.
    """
    named = protocols.get(protocol)
    entries = _entries(models, defaults=defaults)
    if not seeds:
        raise OptionError("there must be at least one seed")
    if named.predicts_ratings:
        _require_predicting(entries)
        yardstick = Yardstick.for_ratings()
    else:
        yardstick = Yardstick.for_rankings(k)
    divisions = [
        (seed, division)
        for seed in seeds
        for division in protocols.divide(protocol, dataset, seed=seed, min_rating=min_rating)
    ]
    step = _counter(progress, sum(_n_fits(each, one) for _, one in divisions for each in entries))
    measured = {
        each.label: [
            _run(each, division, seed, dataset.catalog, yardstick, step)
            for seed, division in divisions
        ]
        for each in entries
    }
    return Comparison(
        metric=yardstick.label,
        results=summarised(measured, yardstick, resamples=_RESAMPLES),
        receipt=receipt(
            dataset, named, yardstick, seeds=seeds, min_rating=min_rating, resamples=_RESAMPLES
        ),
    )


def _entries(models: Sequence[Entry], *, defaults: bool) -> list[Contender]:
    entries = [contender(each, defaults=defaults) for each in models]
    labels = [each.label for each in entries]
    twice = [label for label in labels if labels.count(label) > 1]
    if twice:
        raise InputError(f"model {twice[0]!r} is named twice; name it once, or with other options")
    if not entries:
        raise InputError("there is no model to evaluate; name at least one")
    return entries


def _require_predicting(entries: Sequence[Contender]) -> None:
    """Says so before anything is fitted where a model only ranks."""
    for each in entries:
        if not each.kind.predicts_ratings:
            each.kind(each.configs[0]).predict(Query(), np.empty(0, dtype=np.int32))


def _run(
    entry: Contender,
    division: Division,
    seed: int,
    catalog: Catalog,
    yardstick: Yardstick,
    step: Callable[[str], None],
) -> SplitResult:
    """Choose options on the validation split where there is a choice; measure on the test."""
    validation, test = division

    def fit(config: Config, split: Split) -> FittedModel:
        step(f"{entry.label}, {split.name}")
        return entry.fit(config, split.train, catalog, seed)

    config: Config = entry.configs[0]
    fitted: FittedModel | None = None
    trials: tuple[Trial, ...] = ()
    if len(entry.configs) > 1:
        config, fitted, trials = choose(
            entry.configs,
            fit=lambda candidate: fit(candidate, validation),
            score=lambda model: yardstick.decisive(model, validation),
            higher_is_better=yardstick.decides.higher_is_better,
        )
    if fitted is None or validation.train is not test.train:
        fitted = fit(config, test)
    measured = yardstick.measure(fitted.model, test)
    return SplitResult(
        split=test.name,
        seed=seed,
        users=test.users,
        skipped=test.skipped,
        weights=measured.weights,
        values=measured.values,
        means=measured.means,
        options=config.model_dump(mode="json"),
        origin=entry.origin,
        trials=trials,
        fit_seconds=fitted.seconds,
        score_seconds=measured.seconds,
    )


def _n_fits(entry: Contender, division: Division) -> int:
    tried = len(entry.configs)
    again = division.validation.train is not division.test.train
    return tried + again if tried > 1 else 1


def _counter(progress: Progress | None, steps: int) -> Callable[[str], None]:
    """What is called with what is fitted, at the beginning of every fit."""
    task = progress.add_task("", total=steps) if progress else None

    def count(what: str) -> None:
        if progress and task is not None:
            progress.update(task, description=what, advance=1)

    return count
