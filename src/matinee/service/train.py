"""From a data set to a recommender that can answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from matinee.data import Dataset
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.service.recipe import default_options
from matinee.store import save_recommender

__all__ = ["save", "train"]


def train(
    dataset: Dataset,
    model: str,
    options: Mapping[str, object] | None = None,
    *,
    seed: int = 0,
) -> Recommender:
    """A recommender fitted on a whole data set; of repeated ratings the last counts.

    Missing options are those for answering viewers (see `recipe.default_options`).

    Raises:
        UnknownNameError: no such model.
        OptionError: an unknown option, or a value outside its bounds.
        InputError: the data lacks something the model learns from.
    """
    defaults = default_options(model, dataset.interactions.scale)
    unfitted = create(model, {**defaults, **(options or {})})
    rng = np.random.default_rng(seed)
    fitted = unfitted.fit(dataset.interactions.latest(), dataset.catalog, rng=rng)
    return Recommender(fitted, dataset.catalog, scale=dataset.interactions.scale)


def save(dataset: Dataset, recommender: Recommender, root: Path) -> Path:
    """Saves a recommender with facts about its data; returns its folder.

    Raises:
        ArtefactError: the folder cannot be written.
    """
    return save_recommender(
        recommender,
        root,
        data=dataset.name,
        data_hash=dataset.interactions.content_hash,
        scale=dataset.interactions.scale,
        licence=dataset.licence,
    )
