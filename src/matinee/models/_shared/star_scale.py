"""The scale that the code of models sees: stars from 1 to 5, whatever the scale of the data."""

from __future__ import annotations

from typing import NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["STARS", "StarScale"]

STARS = (1.0, 5.0)

Ratings = TypeVar("Ratings", float, NDArray[np.float32], NDArray[np.floating])


class StarScale(NamedTuple):
    """Linear map from the ratings of a data set to stars: `first + factor (rating - low)`.

    Steps, penalties and initial factors of models are made for 1 to 5. On another scale the same
    opinions would be fitted with another step length and another penalty.

    Attributes:
        low: lowest rating of the data.
        factor: stars of a rating of 1.
        first: stars of the lowest rating.
    """

    low: float
    factor: float
    first: float

    @classmethod
    def of(cls, scale: tuple[float, float]) -> Self:
        """The map from a scale. Its ends become 1 and 5; a scale of one rating becomes a 5."""
        low, high = map(float, scale)
        if high <= low:
            return cls(low, 1.0, STARS[1])
        return cls(low, (STARS[1] - STARS[0]) / (high - low), STARS[0])

    def stars(self, ratings: Ratings) -> Ratings:
        """Stars of ratings of the data."""
        return (ratings - self.low) * self.factor + self.first

    def ratings(self, stars: Ratings) -> Ratings:
        """Ratings of the data from stars."""
        return (stars - self.first) / self.factor + self.low
