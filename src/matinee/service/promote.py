"""Making a saved recommender the one that answers."""

from __future__ import annotations

from pathlib import Path

from matinee.service.site import Site
from matinee.store import Promotion, artefacts
from matinee.store.recommenders import restore

__all__ = ["promote"]


def promote(site: Site, folder: Path, note: str = "") -> Promotion:
    """Checks every byte of a saved recommender, then makes it live in every process.

    One that lies elsewhere is copied to the site's artefacts first. Going back to an earlier one
    is promoting it again.

    Raises:
        ArtefactError: the folder holds no recommender that works here; then nothing changes.
    """
    artefact = artefacts.load(folder, verify=True)
    restore(artefact)
    home = site.artefacts / artefact.hash
    if folder.resolve() != home.resolve():
        said = {key: value for key, value in artefact.manifest.items() if key != "arrays"}
        home = artefacts.save(site.artefacts, artefact.arrays, said)
    return site.store.promote(home.name, note)
