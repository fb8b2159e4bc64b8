"""Evaluation protocols by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from matinee.data import Dataset
from matinee.data.splits import (
    Division,
    cold,
    cold_viewers,
    cuts,
    files,
    first_instants,
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
from matinee.experiments.measuring.cut import DIVISION_SETTINGS, Cut, require_compatible

__all__ = ["PROTOCOLS", "Protocol", "divide", "get"]


_RANDOM = MappingProxyType({"choose_on": "random"})
_RANKING_SETTINGS = ("min_rating", "relevant_from", "among", "candidates", "audit")
"""Settings of rankings. They apply to no protocol that predicts ratings."""


@dataclass(frozen=True)
class Protocol:
    """A rule that divides a data set for a seed, with one line about it for help and receipts.

    It predicts ratings or ranks films. `curve` is the variable along which the divisions are points
    of one curve; it is empty if they are repetitions. `takes` are those of `DIVISION_SETTINGS` that
    apply to it; `defaults` are values that receipts name even where nobody sets them. `preferred`
    are options for models that choose a question themselves: that of the protocol wins unless
    validation finds another clearly better.
    """

    name: str
    about: str
    divide: Callable[[Dataset, int, Cut], tuple[Division, ...]]
    predicts_ratings: bool = False
    curve: str = ""
    takes: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)
    preferred: Mapping[str, object] = field(default_factory=dict)

    def require(self, settings: Mapping[str, object]) -> None:
        """Refuses settings that do not apply, or that exclude each other.

        Args:
            settings: fields of a recipe by name; those that are `None` or false are not set.

        Raises:
            OptionError: one of them does not apply, or contradicts another.
        """
        settings = {
            name: each for name, each in settings.items() if each is not None and each is not False
        }
        for name in DIVISION_SETTINGS:
            if name in settings and name not in self.takes:
                others = " or ".join(each.name for each in _PROTOCOLS if name in each.takes)
                raise OptionError(
                    f"{name} does not apply to protocol {self.name!r}; use --protocol {others}"
                )
        require_compatible(settings)
        for name in _RANKING_SETTINGS:
            if name in settings and self.predicts_ratings:
                raise OptionError(
                    f"{name} does not apply to protocol {self.name!r}, which predicts all ratings "
                    "and ranks nothing; remove it or use --protocol random"
                )


def _folds(dataset: Dataset, seed: int, _: Cut) -> tuple[Division, ...]:
    if dataset.folds is None:
        raise InputError(
            f"data set {dataset.name!r} has no folds of its own; "
            "use --protocol ratings, which draws them (--folds 5)"
        )
    return folds(dataset.interactions, dataset.folds, seed)


def _ratings(dataset: Dataset, seed: int, cut: Cut) -> tuple[Division, ...]:
    if cut.test is not None:
        return files(dataset.interactions, cut.test, seed, predicts=True)
    return ratings(dataset.interactions, seed, cut.folds, share=cut.share)


def _files(dataset: Dataset, seed: int, cut: Cut) -> tuple[Division, ...]:
    if cut.test is None:
        raise InputError(
            "protocol 'files' needs a test of your own; name it with --test FILE, in Python "
            "evaluate(..., test=frame), or use --protocol random"
        )
    return files(dataset.interactions, cut.test, seed, predicts=False)


def _time(dataset: Dataset, _: int, cut: Cut) -> tuple[Division, ...]:
    if cut.cuts is not None:
        return cuts(dataset.interactions, cut.cuts)
    return time(dataset.interactions, cut.share, cut.until)


def _last(dataset: Dataset, seed: int, cut: Cut) -> tuple[Division, ...]:
    return last(dataset.interactions, cut.last or 1, seed, cut.ties or "shuffle")


def _prequential(dataset: Dataset, seed: int, cut: Cut) -> tuple[Division, ...]:
    return prequential(dataset.interactions, seed, retrain=cut.retrain or "window")


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
        _ratings,
        predicts_ratings=True,
        takes=("folds", "share", "test"),
    ),
    Protocol(
        "random",
        "80/10/10 by rating, rank all films outside training and validation",
        lambda dataset, seed, cut: random(dataset.interactions, seed, cut.share),
        takes=("share",),
        preferred=_RANDOM,
    ),
    Protocol(
        "strong",
        "hold out viewers, find 20% of their ratings from the other 80%",
        lambda dataset, seed, cut: strong(dataset.interactions, seed, cut.share),
        takes=("share",),
        preferred=_RANDOM,
    ),
    Protocol(
        "last",
        "leave one out, find each viewer's last film from the earlier ones",
        _last,
        takes=("last", "ties"),
        defaults=MappingProxyType({"ties": "shuffle"}),
        preferred=MappingProxyType({"choose_on": "next"}),
    ),
    Protocol(
        "time",
        "train before a point in time, test after it, with new viewers and films",
        _time,
        takes=("share", "until", "cuts"),
        preferred=MappingProxyType({"choose_on": "future"}),
    ),
    Protocol(
        "cold",
        "hold out 20% of the films and rank only these",
        lambda dataset, seed, _: cold(dataset.interactions, seed),
    ),
    Protocol(
        "cold-viewers",
        "hold out viewers, find films from 0, 1, 3, 5 and 10 of their ratings",
        lambda dataset, seed, _: cold_viewers(dataset.interactions, seed),
        curve="ratings in the history",
        preferred=_RANDOM,
    ),
    Protocol(
        "prequential",
        "replay the log in ten windows, predict every rating, then learn from it",
        _prequential,
        curve="time",
        takes=("retrain",),
    ),
    Protocol(
        "files",
        "rank the films of a test of your own: --train FILE --test FILE",
        _files,
        takes=("test",),
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
    cut: Cut | None = None,
) -> tuple[Division, ...]:
    """The divisions of a data set under one of `PROTOCOLS`.

    With `min_rating`, lower ratings are dropped before a ranking protocol splits. `cut` has all
    other settings.

    Raises:
        UnknownNameError: no such protocol.
        OptionError: a setting that does not apply to the protocol.
        InputError: the data lacks the folds, times or test that the protocol needs, is too small,
            or has counts or equal ratings only where ratings are predicted; or a split leaks (see
            `matinee.data.splits.leakage`).
        DataError: a viewer rated a film twice.
    """
    chosen, cut = get(name), cut or Cut()
    chosen.require(vars(cut) | {"min_rating": min_rating})
    if chosen.predicts_ratings and dataset.interactions.counts:
        raise InputError(
            f"data set {dataset.name!r} has counts, and protocol {name!r} predicts ratings; rank "
            "films with --protocol random"
        )
    whole = dataset.interactions
    if min_rating is not None:
        dataset, cut = cut.select(dataset, dataset.interactions.values >= min_rating)
    if not len(dataset.interactions):
        raise InputError(
            f"data set {dataset.name!r} has no ratings"
            + ("" if min_rating is None else f" of at least {min_rating:g}")
            + " to evaluate on; use a data set with ratings or a lower --min-rating"
        )
    dataset, cut, notes = cut.core_of(dataset)
    values = dataset.interactions.values
    if chosen.predicts_ratings and values.min() == values.max():
        raise InputError(
            f"every rating of data set {dataset.name!r} is {values[0]:g}, so there is nothing to "
            "predict; rank films with --protocol random, or name the column of ratings with "
            "matinee import FILE --column rating=NAME"
        )
    _ = dataset.interactions.matrix  # refuses a repeated pair, which could be in training and test
    divisions = chosen.divide(dataset, seed, cut)
    if not chosen.predicts_ratings:
        by_time = any(each.answer_times is not None for pair in divisions for each in pair)
        exists_from = first_instants(whole, dataset.catalog.years) if by_time else None
        divisions = cut.restrict(divisions, exists_from)
    check_divisions(divisions, dataset.interactions)
    return tuple(
        each._replace(test=replace(each.test, notes=(*notes, *each.test.notes)))
        for each in divisions
    )
