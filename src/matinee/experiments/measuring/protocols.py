"""Evaluation protocols by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from matinee.data import Dataset
from matinee.data.splits import (
    Division,
    cold,
    cold_viewers,
    folds,
    last,
    prequential,
    random,
    strong,
    time,
)
from matinee.data.splits.leakage import check_divisions
from matinee.errors import InputError, UnknownNameError

__all__ = ["PROTOCOLS", "Protocol", "divide", "get"]


@dataclass(frozen=True)
class Protocol:
    """A rule that divides a data set for a seed, with one line about it for help and receipts.

    It predicts ratings or ranks films. `curve` is the variable along which the divisions are points
    of one curve; it is empty if they are repetitions.
    """

    name: str
    about: str
    divide: Callable[[Dataset, int], tuple[Division, ...]]
    predicts_ratings: bool = False
    curve: str = ""


def _folds(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    if dataset.folds is None:
        raise InputError(
            f"data set {dataset.name!r} has no folds of its own; "
            "use --protocol random, strong or last"
        )
    return folds(dataset.interactions, dataset.folds, seed)


_PROTOCOLS = (
    Protocol(
        "folds",
        "predict ratings on the data set's own folds (ml-100k u1..u5)",
        _folds,
        predicts_ratings=True,
    ),
    Protocol(
        "random",
        "80/10/10 by rating, rank all films outside training and validation",
        lambda dataset, seed: random(dataset.interactions, seed),
    ),
    Protocol(
        "strong",
        "hold out viewers, find 20% of their ratings from the other 80%",
        lambda dataset, seed: strong(dataset.interactions, seed),
    ),
    Protocol(
        "last",
        "leave one out, find each viewer's last film from the earlier ones",
        lambda dataset, _: last(dataset.interactions),
    ),
    Protocol(
        "time",
        "train before a point in time, test after it, with new viewers and films",
        lambda dataset, _: time(dataset.interactions),
    ),
    Protocol(
        "cold",
        "hold out 20% of the films and rank only these",
        lambda dataset, seed: cold(dataset.interactions, seed),
    ),
    Protocol(
        "cold-viewers",
        "hold out viewers, find films from 0, 1, 3, 5 and 10 of their ratings",
        lambda dataset, seed: cold_viewers(dataset.interactions, seed),
        curve="ratings in the history",
    ),
    Protocol(
        "prequential",
        "replay the log in ten windows, predict every rating, then learn from it",
        lambda dataset, seed: prequential(dataset.interactions, seed),
        curve="time",
    ),
)
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType({each.name: each for each in _PROTOCOLS})


def get(name: str) -> Protocol:
    """A protocol by name; an UnknownNameError lists the known ones."""
    if name not in PROTOCOLS:
        raise UnknownNameError("protocol", name, tuple(PROTOCOLS))
    return PROTOCOLS[name]


def divide(
    name: str, dataset: Dataset, *, seed: int = 0, min_rating: float | None = None
) -> tuple[Division, ...]:
    """The divisions of a data set under one of `PROTOCOLS`.

    With `min_rating`, lower ratings are dropped before a ranking protocol splits.

    Raises:
        UnknownNameError: no such protocol.
        InputError: the data lacks the folds or times that the protocol needs, or is too small; or
            a split leaks (see `matinee.data.splits.leakage`).
        DataError: a viewer rated a film twice.
    """
    chosen = get(name)
    if min_rating is not None and chosen.predicts_ratings:
        raise InputError(
            f"min_rating does not apply to protocol {name!r}, which predicts all ratings; "
            "remove it or use --protocol random"
        )
    if min_rating is not None:
        high = dataset.interactions.values >= min_rating
        dataset = replace(dataset, interactions=dataset.interactions.select(high), folds=None)
    if not len(dataset.interactions):
        raise InputError(
            f"data set {dataset.name!r} has no ratings"
            + ("" if min_rating is None else f" of at least {min_rating:g}")
            + " to evaluate on; use a data set with ratings or a lower --min-rating"
        )
    _ = dataset.interactions.matrix  # refuses a repeated pair, which could be in training and test
    divisions = chosen.divide(dataset, seed)
    check_divisions(divisions, dataset.interactions)
    return divisions
