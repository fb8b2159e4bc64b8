"""Claim A7: NDCG@10 of `time` >= .310 on MovieLens 1M and >= .405 on ml-latest-small.

    python benchmarks/tomorrow.py [100k] [small] [1m] [--cuts] [--parts]

Ratings of 4 or more (MovieLens 100K: all), the product's own cut after four fifths of the ratings.
As in `evaluate`, no film is ranked before it exists. Viewers with and without a history are also
shown apart. `--cuts` asks the same of seven cuts with a common horizon of a fifth of the ratings,
and gives the ranker's gain over the half-life of `trending` that is best in hindsight, with a 95%
interval of a paired bootstrap over viewers. `--parts` leaves out groups of signals and personal
scores, one at a time.
"""

from __future__ import annotations

import argparse
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

import matinee
from matinee.data import Catalog, Dataset, Histories
from matinee.data.splits import Split
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.scoring import rank_split
from matinee.metrics.gain import ndcg
from matinee.models import create
from matinee.models._ranker import samples
from matinee.models._ranker.film_signals import FilmSignals, common_features
from matinee.models._ranker.instant import Instant, context_of

_DATA: dict[str, tuple[str, float | None]] = {
    "100k": ("ml-100k", None),
    "small": ("ml-latest-small", 4),
    "1m": ("ml-1m", 4),
}
_TRENDING = tuple(f"trending half_life={days}" for days in (1, 7, 30, 90, 180, 365, 1000))
_MODELS = ("popular", *_TRENDING, "ease", "ials", "ease-sparse", "ranker")
_SHARES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
_HORIZON = 0.2
_K = 10
_DRAWS = 2000


@dataclass(frozen=True)
class Reached:
    """NDCG@10 of viewers, `users` as rows of the data, and which of them have a history."""

    users: NDArray[np.int32]
    quality: NDArray[np.float64]
    known: NDArray[np.bool_]
    seconds: float


def main() -> None:
    """Prints a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data", nargs="*", default=list(_DATA), metavar="|".join(_DATA))
    parser.add_argument("--cuts", action="store_true", help="seven cuts with a common horizon")
    parser.add_argument("--parts", action="store_true", help="leave out parts of the ranker")
    options = parser.parse_args()
    if unknown := set(options.data) - set(_DATA):
        parser.error(f"no such data: {', '.join(sorted(unknown))}; known: {', '.join(_DATA)}")
    for name in options.data:
        data, lowest = _DATA[name]
        dataset = matinee.load(data)
        if options.cuts:
            several_cuts(data, dataset, lowest)
        elif options.parts:
            without_parts(data, dataset, lowest)
        else:
            own_cut(data, dataset, lowest)


def own_cut(data: str, dataset: Dataset, lowest: float | None) -> None:
    """The product's own cut: models, viewers with and without history, seconds of a fit."""
    (division,) = protocols.divide("time", dataset, min_rating=lowest)
    print(f"{data}, {division.test.name}: NDCG@10 of all, known and new viewers; fit")
    for model in _MODELS:
        _show(model, reached(model, division.test, dataset.catalog))


def several_cuts(data: str, dataset: Dataset, lowest: float | None) -> None:
    """The ranker's gain over each other model, over cuts and viewers."""
    compared = ("popular", *_TRENDING, "ranker")
    found: dict[str, list[Reached]] = {model: [] for model in compared}
    for split in _cuts(dataset, lowest):
        for model in compared:
            found[model].append(reached(model, split, dataset.catalog))
        shown = (f"{found[model][-1].quality.mean():.4f}" for model in ("popular", "ranker"))
        print(f"{data}, {split.name}: popular and ranker {' '.join(shown)}", flush=True)
    own = np.concatenate([each.quality for each in found["ranker"]])
    known = np.concatenate([each.known for each in found["ranker"]])
    users = np.concatenate([each.users for each in found["ranker"]])
    print(f"{data}, {len(_SHARES)} cuts: all, known and new viewers; gain of the ranker over it")
    for model, cuts in found.items():
        quality = np.concatenate([each.quality for each in cuts])
        low, high = interval(users, own - quality)
        means = " ".join(f"{quality[rows].mean():.4f}" for rows in (known | ~known, known, ~known))
        print(f"  {model:24} {means}  {np.mean(own - quality):+.4f} [{low:+.4f}, {high:+.4f}]")


