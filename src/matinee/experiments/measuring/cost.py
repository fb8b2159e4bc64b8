"""What a model costs: memory while it is fitted, bytes of what it learned, time of one answer."""

from __future__ import annotations

import ctypes
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from matinee.data import Query
from matinee.data.splits import Split
from matinee.models import Model

__all__ = ["PeakMemory", "answer_seconds", "array_bytes", "peak_memory"]

_EVERY = 0.005
"""Seconds between two looks at the memory."""
_ASKED = 50
"""Viewers who are asked about one by one."""
_STATUS = Path("/proc/self/status")


@dataclass
class PeakMemory:
    """Bytes the process grew by at most; `None` where the system does not tell."""

    grown: int | None = None


@contextmanager
def peak_memory() -> Iterator[PeakMemory]:
    """Watches the process's own memory, mapped files left out, while the block runs.

    What was free already is given back first, so that a second fit is not thought to cost nothing.
    Linux alone tells it; elsewhere `grown` stays `None`.
    """
    found = PeakMemory()
    _give_back_free_memory()
    before = _own_memory()
    if before is None:
        yield found
        return
    done = threading.Event()
    highest = [before]

    def watch() -> None:
        while not done.wait(_EVERY):
            highest[0] = max(highest[0], _own_memory() or 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        found.grown = max(highest[0], _own_memory() or 0) - before


def array_bytes(model: Model) -> int:
    """Bytes of everything a model learned: what an artefact weighs."""
    return sum(array.nbytes for array in model.arrays.values())


def answer_seconds(model: Model, split: Split, k: int) -> float:
    """Median time to score all films for one viewer and pick the best k, over some viewers."""
    histories = split.histories
    took = []
    for row in range(min(_ASKED, len(histories))):
        entries = slice(histories.starts[row], histories.starts[row + 1])
        query = Query(items=histories.items[entries], values=histories.values[entries])
        started = perf_counter()
        scores = np.array(model.score(query))
        scores[query.items] = -np.inf
        np.argpartition(-scores, min(k, len(scores) - 1))
        took.append(perf_counter() - started)
    return float(np.median(took))


def _give_back_free_memory() -> None:
    """The C library keeps what was freed; where it is not glibc, that cannot be asked for."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _own_memory() -> int | None:
    try:
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
