"""Formats of numbers and names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

__all__ = [
    "NONE",
    "Bounds",
    "bounded",
    "bounds",
    "count",
    "difference",
    "duration",
    "listed",
    "number",
    "options",
    "p_value",
    "several",
    "share",
    "short",
    "signed",
    "size",
    "title",
]

NONE = "\u2013"
"""Stands for a missing value."""
_ACRONYMS = {"ndcg", "dcg", "map", "mrr", "rbp", "rmse", "mse", "mae", "fcp", "auc", "miuf"}
_LONGEST = 60
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


class Bounds(Protocol):
    """The two ends of an interval."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def title(metric: str) -> str:
    """A metric as a heading: "ndcg@10" as "NDCG@10", "hit-rate@10" as "Hit rate@10"."""
    name = re.split(r"[@ ]", metric, maxsplit=1)[0]
    rest = metric.removeprefix(name)
    first, *others = name.split("-")
    first = first.upper() if first in _ACRONYMS else first[:1].upper() + first[1:]
    return " ".join([first, *others]) + rest


def number(value: float | None) -> str:
    """Four decimals."""
    return NONE if value is None or not math.isfinite(value) else _minus(f"{value:.4f}")


def signed(value: float, digits: int = 4) -> str:
    """A difference: "+0.0123"."""
    return _minus(f"{value:+.{digits}f}") if math.isfinite(value) else NONE


def bounds(interval: Bounds, *, sign: bool = False) -> str:
    """An interval on one line: "[0.3251, 0.3517]"."""
    one = signed if sign else number
    return f"[{one(interval.low)},\u00a0{one(interval.high)}]"


def difference(mean: float, interval: Bounds) -> str:
    """A difference and its interval, with signs."""
    return f"{signed(mean)} {bounds(interval, sign=True)}"


def bounded(mean: float, interval: Bounds | None) -> str:
    """A mean, with its interval if there is one."""
    return number(mean) if interval is None else f"{number(mean)} {bounds(interval)}"


def p_value(p: float) -> str:
    """A probability: "0.013", "< 0.001"."""
    if not math.isfinite(p):
        return NONE
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def share(part: float) -> str:
    """In per cent. Only none is "0%" and only all is "100%"."""
    if not math.isfinite(part):
        return NONE
    text = f"{part:.0%}"
    if text == "0%" and part > 0:
        return "<1%"
    return ">99%" if text == "100%" and part < 1 else text


def duration(seconds: float) -> str:
    """A time: "0.18 s", "2.4 ms", "3 min 20 s"."""
    if not math.isfinite(seconds):
        return NONE
    if seconds < 0.1:
        return f"{1000 * seconds:.2g} ms"
    if seconds < 120:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size(n_bytes: float | None) -> str:
    """Bytes: "12.3 MB"."""
    if n_bytes is None or not math.isfinite(n_bytes):
        return NONE
    for unit, name in _UNITS:
        if n_bytes >= unit:
            return f"{n_bytes / unit:.3g} {name}"
    return f"{n_bytes:.0f} B"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 split", "5 splits"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: "a, b and c"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def several(values: Sequence[object], most: int = 3) -> str:
    """The first of many values: "'Alien', 'Fargo', ..."."""
    first = ", ".join(short(repr(each), _LONGEST) for each in values[:most])
    return f"{first}, ..." if len(values) > most else first or "none"


def short(text: str, most: int) -> str:
    """A text of at most that many characters, cut where it is longer."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def options(values: Mapping[str, Any]) -> str:
    """Options of a model: "factors=64, l2=0.1"."""
    return ", ".join(f"{name}={value}" for name, value in values.items()) or "no options"


def _minus(text: str) -> str:
    """Replaces hyphens by minus signs, which are as wide as a plus."""
    return text.replace("-", "\u2212")
