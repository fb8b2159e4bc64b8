"""Scores of peers for viewers of a split; run by the peers' own Python.

    python benchmarks/peers/ranking_accuracy.py als|ease FILE.npz OUT.npz A [B]

FILE holds training likes and histories as CSRs; OUT gets `scores`, one row a history. ALS is
implicit's with weight A and penalty B and 64 factors, viewers solved for by its own
`recalculate_user`; EASE is RecTools' with penalty A, whose weights are applied to the histories.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp


def main() -> None:
    """Fit one peer and score."""
    name, file, out, *numbers = sys.argv[1:]
    given = np.load(file)
    train, histories = csr(given, "train"), csr(given, "histories")
    peer = {"als": als_scores, "ease": ease_scores}[name]
    scores = peer(train, histories, *map(float, numbers))
    np.savez(out, scores=scores.astype(np.float32))


def csr(given: Any, name: str) -> sp.csr_matrix:
    """One of the matrices of the file, as ones."""
    indices = given[f"{name}_indices"]
    ones = np.ones(len(indices), dtype=np.float32)
    shape = tuple(given[f"{name}_shape"])
    return sp.csr_matrix((ones, indices, given[f"{name}_indptr"]), shape=shape)


def als_scores(
    train: sp.csr_matrix, histories: sp.csr_matrix, alpha: float, penalty: float
) -> np.ndarray:
    """Alternating least squares of implicit."""
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(
        factors=64, iterations=15, alpha=alpha, regularization=penalty, random_state=0
    )
    model.fit(train, show_progress=False)
    own = model.recalculate_user(np.arange(histories.shape[0]), histories)
    return own @ model.item_factors.T


def ease_scores(train: sp.csr_matrix, histories: sp.csr_matrix, penalty: float) -> np.ndarray:
    """RecTools' EASE."""
    from rectools.dataset import Dataset
    from rectools.models import EASEModel

    users, items = train.nonzero()
    frame = pd.DataFrame({"user_id": users, "item_id": items, "weight": 1.0})
    frame["datetime"] = pd.Timestamp("2020-01-01")
    dataset = Dataset.construct(frame)
    model = EASEModel(regularization=penalty, num_threads=2)
    model.fit(dataset)
    known = dataset.item_id_map.convert_to_external(np.arange(model.weight.shape[0])).astype(int)
    scores = np.zeros(histories.shape, dtype=np.float32)
    scores[:, known] = histories[:, known] @ model.weight
    return scores


if __name__ == "__main__":
    main()
