"""Optuna studies: in memory, or in a journal file from which a search resumes.

A journal is JSON lines, so reading one executes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from matinee.errors import DataError, FailureError, InputError

if TYPE_CHECKING:
    import optuna

__all__ = ["load_optuna", "open_study"]

_NAME, _ABOUT = "matinee", "about"
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def open_study(path: Path | None, about: Mapping[str, Any], direction: str) -> optuna.Study:
    """A study with the trials of a journal file, or an empty one; without a path in memory.

    `about` are the facts that make trials comparable. The errors are those of `tune`.
    """
    package = load_optuna()
    try:
        study: optuna.Study = package.create_study(
            storage=None if path is None else _storage(package, path),
            study_name=_NAME,
            direction=direction,
            load_if_exists=True,
        )
    except OSError as error:
        raise FailureError(
            f"study {path} cannot be opened: {error.strerror or error}; name another file"
        ) from None
    except _DAMAGED:
        raise DataError(
            f"{path} is not a study of matinee, or is damaged; name another file"
        ) from None
    recorded = study.user_attrs.get(_ABOUT, {})
    for name, value in json.loads(json.dumps(about)).items():
        if study.trials and recorded.get(name) != value:
            raise InputError(
                f"study {path} is about another {name.replace('_', ' ')} "
                f"({recorded.get(name)!r}, now {value!r}); name another file"
            )
    study.set_user_attr(_ABOUT, dict(about))
    return study


def load_optuna() -> ModuleType:
    """Optuna, without its messages below warnings; an InputError if it is not installed."""
    try:
        import optuna  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError(
            "tuning needs Optuna; install it with pip install 'matinee[tune]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _storage(package: ModuleType, path: Path) -> optuna.storages.BaseStorage:
    """The journal in a file. Optuna would append to a file of any kind, so this checks it first."""
    content = path.read_bytes() if path.exists() else b""
    if content:
        if json.loads(content.partition(b"\n")[0])["study_name"] != _NAME:
            raise ValueError("not a study of matinee")
        with path.open("rb+") as file:  # a stopped process can leave an incomplete last line
            file.truncate(content.rfind(b"\n") + 1)
    journal = package.storages.journal
    lock = journal.JournalFileOpenLock(str(path))
    return package.storages.JournalStorage(journal.JournalFileBackend(str(path), lock_obj=lock))
