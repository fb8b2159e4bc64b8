"""Verbs of a model that check what they are given, and map ratings to stars, before its code runs.

Kernels read what is checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.votes import popularity_from_votes
from matinee.data import Catalog, Histories, Interactions
from matinee.data.checks import film_rows, require_csr, require_within
from matinee.errors import InputError
from matinee.models._shared.config import lowest_like
from matinee.models._shared.dislikes import average_answer, dislike_surplus
from matinee.models._shared.raced_popularity import raced_popularity
from matinee.models._shared.star_scale import STARS, StarScale

if TYPE_CHECKING:
    from matinee.models import Model

__all__ = ["check_verbs", "no_ratings"]

Verb = Callable[..., Any]

_WAYS = (("learning_rate", "below"), ("rate", "below"), ("l2", "above"))
"""Options that let a fit converge, and the direction to change them in, surest first."""


def check_verbs(kind: type[Model]) -> None:
    """Wraps the verbs that a class defines itself.

    Checks are of the shape alone: `Histories` were checked when they were made.
    """
    for name, wrapper in _WRAPPERS.items():
        if name in vars(kind):
            setattr(kind, name, wrapper(vars(kind)[name]))


def _checked_fit(fit: Verb) -> Verb:
    """`fit` on stars that starts without arrays, ends with finite ones, and keeps the scale.

    It sets a prior unless `fit` did. Counts are not mapped.
    """

    @wraps(fit)
    def fitted(
        self: Model, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Model:
        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; they must have the same rows"
            )
        if interactions.counts and self.predicts_ratings and self.personal:
            raise InputError(
                f"model {self.name!r} learns from ratings, and these are counts; use a model that "
                "learns from likes, such as ials, ease or item-knn"
            )
        scale, learner = np.array(interactions.scale, dtype=np.float32), self
        facts = {"fitted_on_counts": np.ones(1, dtype=np.bool_)} if interactions.counts else {}
        if type(self).fit is fitted:  # else a derived class has begun, and calls this one
            self.arrays = {}
        if interactions.scale != STARS and not interactions.counts:
            stars = StarScale.of(interactions.scale)
            self.arrays["stars"] = np.array(stars)
            interactions = interactions.with_scale(STARS, stars.stars)
            learner = _star_model(self, stars)
        learner.arrays |= facts | {"scale": np.array(interactions.scale, dtype=np.float32)}
        fit(learner, interactions, catalog, rng=rng)
        if "prior" not in learner.arrays:
            prior = raced_popularity(interactions, lowest_like(learner.config))
            learner.arrays["prior"] = popularity_from_votes(prior, catalog)
        if type(self).fit is fitted and self.adds_average:
            average = average_answer(learner, interactions)
            learner.arrays |= {} if average is None else {"average": average}
        self.arrays |= learner.arrays | facts | {"scale": scale}
        _require_finite(self)
        return self

    return fitted


def _checked_scores(scores: Verb) -> Verb:
    """`scores` with the average viewer's for dislikes, and the prior in place of rows of zeros."""

    @wraps(scores)
    def answered(self: Model, histories: Histories) -> NDArray[np.float32]:
        _check_histories(self, histories)
        model, ratings, _ = _in_stars(self, histories)
        found: NDArray[np.float32] = scores(model, ratings)
        if found.shape != (len(histories), self.n_items):
            return found  # for whoever checks answers to refuse
        if not _has_factors(model):
            found = _with_average(model, ratings, found)
        if found[:, :1].all():  # which is quick to see, and true of nearly all answers
            return found
        silent = np.asarray(~found.any(axis=1))
        return np.where(silent[:, None], self.arrays["prior"], found) if silent.any() else found

    return answered


def _checked_factors(factors: Verb) -> Verb:
    """`factors` with the average viewer's for dislikes."""

    @wraps(factors)
    def answered(self: Model, histories: Histories) -> Any:
        _check_histories(self, histories)
        model, ratings, _ = _in_stars(self, histories)
        found = factors(model, ratings)
        return found and (_with_average(model, ratings, found[0]), found[1])

    return answered


def _checked_answer(similarities: Verb) -> Verb:
    @wraps(similarities)
    def answered(self: Model, histories: Histories) -> Any:
        _check_histories(self, histories)
        model, ratings, _ = _in_stars(self, histories)
        return similarities(model, ratings)

    return answered


def _checked_predictions(predictions: Verb) -> Verb:
    """`predictions` on the scale of the data."""

    @wraps(predictions)
    def answered(self: Model, histories: Histories, wanted: sp.csr_array) -> Any:
        _check_wanted(self, histories, wanted)
        model, ratings, scale = _in_stars(self, histories)
        found = predictions(model, ratings, wanted)
        return found if scale is None else _on_scale(self, scale, found)

    return answered


