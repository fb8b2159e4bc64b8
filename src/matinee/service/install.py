"""A first start: a site gets viewers with histories, and a recommender."""

from __future__ import annotations

from pathlib import PurePath

from matinee.data import Dataset
from matinee.pipeline import Recommender
from matinee.service.promote import promote
from matinee.service.site import Site
from matinee.service.train import save
from matinee.store import Promotion

__all__ = ["install"]


def install(site: Site, dataset: Dataset, recommender: Recommender, note: str = "") -> Promotion:
    """Imports a data set's ratings into the log, saves a recommender and makes it live.

    Its viewers are named `<dataset>/<user id>`. What was done before is recognised and not done
    again, so this may run at every start.

    Raises:
        InputError: the data set has an id the log cannot hold.
        ArtefactError: the recommender cannot be saved.
    """
    source = PurePath(dataset.name).name  # one read from a path does not show where it lay
    site.store.import_interactions(dataset.interactions, source=source, viewer_prefix=f"{source}/")
    folder = save(dataset, recommender, site.artefacts)
    live = site.store.live()
    if live is not None and live.artefact == folder.name:
        return live
    return promote(site, folder, note)
