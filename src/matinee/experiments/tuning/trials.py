"""Scores options on validation, here or in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from matinee.data import Catalog
from matinee.data.splits import Split
from matinee.errors import MatineeError
from matinee.experiments.measuring.background import Background
from matinee.experiments.measuring.contenders import Contender
from matinee.experiments.measuring.measure import Yardstick
from matinee.kernels.threads import available, threads
from matinee.models import Config, Model

__all__ = ["Answer", "Answers", "Question", "answers"]


@dataclass(frozen=True, eq=False)
class Question:
    """How good are these options of a model on validation?

    Attributes:
        kind: the model's class.
        fixed: options that every trial has.
        catalog: the films.
        splits: validation splits with the seed of the fit; the score is the mean over them.
        yardstick: whose deciding metric is the score.
    """

    kind: type[Model]
    fixed: Mapping[str, Any]
    catalog: Catalog
    splits: tuple[tuple[int, Split], ...]
    yardstick: Yardstick

    def config(self, options: Mapping[str, Any]) -> Config:
        """The whole configuration of a trial."""
        return self.kind.Config.model_validate({**self.fixed, **options})

    def answer(self, options: Mapping[str, Any]) -> Answer:
        """The score, or why there is none."""
        try:
            config = self.config(options)
            return Answer(float(np.mean([self._score(config, *each) for each in self.splits])))
        except MatineeError as error:
            return Answer(float("nan"), str(error))

    def _score(self, config: Config, seed: int, split: Split) -> float:
        one = Contender(self.kind.__name__, self.kind, (config,), "given")
        model = one.fit(config, split.train, self.catalog, seed).model
        return self.yardstick.decisive(model, split, Background(split.train, self.catalog))


@dataclass(frozen=True)
class Answer:
    """What options scored; where they could not be scored NaN, and the reason."""

    score: float
    error: str | None = None


class Answers:
    """Where questions are answered; at most `jobs` at the same time."""

    def __init__(self, executor: Executor, question: Question | None) -> None:
        self._executor = executor
        self._question = question

    def ask(self, options: Mapping[str, Any]) -> Future[Answer]:
        """Begin to answer."""
        if self._question is not None:
            return self._executor.submit(self._question.answer, options)
        return self._executor.submit(_answer, options)


@contextmanager
def answers(question: Question, jobs: int) -> Iterator[Answers]:
    """One process is this one with all its threads; more share the cores evenly.

    Args:
        question: sent to every process once.
        jobs: how many processes.
    """
    if jobs == 1:
        yield Answers(_Here(), question)
        return
    executor = ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=multiprocessing.get_context("spawn"),  # a fork would copy locks of threads
        initializer=_begin,
        initargs=(question, max(1, available() // jobs)),
    )
    try:
        yield Answers(executor, None)
        executor.shutdown()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


class _Here(Executor):
    """Answers at once, in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


_asked: tuple[Question, int] | None = None
"""What this process answers, and with how many threads: sent once, and not with every trial."""


def _begin(question: Question, n_threads: int) -> None:
    global _asked  # noqa: PLW0603 - a pool's initialiser has no other way to hand anything on
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a word
    _asked = question, n_threads


def _answer(options: Mapping[str, Any]) -> Answer:
    if _asked is None:
        raise RuntimeError("the process was not told the question")
    question, n_threads = _asked
    with threads(n_threads):
        return question.answer(options)