def _checked_intervals(intervals: Verb) -> Verb:
    """`intervals` on the scale of the data."""

    @wraps(intervals)
    def answered(self: Model, histories: Histories, wanted: sp.csr_array) -> Any:
        _check_wanted(self, histories, wanted)
        model, ratings, scale = _in_stars(self, histories)
        ends = intervals(model, ratings, wanted)
        if ends is None or scale is None:
            return ends
        return tuple(_on_scale(self, scale, end) for end in ends)

    return answered


def _checked_contributions(contributions: Verb) -> Verb:
    @wraps(contributions)
    def answered(self: Model, histories: Histories, items: NDArray[np.integer]) -> Any:
        _check_histories(self, histories)
        if len(histories) != 1:
            raise InputError(
                f"contributions are those of one history, not of {len(histories):,}; "
                "take them one by one with Histories.take"
            )
        model, ratings, _ = _in_stars(self, histories)
        return contributions(model, ratings, _check_items(self, items))

    return answered


def _checked_similar(similar: Verb) -> Verb:
    @wraps(similar)
    def answered(self: Model, items: NDArray[np.integer]) -> Any:
        return similar(self, _check_items(self, items))

    return answered


_WRAPPERS: dict[str, Callable[[Verb], Verb]] = {
    "fit": _checked_fit,
    "scores": _checked_scores,
    "factors": _checked_factors,
    "user_similarities": _checked_answer,  # of the models that keep their users
    "predictions": _checked_predictions,
    "intervals": _checked_intervals,
    "contributions": _checked_contributions,
    "similar": _checked_similar,
}


def _in_stars(model: Model, histories: Histories) -> tuple[Model, Histories, StarScale | None]:
    """Model and histories as the model's code sees them, and the map if there is one."""
    if "stars" not in model.arrays:
        return model, histories, None
    scale = StarScale(*model.arrays["stars"].tolist())
    memory = _IN_STARS.get(histories)
    if memory is None or memory[0] != scale:
        memory = scale, histories.with_values(scale.stars(histories.values))
        if len(histories) == 1:
            _IN_STARS[histories] = memory
    return _star_model(model, scale), memory[1], scale


_IN_STARS: WeakKeyDictionary[Histories, tuple[StarScale, Histories]] = WeakKeyDictionary()
"""Single histories that still exist, in stars: models compute reasons from what scores left."""


def _has_factors(model: Model) -> bool:
    return getattr(type(model).factors, "__wrapped__", None) is not None


def _with_average(
    model: Model, histories: Histories, found: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Scores or factors of users, `[n, m]`, plus the average ones as far as dislikes outweigh."""
    if "average" not in model.arrays:
        return found
    surplus = dislike_surplus(model.rating_weights(histories), histories)
    return found if surplus is None else found + surplus[:, None] * model.arrays["average"]


def _star_model(model: Model, scale: StarScale) -> Model:
    """The same model on the scale of stars, so that verbs it calls itself map nothing."""
    other = copy(model)
    other.config = model.config.in_stars(scale)
    other.arrays = model.arrays | {"scale": np.array(STARS, dtype=np.float32)}
    del other.arrays["stars"]
    return other


def _on_scale(model: Model, scale: StarScale, stars: NDArray[Any]) -> NDArray[Any]:
    """Ratings from stars, within the scale of the data."""
    return np.clip(scale.ratings(stars), *model.arrays["scale"].tolist())


def _require_finite(model: Model) -> None:
    """Refuses a fit that diverged.

    Raises:
        InputError: a number in `arrays` is not finite.
    """
    for name, array in model.arrays.items():
        if array.dtype.kind != "f" or not array.size:
            continue
        if not np.isfinite([array.min(), array.max()]).all():  # NaN is both, and no mask is made
            options = model.config.model_dump()
            model.arrays.clear()  # a fit that is refused has not happened
            ways = [f"{each} {way} {options[each]:g}" for each, way in _WAYS if each in options]
            raise InputError(
                f"the fit of model {model.name!r} diverged: numbers in {name!r} are not finite; "
                f"set {ways[0] if ways else 'other options'}"
            )


def no_ratings() -> InputError:
    """The refusal of a prediction where the data are counts."""
    return InputError("the data are counts, so there is no rating to predict; rank films instead")


def _check_wanted(model: Model, histories: Histories, wanted: sp.csr_array) -> None:
    _check_histories(model, histories)
    if model.counts:
        raise no_ratings()
    require_csr(wanted, "wanted", np.int64, (len(histories), model.n_items))


def _check_histories(model: Model, histories: Histories) -> None:
    if not isinstance(histories, Histories):
        raise InputError(
            f"models take Histories, not {type(histories).__name__}; "
            "make them with Histories(ratings) or Histories.of(query, n_items)"
        )
    if histories.n_items != model.n_items:
        raise InputError(
            f"histories are over {histories.n_items:,} films and model {model.name!r} was fitted "
            f"on {model.n_items:,}; their rows must be the same films"
        )


def _check_items(model: Model, items: object) -> NDArray[np.int32]:
    rows = film_rows(items, "items")
    require_within(rows, model.n_items, "items")
    return rows
