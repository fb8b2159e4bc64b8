"""First start of a site: viewers with histories, and a live model."""

from __future__ import annotations

from pathlib import PurePath

from matinee.data import Dataset
from matinee.pipeline import Recommender
from matinee.service.promote import make_live
from matinee.service.site import Site
from matinee.service.train import save
from matinee.store import Promotion

__all__ = ["import_ratings", "install"]


def install(site: Site, dataset: Dataset, recommender: Recommender, note: str = "") -> Promotion:
    """Imports a data set's ratings, saves a recommender and makes it live.

    Steps done at an earlier start are recognised and not repeated.

    Raises:
        InputError: the data set has an id the log cannot hold.
        ArtefactError: the recommender cannot be saved.
    """
    import_ratings(site, dataset)
    return make_live(site, save(dataset, recommender, site.artefacts), note)


def import_ratings(site: Site, dataset: Dataset) -> int:
    """Writes a data set's ratings to the event log; returns how many were new.

    Its viewers are named `<dataset>/<user id>`.

    Raises:
        InputError: the data set has an id the log cannot hold.
    """
    source = PurePath(dataset.name).name  # the name of a path must not show where it lies
    return site._store.import_interactions(dataset.interactions, source=source)
