"""The costs of a model: memory of a fit, bytes of its arrays, time of one answer."""

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

_PERIOD = 0.005
"""Seconds between two readings of the memory."""
_MOST_QUERIES = 50


@dataclass
class PeakMemory:
    """The largest growth of the process in bytes; `None` if the system does not report memory."""

    grown: int | None = None


@contextmanager
def peak_memory() -> Iterator[PeakMemory]:
    """Measures the process's own memory, without mapped files, while the block runs.

    Free memory is returned to the system first; otherwise a second fit would seem to cost nothing.
    Only Linux reports the memory; elsewhere `grown` stays `None`.
    """
    peak = PeakMemory()
    _release_free_memory()
    before = _own_memory()
    if before is None:
        yield peak
        return
    done = threading.Event()
    highest = [before]

    def watch() -> None:
        while not done.wait(_PERIOD):
            highest[0] = max(highest[0], _own_memory() or 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
        peak.grown = max(highest[0], _own_memory() or 0) - before


def array_bytes(model: Model) -> int:
    """Bytes of all arrays of a model, which is the size of its artefact."""
    return sum(array.nbytes for array in model.arrays.values())


def answer_seconds(model: Model, split: Split, k: int) -> float:
    """Median time to score all films for one viewer and select the best k, over some viewers."""
    histories = split.histories
    seconds = []
    for row in range(min(_MOST_QUERIES, len(histories))):
        entries = slice(histories.starts[row], histories.starts[row + 1])
        query = Query(items=histories.items[entries], values=histories.values[entries])
        started = perf_counter()
        scores = np.array(model.score(query))
        scores[query.items] = -np.inf
        np.argpartition(-scores, min(k, len(scores) - 1))
        seconds.append(perf_counter() - started)
    return float(np.median(seconds))


def _release_free_memory() -> None:
    """Returns freed memory to the system; only glibc has a function for it."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _own_memory() -> int | None:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
    return None
