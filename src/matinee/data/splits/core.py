"""The core of a data set: viewers and films with enough ratings of each other."""

from __future__ import annotations

import numpy as np

from matinee.data.interactions import Interactions
from matinee.data.splits.split import Mask
from matinee.errors import InputError

__all__ = ["core"]


def core(interactions: Interactions, min_per_viewer: int = 1, min_per_film: int = 1) -> Mask:
    """`bool[n]`: the ratings of the largest part in which everybody has enough of them.

    Viewers with fewer than `min_per_viewer` and films with fewer than `min_per_film` ratings lose
    all of theirs, repeatedly, until all that are left have enough: the k-core of the graph of
    viewers and films (Seidman 1983), with a k of its own for each side.

    Raises:
        InputError: nothing is left.
    """
    users, items = interactions.users, interactions.items
    keep = np.ones(len(interactions), dtype=np.bool_)
    before = -1
    while before != (left := int(np.count_nonzero(keep))):
        before = left
        of_users = np.bincount(users[keep], minlength=interactions.n_users)
        of_items = np.bincount(items[keep], minlength=interactions.n_items)
        keep &= (of_users[users] >= min_per_viewer) & (of_items[items] >= min_per_film)
    if not before:
        raise InputError(
            f"none of the {len(interactions):,} ratings is left, with {min_per_viewer:,} or more "
            f"for each viewer and {min_per_film:,} or more for each film; use a lower "
            "--min-per-viewer or --min-per-film"
        )
    return keep
