"""Which film of TMDB a film is: by its ids, else by title and year, and never guessed."""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass

from matinee.data.catalog import Film
from matinee.data.spelling import title_keys
from matinee.data.tmdb.answer_cache import AnswerCache
from matinee.data.tmdb.answers import FindAnswer, MovieAnswer, SearchAnswer, Shape, parsed
from matinee.data.tmdb.connection import Connection

__all__ = ["Found", "How", "Tmdb"]

_TMDB_ID = re.compile(r"[1-9][0-9]{0,9}")
_IMDB_ID = re.compile(r"tt[0-9]{7,10}")
_MOST_PAGES = 5


class How(enum.Enum):
    """What a film was found by, or why it was not."""

    TMDB_ID = "TMDB id"
    IMDB_ID = "IMDb id"
    TITLE = "title and year"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Found:
    """What became of the search for a film; `fact` is what TMDB knows where it was found."""

    how: How
    fact: Film | None = None


class Tmdb:
    """TMDB's films, from the cache where they are there.

    Attributes:
        from_cache: how many answers came from the cache.
    """

    def __init__(self, connection: Connection, cache: AnswerCache) -> None:
        self.from_cache = 0
        self._connection = connection
        self._cache = cache

    @property
    def requests(self) -> int:
        """How many requests were sent, repeated ones included."""
        return self._connection.requests

    def find(self, film: Film) -> Found:
        """The film by its TMDB id; else by IMDb id; else by equal title (`title_keys`) and year.

        It is ambiguous, and not taken, where several could be meant or where TMDB knows it by
        another IMDb id than the catalogue.

        Raises:
            InputError: the key is refused.
            FetchError: TMDB cannot be reached or cannot be understood.
        """
        ways = (
            (How.TMDB_ID, self._by_tmdb_id),
            (How.IMDB_ID, self._by_imdb_id),
            (How.TITLE, self._by_title),
        )
        for how, could_be in ways:
            ids = could_be(film)
            if ids is None or len(ids) > 1:
                return Found(How.AMBIGUOUS)
            movie = self._movie(min(ids)) if ids else None
            if movie is not None:
                fact = movie.film()
                contradicts = film.imdb_id and fact.imdb_id and film.imdb_id != fact.imdb_id
                return Found(How.AMBIGUOUS) if contradicts else Found(how, fact)
        return Found(How.NOT_FOUND)

    def _by_tmdb_id(self, film: Film) -> set[int] | None:
        return {int(film.tmdb_id)} if _TMDB_ID.fullmatch(film.tmdb_id) else set()

    def _by_imdb_id(self, film: Film) -> set[int] | None:
        if not _IMDB_ID.fullmatch(film.imdb_id):
            return set()
        query = {"external_source": "imdb_id"}
        path = f"/find/{film.imdb_id}"
        answer = self._answer(f"find-{film.imdb_id}", path, query, FindAnswer)
        return {each.id for each in answer.movie_results} if answer else set()

    def _by_title(self, film: Film) -> set[int] | None:
        """The films of equal title and year; `None` where there are more than can be read."""
        keys, title = title_keys(film.title), film.title.partition(" (")[0]
        if film.year is None or not keys:
            return set()
        found: set[int] = set()
        page, pages = 0, 1
        while page < pages:
            page += 1
            answer = self._page(title, film.year, page)
            pages = answer.total_pages if answer else 0
            if pages > _MOST_PAGES:
                return None
            found |= {
                each.id
                for each in (answer.results if answer else ())
                if each.year == film.year
                and keys & (title_keys(each.title) | title_keys(each.original_title))
            }
        return found

    def _page(self, title: str, year: int, page: int) -> SearchAnswer | None:
        # Not `year`, which TMDB compares with every later release, too.
        query = {"query": title, "primary_release_year": str(year), "page": str(page)}
        digest = hashlib.sha256(f"{year} {page} {title}".encode()).hexdigest()
        return self._answer(f"search-{digest[:32]}", "/search/movie", query, SearchAnswer)

    def _movie(self, tmdb_id: int) -> MovieAnswer | None:
        query = {"append_to_response": "credits,keywords,release_dates"}
        return self._answer(f"movie-{tmdb_id}", f"/movie/{tmdb_id}", query, MovieAnswer)

    def _answer(
        self, name: str, path: str, query: dict[str, str], shape: type[Shape]
    ) -> Shape | None:
        kept = self._cache.get(name, shape)
        if kept is not None:
            self.from_cache += 1
            return kept.answer
        body = self._connection.get(path, query)
        answer = None if body is None else parsed(body, shape, path)
        self._cache.put(name, answer)
        return answer
