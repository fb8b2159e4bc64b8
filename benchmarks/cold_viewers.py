"""New viewers of known gender, age and occupation are answered better than by popularity.

    python benchmarks/cold_viewers.py ml-100k [--seeds 0 1 2]

Protocol `cold-viewers`: a tenth of the viewers is held out, with histories of 0, 1, 3, 5 and 10
ratings; NDCG@10 of the last fifth of their ratings. Options are chosen on validation viewers of the
same seed, once for the full curve; the test is used once. `ials-content` is also measured without
attributes, in training and in queries, to show their gain.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.data.fetching.cache import Cache
from matinee.data.splits import Division, Split
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.scoring import rank_split
from matinee.metrics.gain import ndcg
from matinee.models import Model, create
from matinee.service.datasets import load
from matinee.settings import load_settings

_K = 10
_MODELS = ("popular", "ials", "dlae", "ials-content")
_BARE = "ials-content, no attributes"


def main() -> None:
    """Prints every model on every seed, the means along the curve, and the gain of attributes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options = parser.parse_args()
    settings = load_settings()
    dataset = load(options.data, Cache(home=settings.home, mirror=settings.mirror))
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in (*_MODELS, _BARE)}
    points: list[str] = []
    for seed in options.seeds:
        curve = protocols.divide("cold-viewers", dataset, seed=seed)
        points = [point.test.name for point in curve]
        for name, reached in found.items():
            asked = [_bare(point) for point in curve] if name == _BARE else curve
            model = _chosen(name.partition(",")[0], asked[0], dataset.catalog)
            reached.append(np.array([_ndcg(model, point.test) for point in asked]))
            values = "".join(f"{value:9.4f}" for value in reached[-1].mean(axis=1))
            print(f"seed {seed}  {name:30}{values}  {model.config!r}", flush=True)
    print(f"\n{options.data}, cold-viewers, NDCG@{_K}, mean of {len(options.seeds)} seeds")
    print(f"{'':30}{''.join(f'{point:>10}' for point in points)}{'mean':>10}")
    for name, reached in found.items():
        _print_row(name, np.concatenate(reached, axis=1).mean(axis=1))
    for other in ("popular", _BARE):
        _print_gain(other, np.concatenate(found["ials-content"], axis=1), found[other])


def _print_row(name: str, values: NDArray[np.float64]) -> None:
    print(f"{name:30}{''.join(f'{value:10.4f}' for value in (*values, values.mean()))}")


def _print_gain(name: str, own: NDArray[np.float64], others: Sequence[NDArray[np.float64]]) -> None:
    """The mean gain of `ials-content` over another, and its standard error over viewers."""
    gains = own - np.concatenate(others, axis=1)
    errors = gains.std(axis=1, ddof=1) / np.sqrt(gains.shape[1])
    pairs = zip(gains.mean(axis=1), errors, strict=True)
    print(f"gain over {name}: " + ", ".join(f"{gain:+.4f} ± {error:.4f}" for gain, error in pairs))


def _chosen(name: str, division: Division, catalog: Catalog) -> Model:
    """The model with the best candidates on validation, as fitted there.

    Training is the same for validation and all tests.
    """
    candidates = type(create(name)).Config.candidates()
    split = division.validation
    best, most = None, -np.inf
    for values in product(*candidates.values()):
        model = create(name, dict(zip(candidates, values, strict=True)))
        model.fit(split.train, catalog, rng=np.random.default_rng(0))
        reached = _ndcg(model, split).mean()
        if reached > most:
            best, most = model, reached
    if best is None:
        raise ValueError(f"{name} has no candidates")
    return best


def _ndcg(model: Model, split: Split) -> NDArray[np.float64]:
    return ndcg(rank_split(model, split, _K).hits, np.diff(split.targets.indptr))


def _bare(division: Division) -> Division:
    """The same data without attributes of viewers."""
    splits = (
        replace(split, train=replace(split.train, attributes=None), context=None)
        for split in division
    )
    return Division(*splits)


if __name__ == "__main__":
    main()
