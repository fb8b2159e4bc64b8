"""The search space of a model: its `search(...)` marks, widened to ranges."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matinee.models import Config

if TYPE_CHECKING:
    import optuna

__all__ = ["Choice", "Range", "Space", "search_space"]

_DIGITS = 4
"""Significant digits of a trial's numbers, so that printed options are exactly those measured."""
_LOG_FROM = 10
"""Ranges whose ends differ by this factor or more are searched on a logarithmic scale."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; integers if `whole`."""

    low: float
    high: float
    whole: bool = False

    @property
    def log(self) -> bool:
        return self.low > 0 and self.high / self.low >= _LOG_FROM

    def suggest(self, trial: optuna.Trial, option: str) -> float | int:
        if self.whole:
            return trial.suggest_int(option, int(self.low), int(self.high), log=self.log)
        return self.rounded(trial.suggest_float(option, self.low, self.high, log=self.log))

    def rounded(self, value: float) -> float:
        """A value with four digits, inside the range."""
        return min(max(float(f"{value:.{_DIGITS}g}"), self.low), self.high)

    def holds(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def spanned(self, values: Sequence[Any]) -> str:
        """The span of some values in words: "152 to 480"."""
        low, high = min(values), max(values)
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"

    def __str__(self) -> str:
        return self.spanned([self.low, self.high]) + (" (log)" if self.log else "")


@dataclass(frozen=True)
class Choice:
    """One of several values without order."""

    values: tuple[Any, ...]

    def suggest(self, trial: optuna.Trial, option: str) -> Any:
        return trial.suggest_categorical(option, self.values)

    def holds(self, value: object) -> bool:
        return value in self.values

    def spanned(self, values: Sequence[Any]) -> str:
        """Some of the values in words: "cosine, jaccard"."""
        return ", ".join(str(each) for each in self.values if each in values)

    def __str__(self) -> str:
        return self.spanned(self.values)


Space = Mapping[str, Range | Choice]
"""Ranges and choices by option."""


def search_space(config: type[Config], fixed: Collection[str] = ()) -> dict[str, Range | Choice]:
    """Every option that is marked with more than one value and not fixed.

    Numbers become a range from the lowest marked value to the highest, which is within the field's
    bounds since both ends are. Other options are chosen among their marked values.
    """
    space: dict[str, Range | Choice] = {}
    for option, values in config.candidates().items():
        if option in fixed or len(set(values)) < 2:
            continue
        kind = config.model_fields[option].annotation
        if kind in {int, float}:
            space[option] = Range(kind(min(values)), kind(max(values)), whole=kind is int)
        else:
            space[option] = Choice(tuple(values))
    return space
