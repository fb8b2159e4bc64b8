"""Claim P6: an EASE fit costs at most 1.3 times the matrix inversion that it cannot do without.

    python benchmarks/ease.py [--viewers 5000] [--films 3500] [--likes 500000] [--rounds 3]

The inversion is LAPACK's Cholesky factor and inverse (dpotrf, dpotri) of the same matrix, in place;
the fit also counts common viewers, makes the weights and the prior. In turn, in one process. Likes
are generated, by films' long-tailed popularity. Try --films 20000 --viewers 50000 --likes 2000000.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np
from scipy.linalg import lapack

from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.experiments.cost import peak_memory
from matinee.models import create
from matinee.models._item_to_item import gram_of

_L2 = 300.0


def main() -> None:
    """Measure both sides in turn and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--viewers", type=int, default=5_000)
    parser.add_argument("--films", type=int, default=3_500)
    parser.add_argument("--likes", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    interactions = generate(options.viewers, options.films, options.likes)
    catalog = Catalog.of(Film(id=str(each), title=str(each)) for each in range(options.films))
    small = interactions.select(np.arange(len(interactions)) < 100)
    create("ease").fit(small, catalog, rng=np.random.default_rng(0))  # compiles what is compiled
    fits, inversions = [], []
    for _ in range(options.rounds):
        with peak_memory() as memory:
            started = time.perf_counter()
            model = create("ease", {"l2": _L2}).fit(
                interactions, catalog, rng=np.random.default_rng(0)
            )
            fits.append(time.perf_counter() - started)
        del model
        inversions.append(inversion(interactions))
    print(f"{options.viewers:,} viewers, {options.films:,} films, {len(interactions):,} likes")
    print(f"EASE fit                {median(fits):8.2f} s, {memory.grown or 0:,} bytes more")
    print(f"LAPACK factor + inverse {median(inversions):8.2f} s")
    ratios = [fit / bare for fit, bare in zip(fits, inversions, strict=True)]
    print(f"ratio, median of {options.rounds}     {median(ratios):8.2f}")


def generate(viewers: int, films: int, likes: int) -> Interactions:
    """Different pairs of a viewer and a film, about as many as asked for."""
    rng = np.random.default_rng(0)
    popularity = 1 / np.arange(1, films + 1) ** 0.8
    drawn = rng.choice(films, likes, p=popularity / popularity.sum())
    pairs = np.unique(rng.integers(0, viewers, likes) * films + drawn)
    return Interactions(
        users=(pairs // films).astype(np.int32),
        items=(pairs % films).astype(np.int32),
        values=np.full(len(pairs), 5, dtype=np.float32),
        times=np.zeros(len(pairs), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(viewers)),
        item_ids=Vocabulary.of("film", range(films)),
    )


def inversion(interactions: Interactions) -> float:
    """Seconds of the factor and the inverse alone; the matrix is made before the clock."""
    ones = interactions.matrix.copy()
    ones.data[:] = 1
    matrix = gram_of(ones).astype(np.float64).T
    matrix[np.diag_indices_from(matrix)] += _L2
    started = time.perf_counter()
    factor, _ = lapack.dpotrf(matrix, lower=True, overwrite_a=True)
    lapack.dpotri(factor, lower=True, overwrite_c=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