def without_parts(data: str, dataset: Dataset, lowest: float | None) -> None:
    """What each group of features adds, at the product's own cut and at that of its validation."""
    (division,) = protocols.divide("time", dataset, min_rating=lowest)
    print(f"{data}: NDCG@10 of all, known and new viewers; fit")
    for split in division:
        print(f"  {split.name}")
        _show("ranker", reached("ranker", split, dataset.catalog))
        for group, leave_out in _LEFT_OUT.items():
            with leave_out():
                _show(f"without {group}", reached("ranker", split, dataset.catalog))


def reached(text: str, split: Split, catalog: Catalog) -> Reached:
    """Quality of a model, written with its options, on a split."""
    name, *options = text.split()
    model = create(name, dict(option.split("=") for option in options))
    begin = clock.perf_counter()
    model.fit(split.train, catalog, rng=np.random.default_rng(0))
    seconds = clock.perf_counter() - begin
    quality = ndcg(rank_split(model, split, _K).hits, np.diff(split.targets.indptr))
    return Reached(split.users, quality, split.histories.lengths > 0, seconds)


def interval(users: NDArray[np.int32], gains: NDArray[np.float64]) -> tuple[float, float]:
    """95% interval of a mean gain, by a bootstrap over viewers with all their cuts."""
    rng = np.random.default_rng(0)
    _, rows = np.unique(users, return_inverse=True)
    sums, counts = np.bincount(rows, weights=gains), np.bincount(rows)
    drawn = rng.integers(len(counts), size=(_DRAWS, len(counts)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _of_signals(left_out: Callable[[str], bool]) -> Any:
    """Signals of films with some of them at 0, which get a weight of 0."""

    def features(signals: FilmSignals, *, known: bool) -> NDArray[np.float32]:
        kept = [not left_out(name) for name in signals.names]
        values = signals.values * np.array(kept, dtype=np.float32)
        return common_features(replace(signals, values=values), known=known)

    return mock.patch.object(samples, "common_features", features)


def _of_personal(left_out: slice) -> Any:
    """Personal scores with some of them at 0, in the order of the parts and `TASTES`."""
    original = Instant.personal

    def personal(self: Instant, histories: Histories, weights: sp.csr_array) -> Any:
        for place, scores in enumerate(original(self, histories, weights)):
            yield np.zeros_like(scores) if place in range(5)[left_out] else scores

    return mock.patch.object(Instant, "personal", personal)


def _of_context() -> Any:
    def context(histories: Histories, now: int) -> NDArray[np.float32]:
        return np.zeros_like(context_of(histories, now))

    return mock.patch.object(samples, "context_of", context)


_LEFT_OUT: dict[str, Callable[[], Any]] = {
    "popularity of days": lambda: _of_signals(lambda name: name.endswith((" 1d", " 3d", " 7d"))),
    "popularity of months": lambda: _of_signals(lambda name: name.endswith((" 30d", " 90d"))),
    "popularity by ratings": lambda: _of_signals(lambda name: name.endswith(" ratings")),
    "mean rating": lambda: _of_signals(lambda name: name == "mean rating"),
    "newness": lambda: _of_signals(lambda name: name in ("new", "recent")),
    "first days, last rating": lambda: _of_signals(lambda name: name.startswith(("first", "last"))),
    "activity of viewers": _of_context,
    "ease-sparse": lambda: _of_personal(slice(0, 1)),
    "ials": lambda: _of_personal(slice(1, 2)),
    "both": lambda: _of_personal(slice(0, 2)),
    "tastes": lambda: _of_personal(slice(2, 5)),
    "all personal scores": lambda: _of_personal(slice(0, 5)),
}


def _cuts(dataset: Dataset, lowest: float | None) -> Iterator[Split]:
    """Splits whose training is a growing share, and whose targets are the next fifth."""
    ratings = dataset.interactions
    counted = ratings.values >= (ratings.values.min() if lowest is None else lowest)
    ordered = np.sort(ratings.times[counted])
    for share in _SHARES:
        last = ordered[min(int((share + _HORIZON) * len(ordered)), len(ordered) - 1)]
        inside = replace(dataset, interactions=ratings.select(ratings.times <= last))
        cut = Cut(share=min(share / (share + _HORIZON), 0.95))
        (division,) = protocols.divide("time", inside, min_rating=lowest, cut=cut)
        yield division.test


def _show(label: str, found: Reached) -> None:
    groups = (found.known | ~found.known, found.known, ~found.known)
    means = " ".join(f"{found.quality[rows].mean():.4f}" for rows in groups)
    print(f"  {label:28} {means} {found.seconds:7.1f} s", flush=True)


if __name__ == "__main__":
    main()
