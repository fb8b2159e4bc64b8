"""Times one of Surprise's algorithms on one fold; run by the peers' own Python.

    python benchmarks/peers/rating_fold.py SVD|SVDpp|KNNBaseline FOLD.npz

Options are Surprise's defaults. Prints processor seconds of the fit and of the predictions of the
test, and their RMSE, as a list in JSON. Ratings are in Surprise's own structures before that.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd
import surprise


def main() -> None:
    """Measure one algorithm."""
    name, file = sys.argv[1:]
    given = np.load(file)
    columns = {
        part: [given[f"{part}_{side}"].tolist() for side in ("users", "items", "values")]
        for part in ("train", "test")
    }
    frame = pd.DataFrame(dict(zip(("user", "item", "rating"), columns["train"], strict=True)))
    scale = surprise.Reader(rating_scale=(1, 5))
    train = surprise.Dataset.load_from_df(frame, scale).build_full_trainset()
    test = list(zip(*columns["test"], strict=True))
    np.random.seed(0)  # noqa: NPY002  Surprise draws from it
    quiet = {"verbose": False} if name.startswith("KNN") else {}
    started = time.process_time()
    algorithm = getattr(surprise, name)(**quiet).fit(train)
    fitted = time.process_time()
    predictions = algorithm.test(test)
    done = time.process_time()
    rmse = surprise.accuracy.rmse(predictions, verbose=False)
    print(json.dumps([fitted - started, done - fitted, rmse]))


if __name__ == "__main__":
    main()
