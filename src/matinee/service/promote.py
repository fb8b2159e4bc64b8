"""Making a saved recommender the live one."""

from __future__ import annotations

from pathlib import Path

from matinee.service.site import Site
from matinee.store import Promotion, artefacts
from matinee.store.recommenders import restore

__all__ = ["make_live", "promote"]


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
