"""When the live model is due to be fitted again."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from matinee.errors import ArtefactError, OptionError
from matinee.service.promote import ROLLBACKS
from matinee.service.retrain import recipe
from matinee.service.site import Site
from matinee.store import Training
from matinee.store.artefacts import read_manifest

__all__ = ["Schedule"]

_DAY = 86_400
_PERIODS = {"daily": _DAY, "weekly": 7 * _DAY}
_SHARE = re.compile(r"([1-9]\d{0,2})%")


@dataclass(eq=False)
class Schedule:
    """Decides from the last promotion, or the last attempt, whether a retrain is due.

    Attributes:
        period: seconds between two retrains; 0 if their number decides.
        share: part of new ratings, against those of the live model; 0 if time decides.
    """

    period: int = 0
    share: float = 0.0
    _attempt: float = 0.0
    """Unix seconds of the last attempt."""
    _promotion: int = field(default=-1)
    """Number of the promotion that ratings are counted from."""
    _cursor: int = 0
    _count: int = 0

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The schedule of a setting: "never" (`None`), "daily", "weekly", or a share as "5%".

        Raises:
            OptionError: any other text.
        """
        if text == "never":
            return None
        if text in _PERIODS:
            return cls(period=_PERIODS[text])
        if found := _SHARE.fullmatch(text):
            return cls(share=int(found[1]) / 100)
        raise OptionError(
            f"retrain: {text!r} is no schedule; it is never, daily, weekly, or a share of new "
            "ratings such as 5%"
        )

    def due(self, site: Site, now: float) -> bool:
        """Whether to retrain now, which then counts as an attempt; `now` is in Unix seconds.

        A failed attempt is not repeated before another period, or another share of new ratings.
        """
        promotion = site._store.live()
        if promotion is None:
            return False
        if self.period:
            due = now - max(promotion.time, self._attempt) >= self.period
        else:
            due = self._new_ratings(site, promotion.seq) >= self._enough(site)
        if due:
            self._attempt, self._count = now, 0
        return due

    def _new_ratings(self, site: Site, promotion: int) -> int:
        """Ratings that no model has seen yet; each event of the log is counted once."""
        if promotion != self._promotion:
            self._cursor, self._promotion, self._count = _newest_cursor(site), promotion, 0
        count, self._cursor = site._store.ratings_since(self._cursor)
        self._count += count
        return self._count

    def _enough(self, site: Site) -> float:
        try:
            ratings = recipe(site).training.ratings
        except ArtefactError:
            ratings = 0
        return max(1.0, self.share * (ratings or site._store.counts().ratings))


def _newest_cursor(site: Site) -> int:
    """Number of the last event that any of the models that were live last has read.

    Not of the live one alone: after a rollback it would be due at once, and the rollback undone.
    """
    cursors = [0]
    for name in site._store.last_live(ROLLBACKS):
        with suppress(ArtefactError):  # damaged or deleted
            _, manifest = read_manifest(site.artefacts / name)
            cursors.append(Training.of(manifest).cursor)
    return max(cursors)
