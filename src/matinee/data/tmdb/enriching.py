"""Fills unknown facts of a catalogue from TMDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matinee.data.catalog import Catalog
from matinee.data.tmdb.finding import How, Tmdb

__all__ = ["ATTRIBUTION", "TERMS_PAGE", "TmdbReport", "enrich_from_tmdb"]

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
"""TMDB's terms of use demand this notice wherever its data is shown."""
TERMS_PAGE = "https://www.themoviedb.org/api-terms-of-use"

_FILLED = (
    *("year", "runtime", "genres", "certificate", "languages", "countries"),
    *("directors", "cast", "keywords", "overview", "imdb_id", "tmdb_id"),
)
_FOUND = (How.TMDB_ID, How.IMDB_ID, How.TITLE)
_LISTED = 10


@dataclass(frozen=True)
class TmdbReport:
    """How many films of a catalogue were found on TMDB, and which facts were filled.

    Attributes:
        complete: films without an unknown fact; not looked up.
        beyond_limit: films with unknown facts that were not looked up because of the limit.
        by: films found by TMDB id, by IMDb id, and by title and year.
        ambiguous: films with several candidates, or with ids that contradict TMDB's; not changed.
        filled: (field, number of films) of every field that was filled, in the order of `Film`.
        requests: requests sent to TMDB, with repeated ones.
        from_cache: answers that came from the cache.
    """

    films: int
    complete: int
    beyond_limit: int
    by: tuple[int, int, int]
    ambiguous: tuple[str, ...]
    not_found: tuple[str, ...]
    filled: tuple[tuple[str, int], ...]
    requests: int
    from_cache: int

    @property
    def found(self) -> int:
        """All films that were found."""
        return sum(self.by)

    @property
    def lines(self) -> tuple[str, ...]:
        """The report, one statement a line; lists name ten films at most."""
        filled = ", ".join(f"{field} of {count:,}" for field, count in self.filled)
        by = ", ".join(f"{n:,} by {how.value}" for how, n in zip(_FOUND, self.by, strict=True))
        lines = [
            f"{self.found:,} of {self.films:,} films found on TMDB: {by}",
            f"unknown facts filled: {filled or 'none'}",
        ]
        if self.ambiguous:
            lines.append(
                f"{len(self.ambiguous):,} ambiguous and not changed: {_listed(self.ambiguous)}"
            )
        if self.not_found:
            lines.append(f"{len(self.not_found):,} not found: {_listed(self.not_found)}")
        if self.complete:
            lines.append(f"{self.complete:,} had no unknown facts and were not looked up")
        if self.beyond_limit:
            lines.append(f"{self.beyond_limit:,} not looked up because of the limit")
        lines.append(f"{self.requests:,} requests sent, {self.from_cache:,} answers from the cache")
        return tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def enrich_from_tmdb(
    catalog: Catalog,
    tmdb: Tmdb,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Catalog, TmdbReport]:
    """The catalogue with unknown facts filled from TMDB; known facts do not change.

    At most `limit` films are looked up, the first with unknown facts. `progress` is called with the
    number of films looked up, and the number to look up.

    Raises:
        InputError: TMDB refuses the key.
        FetchError: TMDB cannot be reached, or its answer cannot be read; the cache has all answers
            so far.
    """
    films = catalog.films()
    incomplete = [
        row for row, film in enumerate(films) if not all(getattr(film, each) for each in _FILLED)
    ]
    looked_up = incomplete[:limit]
    by: Counter[How] = Counter()
    filled: Counter[str] = Counter()
    unsolved: dict[How, list[str]] = {How.AMBIGUOUS: [], How.NOT_FOUND: []}
    requests, from_cache = tmdb.requests, tmdb.from_cache
    for done, row in enumerate(looked_up, start=1):
        before, result = films[row], tmdb.find(films[row])
        by[result.how] += 1
        if result.fact is None:
            unsolved[result.how].append(before.label)
        else:
            films[row] = before.filled(result.fact, _FILLED)
            filled.update(
                each for each in _FILLED if getattr(films[row], each) != getattr(before, each)
            )
        if progress is not None:
            progress(done, len(looked_up))
    report = TmdbReport(
        films=len(films),
        complete=len(films) - len(incomplete),
        beyond_limit=len(incomplete) - len(looked_up),
        by=(by[How.TMDB_ID], by[How.IMDB_ID], by[How.TITLE]),
        ambiguous=tuple(unsolved[How.AMBIGUOUS]),
        not_found=tuple(unsolved[How.NOT_FOUND]),
        filled=tuple((field, filled[field]) for field in _FILLED if filled[field]),
        requests=tmdb.requests - requests,
        from_cache=tmdb.from_cache - from_cache,
    )
    return replace(Catalog.of(films), item_ids=catalog.item_ids), report


def _listed(labels: Sequence[str]) -> str:
    rest = len(labels) - _LISTED
    return "; ".join(labels[:_LISTED]) + (f"; and {rest:,} more" if rest > 0 else "")
