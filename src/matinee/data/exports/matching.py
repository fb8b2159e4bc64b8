"""Finding the films of a viewer's export in a catalogue, without ever guessing in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.exports import Export, OwnRating
from matinee.data.exports.film_index import SURENESS, FilmIndex
from matinee.data.exports.match_report import Ambiguous, MatchReport
from matinee.errors import DataError, OptionError

__all__ = ["Matched", "match"]


@dataclass(frozen=True, eq=False)
class Matched:
    """What of an export a catalogue knows.

    Attributes:
        rows: `int32[h]`, rated films, oldest rating first, each once.
        values: `float32[h]`, their ratings, on the scale asked for.
        times: `int64[h]`, Unix seconds; 0 where unknown.
        seen: `int32[m]`, films seen without a rating, and every film that an ambiguous row of the
            export could mean: nothing to recommend.
    """

    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    times: NDArray[np.int64]
    seen: NDArray[np.int32]


def match(
    export: Export,
    catalog: Catalog,
    to_scale: tuple[float, float],
    from_scale: tuple[float, float] | None = None,
) -> tuple[Matched, MatchReport]:
    """The films of an export as rows of a catalogue, their ratings on its scale.

    In this order: IMDb id; TMDB id; film id, where the title agrees or there is none; title in the
    same year (see `title_keys`); a part of the title in the same year; title one year off. The
    last two only if it can be one film alone and that is no other row's. A film whose known IMDb
    or TMDB id contradicts the row's is never taken. Where two films are left the row is ambiguous.
    Likeness of spelling only suggests. Of several ratings of one film that with the latest time
    counts, of equal times the last.

    Args:
        export: what was read.
        catalog: the films to find.
        to_scale: lowest and highest rating of the data set; ratings are rescaled linearly.
        from_scale: that of the export, where the caller knows better; else the export's own, or
            for tables that do not say the first of `to_scale`, 0.5-5, 1-10 and 0-100 that holds
            every rating.

    Raises:
        OptionError: a `from_scale` that is none.
        DataError: a rating outside `from_scale`.
    """
    scale = from_scale or export.scale or _deduced(export.rows, to_scale)
    if not scale[0] < scale[1]:
        raise OptionError(f"scale must go from a lower to a higher rating, not {scale}")
    for own in export.rows:
        if own.value is not None and not _within(own.value, scale):
            raise DataError(
                f"{own.label} is rated {own.value:g}, outside the scale {scale[0]:g}-{scale[1]:g}"
            )
    index = FilmIndex(catalog)
    found, ambiguous, how = _found(export.rows, index)
    missing = [at for at in range(len(export.rows)) if at not in found and at not in ambiguous]
    matched, repeated = _collected(export.rows, found, ambiguous, scale, to_scale)
    report = MatchReport(
        format=export.format,
        catalogue_films=len(catalog),
        rated=len(matched.rows),
        seen=len(set(found.values()) - set(matched.rows.tolist())),
        by=tuple((by, how[by]) for by in SURENESS if how[by]),
        ambiguous=tuple(
            Ambiguous(export.rows[at].label, tuple(index.named(row) for row in rows))
            for at, rows in ambiguous.items()
        ),
        missing=tuple(index.missing(export.rows[at] for at in missing)),
        repeated=repeated,
        from_scale=scale,
        to_scale=to_scale,
        scale_deduced=not (from_scale or export.scale),
    )
    return matched, report


def _found(
    rows: Sequence[OwnRating], index: FilmIndex
) -> tuple[dict[int, int], dict[int, list[int]], Counter[str]]:
    """By position in the export: the film found, or those that it could be; and how many how."""
    found: dict[int, int] = {}
    ambiguous: dict[int, list[int]] = {}
    how: Counter[str] = Counter()
    for passes in (index.same_film, index.part, index.neighbour):
        taken = set(found.values())
        waiting = [at for at in range(len(rows)) if at not in found and at not in ambiguous]
        candidates = {at: passes(rows[at]) for at in waiting}
        contested = _contested(rows, candidates) if passes != index.same_film else set()
        for at, (by, could_be) in candidates.items():
            left = [film for film in could_be if film not in taken]
            if len(left) == 1 and left[0] not in contested:
                found[at] = left[0]
                how[by] += 1
            elif left:
                ambiguous[at] = left
    return found, ambiguous, how


def _deduced(rows: Iterable[OwnRating], to_scale: tuple[float, float]) -> tuple[float, float]:
    values = [row.value for row in rows if row.value is not None]
    scales = (to_scale, (0.5, 5.0), (1.0, 10.0))
    holding = (low_high for low_high in scales if all(_within(each, low_high) for each in values))
    return next(holding, (0.0, 100.0))


def _within(value: float, scale: tuple[float, float]) -> bool:
    return scale[0] <= value <= scale[1]


def _contested(rows: Sequence[OwnRating], candidates: dict[int, tuple[str, list[int]]]) -> set[int]:
    """Films between two of the export: "Rage" of 1995 and of 1997 are not both that of 1996."""
    years: dict[int, set[int | None]] = defaultdict(set)
    for at, (_, could_be) in candidates.items():
        for row in could_be:
            years[row].add(rows[at].year)
    return {row for row, claimed in years.items() if len(claimed) > 1}


def _collected(
    rows: Sequence[OwnRating],
    found: dict[int, int],
    ambiguous: dict[int, list[int]],
    from_scale: tuple[float, float],
    to_scale: tuple[float, float],
) -> tuple[Matched, int]:
    """The columns of `Matched`, and how many ratings gave way to a later one of their film."""
    rated = [(rows[at].time, at) for at in found if rows[at].value is not None]
    last = {found[at]: (time, at) for time, at in sorted(rated)}
    history = sorted(last.values())
    kept = [found[at] for _, at in history]
    given = np.array([rows[at].value for _, at in history], dtype=np.float64)
    if from_scale != to_scale:
        share = (given - from_scale[0]) / (from_scale[1] - from_scale[0])
        given = to_scale[0] + share * (to_scale[1] - to_scale[0])
    seen = {row for row in found.values() if row not in last}
    seen |= {row for could_be in ambiguous.values() for row in could_be if row not in last}
    matched = Matched(
        rows=np.array(kept, dtype=np.int32),
        values=given.astype(np.float32),
        times=np.array([time for time, _ in history], dtype=np.int64),
        seen=np.array(sorted(seen), dtype=np.int32),
    )
    return matched, len(rated) - len(last)
