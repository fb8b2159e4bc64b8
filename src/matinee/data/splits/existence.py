"""When films came into existence, and splits that rank none of a later time.

A film that appears after a viewer is answered cannot be recommended to them. A ranking that lists
it is punished for something that nobody could watch, or profits from films that vanish from the
data later, so it is left out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import rows_of
from matinee.data.interactions import Interactions
from matinee.data.splits.order import UNKNOWN
from matinee.data.splits.restriction import some_entries, with_targets
from matinee.data.splits.split import Mask, Split
from matinee.errors import InputError

__all__ = ["ALWAYS", "existing", "first_instants"]

ALWAYS = np.iinfo(np.int64).min
"""When a film exists whose year is unknown and that nobody has rated."""


def first_instants(
    interactions: Interactions, years: NDArray[np.integer]
) -> NDArray[np.int64] | None:
    """`int64[n_items]`, Unix seconds from which each film exists; `None` if no year is known.

    This is the first of January of the film's year, UTC, or its first rating if that is earlier or
    the year is unknown. `years` are those of the catalogue, 0 where unknown; `interactions` are all
    ratings, before any is dropped or held out. A film without either exists at any time.
    """
    known = years > 0
    if not known.any():
        return None
    never = np.iinfo(np.int64).max
    rated = np.full(len(years), never)
    timed = interactions.times != UNKNOWN
    np.minimum.at(rated, interactions.items[timed], interactions.times[timed])
    starts = (years.astype(np.int64) - 1970).astype("datetime64[Y]")
    released = np.where(known, starts.astype("datetime64[s]").astype(np.int64), never)
    first: NDArray[np.int64] = np.minimum(rated, released)
    return np.where(first == never, ALWAYS, first)


def existing(split: Split, exists_from: NDArray[np.int64]) -> Split:
    """The split without films that do not exist at the moment of a row; see `first_instants`.

    Targets of such films are dropped and counted, and viewers without a target are skipped. A split
    without `answer_times` stays as it is.

    Raises:
        InputError: no target is left.
    """
    if split.answer_times is None:
        return split
    exists = _exist(split.targets, exists_from, split.answer_times)
    if not exists.any():
        raise InputError(
            f"no target of split {split.name!r} existed when its viewer was answered; check the "
            "years of the films and the times of the ratings"
        )
    test_ratings = split.test_ratings
    if test_ratings is not None:
        exist = _exist(test_ratings, exists_from, split.answer_times)
        test_ratings = some_entries(test_ratings, exist)
    split = replace(split, exists_from=exists_from, test_ratings=test_ratings)
    if exists.all():
        return split
    lost = np.count_nonzero(~exists)
    note = (
        f"{lost:,} of {len(exists):,} targets {'is' if lost == 1 else 'are'} of films that did not "
        "exist yet when the viewer was answered, and left out; nobody is recommended such a film"
    )
    return with_targets(split, exists, note)


def _exist(
    films: sp.csr_array, exists_from: NDArray[np.int64], answer_times: NDArray[np.int64]
) -> Mask:
    """`bool[nnz]`: whether each film exists at the moment of its row."""
    exists: Mask = exists_from[films.indices] <= answer_times[rows_of(films)]
    return exists
