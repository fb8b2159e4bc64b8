"""Search for the best options of a model: on validation alone, then one look at the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.data import Dataset
from matinee.errors import FailureError, OptionError
from matinee.experiments.measuring import protocols
from matinee.experiments.tuning.figures import figures
from matinee.experiments.tuning.plan import plan_of
from matinee.experiments.tuning.result import Tuned, plateaus, share_near
from matinee.experiments.tuning.studies import Study
from matinee.experiments.tuning.trials import Answer, Question, answers
from matinee.models import Model

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["tune"]


def tune(
    model: str | type[Model],
    dataset: Dataset,
    protocol: str = "random",
    *,
    trials: int = 30,
    metric: str | None = None,
    seeds: Sequence[int] = (0,),
    min_rating: float | None = None,
    fixed: Mapping[str, object] | None = None,
    jobs: int = 1,
    study: Path | None = None,
    progress: Progress | None = None,
) -> Tuned:
    """Try options by a tree-structured Parzen estimator (Bergstra et al. 2011), defaults first.

    Looked at is the validation split of the first division of every seed, and nothing else; at
    the end the best options are fitted and measured on that division's test once. One job and the
    same seeds give the same trials, however often the search was stopped and gone on with.

    Args:
        model: a name or a class; what its `Config` marks with `search(...)` is searched.
        dataset: what to try options on.
        protocol: one of `protocols.PROTOCOLS`.
        trials: how many to make in all, those that the study holds already included.
        metric: what decides: "recall@20", "mae"; unless told NDCG at 10, or RMSE for ratings.
        seeds: of divisions and fits; scores are means over them. The first is the search's own.
        min_rating: ratings below it are dropped before a ranking protocol splits.
        fixed: options that are not searched.
        jobs: processes that try at the same time; they share the cores.
        study: a file that keeps the trials, and is gone on with where it exists.
        progress: counts the trials.

    Raises:
        InputError: no such model, option, metric or protocol; nothing to search; data that does
            not suit the protocol; a study of something else; Optuna is not installed.
        FailureError: no trial could be scored; the message says why. A process died.
    """
    if trials < 1 or jobs < 1 or not seeds:
        raise OptionError("there must be at least one trial, one job and one seed")
    plan = plan_of(model, protocol, metric=metric, fixed=fixed or {})
    divisions = [
        (seed, protocols.divide(protocol, dataset, seed=seed, min_rating=min_rating)[0])
        for seed in seeds
    ]
    question = Question(
        plan.kind,
        plan.fixed,
        dataset.catalog,
        tuple((seed, division.validation) for seed, division in divisions),
        plan.yardstick,
    )
    about = {
        "model": plan.name,
        "data": {"name": dataset.name, "sha256": dataset.interactions.content_hash},
        "protocol": protocol,
        "metric": plan.yardstick.label,
        "seeds": list(seeds),
        "min_rating": min_rating,
        "fixed_options": dict(plan.fixed),
        "search": {option: str(where) for option, where in plan.space.items()},
    }
    higher = bool(plan.yardstick.decides.higher_is_better)
    kept = Study(
        plan.space, about, higher_is_better=higher, seed=seeds[0], parallel=jobs > 1, path=study
    )
    kept.begin_with(question.config({}).model_dump(mode="json"))
    _search(kept, question, trials=trials, jobs=jobs, progress=progress)
    made = kept.trials
    if not made:
        raise FailureError(f"none of {trials} trials could be scored: {kept.failures[0]}")
    best = (max if higher else min)(made, key=lambda trial: trial.score)
    config = question.config(best.options)
    validation, test = figures(config, question, [division.test for _, division in divisions])
    return Tuned(
        model=plan.name,
        metric=plan.yardstick.label,
        options=config.model_dump(mode="json"),
        chosen={**plan.fixed, **best.options},
        trials=made,
        failures=kept.failures,
        validation=validation,
        test=test,
        plateaus=plateaus(made, best, validation.interval, plan.space, higher=higher),
        share_near=share_near(made, best),
        about=about,
    )


def _search(
    study: Study, question: Question, *, trials: int, jobs: int, progress: Progress | None
) -> None:
    """Makes the trials that are missing; what was finished is kept, whatever stops it."""
    done = study.n_finished
    task = progress.add_task("", total=max(trials, done), completed=done) if progress else None
    missing = max(0, trials - done)
    pending: dict[Future[Answer], int] = {}
    try:
        with answers(question, jobs) as asked:
            while missing or pending:
                while missing and len(pending) < jobs:
                    number, options = study.next()
                    pending[asked.ask(options)] = number
                    missing -= 1
                finished, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    _tell(study, pending.pop(future), future.result())
                    if progress and task is not None:
                        progress.update(task, advance=1, description=_best_so_far(study, question))
    except BrokenProcessPool:
        raise FailureError(
            "a process died in the middle of a trial, for lack of memory most likely; "
            "use fewer --jobs"
        ) from None
    finally:
        study.stop()


def _tell(study: Study, number: int, answer: Answer) -> None:
    if isfinite(answer.score):
        study.scored(number, answer.score)
    else:
        study.failed(number, answer.error or "the score is no finite number")


def _best_so_far(study: Study, question: Question) -> str:
    scores = [trial.score for trial in study.trials]
    if not scores:
        return ""
    best = max(scores) if question.yardstick.decides.higher_is_better else min(scores)
    return f"best {question.yardstick.label} {best:.4f}"
