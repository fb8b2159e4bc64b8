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
    ratings,
    strong,
    time,
)
from matinee.data.splits.leakage import check_divisions
from matinee.errors import InputError, OptionError, UnknownNameError

__all__ = ["PROTOCOLS", "Protocol", "divide", "get"]


@dataclass(frozen=True)
class Protocol:
    """A rule that divides a data set for a seed, with one line about it for help and receipts.

    It predicts ratings or ranks films. `curve` is the variable along which the divisions are points
    of one curve; it is empty if they are repetitions. `in_folds` divides into a number of folds;
    `None` if the protocol draws none.
    """

    name: str
    about: str
    divide: Callable[[Dataset, int], tuple[Division, ...]]
    predicts_ratings: bool = False
    curve: str = ""
    in_folds: Callable[[Dataset, int, int], tuple[Division, ...]] | None = None

    def require_folds(self) -> None:
        """Refuses a number of folds where the protocol draws none.

        Raises:
            OptionError: it draws none.
        """
        if self.in_folds is None:
            raise OptionError(
                f"folds does not apply to protocol {self.name!r}; use --protocol ratings, "
                "which draws that many folds"
            )


def _folds(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    if dataset.folds is None:
        raise InputError(
            f"data set {dataset.name!r} has no folds of its own; "
            "use --protocol ratings, which draws them (--folds 5)"
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
        "ratings",
        "predict ratings of any data: hold out 20% at random, or each of --folds K in turn",
        lambda dataset, seed: ratings(dataset.interactions, seed),
        predicts_ratings=True,
        in_folds=lambda dataset, seed, n_folds: ratings(dataset.interactions, seed, n_folds),
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
    name: str,
    dataset: Dataset,
    *,
    seed: int = 0,
    min_rating: float | None = None,
    n_folds: int | None = None,
) -> tuple[Division, ...]:
    """The divisions of a data set under one of `PROTOCOLS`.

    With `min_rating`, lower ratings are dropped before a ranking protocol splits. `n_folds` is
    the number of folds that protocol `ratings` draws; `None` is a single hold-out.

    Raises:
        UnknownNameError: no such protocol.
        OptionError: the protocol draws no folds, or fewer than two are named.
        InputError: the data lacks the folds or times that the protocol needs, is too small, or has
            counts or equal ratings only where ratings are predicted; or a split leaks (see
            `matinee.data.splits.leakage`).
        DataError: a viewer rated a film twice.
    """
    chosen = get(name)
    if n_folds is not None:
        chosen.require_folds()
    if chosen.predicts_ratings and dataset.interactions.counts:
        raise InputError(
            f"data set {dataset.name!r} has counts, and protocol {name!r} predicts ratings; rank "
            "films with --protocol random"
        )
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
    values = dataset.interactions.values
    if chosen.predicts_ratings and values.min() == values.max():
        raise InputError(
            f"every rating of data set {dataset.name!r} is {values[0]:g}, so there is nothing to "
            "predict; rank films with --protocol random, or name the column of ratings with "
            "matinee import FILE --column rating=NAME"
        )
    _ = dataset.interactions.matrix  # refuses a repeated pair, which could be in training and test
    if n_folds is None or chosen.in_folds is None:
        divisions = chosen.divide(dataset, seed)
    else:
        divisions = chosen.in_folds(dataset, seed, n_folds)
    check_divisions(divisions, dataset.interactions)
    return divisions
