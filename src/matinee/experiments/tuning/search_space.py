"""Ranges and choices of options, and those of a model's `Config`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from matinee.models import Config

if TYPE_CHECKING:
    import optuna

__all__ = [
    "Choice",
    "Range",
    "Space",
    "combinations",
    "default_search",
    "default_space",
    "value_text",
]

_DIGITS = 4
"""Significant digits of a trial's numbers, so that printed options are exactly those measured."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; integers if `whole`.

    Trials are drawn on a logarithmic scale if `log`.
    """

    low: float
    high: float
    whole: bool = False
    log: bool = False

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
        return ", ".join(value_text(each) for each in self.values if each in values)

    def __str__(self) -> str:
        return self.spanned(self.values)


Space = Mapping[str, Range | Choice]
"""Ranges and choices by option."""


def value_text(value: object) -> str:
    """A value of an option as a user would write it: "none" for `None`."""
    return "none" if value is None else str(value)


def default_search(config: type[Config], option: str) -> Range | Choice | None:
    """The range of a number marked with `span(...)`, all values of a bool or a Literal.

    `None` for other options: texts, and numbers whose range depends on the data.
    """
    kind, span = config.model_fields[option].annotation, config.spans().get(option)
    if span is not None:
        whole = kind is int
        low, high = (int(end) if whole else float(end) for end in (span["low"], span["high"]))
        return Range(low, high, whole=whole, log=span["log"])
    if kind is bool:
        return Choice((False, True))
    return Choice(get_args(kind)) if get_origin(kind) is Literal else None


def default_space(config: type[Config]) -> Space:
    """The options that `evaluate` chooses on validation, over their whole ranges.

    Every option with a range if it chooses none.
    """
    chosen = [option for option, values in config.candidates().items() if len(set(values)) > 1]
    found = {option: default_search(config, option) for option in chosen or config.model_fields}
    return {option: where for option, where in found.items() if where is not None}


def combinations(space: Space, most: int) -> list[dict[str, Any]] | None:
    """All combinations of the values; `None` if there is a range, or more than `most` of them."""
    values = [where.values for where in space.values() if isinstance(where, Choice)]
    if len(values) < len(space) or prod(map(len, values)) > most:
        return None
    return [dict(zip(space, each, strict=True)) for each in product(*values)]
