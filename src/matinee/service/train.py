"""From a data set to a recommender that can answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from matinee import plugins
from matinee.content.billing import billed
from matinee.data import Dataset, Interactions
from matinee.models import Model, create, default_options
from matinee.pipeline import Recommender
from matinee.store import save_recommender

__all__ = ["liked_from", "save", "train", "usual_options"]

_LIKED = 0.625
"""Share of the scale below a like."""


def train(
    dataset: Dataset,
    model: str,
    options: Mapping[str, object] | None = None,
    *,
    seed: int = 0,
) -> Recommender:
    """A recommender fitted on a whole data set; of repeated ratings the last counts.

    Missing options are `usual_options`. Its films name the best-known actors first.

    Raises:
        UnknownNameError: no such model.
        OptionError: an unknown option, or a value outside its bounds.
        InputError: the data lacks something the model learns from.
    """
    usual = usual_options(model, dataset.interactions)
    unfitted = create(model, {**usual, **(options or {})})
    rng = np.random.default_rng(seed)
    fitted = unfitted.fit(dataset.interactions.latest(), dataset.catalog, rng=rng)
    return Recommender(fitted, billed(dataset.catalog), scale=dataset.interactions.scale)


def liked_from(interactions: Interactions) -> float | None:
    """The lowest rating that is a like for whoever is answered: 3.5 on a scale of 1 to 5.

    `None` means that every row is a like.
    """
    low, high = interactions.scale
    return low + _LIKED * (high - low)


def usual_options(model: str, interactions: Interactions) -> dict[str, object]:
    """The `default_options` of a model that answers the viewers of some ratings.

    Raises:
        UnknownNameError: no such model.
    """
    kind: type[Model] = plugins.get("models", model)
    return default_options(kind.Config, liked_from(interactions))


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
