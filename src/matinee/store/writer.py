"""One thread that writes: it takes what has queued and commits it as one transaction."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from matinee.errors import ConflictError, StoreError
from matinee.store import log
from matinee.store.database import writing

__all__ = ["Writer"]

_GROUP = 1_000
"""Events of one transaction, about; more wait for the next one."""
_WAITING = 10_000
"""Events without an answer that may wait; further ones are dropped."""

_UNUSABLE = (OperationalError, sqlite3.OperationalError)
"""Causes that do not depend on what was to be written."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(eq=False)
class _Append:
    rows: Sequence[log.Values]
    result: Future[int] | None
    """`None` if nobody waits for it."""


@dataclass(eq=False)
class _Call:
    work: Callable[[Connection], Any]
    result: Future[Any] = field(default_factory=Future)


class Writer:
    """Writes for all threads of a process, in the order they ask.

    Requests that arrive while a transaction is written share the next one, so that many threads
    cost little more than one: each is answered after the commit that contains it. The thread starts
    at the first write.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: deque[_Append | _Call] = deque()
        self._unanswered = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._complained = False

    def append(self, rows: Sequence[log.Values]) -> int:
        """Writes events, all or none, and returns after the commit; see `log.append`.

        Raises:
            ConflictError: an id is in the log with other content.
            StoreError: the database failed; nothing is written.
        """
        result: Future[int] = Future()
        self._put(_Append(rows, result))
        return result.result()

    def append_later(self, row: log.Values) -> None:
        """Writes an event when there is time; a failure is logged, once."""
        with self._changed:
            full = self._unanswered >= _WAITING
            if not full:
                self._unanswered += 1
                self._put(_Append([row], None))
        if full:
            self._complain(f"{_WAITING:,} events wait to be written; further ones are dropped")

    def run(self, work: Callable[[Connection], _T]) -> _T:
        """Does some work in a transaction of its own, and returns its result after the commit."""
        call = _Call(work)
        self._put(call)
        result: _T = call.result.result()
        return result

    def drain(self) -> None:
        """Returns when everything that waits is written; a later write starts a new thread."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def _put(self, job: _Append | _Call) -> None:
        with self._changed:
            self._queue.append(job)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="matinee-writer", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def _work(self) -> None:
        current = threading.current_thread()
        while group := self._next(current):
            first = group[0]
            if isinstance(first, _Call):
                self._do(first)
            else:
                self._write([each for each in group if isinstance(each, _Append)])
            del group, first  # waiting for the next one must not keep these

    def _next(self, current: threading.Thread) -> list[_Append | _Call]:
        """The next call, or the appends before it; empty at the end."""
        with self._changed:
            while not self._queue:
                if self._thread is not current:
                    return []
                self._changed.wait()
            group = [self._queue.popleft()]
            events = 0
            while (
                isinstance(group[0], _Append)
                and self._queue
                and isinstance(self._queue[0], _Append)
                and events < _GROUP
            ):
                job = self._queue.popleft()
                group.append(job)
                events += len(job.rows) if isinstance(job, _Append) else 0
            self._unanswered -= sum(
                isinstance(each, _Append) and each.result is None for each in group
            )
            return group

    def _write(self, group: Sequence[_Append]) -> None:
        outcomes: Sequence[int | Exception]
        try:
            with writing(self._engine) as connection:
                outcomes = log.append(connection, [job.rows for job in group])
        except Exception as error:  # noqa: BLE001 - those who wait must get it, whatever it is
            # A database that cannot be used fails everybody. Else one request is at fault.
            if len(group) > 1 and not isinstance(error.__cause__, _UNUSABLE):
                for job in group:
                    self._write([job])
                return
            outcomes = [error] * len(group)
        for job, outcome in zip(group, outcomes, strict=True):
            if job.result is None:
                if isinstance(outcome, Exception):
                    self._complain(f"an event is lost: {outcome}")
            elif isinstance(outcome, Exception):
                job.result.set_exception(_for_one(outcome))
            else:
                job.result.set_result(outcome)

    def _do(self, call: _Call) -> None:
        try:
            with writing(self._engine) as connection:
                result = call.work(connection)
        except Exception as error:  # noqa: BLE001 - as in `_write`
            call.result.set_exception(error)
        else:
            call.result.set_result(result)

    def _complain(self, text: str) -> None:
        if not self._complained:
            self._complained = True
            _log.warning("%s", text)


def _for_one(error: Exception) -> Exception:
    """Its own exception for each thread: one that several raise would mix their tracebacks."""
    if not isinstance(error, StoreError | ConflictError):
        return error
    own = type(error)(*error.args)
    own.__cause__ = error.__cause__
    return own
