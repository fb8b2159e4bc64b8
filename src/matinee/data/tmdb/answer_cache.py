"""Answers of the TMDB API on disk: none is fetched twice, and an interrupted run can continue."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pydantic

from matinee.data.tmdb.answers import Answer, MovieAnswer, Shape
from matinee.errors import FetchError
from matinee.files import write_file

__all__ = ["AnswerCache"]

_FORMAT = 1
_SECONDS_A_DAY = 86_400


class _Entry(pydantic.BaseModel):
    format: int
    fetched: float
    """Seconds since 1970."""
    answer: pydantic.JsonValue


class AnswerCache:
    """A folder with one JSON file for each answer.

    A file has only the fields that are read. It expires after the `days` of its kind of answer, and
    files older than TMDB's terms of use allow are deleted when the cache is opened. The folder is
    created if missing. `hits` is the number of answers that came from it.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.hits = 0
        self._folder = folder
        self._now = now
        self._delete_expired()

    def get(self, name: str, shape: type[Shape], fetch: Callable[[], Shape | None]) -> Shape | None:
        """The answer stored under a name; a missing, damaged or expired one is fetched and stored.

        It is `None` if TMDB has no such film.

        Raises:
            FetchError: the folder cannot be written, or `fetch` fails.
        """
        file = self._folder / f"{name}.json"
        with suppress(OSError, ValueError):
            answer = self._read(file, shape)
            self.hits += 1
            return answer
        answer = fetch()
        self._write(file, answer)
        return answer

    def _read(self, file: Path, shape: type[Shape]) -> Shape | None:
        entry = _Entry.model_validate_json(file.read_bytes())
        answer = None if entry.answer is None else shape.model_validate(entry.answer)
        days = (Answer if answer is None else shape).days
        age = self._now() - entry.fetched
        if entry.format != _FORMAT or not 0 <= age <= days * _SECONDS_A_DAY:
            raise ValueError("another format, or expired")
        return answer

    def _write(self, file: Path, answer: Answer | None) -> None:
        plain = None if answer is None else answer.model_dump(mode="json")
        entry = _Entry(format=_FORMAT, fetched=self._now(), answer=plain)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FetchError(
                f"{self._folder} cannot be written ({error.strerror or error}); "
                "set MATINEE_HOME to a folder with room that you can write to"
            ) from None
        content = entry.model_dump_json().encode()
        write_file(file, content, sync=False, error=FetchError)

    def _delete_expired(self) -> None:
        oldest = self._now() - MovieAnswer.days * _SECONDS_A_DAY
        with suppress(OSError):  # another process may be deleting the same
            for file in self._folder.glob("*.json"):
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
