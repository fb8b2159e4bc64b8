"""Answers of the TMDB API on disk, so that none is asked for twice and a run can be taken up."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

import pydantic

from matinee.data.tmdb.answers import Answer, MovieAnswer, Shape
from matinee.errors import FetchError
from matinee.files import write_file

__all__ = ["AnswerCache", "Kept"]

_FORMAT = 1
_SECONDS_A_DAY = 86_400
_MOST_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Kept(Generic[Shape]):
    """An answer that is here already; `None` where TMDB said that there is no such film."""

    answer: Shape | None


class _Entry(pydantic.BaseModel):
    format: int
    fetched: float
    """Seconds since 1970."""
    answer: pydantic.JsonValue


class AnswerCache:
    """A folder with one JSON file an answer.

    Of every answer only what is read is kept, and that no longer than its `kept_days`. What is
    older than TMDB's terms of use allow is deleted at first use.

    Args:
        folder: made where it is missing.
        now: seconds since 1970.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._delete_old()

    def get(self, name: str, shape: type[Shape]) -> Kept[Shape] | None:
        """An answer kept under a name; `None` where it is not here, damaged or too old."""
        file = self._file(name)
        try:
            if file.stat().st_size > _MOST_BYTES:
                return None
            entry = _Entry.model_validate_json(file.read_bytes())
            answer = None if entry.answer is None else shape.model_validate(entry.answer)
        except (OSError, pydantic.ValidationError):
            return None
        days = (Answer if answer is None else shape).kept_days
        age = self._now() - entry.fetched
        fresh = 0 <= age <= days * _SECONDS_A_DAY
        return Kept(answer) if fresh and entry.format == _FORMAT else None

    def put(self, name: str, answer: Answer | None) -> None:
        """Keeps an answer under a name, whole or not at all.

        Raises:
            FetchError: the folder cannot be written.
        """
        plain = None if answer is None else answer.model_dump(mode="json")
        entry = _Entry(format=_FORMAT, fetched=self._now(), answer=plain)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FetchError(
                f"{self._folder} cannot be written ({error.strerror or error}); "
                "set MATINEE_HOME to a folder of yours with room in it"
            ) from None
        content = entry.model_dump_json().encode()
        write_file(self._file(name), content, sync=False, error=FetchError)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _delete_old(self) -> None:
        oldest = self._now() - MovieAnswer.kept_days * _SECONDS_A_DAY
        with suppress(OSError):  # another process may be deleting the same
            for file in self._folder.glob("*.json"):
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
