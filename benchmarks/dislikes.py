"""Disliked films in the first ten (target A8): dislikes in the history against likes alone.

"levels" are the models' own weights of dislikes, "kinds" are these and the discounts for kinds of
films rated low (`pipeline.discounts`), as viewers are answered.

    python benchmarks/dislikes.py --data ml-100k --seeds 0 1 2
    python benchmarks/dislikes.py --data ml-1m --viewers 2999 --models ease --l2 300
    python benchmarks/dislikes.py --data ml-1m --viewers 2999 --models "auto choose_on=random"

Every viewer's ratings are split 80/10/10 at random. `levels` were chosen on the middle part
(docs/decisions/0039); here models learn from the first two parts and are asked for the last. A miss
is a film of the last part in the first ten that the viewer rated 2.5 or less; `misses` is their
share of the rated films in the first ten, over all viewers. `nDCG@10` is of likes, ratings of five
eighths of the scale and more. AUC is the share of pairs of a liked and a disliked film of the last
part that are in the right order. Intervals are 95%, by a paired bootstrap over viewers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

import matinee
from matinee.data import Histories, Interactions
from matinee.data.reason import LIKED
from matinee.metrics.gain import ndcg
from matinee.models import create
from matinee.pipeline.discounts import Discounts

_K = 10
_DISLIKED = 2.5
_DRAWS = 2000
_VIEWERS = 500

Counts = dict[str, NDArray[np.float64]]


def parts_of(ratings: Interactions, seed: int) -> NDArray[np.int64]:
    """0 (train), 1 (validation) or 2 (test) for every rating; tenths of each viewer's ratings."""
    order = np.random.default_rng(seed).permutation(len(ratings))
    order = order[np.argsort(ratings.users[order], kind="stable")]
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    starts = np.concatenate([[0], np.cumsum(counts)])
    owners = ratings.users[order]
    place, tenth = np.arange(len(order)) - starts[owners], np.floor(counts * 0.1 + 0.5)[owners]
    part = np.zeros(len(order), dtype=np.int64)
    part[order] = np.where(place < tenth, 2, np.where(place < 2 * tenth, 1, 0))
    return part


def judged(scores: NDArray[np.float32], asked: NDArray[np.float32], like: float) -> Counts:
    """Figures of each viewer, `float64[n]`; `asked` are the ratings of the test, 0 for none."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :_K]
    found = np.take_along_axis(asked, best, axis=1)
    auc = np.full(len(scores), np.nan)
    for row, (of_row, ratings) in enumerate(zip(scores, asked, strict=True)):
        liked, disliked = of_row[ratings >= like], of_row[(ratings > 0) & (ratings <= _DISLIKED)]
        if len(liked) and len(disliked):
            auc[row] = (liked[:, None] > disliked).mean()
    return {
        "nDCG@10": ndcg(found >= like, (asked >= like).sum(axis=1)),
        "misses": ((found > 0) & (found <= _DISLIKED)).sum(axis=1).astype(np.float64),
        "rated": (found > 0).sum(axis=1).astype(np.float64),
        "AUC": auc,
    }


def asked_of(
    model: str,
    options: dict[str, object],
    ratings: Interactions,
    seed: int,
    like: float,
    catalog: matinee.data.Catalog,
    fitted_on: int,
) -> tuple[Counts, Counts]:
    """Figures of a model, `fitted_on` the first parts and asked for the next one.

    Without discounts, and with them.
    """
    part = parts_of(ratings, seed)
    train, test = ratings.select(part < fitted_on), ratings.select(part == fitted_on)
    fitted = create(model, options).fit(train, catalog, rng=np.random.default_rng(seed))
    discounts = Discounts(catalog, ratings.scale)
    every: list[list[Counts]] = [[], []]
    for start in range(0, ratings.n_users, _VIEWERS):
        users = np.arange(start, min(start + _VIEWERS, ratings.n_users))
        histories = Histories.of_users(train, users)
        scores = fitted.scores(histories)
        losses = discounts.of(histories, scores)
        served = scores.copy() if losses is None else scores + losses
        asked = test.matrix[users].toarray()
        for found, each in zip(every, (scores, served), strict=True):
            each[histories.rows, histories.items] = -np.inf
            found.append(judged(each, asked, like))
    plain, served_counts = (
        {name: np.concatenate([each[name] for each in found]) for name in found[0]}
        for found in every
    )
    return plain, served_counts


def figures(counts: Counts, rows: NDArray[np.int64]) -> dict[str, float]:
    """Means over some viewers, and the misses of all of them together."""
    some = {name: values[rows] for name, values in counts.items()}
    return {
        "nDCG@10": float(np.nanmean(some["nDCG@10"])),
        "misses": float(some["misses"].sum() / max(some["rated"].sum(), 1)),
        "AUC": float(np.nanmean(some["AUC"])),
    }


def differences(before: Counts, after: Counts) -> Iterator[tuple[str, str]]:
    """Each figure, before -> after, and the interval of the difference; misses in percent."""
    n, rng = len(before["misses"]), np.random.default_rng(0)
    everyone = np.arange(n)
    old, new = figures(before, everyone), figures(after, everyone)
    draws = [rng.integers(n, size=n) for _ in range(_DRAWS)]
    pairs = [(figures(before, rows), figures(after, rows)) for rows in draws]
    for name in old:
        change = [
            b[name] / a[name] - 1 if name == "misses" else b[name] - a[name] for a, b in pairs
        ]
        low, high = np.quantile(change, [0.025, 0.975])
        if name == "misses":
            moved = f"{new[name] / old[name] - 1:+.1%} [{low:+.1%}, {high:+.1%}]"
        else:
            moved = f"{new[name] - old[name]:+.4f} [{low:+.4f}, {high:+.4f}]"
        yield name, f"{old[name]:.4f} -> {new[name]:.4f}  {moved}"


def main() -> None:
    """Prints one line for each model and figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="ml-100k")
    parser.add_argument(
        "--models", nargs="+", default=["ease", "ease-sparse", "ials", "bpr", "blend"]
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--l2", help="of the first model; its default otherwise")
    parser.add_argument("--levels", help="of all models; the default otherwise")
    parser.add_argument("--viewers", type=int, help="only those with an id up to this number")
    parser.add_argument("--validation", action="store_true", help="ask for the middle part instead")
    options = parser.parse_args()
    data = matinee.load(options.data)
    ratings = data.interactions
    if options.viewers:
        ids = np.array([int(each) for each in ratings.user_ids.ids])
        ratings = ratings.select(ids[ratings.users] <= options.viewers)
    low, high = ratings.scale
    like = low + LIKED * (high - low)
    for place, model in enumerate(options.models):
        name, *written = model.split()
        more = dict(each.split("=", 1) for each in written)
        more |= {"l2": options.l2} if options.l2 and place == 0 else {}
        own = {"levels": options.levels} if options.levels else {}
        both: list[Counts] = []
        for extra in ({"min_rating": like}, {"like_from": like, **own}):
            runs = [
                asked_of(
                    name,
                    more | extra,
                    ratings,
                    seed,
                    like,
                    data.catalog,
                    1 if options.validation else 2,
                )
                for seed in options.seeds
            ]
            both += [
                {figure: np.stack([each[figure] for each in some], axis=1) for figure in some[0]}
                for some in zip(*runs, strict=True)
            ]
        likes, _, levels, kinds = both
        for form, after in (("levels", levels), ("kinds", kinds)):
            for figure, text in differences(likes, after):
                print(f"{options.data:16} {model:12} {form:7} {figure:8} {text}", flush=True)


if __name__ == "__main__":
    main()
