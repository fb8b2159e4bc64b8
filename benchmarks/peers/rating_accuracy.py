"""Predicts one fold's ratings with myFM or Surprise; run by the peers' own Python.

    python benchmarks/peers/rating_accuracy.py KIND FOLD.npz [PREDICTIONS.npy]

Kinds with a capital, `SVD` or `KNNBaseline`, are Surprise's with its defaults. The others, `ids`
and `flipped`, are myFM's: `ids` is Bayesian matrix
factorisation, `flipped` the "timeSVD++ flipped" of its own MovieLens example: viewer, film, day,
which films a viewer rated and which viewers a film. Both have rank 10 and 512 sweeps, all kept, as
that example has. Prints one JSON object: RMSE and seconds of the fit. Writes the predictions where
a file for them is named.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
import scipy.sparse as sp

RANK, SWEEPS = 10, 512


def main() -> None:
    """Fit on one fold's training part, predict its test."""
    kind, file, *out = sys.argv[1:]
    given = np.load(file)
    predict = of_surprise if kind[0].isupper() else of_myfm
    predicted, seconds = predict(kind, given)
    for path in out:
        np.save(path, predicted)
    errors = predicted - given["test_values"]
    print(json.dumps({"rmse": float(np.sqrt(np.square(errors).mean())), "seconds": seconds}))


def of_surprise(kind: str, given: Any) -> tuple[Any, float]:
    """Predictions, clipped, and seconds of the fit."""
    import pandas as pd
    import surprise

    columns = {side: given[f"train_{side}"] for side in ("users", "items", "values")}
    reader = surprise.Reader(rating_scale=tuple(given["scale"].tolist()))
    train = surprise.Dataset.load_from_df(pd.DataFrame(columns), reader).build_full_trainset()
    options = {"random_state": 0} if kind.startswith("SVD") else {"verbose": False}
    model = getattr(surprise, kind)(**options)
    started = time.perf_counter()
    model.fit(train)
    seconds = time.perf_counter() - started
    pairs = zip(given["test_users"].tolist(), given["test_items"].tolist(), strict=True)
    return np.array([model.predict(user, item).est for user, item in pairs]), seconds


def of_myfm(kind: str, given: Any) -> tuple[Any, float]:
    """Predictions, clipped, and seconds of the fit."""
    from myfm import MyFMRegressor, RelationBlock

    implicit = kind == "flipped"
    blocks = sides(given["train_users"], given["train_items"], given["shape"], implicit=implicit)
    known_days = np.unique(given["train_days"])
    groups = [*([len(known_days)] if implicit else []), *(n for _, each in blocks for n in each)]

    def design(part: str) -> dict[str, Any]:
        users, items, days = (given[f"{part}_{side}"] for side in ("users", "items", "days"))
        rows = [
            RelationBlock(of, matrix)
            for of, (matrix, _) in zip((users, items), blocks, strict=True)
        ]
        width = len(known_days) if implicit else 0
        return {"X": one_hot(days, known_days) if width else None, "X_rel": rows}

    train, test = design("train"), design("test")
    model = MyFMRegressor(rank=RANK, random_seed=0)
    started = time.perf_counter()
    model.fit(
        **train, y=given["train_values"], group_shapes=groups, n_iter=SWEEPS, n_kept_samples=SWEEPS
    )
    seconds = time.perf_counter() - started
    return np.clip(model.predict(**test), *given["scale"]), seconds


def sides(users: Any, items: Any, shape: Any, *, implicit: bool) -> list[tuple[Any, list[int]]]:
    """Features of every viewer and of every film, and how wide their groups are."""
    rated = sp.csr_matrix((np.ones(len(users)), (users, items)), shape=tuple(shape))
    found = []
    for matrix in (rated, rated.T.tocsr()):
        parts = [sp.identity(matrix.shape[0], format="csr")]
        if implicit:
            lengths = np.sqrt(np.maximum(np.diff(matrix.indptr), 1))
            parts.append(sp.diags(1 / lengths) @ matrix)
        found.append((sp.hstack(parts, format="csr"), [part.shape[1] for part in parts]))
    return found


def one_hot(values: Any, known: Any) -> Any:
    """A column a known value; a row of zeros where it is not known."""
    places = np.searchsorted(known, values)
    places[places == len(known)] = 0
    rows = np.flatnonzero(known[places] == values)
    return sp.csr_matrix((np.ones(len(rows)), (rows, places[rows])), (len(values), len(known)))


if __name__ == "__main__":
    main()
