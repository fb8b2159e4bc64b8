"""Pieces of the table: a data set under a protocol, with the models that belong there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
from benchmarks.recipe_table.data import NEW, dataset, with_genres_only
from benchmarks.recipe_table.peers import PEERS, PeerCandidate
from benchmarks.recipe_table.references import REFERENCES
from benchmarks.recipe_table.results import Entry, Extent, Gain, Line

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.candidate_models import CandidateModel, ModelLike, Trial
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.recipes import Recipe
from matinee.models import Selection, model_class

__all__ = ["PROTOCOLS", "Piece", "entry_of"]

_AUTO = "auto"


def _search(name: str, option: str, *values: float) -> CandidateModel:
    """A model with one option to choose, among these values and not among its usual ones."""
    kind = model_class(name)
    configs = tuple(kind.Config.model_validate({option: value}) for value in values)
    return CandidateModel(name, kind, configs, "validation" if len(values) > 1 else "defaults")


_EASE = _search("ease", "l2", 100, 300, 500, 1000)
_TASTES: tuple[ModelLike, ...] = (
    _AUTO,
    "popular",
    _search("trending", "half_life", 1, 7, 30, 90, 180, 365, 1000),
    "item-knn",
    "ials",
    "ease-sparse",
    _EASE,
)
_MODELS: dict[str, tuple[ModelLike, ...]] = {
    "random": (*_TASTES, "dlae-content"),
    "strong": (*_TASTES, "dlae-content", "blend"),
    "last": (*_TASTES, ("ease-sparse", {"half_life_items": 4}), "slit"),
    "time": (*_TASTES, "ranker"),
    "cuts": (*_TASTES, "ranker"),
    "cold": (_AUTO, "popular", "content", "ease-content", "ials-content", "dlae-content"),
}
"""`auto` is first, so that whatever others need is compiled."""
PROTOCOLS = tuple(_MODELS)
_OF_SEEDS = ("random", "strong", "last", "cold")
"""Protocols that draw; under the others a seed decides the fit alone."""
_MANY_FILMS = ("ml-latest-small", NEW)
"""Here `ease` inverts a matrix of 9,000 films, so it keeps its default penalty."""
_LIKE = 4


@dataclass(frozen=True)
class Piece:
    """One part of the table.

    Attributes:
        data: the data set, as `data.dataset` knows it.
        protocol: one of `PROTOCOLS`: "cuts" is `time` with several cuts, "cold" has genres only.
        seeds: seeds of the splits and fits; empty for the usual ones.
        n_cuts: number of cuts of "cuts".
        peers: whether other libraries are measured as well.
    """

    data: str
    protocol: str
    seeds: tuple[int, ...] = ()
    n_cuts: int = 5
    peers: bool = False

    @property
    def k(self) -> int:
        """Length of the lists."""
        if self.protocol == "cold":
            return 20
        return 100 if (self.data, self.protocol) == ("ml-1m", "strong") else 10

    @property
    def usual_seeds(self) -> tuple[int, ...]:
        """The seeds, one where a protocol draws nothing."""
        if self.protocol not in _OF_SEEDS:
            return self.seeds[:1] or (0,)
        return self.seeds or tuple(range(3 if self.protocol == "cold" else 5))

    @property
    def key(self) -> tuple[str, str]:
        """As that of its entry."""
        return self.data, self.protocol

    @property
    def extent(self) -> Extent:
        """As that of its entry."""
        cuts = self.n_cuts if self.protocol == "cuts" else 0
        return Extent(len(self.usual_seeds), cuts, len(self._others))

    @property
    def models(self) -> list[ModelLike]:
        """All models, ours first."""
        ours = _MODELS[self.protocol]
        if self.data in _MANY_FILMS:
            ours = tuple(_search("ease", "l2", 300) if each is _EASE else each for each in ours)
        return [*ours, *self._others]

    @property
    def _others(self) -> Sequence[CandidateModel | PeerCandidate]:
        if not self.peers:
            return ()
        return REFERENCES if self.protocol == "cold" else [each.candidate() for each in PEERS]

    def measure(self, cache: Cache) -> Entry:
        """Evaluates all models on the same splits."""
        started = perf_counter()
        data = replace(dataset(self.data, cache), demographics=None)  # groups are not compared
        if self.protocol == "cold":
            data = with_genres_only(data)
        entry = entry_of(self, data)
        return replace(entry, seconds=round(perf_counter() - started, 1))


def entry_of(piece: Piece, data: Dataset) -> Entry:
    """All models of a piece on the ratings of a data set."""
    recipe = Recipe(
        piece.models,
        protocol="time" if piece.protocol == "cuts" else piece.protocol,
        k=(piece.k,),
        min_rating=_LIKE,
        cuts=piece.n_cuts if piece.protocol == "cuts" else None,
        seeds=piece.usual_seeds,
    )
    comparison = evaluate(recipe, data)
    return Entry(
        data=piece.data,
        protocol=piece.protocol,
        cuts=recipe.cuts or 0,
        metric=comparison.metric,
        seeds=list(piece.usual_seeds),
        likes=int(np.sum(data.interactions.values >= _LIKE)),
        viewers=len(np.unique(np.concatenate([each.users for each in comparison.tests]))),
        threads=int(os.environ.get("NUMBA_NUM_THREADS", "0")),
        lines=[_line(comparison, each) for each in comparison.results],
        choices=_choices(comparison),
    )


def _line(comparison: Comparison, result: ModelResult) -> Line:
    metric = comparison.metric
    bounds = result.intervals[metric]
    known, new = _groups(comparison, result)
    others = {each.name for each in PEERS} | {each.label for each in REFERENCES}
    return Line(
        name=result.name,
        peer=result.name in others,
        mean=result.means[metric],
        low=bounds.low,
        high=bounds.high,
        known=known,
        new=new,
        gain=_gain(comparison, result.name),
        fit_seconds=float(np.median([each.fit_seconds for each in result.splits])),
        tried=max(len(each.trials) for each in result.splits),
        options=[_choice(each.options, each.trials) for each in result.splits],
    )


def _groups(comparison: Comparison, result: ModelResult) -> tuple[float | None, float | None]:
    """Means of viewers with a history and of newcomers, over all cuts; only if there are any."""
    values = np.concatenate([each.values[comparison.metric] for each in result.splits])
    has_history = np.concatenate([each.histories.lengths > 0 for each in comparison.tests])
    if has_history.all():
        return None, None
    return (
        float(values[has_history].mean()) if has_history.any() else None,
        float(values[~has_history].mean()),
    )


def _gain(comparison: Comparison, name: str) -> Gain | None:
    """What `auto` gains over a model, with the paired interval."""
    for pair in comparison.pairs:
        if name != _AUTO and {pair.better, pair.other} == {_AUTO, name}:
            low, high = pair.difference.interval.low, pair.difference.interval.high
            if pair.better == _AUTO:
                return Gain(pair.difference.mean, low, high)
            return Gain(-pair.difference.mean, -high, -low)
    return None


def _choice(options: Mapping[str, Any], trials: Sequence[Trial]) -> dict[str, Any]:
    """The options that a choice was made between."""
    tried = [_plain(trial.options) for trial in trials]
    return {
        name: value
        for name, value in _plain(options).items()
        if len({str(each[name]) for each in tried}) > 1
    }


def _plain(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options by name, those of other libraries out of their JSON."""
    return json.loads(options["options"]) if "algorithm" in options else options


def _choices(comparison: Comparison) -> list[str]:
    """What `auto` has chosen on each split: the question, and the winner of each race."""
    auto = next((each for each in comparison.results if each.name == _AUTO), None)
    if auto is None:
        return []
    return [
        f"{each.split}: {each.options['choose_on']}; {_winners(each.selection)}"
        for each in auto.splits
        if each.selection
    ]


def _winners(selection: Selection) -> str:
    """The winner of each race; newcomers may have two, of popularities and then with `ranker`."""
    chosen: list[str] = []
    kinds: set[str] = set()
    for race in selection.races:
        kind = race.viewers.partition(",")[0]
        label = f"{kind}, the list of ranker or that one" if kind in kinds else kind
        kinds.add(kind)
        chosen.append(f"{label}: {race.chosen}")
    return "; ".join(chosen)
