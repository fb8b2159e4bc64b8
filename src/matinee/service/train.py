"""From a data set to a recommender that can answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from matinee.content.billing import billed
from matinee.data import Dataset, Interactions
from matinee.data.checks import whole_number
from matinee.data.dataset import require_dataset
from matinee.data.rating_summary import RatingSummary
from matinee.data.reason import LIKED
from matinee.errors import InputError
from matinee.models import Model, create, default_options, model_class
from matinee.pipeline import Recommender
from matinee.service.warm_start import start_from
from matinee.store import Training, save_recommender

__all__ = ["fit", "liked_from", "save", "train", "usual_options"]


def train(
    data: Dataset, model: str | type[Model] = "auto", /, *, seed: int = 0, **options: object
) -> Recommender:
    """A recommender fitted on a whole data set; of repeated ratings the last counts.

    Missing options are `usual_options`. Its films name the best-known actors first.

    Args:
        data: with films and what the model learns from.
        model: a name, see `matinee models`, or a class of your own.
        seed: for random numbers of the fit.
        options: of the model, such as `factors=20`; `matinee models NAME` lists them.

    Raises:
        UnknownNameError: no such model.
        OptionError: an unknown option, or a value outside its bounds.
        InputError: `data` is no data set, or lacks something the model learns from.
    """
    return fit(require_dataset(data), model, options, seed)


def fit(
    dataset: Dataset,
    model: str | type[Model],
    options: Mapping[str, object],
    seed: int = 0,
    former: Recommender | None = None,
) -> Recommender:
    """As `train`. A fit that can starts from that of a `former` recommender, see `start_from`."""
    kind = model_class(model)
    unfitted = create(kind, {**usual_options(kind, dataset.interactions, options), **options})
    if whole_number(seed, "seed") < 0:
        raise InputError(f"a seed is 0 or more, not {seed}")
    rng = np.random.default_rng(seed)
    ratings = dataset.interactions.latest()
    with start_from(former, unfitted, dataset.catalog):
        unfitted.fit(ratings, dataset.catalog, rng=rng)
    return Recommender(
        unfitted,
        billed(dataset.catalog),
        scale=dataset.interactions.scale,
        data=dataset,
        ratings=RatingSummary.of(ratings),
        provenance=dataset.provenance,
    )


def liked_from(interactions: Interactions) -> float | None:
    """The lowest rating that is a like for whoever is answered: 3.5 on a scale of 1 to 5.

    `None` for counts: every row is a like.
    """
    if interactions.counts:
        return None
    low, high = interactions.scale
    return low + LIKED * (high - low)


def usual_options(
    model: str | type[Model], interactions: Interactions, settings: Collection[str] = ()
) -> dict[str, object]:
    """The `default_options` of a model that answers the viewers of some ratings, beside `settings`.

    Raises:
        UnknownNameError: no such model.
    """
    return default_options(model_class(model).Config, liked_from(interactions), settings)


def save(
    dataset: Dataset,
    recommender: Recommender,
    root: Path,
    *,
    options: Collection[str] | None = None,
    seed: int = 0,
    cursor: int = 0,
) -> Path:
    """Saves a recommender with facts about its data, see `save_recommender`.

    Args:
        dataset: what it was fitted to.
        recommender: to save.
        root: folder of artefacts.
        options: names of the options that somebody set; by default all count as set.
        seed: of the fit.
        cursor: number of the last event of the log that is in the data.
    """
    ratings, config = dataset.interactions, recommender.model.config.model_dump(mode="json")
    training = Training(
        base=dataset.name if dataset.path is None else str(dataset.path),
        until=int(ratings.times.max(initial=0)),
        cursor=cursor,
        ratings=len(ratings),
        options={each: config[each] for each in (config if options is None else options)},
        seed=seed,
    )
    return save_recommender(
        recommender,
        root,
        data=dataset.name,
        data_hash=ratings.content_hash,
        numbering=dataset.namespace,
        source=dataset.label,
        scale=ratings.scale,
        licence=dataset.licence,
        training=training,
    )
