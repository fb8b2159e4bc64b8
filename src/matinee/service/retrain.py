"""Fits the live model's recipe again, with what viewers said since, and makes it live if it holds.

The steps: join the data set with the log, compare on the newest ratings, stop if the result is
worse, fit to everything, save, promote.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matinee.data import Dataset, Interactions, Vocabulary
from matinee.data.fetching.cache import silent
from matinee.errors import ArtefactError, NotLiveError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.service.future import FEWEST, Answerer, Comparison, compare, newest
from matinee.service.promote import import_ratings, promote_after
from matinee.service.site import Site
from matinee.service.train import fit, save
from matinee.service.training_data import TrainingData, training_data
from matinee.store import Promotion, Training, artefacts
from matinee.store.recommenders import origin_of, restore

__all__ = ["Outcome", "Recipe", "Retraining", "recipe", "retrain"]

Outcome = Literal["nothing new", "worse", "dry run", "promoted"]

_IN_WORDS: dict[Outcome, str] = {
    "nothing new": "nothing new since the live model was fitted; it stays",
    "worse": "the new model is worse on the newest ratings; the live one stays",
    "dry run": "dry run: nothing is saved or promoted",
    "promoted": "the new model is live",
}


@dataclass(frozen=True)
class Recipe:
    """How the live model was made.

    Attributes:
        promotion: that made it live.
        model: its name.
        training: data, options and seed.
        data_hash: of the ratings it was fitted to.
        assumed: what its folder does not say, a sentence each.
    """

    promotion: Promotion
    model: str
    training: Training
    data_hash: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retraining:
    """What a retrain found and did.

    Attributes:
        outcome: how it ended.
        model: name of the model.
        options: of the model, those that somebody set.
        seed: for random numbers of the fit.
        base: name or path of the data set.
        ratings: how many ratings the model is fitted to.
        new_ratings: of these, not known to the former model.
        until: Unix seconds of the newest rating.
        cursor: number of the newest event of the log.
        former: artefact of the live model at the start.
        comparison: with the live model; `None` if there was none.
        remarks: what was left out, assumed or not possible, a sentence each.
        artefact: content hash of the new model; "" if none was saved.
        seconds: of fits and comparison.
    """

    outcome: Outcome
    model: str
    options: Mapping[str, object]
    seed: int
    base: str
    ratings: int
    new_ratings: int
    until: int
    cursor: int
    former: str
    comparison: Comparison | None = None
    remarks: tuple[str, ...] = field(default=())
    artefact: str = ""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        comparison = self.comparison and self.comparison.to_json()
        return {**vars(self), "comparison": comparison, "remarks": list(self.remarks)}

    def lines(self) -> tuple[str, ...]:
        """In words, the outcome last."""
        newest_day = datetime.fromtimestamp(self.until, UTC).date().isoformat()
        data = (
            f"{self.model} on {self.base}: {self.ratings:,} ratings until {newest_day}, "
            f"{self.new_ratings:,} of them new"
        )
        return (
            data,
            *self.remarks,
            *([str(self.comparison)] if self.comparison else []),
            _IN_WORDS[self.outcome] + (f": {self.artefact[:12]}" if self.artefact else ""),
        )


def recipe(site: Site) -> Recipe:
    """How the live model was made, also if its arrays are damaged.

    Raises:
        NotLiveError: no model was promoted yet.
        ArtefactError: its manifest is missing or damaged.
    """
    promotion = _live(site)
    try:
        _, manifest = artefacts.read_manifest(site.artefacts / promotion.artefact)
    except ArtefactError as error:
        raise ArtefactError(
            f"the live model does not say how it was made: {error}, or name a model and its data "
            "with --model and --data"
        ) from None
    training = Training.of(manifest)
    assumption = (
        f"the live model does not say what it was fitted to: {training.base}, all its options and "
        "seed 0 are assumed, and every rating of the log counts as new"
    )
    return Recipe(
        promotion,
        str(manifest["model"]),
        training,
        str(manifest.get("data_hash", "")),
        () if "training" in manifest else (assumption,),
    )


def retrain(
    site: Site,
    base: Dataset,
    *,
    model: str | None = None,
    options: Mapping[str, object] | None = None,
    seed: int | None = None,
    dry_run: bool = False,
    note: str = "retrain",
    say: Callable[[str], None] = silent,
) -> Retraining:
    """Fits the recipe of the live model to the data set and the log, and promotes the result.

    The candidate is first fitted to everything before the newest likes, and both models look for
    these. If the interval of the difference lies below 0, nothing changes. A live model that is
    damaged is not compared.

    Args:
        site: with a live model.
        base: the data set the installation started from, or another one.
        model: name of the model; by default the live one's.
        options: of the model; by default the live one's if the model is the same.
        seed: for random numbers; by default the live one's.
        dry_run: compare, and change nothing.
        note: of the promotion, for people.
        say: called with a line before each long step.

    Raises:
        NotLiveError: no model was promoted yet.
        ArtefactError: the live model's manifest is damaged and `model` is `None`.
        InputError: an option of the model, or the data set, cannot be used.
        ConflictError: another model was promoted meanwhile.
    """
    started = time.perf_counter()
    promotion = _live(site)
    former, remarks = _former(site, promotion)
    try:
        known = recipe(site)
    except ArtefactError:
        if model is None:
            raise
        known = Recipe(promotion, model, Training(base=base.name), "")
    same = model in {None, known.model}
    model = known.model if model is None else model
    options = (known.training.options if same else {}) if options is None else options
    seed = known.training.seed if seed is None else seed
    config = create(model, options).config
    changed = not same or config != create(model, known.training.options).config
    changed |= seed != known.training.seed
    data = training_data(site, base)
    fresh = _fresh(data, known)
    result = Retraining(
        outcome="nothing new",
        model=model,
        options=dict(options),
        seed=seed,
        base=base.name if base.path is None else str(base.path),
        ratings=len(data.interactions),
        new_ratings=int(np.count_nonzero(fresh)),
        until=int(data.interactions.times.max(initial=0)),
        cursor=data.cursor,
        former=promotion.artefact,
        remarks=(*remarks, *known.assumed, *data.remarks()),
    )
    if former is not None and not changed and data.interactions.content_hash == known.data_hash:
        return result
    if former is not None:
        result = _compared(site, result, data, fresh, former, say)
    if result.comparison is not None and result.comparison.worse:
        return replace(result, outcome="worse", seconds=time.perf_counter() - started)
    if dry_run:
        return replace(result, outcome="dry run", seconds=time.perf_counter() - started)
    say(f"fitting {model} to {result.ratings:,} ratings")
    warm = former and former[0]
    recommender = fit(data.dataset, model, options, seed, warm)
    seconds = time.perf_counter() - started
    folder = save(
        data.dataset, recommender, site.artefacts, options=options, seed=seed, cursor=data.cursor
    )
    import_ratings(site, base)
    promote_after(site, folder, promotion.seq, note, say)
    return replace(result, outcome="promoted", artefact=folder.name, seconds=seconds)


_Former = tuple[Recommender, str]
"""The live recommender and the numbering of its films."""


def _live(site: Site) -> Promotion:
    promotion = site._store.live()
    if promotion is None:
        raise NotLiveError(
            "no model is live yet, so there is nothing to retrain; run `matinee demo` or "
            "`matinee train MODEL --data NAME --promote`"
        )
    return promotion


def _former(site: Site, promotion: Promotion) -> tuple[_Former | None, tuple[str, ...]]:
    """The live recommender if every byte is sound, else what is to be said."""
    try:
        artefact = artefacts.load(site.artefacts / promotion.artefact, verify=True)
        return (restore(artefact), origin_of(artefact)[0]), ()
    except ArtefactError as error:
        return None, (f"not compared: the live model is damaged ({error})",)


def _fresh(data: TrainingData, known: Recipe) -> NDArray[np.bool_]:
    """`bool[n]`: ratings that the live model has not seen."""
    fresh = data.seqs > known.training.cursor
    if known.training.until and data.dataset.interactions.content_hash != known.data_hash:
        fresh |= (data.seqs == 0) & (data.interactions.times > known.training.until)
    return fresh


def _compared(
    site: Site,
    result: Retraining,
    data: TrainingData,
    fresh: NDArray[np.bool_],
    former: _Former,
    say: Callable[[str], None],
) -> Retraining:
    """The result with a comparison, or with the reason why there is none."""
    catalog = data.dataset.catalog
    ratings, fresh = _distinct(data.interactions, fresh)
    future = newest(ratings, fresh, catalog.years)
    if len(future.users) < FEWEST:
        reason = (
            f"not compared: {len(future.users)} viewers have a like among the newest ratings, and "
            f"at least {FEWEST} are needed"
        )
        return replace(result, remarks=(*result.remarks, reason))
    recommender, numbering = former
    say(f"comparing {result.model} with the live model on {len(future.users):,} viewers")
    past = replace(data.dataset, interactions=future.past)
    candidate = fit(past, result.model, result.options, result.seed, recommender).model
    rows = _rows(site, data.dataset, numbering, recommender.catalog.item_ids)
    comparison = compare(
        Answerer(candidate, catalog.item_ids, np.arange(len(catalog))),
        Answerer(recommender.model, recommender.catalog.item_ids, rows),
        future,
    )
    return replace(result, comparison=comparison)


def _distinct(
    ratings: Interactions, fresh: NDArray[np.bool_]
) -> tuple[Interactions, NDArray[np.bool_]]:
    """Each viewer and film once, as models are fitted: data sets may repeat them."""
    marks = replace(ratings, values=fresh.astype(np.float32), counts=False)
    return ratings.latest(), marks.latest().values > 0


def _rows(site: Site, base: Dataset, numbering: str, own: Vocabulary) -> NDArray[np.int64]:
    """`int64[n]`: row in the base of each film of a model, -1 if the base lacks it."""
    ids = site._store.film_ids(base.namespace, base.catalog)
    films = [ids.translate(numbering, each) for each in own.ids.tolist()]
    return np.array([ids.own.row(film[1]) if film in ids else -1 for film in films], dtype=np.int64)
