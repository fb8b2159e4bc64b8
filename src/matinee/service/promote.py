"""Installs data and recommenders, and makes a saved recommender the live one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from matinee.data import Dataset
from matinee.data.fetching.cache import silent
from matinee.errors import ArtefactError
from matinee.pipeline import Recommender
from matinee.service.site import Site
from matinee.service.train import save
from matinee.store import Promotion, artefacts
from matinee.store.recommenders import origin_of, restore

__all__ = [
    "ROLLBACKS",
    "Transfer",
    "import_ratings",
    "install",
    "make_live",
    "promote",
    "promote_after",
    "transfer",
]

ROLLBACKS = 5
"""Recommenders that were live last and stay on disk; older artefacts are deleted by a promotion."""


def install(
    site: Site,
    dataset: Dataset,
    recommender: Recommender,
    note: str = "",
    say: Callable[[str], None] = silent,
    options: Collection[str] | None = None,
) -> Promotion:
    """Imports a data set's ratings, saves a recommender and makes it live.

    Steps done at an earlier start are recognised and not repeated. `say` gets a line about ratings
    that visitors gave under another numbering of films, see `Transfer`. `options` are the names of
    those that somebody set, see `save`.

    Raises:
        InputError: see `import_ratings`.
        ArtefactError: the recommender cannot be saved.
    """
    import_ratings(site, dataset)
    return make_live(site, save(dataset, recommender, site.artefacts, options=options), note, say)


def import_ratings(site: Site, dataset: Dataset) -> int:
    """Writes a data set's ratings to the event log; returns how many were new.

    Its viewers are named `<label of the data set>/<user id>`. A site that runs beside answers
    meanwhile, and shows them when a model of the data is promoted.

    Raises:
        InputError: the data set has an id the log cannot hold, or its film ids meant other films
            before, as in another data set of the same name.
    """
    site._store.add_films(dataset.namespace, dataset.catalog)
    return site._store.import_interactions(
        dataset.interactions, source=dataset.label, numbering=dataset.namespace
    )


def promote(
    site: Site, folder: Path, note: str = "", say: Callable[[str], None] = silent
) -> Promotion:
    """Checks every byte of a saved recommender, then makes it live in every process.

    A folder elsewhere is first copied to the site's artefacts. To roll back, promote the former
    artefact again. Artefacts older than the `ROLLBACKS` that were live last are deleted.

    Raises:
        ArtefactError: the folder holds no recommender that works here; nothing changes.
        InputError: its film ids meant other films before; nothing changes.
    """
    artefact = artefacts.load(folder, verify=True)
    restore(artefact)
    home = site.artefacts / artefact.hash
    if folder.resolve() != home.resolve():
        manifest = {key: value for key, value in artefact.manifest.items() if key != "arrays"}
        home = artefacts.save(site.artefacts, artefact.arrays, manifest)
    return _promote(site, home, note, say)


def make_live(
    site: Site, folder: Path, note: str = "", say: Callable[[str], None] = silent
) -> Promotion:
    """Makes a recommender live that this process just saved, without checking its bytes again.

    If it is live already, nothing changes.
    """
    live = site._store.live()
    if live is not None and live.artefact == folder.name:
        return live
    return _promote(site, folder, note, say)


def promote_after(
    site: Site, folder: Path, seq: int, note: str = "", say: Callable[[str], None] = silent
) -> Promotion:
    """As `make_live`, if promotion number `seq` is still the last one.

    Raises:
        ConflictError: another model was promoted since; nothing changes.
    """
    return _promote(site, folder, note, say, after=seq)


@dataclass(frozen=True)
class Transfer:
    """Visitors' ratings of films in other numberings than the live catalogue's.

    Attributes:
        usable: ratings of films that the live catalogue has, by IMDb or TMDB id; they count.
        unusable: ratings of other films; they count again when a model that has the films is live.
    """

    usable: int
    unusable: int

    def __str__(self) -> str:
        return (
            f"visitors' ratings from other catalogues: {self.usable:,} mapped by IMDb or TMDB id, "
            f"{self.unusable:,} kept for a model that has their films"
        )


def transfer(site: Site) -> Transfer | None:
    """What became of the ratings visitors gave under other numberings; `None` if there are none.

    Raises:
        NotLiveError: no model is live.
    """
    ids = site.live().film_ids
    usable = unusable = 0
    for numbering, item, ratings in site._store.foreign_ratings(ids.numbering):
        if ids.translate(numbering, item) in ids:
            usable += ratings
        else:
            unusable += ratings
    return Transfer(usable, unusable) if usable or unusable else None


def _promote(
    site: Site,
    folder: Path,
    note: str,
    say: Callable[[str], None],
    after: int | None = None,
) -> Promotion:
    store, former = site._store, site._store.live()
    if former is not None:  # a database from before numberings lacks its films
        with suppress(ArtefactError):
            _add_films(site, site.artefacts / former.artefact)
    _add_films(site, folder)
    promotion = store.promote(folder.name, note, after=after)
    _prune(site)
    if change := transfer(site):
        say(str(change))
    return promotion


def _add_films(site: Site, folder: Path) -> None:
    """Records which films the ids of a recommender mean, before ratings under them are mapped."""
    artefact = artefacts.load(folder)
    site._store.add_films(origin_of(artefact)[0], restore(artefact).catalog)


def _prune(site: Site) -> None:
    """Deletes artefacts older than all of the `ROLLBACKS` that were live last.

    A process that has mapped the files of one keeps them.
    """
    live_last = set(site._store.last_live(ROLLBACKS))
    if len(live_last) < ROLLBACKS:
        return
    every = artefacts.list_artefacts(site.artefacts)
    oldest = max((row for row, folder in enumerate(every) if folder.name in live_last), default=0)
    for folder in every[oldest + 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
