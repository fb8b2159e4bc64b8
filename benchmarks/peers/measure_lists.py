"""Times one peer's ranking metrics over given lists; run by the peers' own Python.

    python benchmarks/peers/measure_lists.py ranx|rectools LISTS.npz

Prints one JSON object: seconds of the whole way from arrays to means, seconds of the evaluation
alone, once everything is compiled and put into the peer's own structures, and the means.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

CUTS = (10, 20, 100)
REPEATS = 2
"""The last one counts, for all: memory that was never touched before is slow."""


def main() -> None:
    """Measure one peer."""
    name, file = sys.argv[1:]
    given = np.load(file)
    peer = {"ranx": with_ranx, "rectools": with_rectools}[name]
    items, targets = given["items"], (given["indptr"], given["indices"], given["data"])
    peer(items[:50], (targets[0][:51], *targets[1:]))  # compiles what is compiled
    started = time.perf_counter()
    evaluation, means = peer(items, targets)
    whole = time.perf_counter() - started
    print(json.dumps({"whole": whole, "evaluation": evaluation, "means": means}))


def with_ranx(items: Any, targets: Any) -> tuple[float, dict[str, float]]:
    """As its documentation has it: frames to Qrels and Run, then evaluate."""
    from ranx import Qrels, Run, evaluate

    indptr, indices, values = targets
    n, k = items.shape
    wanted = pd.DataFrame(
        {
            "q_id": np.repeat(np.arange(n), np.diff(indptr)).astype(str),
            "doc_id": indices[: indptr[-1]].astype(str),
            "score": values[: indptr[-1]].astype(int),
        }
    )
    listed = pd.DataFrame(
        {
            "q_id": np.repeat(np.arange(n), k).astype(str),
            "doc_id": items.ravel().astype(str),
            "score": np.tile(np.arange(k, 0, -1), n).astype(float),
        }
    )
    qrels, run = Qrels.from_df(wanted), Run.from_df(listed)
    names = ("ndcg", "precision", "recall", "map", "mrr", "hit_rate")
    for _ in range(REPEATS):
        started = time.perf_counter()
        means = evaluate(qrels, run, [f"{name}@{cut}" for name in names for cut in CUTS])
    return time.perf_counter() - started, {name: float(mean) for name, mean in means.items()}


def with_rectools(items: Any, targets: Any) -> tuple[float, dict[str, float]]:
    """As its documentation has it: frames of recommendations and interactions, calc_metrics."""
    from rectools.metrics import MAP, MRR, NDCG, HitRate, Precision, Recall, calc_metrics

    indptr, indices, _ = targets
    n, k = items.shape
    listed = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(n), k),
            "item_id": items.ravel(),
            "rank": np.tile(np.arange(1, k + 1), n),
        }
    )
    wanted = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(n), np.diff(indptr)),
            "item_id": indices[: indptr[-1]],
        }
    )
    kinds = (NDCG, Precision, Recall, MAP, MRR, HitRate)
    chosen = {f"{kind.__name__.lower()}@{cut}": kind(k=cut) for kind in kinds for cut in CUTS}
    for _ in range(REPEATS):
        started = time.perf_counter()
        means = calc_metrics(chosen, reco=listed, interactions=wanted)
    return time.perf_counter() - started, {name: float(mean) for name, mean in means.items()}


if __name__ == "__main__":
    main()
