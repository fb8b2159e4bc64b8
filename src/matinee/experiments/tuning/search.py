"""Searches a model's options on validation with Optuna, then measures the best on the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matinee.data import Catalog, Dataset
from matinee.data.checks import whole_number
from matinee.data.dataset import require_dataset
from matinee.data.splits import Division
from matinee.errors import FailureError, MatineeError, OptionError
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.result import Tuned, figures, plateaus, share_near
from matinee.experiments.tuning.search_space import combinations
from matinee.experiments.tuning.studies import load_optuna, open_study
from matinee.kernels.threads import available, threads
from matinee.models import Model

if TYPE_CHECKING:
    import optuna
    from rich.progress import Progress

__all__ = ["tune"]

_RANDOM_FIRST = 5
"""Random trials before the sampler uses earlier scores."""
_OPTIONS, _ERROR = "options", "error"
"""Attributes of a trial: its options after rounding, and the reason if it has no score."""


def tune(
    model: Plan | str | type[Model],
    dataset: Dataset,
    protocol: str | None = None,
    *,
    search: Mapping[str, object] | None = None,
    metric: str | None = None,
    seeds: int | Sequence[int] | None = None,
    min_rating: float | None = None,
    relevant_from: float | None = None,
    trials: int = 30,
    jobs: int = 1,
    study: str | Path | None = None,
    progress: Progress | None = None,
) -> Tuned:
    """Searches a model's options, then measures the best on the test.

        tune("svd", data, "ratings", search={"factors": (20, 200, "log"), "epochs": [5, 10, 20]})

    A tree-structured Parzen estimator (Bergstra et al. 2011) draws the options, defaults first.
    If all options are choices with no more combinations than `trials`, those that were not tried
    yet are tried once each.

    Trials see the validation split of the first division of every seed and nothing else. At the
    end the best options are fitted and measured once on the tests of those divisions. With one job
    the same plan and number of trials give the same result. `train(data, model, **tuned.chosen)`
    then fits the model that was measured.

    Args:
        model: a model by name or class, or a `Plan`.
        dataset: the data.
        protocol: replaces the plan's protocol; "random" without a plan.
        search: replaces the plan's ranges, choices and values of options (see `Plan.search`).
        metric: replaces the plan's deciding metric, "recall@20".
        seeds: replaces the plan's seeds.
        min_rating: replaces the plan's lowest rating that is kept.
        relevant_from: replaces the plan's lowest rating that is a target.
        trials: total number of trials, with those in the study file.
        jobs: number of trials at the same time; they share the cores.
        study: a file for the trials; an existing one is resumed.
        progress: counts the trials.

    Raises:
        OptionError: see `Plan`.
        InputError: data that does not suit the protocol, a study of something else or no study,
            or Optuna is not installed.
        FailureError: no trial has a score, or the study cannot be read or written.
    """
    if whole_number(trials, "trials") < 1 or whole_number(jobs, "jobs") < 1:
        raise OptionError("trials and jobs must be at least 1")
    changes: dict[str, Any] = {
        "protocol": protocol,
        "search": search,
        "metric": metric,
        "seeds": seeds,
        "min_rating": min_rating,
        "relevant_from": relevant_from,
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    plan = replace(model, **changes) if isinstance(model, Plan) else Plan(model, **changes)
    require_dataset(dataset)
    if not isinstance(study, str | Path | None):
        raise OptionError(f"a study is the path of a file, not {study!r}")
    divisions = [
        protocols.divide(
            plan.protocol,
            dataset,
            seed=seed,
            min_rating=plan.min_rating,
            cut=plan.recipe.cut(),
        )[0]
        for seed in plan.seeds
    ]
    objective = _Search(plan, dataset.catalog, divisions)
    about = _about(plan, dataset)
    opened = open_study(
        None if study is None else Path(study),
        about,
        "maximize" if plan.higher_is_better else "minimize",
    )
    objective.run(opened, trials, jobs, progress)
    scored, failures = _trials(opened), _failures(opened)
    if not scored:
        raise FailureError(f"none of {trials} trials has a score: {failures[0]}")
    best = objective.best(scored)
    config = plan.config(best.options)
    validation, test = figures(config, plan, dataset.catalog, divisions)
    return Tuned(
        model=plan.unfitted.name,
        metric=plan.metric_set.label,
        options=config.model_dump(mode="json"),
        chosen={**plan.fixed_values, **best.options},
        trials=scored,
        failures=failures,
        validation=validation,
        test=test,
        plateaus=plateaus(
            scored, best, validation.interval, plan.space, higher=plan.higher_is_better
        ),
        share_near=share_near(scored, best),
        about=about,
    )


@dataclass(frozen=True, eq=False)
class _Search:
    """A plan with its data. The score is the deciding metric on validation, mean over seeds."""

    plan: Plan
    catalog: Catalog
    divisions: list[Division]

    def run(self, study: optuna.Study, trials: int, jobs: int, progress: Progress | None) -> None:
        """Runs the missing trials. The study keeps the finished ones whatever stops the search."""
        finished = len(_trials(study)) + len(_failures(study))
        # a resumed search needs other random numbers than its first part
        (seed,) = np.random.SeedSequence([self.plan.seeds[0], finished]).generate_state(1)
        study.sampler = load_optuna().samplers.TPESampler(
            seed=int(seed), n_startup_trials=_RANDOM_FIRST
        )
        self._enqueue_defaults(study)
        missing = max(0, trials - finished)
        grid = combinations(self.plan.space, trials)
        if grid is not None:
            missing = _enqueue_missing(study, grid)
        task = (
            progress.add_task("", total=finished + missing, completed=finished)
            if progress
            else None
        )

        def show(*_: object) -> None:
            if progress and task is not None:
                trials = _trials(study)
                best = (
                    f"{self.plan.metric_set.label} {self.best(trials).score:.4f}" if trials else ""
                )
                progress.update(task, advance=1, description=f"best {best}" if best else "")

        with threads(max(1, available() // jobs)):
            study.optimize(self._score, n_trials=missing, n_jobs=jobs, callbacks=[show])

    def _enqueue_defaults(self, study: optuna.Study) -> None:
        """Tries the defaults first, if they are inside the space."""
        defaults = self.plan.unfitted.config.model_dump(mode="json")
        first = {option: defaults[option] for option in self.plan.space}
        if all(where.holds(first[option]) for option, where in self.plan.space.items()):
            study.enqueue_trial(first, skip_if_exists=True)

    def best(self, trials: tuple[Trial, ...]) -> Trial:
        """The trial with the best score, the first among equals."""
        pick = max if self.plan.higher_is_better else min
        return pick(trials, key=lambda trial: trial.score)

    def _score(self, trial: optuna.Trial) -> float:
        options = {
            option: where.suggest(trial, option) for option, where in self.plan.space.items()
        }
        trial.set_user_attr(_OPTIONS, options)
        try:
            score = self._score_of(options)
        except MatineeError as error:
            reason = str(error)
        else:
            if isfinite(score):
                return score
            reason = "the score is not a finite number"
        trial.set_user_attr(_ERROR, reason)
        raise load_optuna().TrialPruned(reason)

    def _score_of(self, options: Mapping[str, Any]) -> float:
        config = self.plan.config(options)
        scores = []
        for seed, (split, _) in zip(self.plan.seeds, self.divisions, strict=True):
            model = self.plan.fitted(config, split.train, self.catalog, seed)
            training = TrainingStatistics(split.train, self.catalog)
            scores.append(self.plan.metric_set.decisive(model, split, training))
        return float(np.mean(scores))


def _enqueue_missing(study: optuna.Study, grid: Sequence[Mapping[str, Any]]) -> int:
    """Enqueues the combinations that were not tried, as one that was stopped; how many wait."""
    waiting = [
        trial.system_attrs["fixed_params"]
        for trial in study.get_trials(deepcopy=False)
        if trial.state.name == "WAITING"
    ]
    finished = [
        trial.user_attrs[_OPTIONS]
        for trial in study.get_trials(deepcopy=False)
        if trial.state.name in ("COMPLETE", "PRUNED")
    ]
    missing = [each for each in grid if each not in waiting and each not in finished]
    for options in missing:
        study.enqueue_trial(dict(options))
    return len(waiting) + len(missing)


def _trials(study: optuna.Study) -> tuple[Trial, ...]:
    """The trials with a score, in the order of their start."""
    return tuple(
        Trial(trial.user_attrs[_OPTIONS], float(trial.value))
        for trial in study.get_trials(deepcopy=False)
        if trial.state.name == "COMPLETE" and trial.value is not None
    )


def _failures(study: optuna.Study) -> tuple[str, ...]:
    """The reasons of the trials without a score."""
    trials = study.get_trials(deepcopy=False)
    return tuple(trial.user_attrs[_ERROR] for trial in trials if _ERROR in trial.user_attrs)


def _about(plan: Plan, dataset: Dataset) -> dict[str, Any]:
    """The facts that make trials comparable, as plain values."""
    return {
        "model": plan.unfitted.name,
        "data": {"name": dataset.name, "sha256": dataset.interactions.content_hash},
        "protocol": plan.protocol,
        "metric": plan.metric_set.label,
        "seeds": list(plan.seeds),
        "min_rating": plan.min_rating,
        "relevant_from": plan.relevant_from,
        "fixed_options": plan.fixed_values,
        "search": {option: str(where) for option, where in plan.space.items()},
    }
