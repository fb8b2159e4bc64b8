"""Installs data and recommenders, and makes a saved recommender the live one."""

from __future__ import annotations

from pathlib import Path, PurePath

from matinee.data import Dataset
from matinee.pipeline import Recommender
from matinee.service.site import Site
from matinee.service.train import save
from matinee.store import Promotion, artefacts
from matinee.store.recommenders import restore

__all__ = ["import_ratings", "install", "make_live", "promote"]


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


def promote(site: Site, folder: Path, note: str = "") -> Promotion:
    """Checks every byte of a saved recommender, then makes it live in every process.

    A folder elsewhere is first copied to the site's artefacts. To roll back, promote the former
    artefact again.

    Raises:
        ArtefactError: the folder holds no recommender that works here; nothing changes.
    """
    artefact = artefacts.load(folder, verify=True)
    restore(artefact)
    home = site.artefacts / artefact.hash
    if folder.resolve() != home.resolve():
        manifest = {key: value for key, value in artefact.manifest.items() if key != "arrays"}
        home = artefacts.save(site.artefacts, artefact.arrays, manifest)
    return site._store.promote(home.name, note)


def make_live(site: Site, folder: Path, note: str = "") -> Promotion:
    """Makes a recommender live that this process just saved, without reading it again.

    If it is live already, nothing changes.
    """
    live = site._store.live()
    if live is not None and live.artefact == folder.name:
        return live
    return site._store.promote(folder.name, note)
