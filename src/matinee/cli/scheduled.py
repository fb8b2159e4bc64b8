"""Retrains beside a server: a process of its own with low priority, one at a time."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from matinee.errors import MatineeError
from matinee.service.schedule import Schedule
from matinee.service.site import Site

__all__ = ["ScheduledRetrains"]

_EVERY = 60.0
"""Seconds between two looks at the schedule."""
_NICENESS = 10
_STOP_SECONDS = 5
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Variables that bound the threads of NumPy's libraries and of numba."""

_log = logging.getLogger("matinee.retrain")


class ScheduledRetrains:
    """Inside, `matinee retrain` runs whenever the schedule of a site is due.

    The output goes to the log. A failure is logged and tried again when the schedule is due again.
    At the end a retrain in progress is stopped; the live model stays.
    """

    def __init__(self, site: Site, schedule: Schedule | None) -> None:
        self._site = site
        self._schedule = schedule
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="retrain", daemon=True)

    def __enter__(self) -> Self:
        if self._schedule is not None:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with self._starting:
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            process.kill()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _watch(self) -> None:
        assert self._schedule is not None  # noqa: S101 - else the thread is not started
        while not self._stopping.is_set():
            try:
                if self._schedule.due(self._site, time.time()):
                    self._retrain()
            except (MatineeError, OSError) as error:
                _log.warning("no retrain: %s", error)
            self._stopping.wait(_EVERY)

    def _retrain(self) -> None:
        command = [sys.executable, "-m", "matinee", "retrain", "--note", "scheduled retrain"]
        threads = str(max(1, (os.cpu_count() or 1) // 2))
        environment = {**dict.fromkeys(_THREADS, threads), **os.environ}
        with self._starting:
            if self._stopping.is_set():
                return
            self._process = process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # Ctrl-C is for the server, which then stops it
            )
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        last = ""
        with process:
            for line in process.stdout or ():
                if line.strip():
                    last = line.strip()
                    _log.info("%s", last)
        if process.returncode and not self._stopping.is_set():
            _log.warning("a scheduled retrain ended with status %d: %s", process.returncode, last)
