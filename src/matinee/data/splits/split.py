"""One train/test division, and how its matrices are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.interactions import Interactions
from matinee.errors import InputError

__all__ = ["Division", "Mask", "Split", "division_of_parts", "split"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Split:
    """One train/test division.

    Attributes:
        name: "u1", "seed 0": which division of its protocol.
        train: what a model is fitted on.
        users: `int32[n]`, the evaluated viewers as rows of `train.user_ids`, ascending.
        histories: `float32[n, n_items]` ratings a model is shown of each evaluated viewer.
        targets: `float32[n, n_items]` ratings it must find (ranking) or predict (folds).
        seen: `float32[n, n_items]`, films not to be ranked: the history, and the validation
            films where the split is the test.
        skipped: viewers with ratings who should have been evaluated but have no target.
    """

    name: str
    train: Interactions
    users: NDArray[np.int32]
    histories: sp.csr_array
    targets: sp.csr_array
    seen: sp.csr_array
    skipped: int = 0


class Division(NamedTuple):
    """The split options are chosen on, and the split that is reported."""

    validation: Split
    test: Split


def split(
    name: str,
    interactions: Interactions,
    train: Interactions,
    *,
    history: Mask,
    target: Mask,
    seen: Mask,
    viewers: int,
) -> Split:
    """A split from masks over the rows of `interactions`; a viewer with a target is evaluated.

    Args:
        name: which division of its protocol.
        interactions: what is divided.
        train: what a model is fitted on.
        history: rows shown to the model.
        target: rows it must find.
        seen: rows never ranked.
        viewers: how many viewers could have been evaluated; those without a target are skipped.

    Raises:
        InputError: nobody has a target.
    """
    users = np.unique(interactions.users[target]).astype(np.int32)
    if not len(users):
        raise InputError(
            f"split {name!r} leaves no viewer anything to find in {len(interactions):,} ratings; "
            "use more data, a lower --min-rating or another --protocol"
        )
    return Split(
        name=name,
        train=train,
        users=users,
        histories=interactions.select(history).matrix[users],
        targets=interactions.select(target).matrix[users],
        seen=interactions.select(seen).matrix[users],
        skipped=viewers - len(users),
    )


def division_of_parts(
    name: str, interactions: Interactions, part: NDArray[np.int8], *, show_validation: bool
) -> Division:
    """A division where every viewer is in training: rows are train (0), validation (1), test (2).

    The model is fitted on train alone, for the test too. `show_validation` says whether the test's
    histories hold the validation rows; they are never ranked there either way.
    """
    train_rows, validation_rows, test_rows = part == 0, part == 1, part == 2
    known = train_rows | validation_rows
    train = interactions.select(train_rows)
    viewers = len(np.unique(interactions.users))
    return Division(
        validation=split(
            name,
            interactions,
            train,
            history=train_rows,
            target=validation_rows,
            seen=train_rows,
            viewers=viewers,
        ),
        test=split(
            name,
            interactions,
            train,
            history=known if show_validation else train_rows,
            target=test_rows,
            seen=known,
            viewers=viewers,
        ),
    )
