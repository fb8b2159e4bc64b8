"""Filling what a catalogue does not know about its films with what TMDB does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from matinee.data.catalog import Catalog, Film
from matinee.data.tmdb.finding import How, Tmdb

__all__ = ["ATTRIBUTION", "TERMS_PAGE", "TmdbReport", "enrich_from_tmdb"]

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
"""What TMDB's terms of use want shown wherever its data is."""
TERMS_PAGE = "https://www.themoviedb.org/api-terms-of-use"

_FILLED = (
    *("year", "runtime", "genres", "certificate", "languages", "countries"),
    *("directors", "cast", "keywords", "overview", "imdb_id", "tmdb_id"),
)
_SHOWN = 10


@dataclass(frozen=True)
class TmdbReport:
    """How a catalogue was found on TMDB, and what it gained.

    Attributes:
        films: all films of the catalogue.
        complete: films that lacked nothing and were not looked for.
        beyond_limit: films that lack something and were not looked for.
        by_tmdb_id: found by TMDB id.
        by_imdb_id: found by IMDb id.
        by_title: found by title and year.
        ambiguous: films that could be several, or whose ids contradict TMDB's; left alone.
        not_found: films that TMDB does not know.
        filled: (field, how many films), for the fields that were filled, in the order of `Film`.
        requests: sent to TMDB, repeated ones included.
        from_cache: answers that were here already.
    """

    films: int
    complete: int
    beyond_limit: int
    by_tmdb_id: int
    by_imdb_id: int
    by_title: int
    ambiguous: tuple[str, ...]
    not_found: tuple[str, ...]
    filled: tuple[tuple[str, int], ...]
    requests: int
    from_cache: int

    @property
    def found(self) -> int:
        """Films found in any way."""
        return self.by_tmdb_id + self.by_imdb_id + self.by_title

    @property
    def lines(self) -> tuple[str, ...]:
        """The report, a statement a line; at most ten films are named of each kind."""
        filled = ", ".join(f"{field} of {count:,}" for field, count in self.filled)
        said = [
            (
                f"{self.found:,} of {self.films:,} films found on TMDB: {self.by_tmdb_id:,} by "
                f"TMDB id, {self.by_imdb_id:,} by IMDb id, {self.by_title:,} by title and year"
            ),
            f"filled where it was unknown: {filled or 'nothing'}",
        ]
        if self.ambiguous:
            said.append(f"{len(self.ambiguous):,} ambiguous, left alone: {_some(self.ambiguous)}")
        if self.not_found:
            said.append(f"{len(self.not_found):,} not found: {_some(self.not_found)}")
        if self.complete:
            said.append(f"{self.complete:,} lacked nothing and were not looked for")
        if self.beyond_limit:
            said.append(f"{self.beyond_limit:,} were left out by the limit")
        said.append(f"{self.requests:,} requests sent, {self.from_cache:,} answers from the cache")
        return tuple(said)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def enrich_from_tmdb(
    catalog: Catalog,
    tmdb: Tmdb,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Catalog, TmdbReport]:
    """The catalogue with unknown fields filled from TMDB, film by film; what is known stays.

    Args:
        catalog: the films.
        tmdb: where they are looked for; see `Tmdb.find` for how.
        limit: look for this many films at most, the first that lack something.
        progress: told how many films are done, of how many.

    Raises:
        InputError: the key is refused.
        FetchError: TMDB cannot be reached or cannot be understood; what has come is in the cache.
    """
    films = catalog.films()
    lacking = [row for row, film in enumerate(films) if _unknown(film)]
    wanted = lacking[:limit]
    found: Counter[How] = Counter()
    filled: Counter[str] = Counter()
    unsolved: dict[How, list[str]] = {How.AMBIGUOUS: [], How.NOT_FOUND: []}
    requests, from_cache = tmdb.requests, tmdb.from_cache
    for done, row in enumerate(wanted, start=1):
        search = tmdb.find(films[row])
        found[search.how] += 1
        if search.fact is None:
            unsolved[search.how].append(films[row].label)
        else:
            changes = _changes(films[row], search.fact)
            films[row] = replace(films[row], **changes)
            filled.update(list(changes))
        if progress is not None:
            progress(done, len(wanted))
    report = TmdbReport(
        films=len(films),
        complete=len(films) - len(lacking),
        beyond_limit=len(lacking) - len(wanted),
        by_tmdb_id=found[How.TMDB_ID],
        by_imdb_id=found[How.IMDB_ID],
        by_title=found[How.TITLE],
        ambiguous=tuple(unsolved[How.AMBIGUOUS]),
        not_found=tuple(unsolved[How.NOT_FOUND]),
        filled=tuple((field, filled[field]) for field in _FILLED if filled[field]),
        requests=tmdb.requests - requests,
        from_cache=tmdb.from_cache - from_cache,
    )
    return replace(Catalog.of(films), item_ids=catalog.item_ids), report


def _unknown(film: Film) -> list[str]:
    return [name for name in _FILLED if not getattr(film, name)]


def _changes(film: Film, fact: Film) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in _unknown(film) if getattr(fact, name)}


def _some(labels: tuple[str, ...]) -> str:
    rest = len(labels) - _SHOWN
    return "; ".join(labels[:_SHOWN]) + (f"; and {rest:,} more" if rest > 0 else "")
