"""A search kept by Optuna: which options were tried, what they scored, which to try next.

On disk it is Optuna's journal, a line of JSON a step. Nothing in it is executed when it is read:
of Optuna's storages only the journal in Redis and the snapshots it takes hold pickles.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matinee.errors import DataError, FailureError, InputError
from matinee.experiments.measuring.contenders import Trial
from matinee.experiments.tuning.search_space import Range, Space

if TYPE_CHECKING:
    import optuna

__all__ = ["Study"]

_NAME = "matinee"
_ABOUT = "about"
_OPTIONS = "options"
_ERROR = "error"
_RANDOM_FIRST = 5
"""Trials drawn at random before the sampler learns from what it has seen."""
_MOST_BYTES = 2**28


class Study:
    """Trials so far, and the next one to make.

    Args:
        space: what is searched.
        about: what makes trials comparable (data, protocol, metric); kept with them.
        higher_is_better: of the scores.
        seed: of what is drawn; a trial depends on it and on the finished ones alone.
        parallel: whether trials are begun before earlier ones are finished.
        path: the file that keeps the trials; `None` keeps them in memory. Where it exists its
            trials are taken; a last line that was cut off is left out.

    Raises:
        InputError: Optuna is not installed; the file's trials are about something else.
        DataError: the file is no study.
        FailureError: the file cannot be read or written.
    """

    def __init__(
        self,
        space: Space,
        about: Mapping[str, Any],
        *,
        higher_is_better: bool,
        seed: int,
        parallel: bool = False,
        path: Path | None = None,
    ) -> None:
        self._optuna = _optuna()
        self._space = space
        self._seed = seed
        self._parallel = parallel
        self._begun: dict[int, optuna.Trial] = {}
        try:
            self._study = self._opened(path, "maximize" if higher_is_better else "minimize")
        except OSError as error:
            raise FailureError(
                f"study {path} cannot be kept: {error.strerror or error}; name another file"
            ) from None
        kept = self._study.user_attrs.get(_ABOUT)
        if kept is None and not self._study.get_trials(deepcopy=False):
            self._study.set_user_attr(_ABOUT, dict(about))
        elif kept != json.loads(json.dumps(about)):
            raise InputError(_otherwise(path, kept, about))

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Those that were scored, in the order they were begun."""
        state = self._optuna.trial.TrialState.COMPLETE
        return tuple(
            Trial(trial.user_attrs[_OPTIONS], float(trial.value))
            for trial in self._study.get_trials(deepcopy=False, states=(state,))
            if trial.value is not None
        )

    @property
    def failures(self) -> tuple[str, ...]:
        """Why options could not be scored, one a trial."""
        trials = self._study.get_trials(deepcopy=False)
        return tuple(trial.user_attrs[_ERROR] for trial in trials if _ERROR in trial.user_attrs)

    @property
    def n_finished(self) -> int:
        """Trials that were scored or could not be."""
        return len(self.trials) + len(self.failures)

    def begin_with(self, options: Mapping[str, Any]) -> None:
        """Try these first where they lie within the search and nothing was tried yet."""
        inside = all(self._space[option].holds(options[option]) for option in self._space)
        waiting = self._study.get_trials(
            deepcopy=False, states=(self._optuna.trial.TrialState.WAITING,)
        )
        if inside and not waiting and not self.n_finished:
            self._study.enqueue_trial({option: options[option] for option in self._space})

    def next(self) -> tuple[int, dict[str, Any]]:
        """The number of a trial to make, and the options to try."""
        self._study.sampler = self._sampler(self.n_finished + len(self._begun))
        trial = self._study.ask({option: self._distribution(option) for option in self._space})
        self._begun[trial.number] = trial
        options = {
            option: where.value(trial.params[option]) for option, where in self._space.items()
        }
        trial.set_user_attr(_OPTIONS, options)
        return trial.number, options

    def scored(self, number: int, score: float) -> None:
        """Keep what a trial scored."""
        self._study.tell(self._begun.pop(number), score)

    def failed(self, number: int, reason: str) -> None:
        """Keep why a trial has no score."""
        self._begun[number].set_user_attr(_ERROR, reason)
        self._study.tell(self._begun.pop(number), state=self._optuna.trial.TrialState.FAIL)

    def stop(self) -> None:
        """Give up what was begun and is not finished; it does not count."""
        while self._begun:
            _, trial = self._begun.popitem()
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)

    def _sampler(self, number: int) -> optuna.samplers.BaseSampler:
        """A generator of its own for every trial: going on later draws what would have come."""
        (seed,) = np.random.SeedSequence([self._seed, number]).generate_state(1)
        with warnings.catch_warnings():
            # Optuna 4 calls keeping away from what other processes try an experiment
            warnings.simplefilter("ignore", self._optuna.exceptions.ExperimentalWarning)
            sampler: optuna.samplers.BaseSampler = self._optuna.samplers.TPESampler(
                seed=int(seed), n_startup_trials=_RANDOM_FIRST, constant_liar=self._parallel
            )
        return sampler

    def _distribution(self, option: str) -> optuna.distributions.BaseDistribution:
        kinds = self._optuna.distributions
        where = self._space[option]
        found: optuna.distributions.BaseDistribution
        if not isinstance(where, Range):
            found = kinds.CategoricalDistribution(where.values)
        elif where.whole:
            found = kinds.IntDistribution(int(where.low), int(where.high), log=where.log)
        else:
            found = kinds.FloatDistribution(where.low, where.high, log=where.log)
        return found

    def _opened(self, path: Path | None, direction: str) -> optuna.Study:
        storage = None
        if path is not None:
            _require_study(path)
            journal = self._optuna.storages.journal
            lock = journal.JournalFileOpenLock(str(path))
            try:
                storage = self._optuna.storages.JournalStorage(
                    journal.JournalFileBackend(str(path), lock_obj=lock)
                )
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DataError(
                    f"{path} is no study of matinee ({error}); name another file"
                ) from None
        study: optuna.Study = self._optuna.create_study(
            storage=storage, study_name=_NAME, direction=direction, load_if_exists=True
        )
        return study


def _require_study(path: Path) -> None:
    """Refuses a file that is something else before Optuna writes to it.

    A last line that a process was stopped in the middle of is cut off.
    """
    if not path.exists():
        return
    if path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{path} is larger than a study can be; name another file")
    *lines, rest = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines or [rest][: len(rest)], 1):
        step = _step(line)
        if "op_code" not in step or (number == 1 and step.get("study_name") != _NAME):
            raise DataError(f"{path} is no study of matinee (line {number}); name another file")
    if rest:
        with path.open("rb+") as file:
            file.truncate(sum(map(len, lines)) + len(lines))


def _step(line: bytes) -> dict[str, Any]:
    try:
        step = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return step if isinstance(step, dict) else {}


def _otherwise(path: Path | None, kept: Any, about: Mapping[str, Any]) -> str:
    before = kept if isinstance(kept, dict) else {}
    differ = [name for name, value in about.items() if before.get(name) != value]
    name = differ[0] if differ else _ABOUT
    return (
        f"study {path} was made with another {name.replace('_', ' ')} "
        f"({before.get(name)!r}, now {about.get(name)!r}); name another file"
    )


def _optuna() -> Any:
    try:
        import optuna  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError(
            "tuning needs Optuna; install it with pip install 'matinee[tune]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
