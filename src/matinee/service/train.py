"""From a data set to a recommender that can answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matinee import plugins
from matinee.content.billing import billed
from matinee.data import Dataset
from matinee.data.dataset import require_dataset
from matinee.models import LikesConfig, Model, create
from matinee.pipeline import Recommender
from matinee.store import save_recommender

__all__ = ["default_options", "save", "train"]


def train(
    data: Dataset, model: str | type[Model] = "auto", /, *, seed: int = 0, **options: object
) -> Recommender:
    """A recommender fitted on a whole data set; of repeated ratings the last counts.

    Missing options are `default_options`. Its films name the best-known actors first.

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
    dataset = require_dataset(data)
    defaults = default_options(model, dataset.interactions.scale)
    unfitted = create(model, {**defaults, **options})
    rng = np.random.default_rng(seed)
    fitted = unfitted.fit(dataset.interactions.latest(), dataset.catalog, rng=rng)
    scale = dataset.interactions.scale
    return Recommender(fitted, billed(dataset.catalog), scale=scale, data=dataset)


def default_options(model: str | type[Model], scale: tuple[float, float]) -> dict[str, object]:
    """Options of a model that answers viewers: a low rating must not recommend more of the same.

    The lowest rating that counts as a like is 3.5 on a scale of 1 to 5. Evaluation leaves
    `min_rating` at 0: a ranking protocol decides which ratings count.

    Raises:
        UnknownNameError: no such model.
    """
    kind: type[Model] = plugins.get("models", model) if isinstance(model, str) else model
    low, high = scale
    liked_from = low + 0.625 * (high - low)
    return {"min_rating": liked_from} if issubclass(kind.Config, LikesConfig) else {}


def save(dataset: Dataset, recommender: Recommender, root: Path) -> Path:
    """Saves a recommender with facts about its data, see `save_recommender`."""
    ratings = dataset.interactions
    return save_recommender(
        recommender,
        root,
        data=dataset.name,
        data_hash=ratings.content_hash,
        numbering=dataset.namespace,
        source=dataset.label,
        scale=ratings.scale,
        licence=dataset.licence,
    )
