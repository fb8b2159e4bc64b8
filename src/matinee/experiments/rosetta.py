"""One list of recommendations under the definitions of five libraries, side by side.

Every value is computed by our own metrics with the options, and the cut of the list, that equal
the library's definition. Read and compared were trec_eval 9 (by pytrec_eval-terrier 0.5.11),
RecTools 0.19.0, LensKit 2025.8.1, RecBole 1.2.1 and Microsoft's recommenders 1.2.1, each with its
defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from matinee.errors import OptionError
from matinee.metrics.gain import graded_ndcg, ndcg
from matinee.metrics.ranking import (
    average_precision,
    hit_rate,
    precision,
    recall,
    reciprocal_rank,
)

__all__ = ["GRADED", "LIBRARIES", "MEASURES", "Definition", "JudgedList"]

_HIGHEST = 100
"""Of a rating; 2 to its power has to stay a number."""

LIBRARIES = ("trec_eval", "RecTools", "LensKit", "RecBole", "Microsoft")


@dataclass(frozen=True, eq=False)
class JudgedList:
    """One viewer's list, and which of its films are targets.

    Attributes:
        hits: `bool[m]`, whether the film at each rank is a target.
        n_targets: how many targets there are, those not in the list included.
        k: where the list is cut.
        ratings: of the targets, those in the list first and in its order; empty where unknown.
    """

    hits: NDArray[np.bool_]
    n_targets: int
    k: int
    ratings: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        hits: Sequence[bool],
        n_targets: int,
        k: int | None = None,
        ratings: Sequence[float] = (),
    ) -> JudgedList:
        """A list as it is written down.

        Args:
            hits: whether the film at each rank is a target.
            n_targets: how many targets there are.
            k: where the list is cut; its length unless given.
            ratings: of all targets, or none: those in the list first and in its order.

        Raises:
            OptionError: no film, a cut below 1, fewer targets than hits, or ratings that are not
                one a target and above 0.
        """
        found = sum(map(bool, hits))
        if not len(hits):
            raise OptionError("the list has no film; give one 1 or 0 a rank, as in 1,0,1,0,0")
        if k is not None and k < 1:
            raise OptionError(f"the list must be cut at a rank of at least 1, not {k}")
        if n_targets < max(1, found):
            raise OptionError(
                f"there must be at least {max(1, found)} targets, as many as hits, not {n_targets}"
            )
        if len(ratings) not in (0, n_targets):
            raise OptionError(
                f"{n_targets} targets need {n_targets} ratings, not {len(ratings)}: first those "
                "in the list, in its order, then those it misses"
            )
        if not all(0 < rating <= _HIGHEST for rating in ratings):
            raise OptionError(f"ratings of targets must be above 0 and at most {_HIGHEST}")
        return cls(
            np.array(hits, dtype=np.bool_),
            n_targets,
            len(hits) if k is None else k,
            np.array(ratings, dtype=np.float64),
        )

    @property
    def padded(self) -> NDArray[np.bool_]:
        """`bool[1, k]`: a list shorter than k ends in misses."""
        own = self.own
        return np.pad(own, ((0, 0), (0, self.k - own.shape[1])))

    @property
    def own(self) -> NDArray[np.bool_]:
        """`bool[1, min(k, m)]`: the list at its own length."""
        return self.hits[None, : self.k]

    @property
    def whole(self) -> NDArray[np.bool_]:
        """`bool[1, m]`: the list without a cut."""
        return self.hits[None]

    @property
    def gains(self) -> NDArray[np.float64]:
        """`float64[1, k]`: the rating at each rank, 0 where there is no target."""
        gained = np.zeros(len(self.hits))
        gained[self.hits] = self.ratings[: np.count_nonzero(self.hits)]
        return np.pad(gained[: self.k], (0, self.padded.shape[1] - self.own.shape[1]))[None]

    @property
    def ideal(self) -> NDArray[np.float64]:
        """`float64[1, k]`: the highest ratings of targets, best first, then 0."""
        best = -np.sort(-self.ratings)[: self.k]
        return np.pad(best, (0, self.k - len(best)))[None]


@dataclass(frozen=True)
class Definition:
    """How a library defines a measure.

    Attributes:
        formula: in words; n is the number of targets.
        compute: the value for a list.
    """

    formula: str
    compute: Callable[[JudgedList], float]


def _of_hits(
    metric: Callable[..., NDArray[np.float64]], part: str = "padded"
) -> Callable[[JudgedList], float]:
    """A measure of hits on one part of the list: "padded", "own" or "whole"."""

    def compute(judged: JudgedList) -> float:
        return float(metric(getattr(judged, part), np.array([judged.n_targets]))[0])

    return compute


def _of_gains(metric: Callable[..., NDArray[np.float64]]) -> Callable[[JudgedList], float]:
    def compute(judged: JudgedList) -> float:
        return float(metric(judged.gains, judged.ideal)[0])

    return compute


_OVER_K = Definition("hits / k", _of_hits(precision))
_OVER_TARGETS = Definition("hits / n", _of_hits(recall))
_AP = Definition("sum of precision at hits / n", _of_hits(average_precision))
_AP_CAPPED = Definition(
    "sum of precision at hits / min(k, n)",
    _of_hits(partial(average_precision, denominator="capped")),
)
_NDCG = Definition("1/log2(rank+1), over that of min(k, n) hits", _of_hits(ndcg))
_RR = Definition("1 / rank of the first hit among the first k", _of_hits(reciprocal_rank))
_ANY = Definition("1 if any hit among the first k", _of_hits(hit_rate))
_LINEAR = Definition("rating/log2(rank+1), over that of the best order", _of_gains(graded_ndcg))

MEASURES: Mapping[str, Mapping[str, Definition]] = MappingProxyType(
    {
        "precision": {
            "trec_eval": _OVER_K,
            "RecTools": _OVER_K,
            "LensKit": Definition("hits / min(k, length of the list)", _of_hits(precision, "own")),
            "RecBole": _OVER_K,
            "Microsoft": _OVER_K,
        },
        "recall": {
            "trec_eval": _OVER_TARGETS,
            "RecTools": _OVER_TARGETS,
            "LensKit": Definition(
                "hits / min(k, n)", _of_hits(partial(recall, denominator="capped"))
            ),
            "RecBole": _OVER_TARGETS,
            "Microsoft": _OVER_TARGETS,
        },
        "MAP": {
            "trec_eval": _AP,
            "RecTools": _AP,
            "LensKit": Definition(
                "sum of precision at hits / min(k, n, length of the list)",
                _of_hits(partial(average_precision, denominator="capped"), "own"),
            ),
            "RecBole": _AP_CAPPED,
            "Microsoft": _AP_CAPPED,
        },
        "NDCG": {
            "trec_eval": _NDCG,
            "RecTools": Definition(
                "1/log2(rank+1), over that of k hits", _of_hits(partial(ndcg, perfect="k"))
            ),
            "LensKit": Definition(
                "1/max(1, log2(rank)), over that of min(k, n) hits",
                _of_hits(partial(ndcg, discount="log2(rank)")),
            ),
            "RecBole": _NDCG,
            "Microsoft": _NDCG,
        },
        "MRR": {
            "trec_eval": Definition(
                "1 / rank of the first hit, no cut at k", _of_hits(reciprocal_rank, "whole")
            ),
            "RecTools": _RR,
            "LensKit": _RR,
            "RecBole": _RR,
        },
        "hit rate": {
            "trec_eval": _ANY,
            "RecTools": _ANY,
            "LensKit": _ANY,
            "RecBole": _ANY,
        },
    }
)
"""Measures of hits, each with the definition of every library that has it."""

GRADED: Mapping[str, Mapping[str, Definition]] = MappingProxyType(
    {
        "NDCG, ratings": {
            "trec_eval": _LINEAR,
            "LensKit": Definition(
                "rating/max(1, log2(rank)), over that of the best order",
                _of_gains(partial(graded_ndcg, discount="log2(rank)")),
            ),
            "Microsoft": _LINEAR,
        },
        "NDCG, 2^rating-1": {
            "Microsoft": Definition(
                "(2^rating-1)/log2(rank+1), over that of the best order",
                _of_gains(partial(graded_ndcg, gain="exponential")),
            ),
        },
    }
)
"""Measures of the ratings of hits: LensKit's with `gain`, Microsoft's with `score_type` set."""
