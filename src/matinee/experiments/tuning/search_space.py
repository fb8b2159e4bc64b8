"""Where to look for a model's best options: its `search(...)` marks, widened to ranges."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matinee.models import Config

__all__ = ["Choice", "Range", "Space", "search_space"]

_DIGITS = 4
"""Significant digits tried: what is printed is exactly what was measured."""
_LOG_FROM = 10
"""A range whose ends differ by this factor is searched on a logarithmic scale."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included."""

    low: float
    high: float
    whole: bool = False

    @property
    def log(self) -> bool:
        """Whether equal ratios, and not equal differences, are equally likely."""
        return self.low > 0 and self.high / self.low >= _LOG_FROM

    def value(self, drawn: float) -> float | int:
        """A drawn number as it is tried: a whole one, or one of four digits, within the range."""
        if self.whole:
            return int(drawn)
        return min(max(float(f"{drawn:.{_DIGITS}g}"), self.low), self.high)

    def holds(self, value: object) -> bool:
        """Whether a value is inside."""
        return isinstance(value, int | float) and self.low <= value <= self.high

    def spanned(self, values: Sequence[Any]) -> str:
        """Some of its values in words: "152 to 480"."""
        low, high = min(values), max(values)
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"

    def __str__(self) -> str:
        return self.spanned([self.low, self.high]) + (" (log)" if self.log else "")


@dataclass(frozen=True)
class Choice:
    """One of several values that are no numbers, or have no order."""

    values: tuple[Any, ...]

    def value(self, drawn: Any) -> Any:
        """A drawn value as it is tried."""
        return drawn

    def holds(self, value: object) -> bool:
        """Whether a value is among them."""
        return value in self.values

    def spanned(self, values: Sequence[Any]) -> str:
        """Some of its values in words: "cosine, jaccard"."""
        return ", ".join(str(each) for each in self.values if each in values)

    def __str__(self) -> str:
        return self.spanned(self.values)


Space = Mapping[str, Range | Choice]
"""By option."""


def search_space(config: type[Config], fixed: Collection[str] = ()) -> dict[str, Range | Choice]:
    """Every option that is marked as worth trying at more than one value.

    Numbers become a range from the lowest marked value to the highest, which lies within the
    field's own bounds since its ends do; everything else is chosen among the marked values.

    Args:
        config: a model's options.
        fixed: options that are not searched.
    """
    return {
        option: _dimension(config.model_fields[option].annotation, values)
        for option, values in config.candidates().items()
        if option not in fixed and len(set(values)) > 1
    }


def _dimension(kind: Any, values: Sequence[Any]) -> Range | Choice:
    if kind is int:
        return Range(int(min(values)), int(max(values)), whole=True)
    if kind is float:
        return Range(float(min(values)), float(max(values)))
    return Choice(tuple(values))
