"""One installation: its database, its saved models, and the live one."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from matinee.data import Film
from matinee.data.titles.index import TitleIndex
from matinee.errors import ArtefactError, NotLiveError
from matinee.pipeline import Recommender
from matinee.store import FilmIds, Promotion, Store, artefacts
from matinee.store.recommenders import origin_of, restore, scale_of

__all__ = ["Live", "Site"]

_EXAMPLES = 40

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Live:
    """A promoted recommender and the facts around it; replaced as a whole, never changed.

    Attributes:
        promotion: the decision that made it live.
        recommender: memory-mapped.
        scale: lowest and highest rating a viewer can give.
        licence: terms of the data it was fitted on.
        film_ids: its film ids, and those of other numberings that mean the same films.
        source: name of the viewers of its data in the log; anybody may see their pages.
        examples: ids of some of them.
    """

    promotion: Promotion
    recommender: Recommender
    scale: tuple[float, float]
    licence: str
    film_ids: FilmIds
    source: str
    examples: tuple[str, ...]

    @cached_property
    def _titles(self) -> TitleIndex:
        return TitleIndex(self.recommender.catalog)  # built at the first search

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Genres by the ratings of their films that no genre before them has.

        So each adds most to those in front: of "Action" and "Adventure", which share their films,
        one comes late. None if the number of ratings is unknown.
        """
        catalog, ratings = self.recommender.catalog, self.recommender.ratings
        if ratings is None:
            return ()
        rest = ratings.counts.astype(np.int64)
        having = {
            name: catalog.genres.having(name) for name in catalog.genres.texts.coded[1] if name
        }
        ordered = []
        while having:
            name = max(having, key=lambda each: int(rest[having[each]].sum()))
            if not rest[having[name]].any():
                break
            rest[having.pop(name)] = 0
            ordered.append(name)
        return tuple(ordered)

    def film(self, film_id: str) -> Film:
        """One film of the catalogue; raises `UnknownNameError` if there is none."""
        catalog = self.recommender.catalog
        return catalog.film(catalog.item_ids.row(film_id))

    def search(self, text: str, n: int = 10) -> list[Film]:
        """At most `n` films by title, best match first."""
        return self.recommender.catalog.films(self._titles.search(text, n))


class Site:
    """One installation; safe to use from many threads.

    Its store is for the modules of this package alone: pages, API and commands call use cases.

    Attributes:
        artefacts: the folder of saved recommenders.
    """

    def __init__(self, store: Store, artefacts: Path) -> None:
        self._store = store
        self.artefacts = artefacts
        self._live: Live | None = None
        self._loading = threading.Lock()
        self._warned = 0

    @classmethod
    def open(cls, database_url: str, artefacts: Path) -> Self:
        """The installation of a database, see `Store.open`, and a folder, made if missing."""
        return cls(Store.open(database_url, artefacts), artefacts)

    def close(self) -> None:
        """Writes what waits, then closes the database connections."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_live(self) -> bool:
        """Whether a recommender was ever promoted."""
        return self._store.live() is not None

    def live(self) -> Live:
        """The live recommender. A later call may return another one: see `Visit`.

        Every call reads the promotion row. While one thread loads a new artefact, or if the
        artefact is not on this machine, the others continue with the current one.

        Raises:
            NotLiveError: none was promoted yet.
            ArtefactError: the first one cannot be loaded.
        """
        promotion = self._store.live()
        if promotion is None:
            raise NotLiveError(
                "no model is live yet; run `matinee demo` or "
                "`matinee train MODEL --data NAME --promote`"
            )
        current = self._live
        if current is not None and current.promotion.seq >= promotion.seq:
            return current
        if current is None:
            with self._loading:
                return self._load(promotion)
        if not self._loading.acquire(blocking=False):
            return current
        try:
            return self._load(promotion)
        finally:
            self._loading.release()

    def _load(self, promotion: Promotion) -> Live:
        """Replaces the live recommender, unless another thread did or the artefact fails."""
        current = self._live
        if current is not None and current.promotion.seq >= promotion.seq:
            return current
        try:
            artefact = artefacts.load(self.artefacts / promotion.artefact)
            recommender = restore(artefact)
        except ArtefactError as error:
            if current is None:
                raise
            if self._warned != promotion.seq:
                self._warned = promotion.seq
                _log.warning("still serving %s: %s", current.recommender.version, error)
            return current
        numbering, source = origin_of(artefact)
        self._live = live = Live(
            promotion=promotion,
            recommender=recommender,
            scale=scale_of(artefact),
            licence=str(artefact.manifest["licence"]),
            film_ids=self._store.film_ids(numbering, recommender.catalog),
            source=source,
            examples=self._store.viewers(_EXAMPLES, source) if source else (),
        )
        return live
