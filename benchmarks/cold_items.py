"""Claim A5: films without ratings are ranked better than by any reference.

    python benchmarks/cold_items.py ml-100k [--seeds 0 1 2] [--lightfm PYTHON]

Protocol `cold`: a fifth of the films is held out, NDCG@10 over these. All models use the same film
features (`matinee.content.description`) and choose options on the validation films of the same
seed; the test is used once. References:

- `content`, and content kNN: cosine of a film with the films of the history, on those features;
- MARec (Monteil et al., "MARec: Metadata Alignment for cold-start Recommendation", RecSys 2024) in
  closed form, equations 8 and 9, field weights by its weighted regression; see `marec`;
- LightFM with WARP and the features (Kula 2015), if a Python with it is named; the package
  rectools-lightfm builds where the original does not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.description import field_blocks, film_features
from matinee.data import Catalog, Interactions
from matinee.data.fetching.cache import Cache
from matinee.data.splits import Split
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.ranking import ranked_lists
from matinee.metrics.gain import ndcg
from matinee.models import create
from matinee.service.datasets import load
from matinee.settings import load_settings

_K = 10
_Options = Mapping[str, float]
_Scorer = Callable[[Split, Catalog, _Options], NDArray[np.float32]]


def main() -> None:
    """Prints every model on every seed, and the means."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--lightfm", type=Path, help="a Python that has LightFM")
    parser.add_argument(
        "--default", action="store_true", help="ease-content takes its defaults, others choose"
    )
    options = parser.parse_args()
    settings = load_settings()
    dataset = load(options.data, Cache(home=settings.home, mirror=settings.mirror))
    grids: dict[str, tuple[_Scorer, dict[str, list[float]]]] = {
        "content": (_own("content"), {"l2": [0.01, 0.02, 0.04], "audience": [0.6, 1.0]}),
        "content kNN, same features": (neighbours, {}),
        "MARec": (marec, {"l2": [50, 200, 1000, 5000]}),
        "ease-content": (_own("ease-content"), {"l2": [100, 300], "feature_l2": [2, 4, 8]}),
        "ials-content": (
            _own("ials-content"),
            {"l2": [0.005, 0.01], "feature_l2": [2.5, 5, 10]},
        ),
    }
    if options.default:
        grids["ease-content"] = (_own("ease-content"), {})
    if options.lightfm:
        grids["LightFM"] = (_lightfm(options.lightfm), {"epochs": [10, 30], "components": [32]})
    found: dict[str, list[float]] = {name: [] for name in grids}
    for seed in options.seeds:
        (division,) = protocols.divide("cold", dataset, seed=seed)
        for name, (scorer, grid) in grids.items():
            validate = partial(_ndcg, scorer, division.validation, dataset.catalog)
            tried = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
            best = max(tried, key=validate) if len(tried) > 1 else tried[0]
            found[name].append(_ndcg(scorer, division.test, dataset.catalog, best))
            print(f"seed {seed}  {name:28}{found[name][-1]:.4f}  {best}", flush=True)
    print(f"\n{options.data}, cold, NDCG@{_K}, mean of {len(options.seeds)} seeds")
    for name, values in sorted(found.items(), key=lambda each: -float(np.mean(each[1]))):
        print(f"{name:28}{np.mean(values):.4f}")


def neighbours(
    split: Split,
    catalog: Catalog,
    options: _Options,  # noqa: ARG001 - there is nothing to choose
) -> NDArray[np.float32]:
    """The sum of a film's cosines with the films of the history."""
    return _ones(split.histories.ratings) @ neighbour_weights(catalog)


def neighbour_weights(catalog: Catalog) -> NDArray[np.float32]:
    """Cosines of all pairs of films, `float32[n_items, n_items]`."""
    films = film_features(catalog)
    norms = np.sqrt(films.multiply(films).sum(axis=1))
    films = sp.csr_array(films.multiply(1 / np.maximum(norms, 1e-9)[:, None]))
    return (films @ films.T).toarray().astype(np.float32)


def marec(split: Split, catalog: Catalog, options: _Options) -> NDArray[np.float32]:
    """MARec's scores for films without likes."""
    return _ones(split.histories.ratings) @ marec_weights(split.train, catalog, options["l2"])


def marec_weights(train: Interactions, catalog: Catalog, l2: float) -> NDArray[np.float32]:
    """MARec's weights to films without likes, `float32[n_items, n_items]`, others 0.

    By the push-through identity in the viewers' space. The weights are `(X'Z + l2 I)^-1 X'Z` less a
    term for the diagonal, where `Z` is `X` plus `beta` times the aligned scores `Xa` in the columns
    of films without likes. There the diagonal's term is zero, and the weights are
    `beta X' (X X' + l2 I)^-1 Xa`: `beta` does not change the order of films without likes, and is
    left out.
    """
    behaviour = _ones(train.matrix).toarray().astype(np.float64)
    cold = ~behaviour.any(axis=0)
    aligned = _aligned(behaviour, catalog)
    system = behaviour @ behaviour.T + l2 * np.eye(len(behaviour))
    weights = np.zeros((behaviour.shape[1],) * 2, dtype=np.float32)
    weights[:, cold] = behaviour.T @ np.linalg.solve(system, aligned[:, cold])
    return weights


def _aligned(behaviour: NDArray[np.float64], catalog: Catalog) -> NDArray[np.float64]:
    """`sum of mu_f X G_f` over fields; `mu` by regression on X, ones weighing 1, zeros 0.2."""
    parts = []
    for field in field_blocks(catalog).values():
        own = np.asarray(field.multiply(field).sum(axis=1)).ravel()  # a film is not its own like
        parts.append((behaviour @ field) @ field.T - behaviour * own)
    weights = np.sqrt(np.where(behaviour > 0, 1.0, 0.2)).ravel()
    columns = np.stack([weights, *(part.ravel() * weights for part in parts)])
    shares = np.linalg.lstsq(columns @ columns.T, columns @ (behaviour.ravel() * weights))[0][1:]
    return sum(
        (share * part for share, part in zip(shares, parts, strict=True)), np.zeros_like(behaviour)
    )


def _own(name: str) -> _Scorer:
    def scores(split: Split, catalog: Catalog, options: _Options) -> NDArray[np.float32]:
        rng = np.random.default_rng(0)
        return create(name, options).fit(split.train, catalog, rng=rng).scores(split.histories)

    return scores


def _lightfm(python: Path) -> _Scorer:
    script = Path(__file__).parent / "peers" / "cold_items.py"

    def scores(split: Split, catalog: Catalog, options: _Options) -> NDArray[np.float32]:
        with tempfile.TemporaryDirectory() as folder:
            sp.save_npz(Path(folder) / "train.npz", _ones(split.train.matrix))
            sp.save_npz(Path(folder) / "films.npz", film_features(catalog))
            np.save(Path(folder) / "users.npy", split.users)
            command = [str(python), str(script), folder, json.dumps(dict(options))]
            subprocess.run(command, check=True, capture_output=True)
            answered: NDArray[np.float32] = np.load(Path(folder) / "scores.npy")
        return answered

    return scores


def _ones(matrix: sp.csr_array) -> sp.csr_array:
    ones = np.ones(matrix.nnz, dtype=np.float32)
    return sp.csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _ndcg(scorer: _Scorer, split: Split, catalog: Catalog, options: _Options) -> float:
    scores = scorer(split, catalog, options)
    hits = ranked_lists(scores, split.targets, split.unranked(), _K).hits
    return float(ndcg(hits, np.diff(split.targets.indptr)).mean())


if __name__ == "__main__":
    main()
