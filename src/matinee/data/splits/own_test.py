"""A test of one's own: the ratings of two data sets over one vocabulary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from matinee.data.attributes import Attributes
from matinee.data.catalog import Catalog
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.splits.split import Mask
from matinee.data.vocabulary import Vocabulary
from matinee.errors import InputError

__all__ = ["with_test"]


def with_test(train: Dataset, test: Dataset) -> tuple[Dataset, Mask]:
    """The ratings of both as one data set, and which of its ratings are the test, `bool[n]`.

    The ids of viewers and films mean the same in both. Those that only the test has stand behind
    the others, its films with their facts. Attributes of viewers and the scale are those of
    `train`.

    Raises:
        InputError: one has counts and the other ratings, a viewer rated a film in both, no film of
            the test is in `train`, or a rating of the test is off the scale of `train`.
    """
    ratings, others = train.interactions, test.interactions
    rated = others.item_ids.ids[np.unique(others.items)].tolist()
    if not any(each in ratings.item_ids for each in rated):
        raise InputError(
            f"no rated film of {test.name} is a film of {train.name}; use the same film ids in both"
        )
    _require_same_values(train, test)
    viewers = others.user_ids.ids[np.unique(others.users)].tolist()
    user_ids = ratings.user_ids.extended(viewers)
    catalog = _extended(train.catalog, test.catalog, rated)
    parts = [each.over(user_ids, catalog.item_ids) for each in (ratings, others)]
    _refuse_repeats(train.name, test.name, *parts)
    joined = replace(
        parts[0],
        users=np.concatenate([each.users for each in parts]),
        items=np.concatenate([each.items for each in parts]),
        values=np.concatenate([each.values for each in parts]),
        times=np.concatenate([each.times for each in parts]),
        attributes=_of_everybody(ratings.attributes, user_ids),
    )
    is_test = np.arange(len(joined)) >= len(ratings)
    whole = replace(train, interactions=joined, catalog=catalog, folds=None, provenance=None)
    return whole, is_test


def _require_same_values(train: Dataset, test: Dataset) -> None:
    """Refuses ratings beside counts, and ratings off the scale."""
    ratings, others = train.interactions, test.interactions
    if ratings.counts != others.counts:
        counted, rated = (train, test) if ratings.counts else (test, train)
        raise InputError(
            f"{counted.name} has counts and {rated.name} has none; bring both to one kind, as with "
            "matinee.load(..., implicit=True)"
        )
    (lowest, highest), values = ratings.bounds, others.values
    if values.min() < lowest or values.max() > highest:
        raise InputError(
            f"{test.name} has ratings from {values.min():g} to {values.max():g} and {train.name} a "
            f"scale from {lowest:g} to {highest:g}; bring both to one scale"
        )


def _extended(catalog: Catalog, other: Catalog, rated: list[str]) -> Catalog:
    new = [each for each in rated if each not in catalog.item_ids]
    if not new:
        return catalog
    return Catalog.of([*catalog.films(), *other.films(other.item_ids.rows(new))])


def _of_everybody(attributes: Attributes | None, user_ids: Vocabulary) -> Attributes | None:
    """The attributes with empty rows for further viewers."""
    if attributes is None:
        return None
    matrix = sp.csr_array(attributes.matrix, copy=True)
    matrix.resize((len(user_ids), matrix.shape[1]))
    return Attributes(attributes.names, matrix)


def _refuse_repeats(
    train_name: str, test_name: str, train: Interactions, test: Interactions
) -> None:
    both = [each.users.astype(np.int64) * each.n_items + each.items for each in (train, test)]
    repeated = np.flatnonzero(np.isin(both[1], both[0]))
    if len(repeated):
        viewer = train.user_ids.ids[test.users[repeated[0]]]
        film = train.item_ids.ids[test.items[repeated[0]]]
        raise InputError(
            f"{len(repeated):,} of {len(test):,} ratings of {test_name} are of a viewer and a film "
            f"that {train_name} has as well, the first of viewer {viewer!s} and film {film!s}; "
            "remove them from one of the two"
        )
