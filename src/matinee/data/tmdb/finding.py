"""Finds a film on TMDB by its ids, or else by title and year, without guessing."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from matinee.data.catalog import Film
from matinee.data.titles.matcher import FilmKey
from matinee.data.tmdb.answer_cache import AnswerCache
from matinee.data.tmdb.answers import FindAnswer, MovieAnswer, SearchAnswer, Shape, parsed
from matinee.data.tmdb.connection import Connection

__all__ = ["How", "Tmdb", "TmdbMatch"]

_TMDB_ID = re.compile(r"[1-9][0-9]{0,9}")
_IMDB_ID = re.compile(r"tt[0-9]{7,10}")
_MAX_PAGES = 5


class How(enum.Enum):
    """What a film was found by, or why it was not found."""

    TMDB_ID = "TMDB id"
    IMDB_ID = "IMDb id"
    TITLE = "title and year"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class TmdbMatch:
    """The result of a search; `fact` is the film as TMDB knows it, `None` if it was not found."""

    how: How
    fact: Film | None = None


class Tmdb:
    """The films of TMDB, read from the cache where possible."""

    def __init__(self, connection: Connection, cache: AnswerCache) -> None:
        self._connection = connection
        self._cache = cache

    @property
    def requests(self) -> int:
        """Number of requests sent (see `Connection.requests`)."""
        return self._connection.requests

    @property
    def from_cache(self) -> int:
        """Number of answers that came from the cache."""
        return self._cache.hits

    def find(self, film: Film) -> TmdbMatch:
        """The film by TMDB id; else by IMDb id; else by equal title (`title_keys`) and year.

        The film is ambiguous if TMDB has several candidates, or knows the film by an IMDb id other
        than the catalogue's.

        Raises:
            InputError: TMDB refuses the key.
            FetchError: TMDB cannot be reached, or its answer cannot be read.
        """
        for how, ids in self._candidates(film):
            if ids is None or len(ids) > 1:
                return TmdbMatch(How.AMBIGUOUS)
            if ids and (movie := self._movie(min(ids))):
                fact = movie.film()
                contradicts = film.imdb_id and fact.imdb_id and film.imdb_id != fact.imdb_id
                return TmdbMatch(How.AMBIGUOUS) if contradicts else TmdbMatch(how, fact)
        return TmdbMatch(How.NOT_FOUND)

    def _candidates(self, film: Film) -> Iterator[tuple[How, set[int] | None]]:
        """Ids of films, from the surest way to find them on."""
        if _TMDB_ID.fullmatch(film.tmdb_id):
            yield How.TMDB_ID, {int(film.tmdb_id)}
        if _IMDB_ID.fullmatch(film.imdb_id):
            name, path = f"find-{film.imdb_id}", f"/find/{film.imdb_id}"
            answer = self._answer(name, path, {"external_source": "imdb_id"}, FindAnswer)
            yield How.IMDB_ID, {each.id for each in answer.movie_results} if answer else set()
        yield How.TITLE, self._by_title(film)

    def _by_title(self, film: Film) -> set[int] | None:
        """Films of equal title and year; `None` if there are more pages than can be read."""
        key = FilmKey.of(film)
        if film.year is None or not key.forms:
            return set()
        ids: set[int] = set()
        for page in range(1, _MAX_PAGES + 1):
            answer = self._page(film.title.partition(" (")[0], film.year, page)
            if answer and answer.total_pages > _MAX_PAGES:
                return None
            ids |= {
                each.id
                for each in (answer.results if answer else ())
                if key.same_title(FilmKey((each.title, each.original_title), each.year))
            }
            if answer is None or page >= answer.total_pages:
                break
        return ids

    def _page(self, title: str, year: int, page: int) -> SearchAnswer | None:
        # The parameter `year` would also match the years of later releases.
        query = {"query": title, "primary_release_year": str(year), "page": str(page)}
        digest = hashlib.sha256(f"{year} {page} {title}".encode()).hexdigest()
        return self._answer(f"search-{digest[:32]}", "/search/movie", query, SearchAnswer)

    def _movie(self, tmdb_id: int) -> MovieAnswer | None:
        query = {"append_to_response": "credits,keywords,release_dates"}
        return self._answer(f"movie-{tmdb_id}", f"/movie/{tmdb_id}", query, MovieAnswer)

    def _answer(
        self, name: str, path: str, query: dict[str, str], shape: type[Shape]
    ) -> Shape | None:
        def fetch() -> Shape | None:
            body = self._connection.get(path, query)
            return None if body is None else parsed(body, shape, path)

        return self._cache.get(name, shape, fetch)
