"""Claim P6: an EASE fit costs at most 1.3 times its matrix inversion.

    python benchmarks/ease.py [--only ml-1m generated] [--films 20000] [--rounds 3]

The inversion is LAPACK's Cholesky factor and inverse (dpotrf, dpotri) of the same matrix, in place;
the fit also counts common viewers and computes the weights and the prior. Both alternate in one
process. Two cases: MovieLens 1M, and likes generated with long-tailed popularity, measured once
because the inversion alone is 8 trillion operations. There LAPACK is measured on the first 12,000
films and scaled by the cube, because SciPy's threaded Cholesky terminates the process from about
14,000 on. Weights of 20,000 films are 1.6 GB; the fit needs 3.3 GB more: half a matrix in double
precision, and copies of its parts.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np
from scipy.linalg import lapack

import matinee
from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.experiments.measuring.cost import peak_memory
from matinee.models import create
from matinee.models._shared.item_to_item import gram_of

_L2 = 300.0
_LARGEST = 12_000
"""Films of the matrix for LAPACK."""
_CASES = ["ml-1m", "generated"]


def main() -> None:
    """Measures both cases."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=_CASES, default=_CASES)
    parser.add_argument("--viewers", type=int, default=50_000, help="of the generated case")
    parser.add_argument("--films", type=int, default=20_000, help="likewise")
    parser.add_argument("--likes", type=int, default=2_000_000, help="likewise")
    parser.add_argument("--rounds", type=int, default=3, help="of ml-1m; the other has one")
    options = parser.parse_args()
    if "ml-1m" in options.only:
        compare("ml-1m", matinee.load("ml-1m").interactions, options.rounds)
    if "generated" in options.only:
        compare("generated", generate(options.viewers, options.films, options.likes), 1)


def compare(name: str, interactions: Interactions, rounds: int) -> None:
    """Measures both sides alternately and prints them."""
    films = interactions.n_items
    catalog = films_named(films)
    few = generate(100, 50, 500)  # compiles the kernels
    create("ease").fit(few, films_named(50), rng=np.random.default_rng(0))
    fits, inversions = [], []
    for _ in range(rounds):
        with peak_memory() as memory:
            started = time.perf_counter()
            model = create("ease", {"l2": _L2}).fit(
                interactions, catalog, rng=np.random.default_rng(0)
            )
            fits.append(time.perf_counter() - started)
        del model
        inversions.append(inversion(interactions))
    ratios = [fit / bare for fit, bare in zip(fits, inversions, strict=True)]
    viewers = interactions.n_users
    print(f"{name}: {viewers:,} viewers, {films:,} films, {len(interactions):,} likes")
    print(f"  EASE fit                {median(fits):8.2f} s, {memory.grown or 0:,} bytes more")
    print(f"  LAPACK factor + inverse {median(inversions):8.2f} s")
    print(f"  ratio, median of {rounds}     {median(ratios):8.2f}", flush=True)


def films_named(n: int) -> Catalog:
    """A catalogue of numbered films without facts."""
    return Catalog.of(Film(id=str(each), title=str(each)) for each in range(n))


def generate(viewers: int, films: int, likes: int) -> Interactions:
    """Distinct pairs of a viewer and a film, about `n` of them."""
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
    """Seconds of the factor and the inverse, without building the matrix."""
    ones = interactions.matrix.copy()
    ones.data[:] = 1
    films = min(_LARGEST, interactions.n_items)
    matrix = gram_of(ones)[:films, :films].copy().T
    matrix[np.diag_indices_from(matrix)] += _L2
    started = time.perf_counter()
    factor, _ = lapack.dpotrf(matrix, lower=True, overwrite_a=True, clean=False)
    lapack.dpotri(factor, lower=True, overwrite_c=True)
    return (time.perf_counter() - started) * (interactions.n_items / films) ** 3


if __name__ == "__main__":
    main()
