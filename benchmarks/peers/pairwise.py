"""implicit's BPR in a process of its own.

    python benchmarks/peers/pairwise.py FILE.npz OUT.npz LEARNING_RATE REGULARISATION ITERATIONS

Prints the seconds as JSON. FILE holds two CSRs as indptr, indices and shape: `train`, and the
`histories` of those whose factors are wanted, who are fitted with the others.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from implicit.cpu.bpr import BayesianPersonalizedRanking

_FACTORS = 64


def main() -> None:
    """Do what the arguments say."""
    file, out = Path(sys.argv[1]), Path(sys.argv[2])
    rate, penalty, iterations = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    given = np.load(file)
    train, histories = _csr(given, "train"), _csr(given, "histories")
    likes = sp.vstack([train, histories], format="csr")
    _model(rate, penalty, 1).fit(likes, show_progress=False)
    model = _model(rate, penalty, iterations)
    started = time.perf_counter()
    model.fit(likes, show_progress=False)
    seconds = time.perf_counter() - started
    np.savez(out, users=model.user_factors[train.shape[0] :], items=model.item_factors)
    print(json.dumps({"seconds": seconds}))


def _model(rate: float, penalty: float, iterations: int) -> BayesianPersonalizedRanking:
    return BayesianPersonalizedRanking(
        factors=_FACTORS,
        learning_rate=rate,
        regularization=penalty,
        iterations=iterations,
        random_state=0,
    )


def _csr(given: np.lib.npyio.NpzFile, name: str) -> sp.csr_matrix:
    indices = given[f"{name}_indices"]
    ones = np.ones(len(indices), dtype=np.float32)
    shape = tuple(given[f"{name}_shape"])
    return sp.csr_matrix((ones, indices, given[f"{name}_indptr"]), shape=shape)


if __name__ == "__main__":
    main()
