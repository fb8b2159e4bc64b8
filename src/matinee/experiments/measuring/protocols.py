"""The protocols of evaluation by name."""

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
    """One way to evaluate.

    Attributes:
        name: as the command line says it.
        about: one line for help texts and receipts.
        divide: the divisions of a data set for a seed.
        predicts_ratings: whether ratings are predicted; otherwise films are ranked.
        curve: what varies along its divisions where they are points of one curve, so that their
            mean is one over the curve; empty where they are repetitions of the same.
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


def _random(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    return random(dataset.interactions, seed)


def _strong(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    return strong(dataset.interactions, seed)


def _last(dataset: Dataset, seed: int) -> tuple[Division, ...]:  # noqa: ARG001 - nothing is drawn
    return last(dataset.interactions)


def _time(dataset: Dataset, seed: int) -> tuple[Division, ...]:  # noqa: ARG001 - nothing is drawn
    return time(dataset.interactions)


def _cold(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    return cold(dataset.interactions, seed)


def _cold_viewers(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    return cold_viewers(dataset.interactions, seed)


def _prequential(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    return prequential(dataset.interactions, seed)


PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        each.name: each
        for each in (
            Protocol(
                "folds",
                "the data set's own folds (ml-100k u1..u5), ratings are predicted",
                _folds,
                predicts_ratings=True,
            ),
            Protocol(
                "random",
                "80/10/10 by rating, all films ranked but those of train and validation",
                _random,
            ),
            Protocol(
                "strong",
                "viewers held out whole, from 80% of their ratings find the other 20%",
                _strong,
            ),
            Protocol(
                "last",
                "leave one out, find the last film from all before it",
                _last,
            ),
            Protocol(
                "time",
                "train before one point in time, test after it, new viewers and films included",
                _time,
            ),
            Protocol(
                "cold",
                "20% of the films held out whole, they alone are ranked",
                _cold,
            ),
            Protocol(
                "cold-viewers",
                "viewers held out whole, 0, 1, 3, 5 and 10 of their ratings shown",
                _cold_viewers,
                curve="ratings shown",
            ),
            Protocol(
                "prequential",
                "the log replayed in ten windows, every rating predicted, then learned from",
                _prequential,
                curve="time",
            ),
        )
    }
)


def get(name: str) -> Protocol:
    """One protocol by name.

    Raises:
        UnknownNameError: there is no such protocol; lists those there are.
    """
    if name not in PROTOCOLS:
        raise UnknownNameError("protocol", name, tuple(PROTOCOLS))
    return PROTOCOLS[name]


def divide(
    name: str, dataset: Dataset, *, seed: int = 0, min_rating: float | None = None
) -> tuple[Division, ...]:
    """The divisions of a data set under a protocol; the same seed gives the same.

    Args:
        name: one of `PROTOCOLS`.
        dataset: what is divided.
        seed: for whatever is drawn.
        min_rating: ratings below it are dropped before a ranking protocol splits.

    Raises:
        UnknownNameError: no such protocol.
        InputError: the data has no folds, no times where those divide, or too little to divide;
            or a split leaks (see `matinee.data.splits.leakage`).
        DataError: a viewer rated a film twice.
    """
    chosen = get(name)
    if min_rating is not None and chosen.predicts_ratings:
        raise InputError(
            f"protocol {name!r} predicts all ratings, so --min-rating does not apply; "
            "leave it out or use --protocol random"
        )
    if min_rating is not None:
        kept = dataset.interactions.values >= min_rating
        dataset = replace(dataset, interactions=dataset.interactions.select(kept), folds=None)
    if not len(dataset.interactions):
        raise InputError(
            f"data set {dataset.name!r} has no ratings"
            + ("" if min_rating is None else f" of at least {min_rating:g}")
            + " to evaluate on; use a data set with ratings or a lower --min-rating"
        )
    _ = dataset.interactions.matrix  # refuses a repeated pair, which could be in train and in test
    divisions = chosen.divide(dataset, seed)
    check_divisions(divisions, dataset.interactions)
    return divisions
