"""`ranker` tests itself: weights learned at cuts in time are judged at later cuts.

It is fitted at several cuts anyway, so a contest would fit it many times more. Its decision for
viewers with a history and for newcomers is taken as it is.
"""

from __future__ import annotations

from dataclasses import replace

from matinee.models import Model, Race

__all__ = ["KNOWN", "NEWCOMERS", "RANKER", "ranker_race"]

RANKER = "ranker"
KNOWN, NEWCOMERS = "viewers with a history", "new viewers"
_LEARNED = "learned weights"


def ranker_race(ranker: Model, viewers: str) -> Race:
    """The race of a fitted ranker for one kind of viewer; `chosen` is `RANKER` if it won."""
    selection = ranker.selection
    if selection is None:
        raise TypeError(f"{ranker.name!r} does not test itself")
    race = next(each for each in selection.races if each.viewers == viewers)
    names = {_LEARNED: RANKER}
    candidates = (replace(each, name=names.get(each.name, each.name)) for each in race.candidates)
    chosen = names.get(race.chosen, race.chosen)
    return replace(race, chosen=chosen, candidates=tuple(candidates))
