"""LightFM's scores of the `cold` protocol; run by `benchmarks/cold_items.py` in its own Python.

Every film has its features and an embedding of its own. That of a film without likes was never
trained and is left out where scores are made.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp


def main() -> None:
    """Reads a folder of matrices, writes `scores.npy` into it."""
    from lightfm import LightFM

    folder, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    train = sp.coo_matrix(sp.load_npz(folder / "train.npz"))
    films = sp.csr_matrix(sp.load_npz(folder / "films.npz"))
    users = np.load(folder / "users.npy")
    rated = np.bincount(train.col, minlength=train.shape[1]) > 0
    own = sp.diags(rated.astype(np.float32))
    features = sp.hstack([own, films], format="csr").astype(np.float32)
    lengths = np.asarray(features.sum(axis=1)).ravel()
    features = sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-9)) @ features, dtype=np.float32)
    model = LightFM(no_components=int(options["components"]), loss="warp", random_state=0)
    model.fit(train, item_features=features, epochs=int(options["epochs"]), num_threads=2)
    biases, embeddings = model.get_item_representations(features)
    viewers = model.get_user_representations()[1][users]
    np.save(folder / "scores.npy", (viewers @ embeddings.T + biases).astype(np.float32))


if __name__ == "__main__":
    main()
