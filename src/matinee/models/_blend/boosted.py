"""Boosted trees that correct shortlists: fitted by LightGBM, kept and answered as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.errors import InputError
from matinee.models._blend.shortlist import Shortlists

__all__ = ["boosted_scores", "learned_trees", "lightgbm_or_error", "trees_of"]

_MOST_TREES = 300
_PATIENCE = 30
"""Trees without a better NDCG of the viewers that are left out, after which no more are tried."""
_LEFT_OUT = 0.2
_OPTIONS: Mapping[str, Any] = {
    "objective": "lambdarank",
    "metric": "ndcg",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 100,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def lightgbm_or_error() -> Any:
    """The module.

    Raises:
        InputError: the extra `boost` is not installed.
    """
    try:
        import lightgbm  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError(
            "combine=ranker learns with LightGBM; install it with pip install 'matinee[boost]'"
        ) from None
    return lightgbm


def learned_trees(
    lists: Shortlists,
    wanted: NDArray[np.bool_],
    weighted: NDArray[np.float32],
    depth: int,
    rng: np.random.Generator,
) -> dict[str, NDArray[Any]]:
    """Trees that bring the wanted films of shortlists forward, by LambdaRank (Burges 2010).

    They are added to scores that are there already, so that few of them, or none, do no harm. A
    fifth of the viewers decides how many there are.

    Args:
        lists: of the viewers to learn from.
        wanted: `bool[n]`, for each film of them.
        weighted: `float32[n]`, likewise, the score that the trees correct.
        depth: length of the lists whose NDCG counts.
        rng: draws the viewers that decide.

    Returns:
        As `trees_of`; no trees at all where there is nothing to learn.

    Raises:
        InputError: the extra `boost` is not installed.
    """
    lightgbm = lightgbm_or_error()
    able = np.unique(lists.rows[wanted])
    deciding = np.isin(able, rng.permutation(able)[: round(_LEFT_OUT * len(able))])
    if not deciding.any() or deciding.all():
        return trees_of([])
    learning, judging = (
        _grouped(lightgbm, lists, wanted, weighted, able[chosen])
        for chosen in (~deciding, deciding)
    )
    options = {
        **_OPTIONS,
        "eval_at": [depth],
        "lambdarank_truncation_level": depth,
        "seed": int(rng.integers(2**31)),
    }
    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  brings numba

    with one_blas_thread_each() as workers:
        booster = lightgbm.train(
            {**options, "num_threads": workers},
            learning,
            _MOST_TREES,
            valid_sets=[judging.set_reference(learning)],
            callbacks=[lightgbm.early_stopping(_PATIENCE, verbose=False)],
        )
    dumped = booster.dump_model(num_iteration=booster.best_iteration)
    return trees_of([tree["tree_structure"] for tree in dumped["tree_info"]])


def _grouped(
    lightgbm: Any,
    lists: Shortlists,
    wanted: NDArray[np.bool_],
    weighted: NDArray[np.float32],
    viewers: NDArray[np.int64],
) -> Any:
    theirs = np.isin(lists.rows, viewers)
    _, sizes = np.unique(lists.rows[theirs], return_counts=True)
    labels, start = wanted[theirs].astype(np.float32), weighted[theirs].astype(np.float64)
    return lightgbm.Dataset(lists.features[theirs], labels, group=sizes, init_score=start)


def trees_of(structures: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    """Trees as LightGBM writes them out, as the arrays `kernels.trees.sums_of_leaves` takes."""
    columns: list[int] = []
    thresholds: list[float] = []
    children: list[list[int]] = []
    leaves: list[float] = []

    def added(node: Mapping[str, Any]) -> int:
        if "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        place = len(columns)
        columns.append(node["split_feature"])
        thresholds.append(node["threshold"])
        children.append([0, 0])
        children[place] = [added(node["left_child"]), added(node["right_child"])]
        return place

    roots = [added(structure) for structure in structures]
    return {
        "trees.roots": np.array(roots, dtype=np.int32),
        "trees.columns": np.array(columns, dtype=np.int32),
        "trees.thresholds": np.array(thresholds, dtype=np.float64),
        "trees.children": np.array(children, dtype=np.int32).reshape(-1, 2),
        "trees.leaves": np.array(leaves, dtype=np.float64),
    }


def boosted_scores(
    lists: Shortlists, trees: Mapping[str, NDArray[Any]], weighted: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Scores of all films: those of the shortlists corrected, and every other film below them.

    Args:
        lists: of `n` viewers.
        trees: as `trees_of`, among other arrays.
        weighted: `float32[n, n_items]`, the scores that the trees correct.
    """
    if not len(trees["trees.roots"]) or not len(lists.rows):
        return weighted
    from matinee.kernels.trees import sums_of_leaves  # noqa: PLC0415  brings numba

    names = ("roots", "columns", "thresholds", "children", "leaves")
    place = lists.rows, lists.items
    corrected = weighted[place] + sums_of_leaves(
        lists.features, *(trees[f"trees.{name}"] for name in names)
    )
    lowest = np.full(len(weighted), np.inf)
    np.minimum.at(lowest, lists.rows, corrected)
    others = weighted.copy()
    others[place] = -np.inf
    shift = lowest - 1 - others.max(axis=1)
    scores = others + np.where(np.isfinite(shift), shift, 0)[:, None].astype(np.float32)
    scores[place] = corrected
    return scores
