"""What a fit costs; the same file measures both sides, and needs nothing of either.

Memory is the kernel's own record of the most resident memory there was, which is set back before
every fit. Linux alone has it; elsewhere the answer is 0.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import TypeVar

_Model = TypeVar("_Model")

_SHORT, _TIMES = 2.0, 3
"""A fit of fewer seconds is done so often."""


def fit_cost(fit: Callable[[], _Model]) -> tuple[float, int, _Model]:
    """Median seconds, most bytes above those before, and what was fitted last."""
    seconds: list[float] = []
    grown = 0
    while True:
        model = None
        _give_back_free_memory()
        before = _reset_peak()
        started = time.perf_counter()
        model = fit()
        seconds.append(time.perf_counter() - started)
        grown = max(grown, _status("VmHWM") - before)
        if seconds[0] > _SHORT or len(seconds) == _TIMES:
            return median(seconds), grown, model


def _reset_peak() -> int:
    """Makes now the highest there was; bytes that are resident now."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _status(name: str) -> int:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


def _give_back_free_memory() -> None:
    """The C library keeps what was freed; where it is not glibc, that cannot be asked for."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
