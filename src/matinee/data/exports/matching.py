"""Matches a viewer's export to a catalogue, and rescales its ratings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.exports.export import Export, OwnRating
from matinee.data.exports.match_report import MatchReport
from matinee.data.spelling import natural_title, normalise
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy, Matches
from matinee.data.titles.matcher import match as match_films
from matinee.errors import DataError, OptionError

__all__ = ["Matched", "match"]

Scale = tuple[float, float]

_MIN_SIMILARITY = 75.0
"""Spelling similarity, of 100, from which a title is suggested for a missing film."""
_SUGGESTIONS = 100
"""Missing films that get a suggestion: each is compared with every title of the catalogue."""


@dataclass(frozen=True, eq=False)
class Matched:
    """The part of an export that a catalogue knows.

    Attributes:
        rows: `int32[h]`, rated films, oldest rating first, each once.
        values: `float32[h]`, their ratings, on the scale of the data set.
        times: `int64[h]`, Unix seconds; 0 where unknown.
        seen: `int32[m]`, films not to recommend: seen without a rating, or candidates of an
            ambiguous row.
    """

    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    times: NDArray[np.int64]
    seen: NDArray[np.int32]


def match(
    export: Export, catalog: Catalog, to_scale: Scale, from_scale: Scale | None = None
) -> tuple[Matched, MatchReport]:
    """Films of an export as rows of a catalogue, with ratings on the scale of the data set.

    Films are matched by, in this order: IMDb id; TMDB id; film id, if the title agrees or there is
    none; title in the same year (see `title_keys`); a part of the title in the same year; title
    one year off. A film whose known IMDb or TMDB id contradicts the row is no candidate. A row with
    several candidates is ambiguous. Similar spellings are only suggested. If a film has several
    ratings, the one with the latest time counts, and the last one of equal times.

    Ratings are rescaled linearly from `from_scale`, lowest and highest rating, to `to_scale`. The
    default is the export's own scale. A table does not name one: then it is the first of
    `to_scale`, 0.5-5, 1-10 and 0-100 that contains every rating.

    Raises:
        OptionError: `from_scale` does not go from a lower to a higher rating.
        DataError: a rating outside `from_scale`.
    """
    scale = from_scale or export.scale or _deduced(export.rows, to_scale)
    if not scale[0] < scale[1]:
        raise OptionError(f"scale must go from a lower to a higher rating, not {scale}")
    for own in export.rows:
        if own.value is not None and not scale[0] <= own.value <= scale[1]:
            raise DataError(
                f"{own.label} is rated {own.value:g}, outside the scale {scale[0]:g}-{scale[1]:g}"
            )
    films = _OwnFilms(catalog)
    matches = films.find(export.rows)
    matched, repeated = _matched(export.rows, matches, scale, to_scale)
    report = MatchReport(
        format=export.format,
        catalogue_films=len(catalog),
        rated=len(matched.rows),
        seen=len(set(matches.rows.values()) - set(matched.rows.tolist())),
        by=tuple((by.value, matches.by[by]) for by in MatchedBy if matches.by[by]),
        ambiguous=tuple(
            f"{export.rows[at].label} could be {' or '.join(map(films.label, rows))}"
            for at, rows in matches.ambiguous.items()
        ),
        missing=tuple(
            films.missing(
                own
                for at, own in enumerate(export.rows)
                if at not in matches.rows and at not in matches.ambiguous
            )
        ),
        repeated=repeated,
        from_scale=scale,
        to_scale=to_scale,
        scale_deduced=not (from_scale or export.scale),
    )
    return matched, report


def _deduced(rows: Iterable[OwnRating], to_scale: Scale) -> Scale:
    values = [row.value for row in rows if row.value is not None]
    for low, high in (to_scale, (0.5, 5.0), (1.0, 10.0)):
        if all(low <= value <= high for value in values):
            return low, high
    return (0.0, 100.0)


def _matched(
    rows: Sequence[OwnRating], matches: Matches, from_scale: Scale, to_scale: Scale
) -> tuple[Matched, int]:
    """The columns of `Matched`, and the number of ratings replaced by a later one of their film."""
    row_of = matches.rows
    rated = sorted((rows[at].time, at) for at in row_of if rows[at].value is not None)
    latest = {row_of[at]: (time, at) for time, at in rated}
    history = sorted(latest.values())
    values = np.array([rows[at].value for _, at in history], dtype=np.float64)
    if from_scale != to_scale:
        share = (values - from_scale[0]) / (from_scale[1] - from_scale[0])
        values = to_scale[0] + share * (to_scale[1] - to_scale[0])
    seen = set(row_of.values()).union(*matches.ambiguous.values()) - latest.keys()
    matched = Matched(
        rows=np.array([row_of[at] for _, at in history], dtype=np.int32),
        values=values.astype(np.float32),
        times=np.array([time for time, _ in history], dtype=np.int64),
        seen=np.array(sorted(seen), dtype=np.int32),
    )
    return matched, len(rated) - len(latest)


class _OwnFilms:
    """Films of one catalogue, for exports to be found in."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._matcher = FilmMatcher(FilmKey.of_catalog(catalog))

    def find(self, rows: Sequence[OwnRating]) -> Matches:
        """Films by external id, film id, or title and year; then part of a title; then near year.

        A film without a known year, in the export or in the catalogue, is found by title alone.
        """
        matcher, keys = self._matcher, [own.key for own in rows]

        def near_year(at: int) -> tuple[MatchedBy, list[int]]:
            near = matcher.near_year(keys[at])
            if near or keys[at].year is None:
                return MatchedBy.NEAR_YEAR, near
            undated = (row for row in matcher.titled(keys[at]) if not matcher.titles.years[row])
            return MatchedBy.TITLE_ALONE, list(undated)

        def same_film(at: int) -> tuple[MatchedBy, Collection[int]]:
            return self._same_film(rows[at], keys[at])

        return match_films(
            keys, [same_film, lambda at: (MatchedBy.PART, matcher.part(keys[at])), near_year]
        )

    def label(self, row: int) -> str:
        """Label and id of a film: two films can share title and year."""
        film = self._catalog.film(row)
        return f"{film.label} #{film.id}"

    def missing(self, films: Iterable[OwnRating]) -> Iterator[str]:
        """Labels of films that were not found, the first ones with the most similar title."""
        # Slow to import, and not needed if every film was found.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        for at, own in enumerate(films):
            near = None
            if at < _SUGGESTIONS and own.title:
                near = process.extractOne(
                    normalise(natural_title(own.title)),
                    self._matcher.titles.normalised,
                    scorer=fuzz.ratio,
                    score_cutoff=_MIN_SIMILARITY,
                )
            yield f"{own.label} (nearest: {self.label(near[2])})" if near else own.label

    def _same_film(self, own: OwnRating, key: FilmKey) -> tuple[MatchedBy, Collection[int]]:
        matcher, item_ids = self._matcher, self._catalog.item_ids
        for by, rows in (
            (MatchedBy.IMDB_ID, matcher.by_imdb_id.get(key.imdb_id)),
            (MatchedBy.TMDB_ID, matcher.by_tmdb_id.get(key.tmdb_id)),
        ):
            if rows:
                return by, [row for row in rows if item_ids.ids[row] == own.movielens_id] or rows
        titled = matcher.titled(key)
        if own.movielens_id in item_ids:
            row = item_ids.row(own.movielens_id)
            if row in titled:
                return MatchedBy.FILM_ID, [row]
            if not own.title and not key.contradicts(matcher.films[row]):
                return MatchedBy.FILM_ID_ALONE, [row]
        if key.year is None:
            return MatchedBy.TITLE_ALONE, titled
        return MatchedBy.TITLE, matcher.in_year(key)
