"""Matches a viewer's export to a catalogue, and rescales its ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.exports.export import Export, Scale
from matinee.data.exports.finding import OwnFilms
from matinee.data.exports.match_report import MatchReport
from matinee.data.exports.scales import OwnScale, on_scale
from matinee.data.reason import LIKED
from matinee.data.titles.matcher import MatchedBy, Matches

__all__ = ["Matched", "match"]


@dataclass(frozen=True, eq=False)
class Matched:
    """The part of an export that a catalogue knows.

    Attributes:
        rows: `int32[h]`, rated films, oldest rating first, each once.
        values: `float32[h]`, their ratings, on the scale of the data set, or their counts.
        own: `float32[h]`, as the viewer gave them.
        times: `int64[h]`, Unix seconds; 0 where unknown.
        seen: `int32[m]`, films not to recommend: seen without a rating, or candidates of an
            ambiguous row.
    """

    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    own: NDArray[np.float32]
    times: NDArray[np.int64]
    seen: NDArray[np.int32]


def match(
    export: Export,
    catalog: Catalog,
    to_scale: Scale,
    from_scale: Scale | None = None,
    *,
    to_counts: bool = False,
) -> tuple[Matched, MatchReport]:
    """Films of an export as rows of a catalogue, with ratings on the scale of the data set.

    Films are matched by, in this order: IMDb id; TMDB id, unless the IMDb id, or title and year,
    contradict it; film id, if the title agrees or there is none; title in the same year (see
    `title_keys`); a part of the title in the same year, if it leaves no doubt; title one year off.
    A film whose known IMDb or TMDB id contradicts the row is no candidate. A film with several
    candidates is ambiguous, and so are two films that have one candidate. Similar spellings are
    only suggested. If a film has several ratings, the one with the latest time counts, and the last
    one of equal times.

    Ratings are rescaled linearly from `from_scale`, lowest and highest rating, to `to_scale`. See
    `on_scale` for the default, and for errors. If the data set has counts, `to_counts`, counts are
    taken as they are, and ratings are likes, which count 1, or count 0.
    """
    own = on_scale(export, to_scale, from_scale, to_counts=to_counts)
    films = OwnFilms(catalog)
    matches = films.find(own.rows)
    matched, repeated = _matched(own, matches, to_scale, to_counts=to_counts)
    report = MatchReport(
        format=export.format,
        catalogue_films=len(catalog),
        rated=len(matched.rows),
        seen=len(set(matches.rows.values()) - set(matched.rows.tolist())),
        by=tuple((by.value, matches.by[by]) for by in MatchedBy if matches.by[by]),
        ambiguous=tuple(
            f"{own.rows[at].label} could be {' or '.join(map(films.label, rows))}"
            for at, rows in matches.ambiguous.items()
        ),
        missing=tuple(
            films.missing(
                each
                for at, each in enumerate(own.rows)
                if at not in matches.rows and at not in matches.ambiguous
            )
        ),
        others=export.others,
        repeated=repeated,
        from_scale=own.ends,
        to_scale=to_scale,
        to_counts=to_counts,
        scale_guessed=own.is_guess,
        unrated=own.unrated,
        off_scale=own.off,
    )
    return matched, report


def _matched(
    scaled: OwnScale, matches: Matches, to_scale: Scale, *, to_counts: bool
) -> tuple[Matched, int]:
    """The columns of `Matched`, and the number of ratings replaced by a later one of their film."""
    rows, row_of = scaled.rows, matches.rows
    rated = sorted((rows[at].time, at) for at in row_of if rows[at].value is not None)
    latest = {row_of[at]: (time, at) for time, at in rated}
    history = sorted(latest.values())
    own = np.array([rows[at].value for _, at in history], dtype=np.float64)
    values = _on(own, scaled.ends, to_scale, to_counts=to_counts)
    seen = set(row_of.values()).union(*matches.ambiguous.values()) - latest.keys()
    matched = Matched(
        rows=np.array([row_of[at] for _, at in history], dtype=np.int32),
        values=values.astype(np.float32),
        own=own.astype(np.float32),
        times=np.array([time for time, _ in history], dtype=np.int64),
        seen=np.array(sorted(seen), dtype=np.int32),
    )
    return matched, len(rated) - len(latest)


def _on(
    own: NDArray[np.float64], ends: Scale | None, to_scale: Scale, *, to_counts: bool
) -> NDArray[np.float64]:
    """Ratings on the scale of the data set, or as counts; counts, without `ends`, as they are."""
    if ends is None or (ends == to_scale and not to_counts):
        return own
    share = (own - ends[0]) / (ends[1] - ends[0])
    if to_counts:
        return (share >= LIKED).astype(np.float64)
    return to_scale[0] + share * (to_scale[1] - to_scale[0])
