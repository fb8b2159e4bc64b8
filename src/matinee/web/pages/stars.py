"""The ratings that a page offers, for every scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Stars"]

_MOST = 11
_MOST_ON_A_CARD = 5
_STEPS = (0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Stars:
    """Buttons to rate a film, and a rating in words.

    Attributes:
        scale: lowest and highest rating.
        kind: "thumbs" for scales of two ratings, as -1 and 1; "halves" for half stars; else
            "stars".
        choices: ratings to choose from, lowest first, at most eleven.
        few: at most five of them, for a card.
    """

    scale: tuple[float, float]
    kind: Literal["stars", "halves", "thumbs"]
    choices: tuple[float, ...]
    few: tuple[float, ...]

    @classmethod
    def of(cls, scale: tuple[float, float]) -> Stars:
        """The stars of a scale. Where one of its ends is a half, there are half stars."""
        low, high = scale
        if high - low <= 1 or (low < 0 and high - low <= 2):
            ends = (low, high) if low < high else (high,)
            return cls(scale, "thumbs", ends, ends)
        halves = any(end % 1 == 0.5 for end in scale) and high - low <= _MOST_ON_A_CARD
        choices = _spread(scale, 0.5 if halves else 1.0, _MOST)
        few = _spread(scale, 1.0, _MOST_ON_A_CARD)
        return cls(scale, "halves" if halves else "stars", choices, few)

    def label(self, value: float) -> str:
        """What a button says: "4 of 5"."""
        if self.kind == "thumbs":
            return "Liked it" if value == self.scale[1] else "Disliked it"
        return f"{value:g} of {self.scale[1]:g}"

    def verdict(self, value: float) -> str:
        """What a viewer did: "rated it 4"; above thumbs are counts, as of plays."""
        if self._is_count(value):
            return f"watched it {value:g} times"
        if self.kind == "thumbs" and value in self.choices:
            return "liked it" if value == self.scale[1] else "disliked it"
        return f"rated it {value:g}"

    def mark(self, value: float) -> str:
        """A rating on a card: "★ 4", or a count of plays."""
        if self._is_count(value):
            return f"{value:g} times"
        if self.kind == "thumbs" and value in self.choices:
            return "Liked" if value == self.scale[1] else "Disliked"
        return f"★ {value:g}"

    def likes(self, mean: float, ratings: int) -> int:
        """How many of some ratings on a scale of two are the higher one, by their average."""
        low, high = self.scale
        return round((mean - low) / (high - low) * ratings) if high > low else ratings

    def _is_count(self, value: float) -> bool:
        return self.kind == "thumbs" and value > self.scale[1]


def _spread(scale: tuple[float, float], step: float, most: int) -> tuple[float, ...]:
    """Ratings from the highest down, `step` or a rounder step apart, at most `most`.

    Nobody gives no star at all, so 0 is not among them, unless ratings below 0 are.
    """
    low, high = scale
    steps = (
        each * 10**power for power in range(300) for each in _STEPS if each * 10**power >= step
    )
    for each in steps:
        count = int((high - low) / each) + 1
        values = [high - each * n for n in range(min(count, most + 2))]
        values = [value for value in values if value > 0 or low < 0]
        if len(values) <= most:
            return tuple(sorted(values))
    return (high,)
