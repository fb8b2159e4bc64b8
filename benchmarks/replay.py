"""Claim L1: a site that retrains recommends better than one that only folds histories in.

    python benchmarks/replay.py [small|100k] [--days N] [--every 1 7 30] [--model NAME]

Replays the last days with ratings of MovieLens latest-small (or of 100K) through a site. The data
set up to then is the base; after that every rating is recorded as an event on the day it was given.
Sites that retrain every night, week or month are compared with one that never does. All of them
fold in what a viewer has rated before the day. NDCG@10 of the likes of the day, over all films that
exist, without those the viewer has rated; differences with a 95% interval of a paired bootstrap
over viewers, each with all their days. By default the last 20 days; `--days 0` takes the last fifth
of the ratings.
"""

from __future__ import annotations

import argparse
import tempfile
import time as clock
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import matinee
from matinee.data import Dataset, Interactions
from matinee.data.splits.existence import first_instants
from matinee.experiments.statistics.bootstrap import interval, resampled_means
from matinee.experiments.statistics.sample import Sample
from matinee.service.future import Answerer, Future, quality
from matinee.service.promote import install
from matinee.service.record import Event, record
from matinee.service.retrain import retrain
from matinee.service.site import Site
from matinee.service.train import liked_from, train

_DATA = {"small": "ml-latest-small", "100k": "ml-100k"}
_DAY = 86_400
_LAST = 0.2
"""Part of the ratings that is replayed if the number of days is not given."""


@dataclass(eq=False)
class Arm:
    """One site and what it reached.

    Attributes:
        every: days between two retrains; 0 for none.
        users: of every answer, rows of the data.
        values: NDCG@10 of every answer.
        outcomes: of its retrains.
    """

    every: int
    site: Site
    users: list[NDArray[np.int64]] = field(default_factory=list)
    values: list[NDArray[np.float64]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def answer(self, future: Future) -> None:
        """Adds the quality of the live model on one day."""
        recommender = self.site.live().recommender
        rows = np.arange(len(recommender.catalog))
        answerer = Answerer(recommender.model, recommender.catalog.item_ids, rows)
        self.users.append(future.users)
        self.values.append(quality(answerer, future))

    def nights(self, base: Dataset, first: int, last: int) -> None:
        """Retrains once if one of these nights, counted from the first day, is this site's.

        Nothing happens on the days between them, so a second retrain would find nothing new.
        """
        if self.every and any(number % self.every == 0 for number in range(first, last + 1)):
            started = clock.perf_counter()
            self.outcomes[retrain(self.site, base).outcome] += 1
            self.seconds += clock.perf_counter() - started


def main() -> None:
    """Prints a row for each site."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data", nargs="?", default="small", choices=_DATA)
    parser.add_argument("--days", type=int, default=20, help="days with ratings; 0 for a fifth")
    parser.add_argument("--every", type=int, nargs="+", default=[1, 7, 30], help="days")
    parser.add_argument("--model", default="ease-sparse")
    options = parser.parse_args()
    dataset = matinee.load(_DATA[options.data])
    ratings = dataset.interactions.latest()
    days = np.unique(ratings.times // _DAY)
    share = np.quantile(ratings.times, 1 - _LAST) // _DAY
    days = days[-options.days :] if options.days else days[days > share]
    base = replace(dataset, interactions=ratings.select(ratings.times < days[0] * _DAY), folds=None)
    with tempfile.TemporaryDirectory() as folder:
        arms = [
            _arm(Path(folder) / str(every), base, options.model, every)
            for every in (0, *options.every)
        ]
        replay(arms, base, ratings, days)
        print(
            f"{dataset.name}, {options.model}: {len(days)} days from "
            f"{days[0].astype('datetime64[D]')}, {len(base.interactions):,} ratings before"
        )
        print_table(arms)
        for arm in arms:
            arm.site.close()


def replay(arms: list[Arm], base: Dataset, ratings: Interactions, days: NDArray[np.int64]) -> None:
    """Lives through the days: answers, then the day's ratings, then the night."""
    exists = first_instants(ratings, base.catalog.years)
    first = previous = int(days[0])
    for day in days.tolist():
        future = _day(ratings, day * _DAY, exists)
        for arm in arms:
            arm.nights(base, previous - first + 1, day - first)
            if len(future.users):
                arm.answer(future)
            for block in _events(ratings, day, base.label):
                record(arm.site, block)
        previous = day


def _arm(folder: Path, base: Dataset, model: str, every: int) -> Arm:
    site = Site.open(f"sqlite:///{folder}/matinee.db", folder / "artefacts")
    install(site, base, train(base, model), options=())
    return Arm(every, site)


def _day(ratings: Interactions, start: int, exists: NDArray[np.int64] | None) -> Future:
    """The likes of one day, and everything before it."""
    past = ratings.select(ratings.times < start)
    lowest = liked_from(ratings)
    missing = np.zeros(ratings.n_items, np.bool_) if exists is None else exists >= start + _DAY
    liked = ratings.values >= (-np.inf if lowest is None else lowest)
    today = ratings.select((ratings.times // _DAY == start // _DAY) & liked)
    users = np.unique(today.users).astype(np.int64)
    return Future(start, past, users, today.matrix[users], past.matrix[users], missing, past)


def _events(ratings: Interactions, day: int, label: str) -> Iterator[list[Event]]:
    today = ratings.select(ratings.times // _DAY == day)
    columns = (today.users, today.items, today.values, today.times)
    events = [
        Event(
            id=f"{user}-{item}",
            viewer=f"{label}/{ratings.user_ids.ids[user]}",
            type="rating",
            item=str(ratings.item_ids.ids[item]),
            value=float(value),
            time=int(time),
        )
        for user, item, value, time in zip(*columns, strict=True)
    ]
    for start in range(0, len(events), 1_000):
        yield events[start : start + 1_000]


def print_table(arms: list[Arm]) -> None:
    """NDCG@10 of each site, and the difference from the one that never retrains."""
    reference = np.concatenate(arms[0].values)
    users = np.concatenate(arms[0].users)
    print(f"{len(users):,} answers to {len(np.unique(users)):,} viewers")
    for arm in arms:
        values = np.concatenate(arm.values)
        low, high = _interval(users, values - reference)
        name = f"every {arm.every} days" if arm.every else "never"
        done = ", ".join(f"{count} {outcome}" for outcome, count in arm.outcomes.items())
        print(
            f"{name:14} {values.mean():.4f}  {values.mean() - reference.mean():+.4f} "
            f"[{low:+.4f}, {high:+.4f}]  {arm.seconds:6.1f} s  {done}"
        )


def _interval(users: NDArray[np.int64], differences: NDArray[np.float64]) -> tuple[float, float]:
    viewers, own = np.unique(users, return_inverse=True)
    counts = np.bincount(own).astype(np.float64)
    means = np.bincount(own, differences) / counts
    sample = Sample(viewers, counts[:, None], means[:, None], np.ones(1))
    found = interval(resampled_means([sample], resamples=2_000)[:, 0])
    return found.low, found.high


if __name__ == "__main__":
    main()
