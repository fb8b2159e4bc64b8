"""Compares two recommenders on a site's newest ratings, which neither has seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, Interactions, Vocabulary
from matinee.data.splits.existence import first_instants
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.experiments.statistics.bootstrap import Interval, interval, resampled_means
from matinee.experiments.statistics.sample import Sample
from matinee.metrics.gain import ndcg
from matinee.models import Model
from matinee.service.train import liked_from

__all__ = ["FEWEST", "Answerer", "Comparison", "Future", "compare", "newest", "quality"]

FEWEST = 5
"""Viewers below which two models are not compared."""
_ENOUGH = 20
"""Viewers to compare on, where there are that many."""
_SHARE = 0.2
"""Part of the new likes that are targets, at least."""
_MOST = 0.5
"""Part of the new likes that are targets, at most: the candidate learns from the rest."""
_K = 10
_BLOCK_SCORES = 2**22


@dataclass(frozen=True, eq=False)
class Future:
    """A point in time after which likes are to be found.

    Attributes:
        since: Unix seconds of the first target.
        past: what a candidate is fitted to: everything but the new ratings from `since` on.
        users: `int[n]`, users with a target, rows of `past.user_ids`.
        targets: `float32[n, n_items]`, new likes from `since` on.
        seen: `float32[n, n_items]`, films that these users rated, not to rank.
        missing: `bool[n_items]`, films that did not exist at `since`, not to rank either.
        histories: the ratings of these users before `since`, and no others.
    """

    since: int
    past: Interactions
    users: NDArray[np.int64]
    targets: sp.csr_array
    seen: sp.csr_array
    missing: NDArray[np.bool_]
    histories: Interactions


@dataclass(frozen=True, eq=False)
class Answerer:
    """A fitted model, and the rows of its films in the data that it is compared on.

    Attributes:
        model: fitted.
        item_ids: of the model.
        rows: `int64[model.n_items]`, row of each of its films in the data, or -1.
    """

    model: Model
    item_ids: Vocabulary
    rows: NDArray[np.int64]

    def scores(self, ratings: Interactions, users: NDArray[np.int64]) -> NDArray[np.float32]:
        """`float32[n, n_items]` over the films of the data; films it lacks come last."""
        n_items, known = ratings.n_items, self.rows >= 0
        if n_items == len(self.rows) and np.array_equal(self.rows, np.arange(n_items)):
            return self.model.scores(Histories.of_users(ratings, users))
        own = np.full(n_items, -1, dtype=np.int32)
        own[self.rows[known]] = np.flatnonzero(known)
        theirs = ratings.select(own[ratings.items] >= 0)
        mapped = replace(theirs, items=own[theirs.items], item_ids=self.item_ids)
        by_model = self.model.scores(Histories.of_users(mapped, users))
        last = by_model.min(axis=1, keepdims=True) - 1
        scores = np.repeat(last, n_items, axis=1)
        scores[:, self.rows[known]] = by_model[:, known]
        return scores


@dataclass(frozen=True)
class Comparison:
    """A candidate and the live model on the same future.

    Attributes:
        since: Unix seconds from which likes were to be found.
        viewers: with a like to find.
        newcomers: of these without a rating before.
        likes: to be found.
        candidate: mean NDCG@10 of the candidate.
        live: of the live model.
        interval: of the difference, candidate less live, by a paired bootstrap over viewers.
    """

    since: int
    viewers: int
    newcomers: int
    likes: int
    candidate: float
    live: float
    interval: Interval

    @property
    def worse(self) -> bool:
        """Whether the candidate is certainly worse."""
        return self.interval.high < 0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": f"ndcg@{_K}",
            "since": self.since,
            "viewers": self.viewers,
            "newcomers": self.newcomers,
            "likes": self.likes,
            "candidate": self.candidate,
            "live": self.live,
            "difference": self.candidate - self.live,
            "interval": [self.interval.low, self.interval.high],
        }

    def __str__(self) -> str:
        low, high = self.interval.low, self.interval.high
        return (
            f"NDCG@{_K} of {self.likes:,} new likes of {self.viewers:,} viewers: candidate "
            f"{self.candidate:.4f}, live {self.live:.4f}, difference "
            f"{self.candidate - self.live:+.4f} [{low:+.4f}, {high:+.4f}]"
        )


def newest(ratings: Interactions, fresh: NDArray[np.bool_], years: NDArray[np.integer]) -> Future:
    """The last part of the new likes in time as a question about the future.

    It has the likes of at least twenty viewers and a fifth of all, but no more than half, so that
    the candidate has new ratings to learn from.

    Args:
        ratings: everything, each viewer and film once.
        fresh: `bool[n]`, ratings that the live model has not seen.
        years: of the films, 0 where unknown; nobody is asked for a film before it exists.
    """
    threshold = liked_from(ratings)
    likes = fresh if threshold is None else fresh & (ratings.values >= threshold)
    exists = first_instants(ratings, years)
    since = _since(ratings.times[likes], ratings.users[likes])
    later = likes & (ratings.times >= since)
    missing = np.zeros(ratings.n_items, np.bool_) if exists is None else exists > since
    later &= ~missing[ratings.items]
    past = ratings.select(~(fresh & (ratings.times >= since)))
    users = np.unique(ratings.users[later]).astype(np.int64)
    return Future(
        since,
        past,
        users,
        ratings.select(later).matrix[users],
        past.matrix[users],
        missing,
        past.select(past.times < since),
    )


def _since(times: NDArray[np.int64], users: NDArray[np.int32]) -> int:
    """The time of the first target; beyond every time if there are no likes."""
    n = len(times)
    if n == 0:
        return int(np.iinfo(np.int64).max)
    latest = np.argsort(-times, kind="stable")
    _, firsts = np.unique(users[latest], return_index=True)
    firsts.sort()
    enough = firsts[_ENOUGH - 1] + 1 if len(firsts) >= _ENOUGH else n
    wanted = min(max(int(np.ceil(_SHARE * n)), enough), max(1, int(np.ceil(_MOST * n))))
    return int(times[latest[wanted - 1]])


def compare(candidate: Answerer, live: Answerer, future: Future) -> Comparison:
    """Both models on the same future, all unseen films ranked, ties against each."""
    values = np.stack([quality(each, future) for each in (candidate, live)], axis=1)
    n, ones = len(future.users), np.ones(1)
    difference = values[:, :1] - values[:, 1:]
    sample = Sample(future.users, np.ones((n, 1)), difference, ones)
    with_history = np.unique(future.histories.users)
    means = values.mean(axis=0)
    return Comparison(
        since=future.since,
        viewers=n,
        newcomers=int(np.count_nonzero(~np.isin(future.users, with_history))),
        likes=int(future.targets.nnz),
        candidate=float(means[0]),
        live=float(means[1]),
        interval=interval(resampled_means([sample])[:, 0]),
    )


def quality(answerer: Answerer, future: Future) -> NDArray[np.float64]:
    """NDCG@10 of each user of a future, `float64[n]`; a block of users at a time."""
    step = max(1, _BLOCK_SCORES // future.past.n_items)
    parts = []
    for start in range(0, len(future.users), step):
        rows = slice(start, start + step)
        scores = answerer.scores(future.histories, future.users[rows])
        targets, seen = future.targets[rows], future.seen[rows]
        if future.missing.any():
            seen = seen + sp.csr_array(np.broadcast_to(future.missing, seen.shape).astype(float))
        lists = ranked_lists(scores, targets, sp.csr_array(seen), _K)
        parts.append(ndcg(lists.hits, np.diff(targets.indptr)))
    return np.concatenate(parts)
