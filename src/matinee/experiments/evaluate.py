"""Models side by side under one protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.data import Catalog, Dataset
from matinee.data.fetching.cache import silent
from matinee.data.splits import Division, Split
from matinee.errors import InputError, OptionError
from matinee.experiments.comparing.gaps import all_gaps
from matinee.experiments.comparing.summary import pairs_of, summarised
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.audit import audit as audit_model
from matinee.experiments.measuring.background import Background
from matinee.experiments.measuring.bench import Bench, fits
from matinee.experiments.measuring.contenders import Contender, Entry, contender
from matinee.experiments.measuring.cost import answer_seconds, array_bytes
from matinee.experiments.measuring.inspection import oddities, suspicion
from matinee.experiments.measuring.measure import Measured, Yardstick
from matinee.experiments.measuring.results import Comparison, SplitResult
from matinee.experiments.measuring.sampling import sampled
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.receipts.receipt import receipt
from matinee.models import Model, require_predictions

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
    candidates: int | None = None,
    audit: bool = False,
    ledger: Path | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = silent,
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
        candidates: rank targets among so many films drawn at random instead of all; unreliable,
            and said in every label (see `sampling`). Options are chosen by full ranking.
        audit: fit every model once more, on exchanged films, to find out whether it knows what
            it cannot have learned (see `audit`).
        ledger: a folder where every finished result of a model on a split is kept, and taken
            from where it was finished before; what was taken says so in the receipt.
        progress: counts the fits.
        say: told what was taken from the ledger, and what of it was damaged.

    Raises:
        InputError: no such model, option or protocol; data that does not suit the protocol; a
            split that leaks; a model that only ranks under a protocol of ratings.
        FailureError: a model gave unusable scores or changed the histories it was handed; the
            message names it. The ledger cannot be written.
    """
    named = protocols.get(protocol)
    entries = _entries(models, defaults=defaults)
    if not seeds:
        raise OptionError("there must be at least one seed")
    if named.predicts_ratings:
        _require_predicting(entries)
        if candidates is not None or audit:
            raise OptionError(
                f"protocol {protocol!r} predicts ratings and ranks nothing, so that there are no "
                "candidates to draw and no ranking to audit; use --protocol random"
            )
        yardstick = Yardstick.for_ratings()
    else:
        yardstick = Yardstick.for_rankings(k, candidates=candidates, audited=audit)
    stages = [
        Stage.of(seed, _among_candidates(division, candidates), dataset.catalog)
        for seed in seeds
        for division in protocols.divide(protocol, dataset, seed=seed, min_rating=min_rating)
    ]
    runs = [(entry, stage) for entry in entries for stage in stages]
    kept = Ledger(ledger, dataset, yardstick, say) if ledger else None
    found = kept.recall([_task(*run) for run in runs]) if kept else [None] * len(runs)
    step = _counter(progress, [run for run, result in zip(runs, found, strict=True) if not result])
    measured: dict[str, list[SplitResult]] = {entry.label: [] for entry in entries}
    bench: Bench | None = None
    for run, finished in zip(runs, found, strict=True):
        if bench is None or bench.entry is not run[0]:
            bench = Bench(run[0], dataset.catalog, yardstick, step)
        result = finished or _run(bench, run[1], dataset.catalog, yardstick)
        if kept and not finished:
            kept.keep(_task(*run), result)
        measured[run[0].label].append(result)
    step("")
    results = summarised(measured, yardstick, resamples=_RESAMPLES)
    tests = tuple(stage.division.test for stage in stages)
    return Comparison(
        metric=yardstick.label,
        results=results,
        receipt=receipt(
            dataset,
            named,
            yardstick,
            entries,
            seeds=seeds,
            min_rating=min_rating,
            resamples=_RESAMPLES,
            resumed=sum(each is not None for each in found) if ledger else None,
        ),
        catalog=dataset.catalog,
        tests=tests,
        demographics=dataset.demographics,
        pairs=pairs_of(results, yardstick.label, resamples=_RESAMPLES),
        gaps=all_gaps(results, tests, dataset.demographics, yardstick.label, resamples=_RESAMPLES),
    )


@dataclass(frozen=True, eq=False)
class Stage:
    """One division that all models go through, with what is known of its training parts."""

    seed: int
    division: Division
    validation: Background
    test: Background

    @classmethod
    def of(cls, seed: int, division: Division, catalog: Catalog) -> Stage:
        """The two backgrounds are one where the training parts are."""
        test = Background(division.test.train, catalog)
        same = division.validation.train is division.test.train
        validation = test if same else Background(division.validation.train, catalog)
        return cls(seed, division, validation, test)


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
            require_predictions(each.kind)


def _among_candidates(division: Division, candidates: int | None) -> Division:
    if candidates is None:
        return division
    return Division(division.validation, sampled(division.test, candidates))


def _run(bench: Bench, stage: Stage, catalog: Catalog, yardstick: Yardstick) -> SplitResult:
    """Choose options on the validation split where there is a choice; measure on the test."""
    validation, test = stage.division
    entry, seed = bench.entry, stage.seed
    configs = entry.configs_on(seed, test.name)
    config, trials = bench.choose(configs, validation, stage.validation, seed)
    fitted = bench.fit(config, test, seed)
    measured = yardstick.measure(fitted.model, test, stage.test)
    audited = None
    if yardstick.audited:
        audited = audit_model(
            fitted.model,
            lambda train, films: entry.fit(config, train, films, seed).model,
            test,
            catalog,
            yardstick.k,
            yardstick.label,
        )
    return SplitResult(
        split=test.name,
        seed=stage.seed,
        users=test.users,
        skipped=test.skipped,
        weights=measured.weights,
        values=measured.values,
        means=measured.means,
        options=config.model_dump(mode="json"),
        origin=entry.origin,
        trials=trials,
        lists=measured.lists,
        fit_seconds=fitted.seconds,
        score_seconds=measured.seconds,
        answer_seconds=answer_seconds(fitted.model, test, yardstick.k) if yardstick.k else nan,
        fit_bytes=fitted.peak_bytes,
        model_bytes=array_bytes(fitted.model),
        parts=measured.parts,
        notes=_notes(fitted.model, test, measured, yardstick),
        audit=audited,
    )


def _notes(model: Model, test: Split, measured: Measured, yardstick: Yardstick) -> tuple[str, ...]:
    if not yardstick.ks:
        return ()
    too_good = suspicion(measured.means, yardstick.label, len(test.users))
    return (*oddities(model, test), *too_good)


def _task(entry: Contender, stage: Stage) -> tuple[Contender, int, Division]:
    return entry, stage.seed, stage.division


def _tried(run: tuple[Contender, Stage]) -> tuple[str, int]:
    """A model and how many of its options are tried."""
    entry, stage = run
    return entry.label, len(entry.configs_on(stage.seed, stage.division.test.name))


def _counter(
    progress: Progress | None, runs: Sequence[tuple[Contender, Stage]]
) -> Callable[[str], None]:
    """What is called at the beginning of every fit with what is fitted, and once at the end."""
    steps = sum(
        fits(tried, [stage.division for _, stage in same])
        for (_, tried), same in groupby(runs, key=_tried)
    )
    task = progress.add_task("", total=steps) if progress else None
    done = count()

    def step(what: str) -> None:
        if progress and task is not None:
            progress.update(task, description=what, completed=next(done))

    return step
