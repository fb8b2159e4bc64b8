"""How a model that chooses between candidates has chosen: kept with it, shown, and reported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidate", "Race", "Selection"]


@dataclass(frozen=True)
class Candidate:
    """One candidate of a race.

    Attributes:
        name: with its options: "ease l2=150".
        quality: mean of the deciding metric.
        low, high: 95% interval of the difference to the chosen candidate, over the same viewers; 0
            for itself. Of a candidate that left early, to the best one of its last round.
        work: seconds of fitting for the comparison, by the cost model and not by the clock: the
            same data must give the same record.
        note: why it left the race early, if it did.
    """

    name: str
    quality: float
    low: float
    high: float
    work: float
    note: str = ""


@dataclass(frozen=True)
class Race:
    """Candidates for one kind of viewer.

    Attributes:
        viewers: for whom: "new viewers", "viewers with a history".
        count: how many of them decided.
        chosen: the name of the chosen candidate.
        candidates: best first; those that left early last.
    """

    viewers: str
    count: int
    chosen: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Selection:
    """A choice.

    Attributes:
        rule: what decided, as a sentence.
        metric: "NDCG@10".
        races: one for each kind of viewer.
    """

    rule: str
    metric: str
    races: tuple[Race, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_array(self) -> NDArray[np.uint8]:
        """As bytes, for `Model.arrays`."""
        return np.frombuffer(json.dumps(self.to_json()).encode(), dtype=np.uint8).copy()

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Selection:
        """The selection that `to_json` gave."""
        races = tuple(
            Race(**{**race, "candidates": tuple(Candidate(**each) for each in race["candidates"])})
            for race in plain["races"]
        )
        return cls(plain["rule"], plain["metric"], races)

    @classmethod
    def from_array(cls, array: NDArray[np.uint8]) -> Selection:
        """The selection that `to_array` wrote."""
        return cls.from_json(json.loads(bytes(array).decode()))
