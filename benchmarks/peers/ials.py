"""implicit's alternating least squares in a process of its own: fit, or lists for everybody.

    python benchmarks/peers/ials.py fit FILE.npz OUT.npz ALPHA REGULARISATION
    python benchmarks/peers/ials.py top FILE.npz OUT.npz

Prints the seconds as JSON. FILE holds a CSR as indptr, indices and shape; for `fit` also histories
of viewers who were not learned from, for `top` the factors of both sides.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.topk import topk

_FACTORS, _ITERATIONS, _N = 64, 15, 20


def main() -> None:
    """Do what the arguments say."""
    task, file, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    given = np.load(file)
    if task == "fit":
        print(json.dumps(_fit(given, out, float(sys.argv[4]), float(sys.argv[5]))))
    else:
        print(json.dumps(_top(given, out)))


def _csr(given: np.lib.npyio.NpzFile, name: str) -> sp.csr_matrix:
    indices = given[f"{name}_indices"]
    ones = np.ones(len(indices), dtype=np.float32)
    shape = tuple(given[f"{name}_shape"])
    return sp.csr_matrix((ones, indices, given[f"{name}_indptr"]), shape=shape)


def _fit(given: np.lib.npyio.NpzFile, out: Path, alpha: float, penalty: float) -> dict[str, float]:
    def model(iterations: int) -> AlternatingLeastSquares:
        return AlternatingLeastSquares(
            factors=_FACTORS,
            iterations=iterations,
            alpha=alpha,
            regularization=penalty,
            random_state=0,
        )

    train, histories = _csr(given, "train"), _csr(given, "histories")
    model(1).fit(train, show_progress=False)
    fitted = model(_ITERATIONS)
    started = time.perf_counter()
    fitted.fit(train, show_progress=False)
    seconds = time.perf_counter() - started
    own = fitted.recalculate_user(np.arange(histories.shape[0]), histories)
    np.savez(out, users=own, items=fitted.item_factors)
    return {"seconds": seconds}


def _top(given: np.lib.npyio.NpzFile, out: Path) -> dict[str, float]:
    users, items, seen = given["users"], given["items"], _csr(given, "seen")
    topk(items, users[:64], _N, filter_query_items=seen[:64], num_threads=0)
    started = time.perf_counter()
    found, _ = topk(items, users, _N, filter_query_items=seen, num_threads=0)
    seconds = time.perf_counter() - started
    np.savez(out, items=found)
    return {"seconds": seconds}


if __name__ == "__main__":
    main()
