"""How data is divided into what a model learns from, what it is shown, and what it must find.

A protocol takes interactions and a seed and gives divisions: a validation split that options are
chosen on, and a test split that is reported. Every evaluated viewer of a split is one row of three
sparse matrices, so that no model needs a user id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.splits.by_rating import folds, random
from matinee.data.splits.by_viewer import last, strong
from matinee.data.splits.split import Division, Split
from matinee.errors import InputError, UnknownNameError

__all__ = [
    "PROTOCOLS",
    "Division",
    "Protocol",
    "Split",
    "divide",
    "folds",
    "last",
    "protocol",
    "random",
    "strong",
]


@dataclass(frozen=True)
class Protocol:
    """One way to evaluate.

    Attributes:
        name: as the command line says it.
        about: one line for help texts and receipts.
        divide: the divisions of a data set for a seed.
        predicts_ratings: whether ratings are predicted; otherwise films are ranked.
    """

    name: str
    about: str
    divide: Callable[[Dataset, int], tuple[Division, ...]]
    predicts_ratings: bool = False


def _folds(dataset: Dataset, seed: int) -> tuple[Division, ...]:
    if dataset.folds is None:
        raise InputError(
            f"data set {dataset.name!r} has no folds of its own; "
            "use --protocol random, strong or last"
        )
    return folds(dataset.interactions, dataset.folds, seed)


def _ranking(
    function: Callable[[Interactions, int], tuple[Division, ...]],
) -> Callable[[Dataset, int], tuple[Division, ...]]:
    return lambda dataset, seed: function(dataset.interactions, seed)


PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        each.name: each
        for each in (
            Protocol(
                "folds",
                "the data set's own folds (ml-100k u1..u5): ratings are predicted",
                _folds,
                predicts_ratings=True,
            ),
            Protocol(
                "random",
                "80/10/10 by rating: all films are ranked but those of train and validation",
                _ranking(random),
            ),
            Protocol(
                "strong",
                "viewers held out whole: from 80% of their ratings find the other 20%",
                _ranking(strong),
            ),
            Protocol(
                "last",
                "leave one out: find the last film from all before it",
                _ranking(last),
            ),
        )
    }
)


def protocol(name: str) -> Protocol:
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
        InputError: the data has no folds, or nothing is left to divide.
        DataError: a viewer rated a film twice.
    """
    chosen = protocol(name)
    if min_rating is not None:
        if chosen.predicts_ratings:
            raise InputError(
                f"protocol {name!r} predicts all ratings, so --min-rating does not apply; "
                "leave it out or use --protocol random"
            )
        dataset = _at_least(dataset, min_rating)
    if not len(dataset.interactions):
        raise InputError(
            f"data set {dataset.name!r} has no ratings to evaluate on"
            + ("" if min_rating is None else f" of at least {min_rating:g}")
            + "; use a data set with ratings or a lower --min-rating"
        )
    _ = dataset.interactions.matrix  # a repeated pair would be in train and in test
    return chosen.divide(dataset, seed)


def _at_least(dataset: Dataset, rating: float) -> Dataset:
    kept = dataset.interactions.values >= rating
    return Dataset(
        name=dataset.name,
        interactions=dataset.interactions.select(kept),
        catalog=dataset.catalog,
        licence=dataset.licence,
        notes=dataset.notes,
    )
