"""What the use cases work on: the store, and the recommender that is live."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from matinee.data.titles.index import TitleIndex
from matinee.errors import ArtefactError, NotLiveError
from matinee.pipeline import Recommender
from matinee.store import Promotion, Store, artefacts
from matinee.store.recommenders import licence_of, restore, scale_of

__all__ = ["Live", "Site"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Live:
    """One promoted recommender and what goes with it; never changed, only replaced as a whole.

    Attributes:
        promotion: the decision that made it live.
        recommender: memory-mapped.
        scale: lowest and highest rating a viewer can give.
        licence: terms of the data it was fitted on.
    """

    promotion: Promotion
    recommender: Recommender
    scale: tuple[float, float]
    licence: str

    @cached_property
    def titles(self) -> TitleIndex:
        """Its films by title; built at the first search."""
        return TitleIndex(self.recommender.catalog)


class Site:
    """One installation; safe to use from many threads.

    Attributes:
        store: events, histories, promotions.
        artefacts: the folder of saved recommenders.
    """

    def __init__(self, store: Store, artefacts: Path) -> None:
        self.store = store
        self.artefacts = artefacts
        self._live: Live | None = None
        self._loading = threading.Lock()
        self._warned = 0

    @classmethod
    def open(cls, database_url: str, artefacts: Path) -> Self:
        """The installation of a database and a folder; both are made where they are missing.

        Raises:
            InputError: the URL is malformed.
            StoreError: the database cannot be used.
        """
        return cls(Store.open(database_url), artefacts)

    def close(self) -> None:
        """Lets go of the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def recommender(self) -> Recommender:
        """The recommender that is live now; ask once a request, it may be another the next time.

        Raises:
            NotLiveError: none was promoted yet.
        """
        return self.live().recommender

    def scale(self) -> tuple[float, float]:
        """Lowest and highest rating a viewer can give."""
        return self.live().scale

    def titles(self) -> TitleIndex:
        """The films of the live recommender by title."""
        return self.live().titles

    def live(self) -> Live:
        """The live recommender with its scale and titles.

        Every call looks at the promotion row. While a new one is loaded by one thread, and also
        if its artefact is not on this machine, the others go on with the one they have.

        Raises:
            NotLiveError: none was promoted yet.
            ArtefactError: the first one cannot be loaded.
        """
        promotion = self.store.live()
        if promotion is None:
            raise NotLiveError(
                "no recommender is live yet; run `matinee demo`, "
                "or `matinee train MODEL --data NAME --promote`"
            )
        current = self._live
        if current is not None and current.promotion.seq >= promotion.seq:
            return current
        if current is None:
            with self._loading:
                return self._replaced(promotion)
        if not self._loading.acquire(blocking=False):
            return current
        try:
            return self._replaced(promotion)
        finally:
            self._loading.release()

    def _replaced(self, promotion: Promotion) -> Live:
        current = self._live
        if current is not None and current.promotion.seq >= promotion.seq:
            return current
        try:
            artefact = artefacts.load(self.artefacts / promotion.artefact)
            recommender = restore(artefact)
            live = Live(promotion, recommender, scale_of(artefact), licence_of(artefact))
        except ArtefactError as error:
            if current is None:
                raise
            if self._warned != promotion.seq:
                self._warned = promotion.seq
                _log.warning("still serving %s: %s", current.recommender.version, error)
            return current
        self._live = live
        return live
