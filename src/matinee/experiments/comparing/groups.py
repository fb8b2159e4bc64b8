"""Groups of viewers by demographics, activity and taste, and those of the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.attributes import AGE_BANDS, MOST_VALUES, age_bands
from matinee.data.splits import Split

__all__ = ["Grouping", "groupings"]

_UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Grouping:
    """A division of the evaluated viewers into non-empty groups, such as "gender" or "activity".

    `codes` has for each split `int8[n]`, the group of every evaluated viewer; -1 is unknown.
    """

    name: str
    labels: tuple[str, ...]
    codes: tuple[NDArray[np.int8], ...]


def groupings(
    tests: Sequence[Split], demographics: pl.DataFrame | None = None
) -> tuple[Grouping, ...]:
    """Every grouping of the viewers with at least two groups.

    Viewers are grouped by each demographic column with few values (age in bands); by activity, in
    thirds of the history length; by taste, in thirds of the popularity of the history's films (the
    mean share of training viewers who rated them); and by the groups of the protocol. The first
    demographic column is `user_id`.
    """
    every = [
        *_demographic(tests, demographics),
        _activity(tests),
        _taste(tests),
        *_of_protocol(tests),
    ]
    return tuple(each for each in map(_without_empty, every) if len(each.labels) > 1)


def _demographic(tests: Sequence[Split], demographics: pl.DataFrame | None) -> Iterator[Grouping]:
    if demographics is None or demographics.is_empty():
        return
    viewer, *columns = demographics.columns
    known = demographics.unique(subset=viewer, keep="first", maintain_order=True)
    for column in columns:
        values = known[column]
        banded = column == "age" and values.dtype.is_numeric()
        words = values.cast(pl.String)
        if banded:
            bands = age_bands(values.fill_null(0).cast(pl.Int64).to_numpy())
            words = pl.Series(bands).set(values.is_null(), None)
        labels = AGE_BANDS if banded else tuple(words.drop_nulls().unique().sort())
        if len(labels) > MOST_VALUES:
            continue
        codes = words.cast(pl.Enum(labels)).to_physical().cast(pl.Int8)
        by_id = pl.DataFrame({"id": known[viewer].cast(pl.String), "code": codes})
        yield Grouping(column, labels, tuple(_codes_of(test, by_id) for test in tests))


def _codes_of(test: Split, by_id: pl.DataFrame) -> NDArray[np.int8]:
    ids = pl.DataFrame({"id": test.train.user_ids.ids[test.users].astype(str)})
    codes = ids.join(by_id, on="id", how="left", maintain_order="left")["code"]
    return codes.fill_null(_UNKNOWN).to_numpy()


def _activity(tests: Sequence[Split]) -> Grouping:
    """Thirds of the number of ratings in the history."""
    (first, second), codes = _thirds([test.histories.lengths.astype(np.float64) for test in tests])
    labels = (
        f"up to {first:.0f} ratings",
        f"{first + 1:.0f} to {second:.0f}",
        f"over {second:.0f}",
    )
    return Grouping("activity", labels, codes)


def _taste(tests: Sequence[Split]) -> Grouping:
    """Thirds of the popularity of a history's films, as a share of the training viewers."""
    (first, second), codes = _thirds([_mean_share(test) for test in tests])
    labels = (
        f"niche: films {first:.0%} know",
        f"between: up to {second:.0%}",
        f"mainstream: over {second:.0%}",
    )
    return Grouping("taste", labels, codes)


def _of_protocol(tests: Sequence[Split]) -> Iterator[Grouping]:
    """The protocol's own groups, such as new and known viewers; the first one counts."""
    labels = tuple(dict.fromkeys(name for test in tests for name in test.viewer_groups))
    if not labels:
        return
    codes = [np.full(len(test.users), _UNKNOWN, dtype=np.int8) for test in tests]
    for test, code in zip(tests, codes, strict=True):
        for name, rows in test.viewer_groups.items():
            code[rows & (code == _UNKNOWN)] = labels.index(name)
    yield Grouping("part", labels, tuple(codes))


def _mean_share(test: Split) -> NDArray[np.float64]:
    """`float64[n]`: mean popularity of each history's films; NaN for an empty history."""
    train, histories = test.train, test.histories
    raters = np.bincount(train.items, minlength=train.n_items)
    shares = raters / max(1, len(np.unique(train.users)))
    total = np.bincount(histories.rows, shares[histories.items], minlength=len(histories))
    counts = histories.lengths
    means = np.full(len(total), np.nan)
    np.divide(total, counts, out=means, where=counts > 0)
    return means


def _thirds(
    values: Sequence[NDArray[np.float64]],
) -> tuple[tuple[float, float], tuple[NDArray[np.int8], ...]]:
    """Upper bounds of the first and second third of all viewers, and the third of each viewer."""
    everyone = np.concatenate(values)
    everyone = everyone[np.isfinite(everyone)]
    bounds = np.zeros(2)
    if len(everyone):
        bounds = np.quantile(everyone, [1 / 3, 2 / 3], method="inverted_cdf")
    codes = tuple(
        np.where(np.isfinite(each), np.searchsorted(bounds, each), _UNKNOWN).astype(np.int8)
        for each in values
    )
    return (float(bounds[0]), float(bounds[1])), codes


def _without_empty(grouping: Grouping) -> Grouping:
    """The grouping without its empty groups."""
    used = np.unique(np.concatenate(grouping.codes))
    used = used[used != _UNKNOWN]
    # the last entry is for unknown
    place = np.full(len(grouping.labels) + 1, _UNKNOWN, dtype=np.int8)
    place[used] = np.arange(len(used))
    return Grouping(
        grouping.name,
        tuple(grouping.labels[code] for code in used),
        tuple(place[codes] for codes in grouping.codes),
    )
