"""Answers of the TMDB API: the fields that are read, and their translation to a film."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, ClassVar, TypeVar

import pydantic
from pydantic import AfterValidator, BeforeValidator

from matinee.data.catalog import Film
from matinee.data.certificates import AGES
from matinee.errors import FetchError

__all__ = ["Answer", "FindAnswer", "MovieAnswer", "SearchAnswer", "SearchResult", "parsed"]

_MAX_CAST = 20
_MAX_MINUTES = 32_767
_COUNTRIES = {"United States of America": "United States"}
_NO_LANGUAGE = "xx"
_CERTIFYING = ("US", "GB", "DE")
"""Countries with certificates that name an age (`AGES`), in order of preference."""
_RELEASES = (3, 2, 1, 4, 5, 6)
"""TMDB's types of release: theatrical, limited, premiere, digital, physical, television."""
_IMDB_ID = re.compile(r"tt\d{7,10}")

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""TMDB writes unknown text as null or as an empty string."""


class Answer(pydantic.BaseModel):
    """The base of all answers: fields that are not declared are dropped."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")

    days: ClassVar[int] = 30
    """Until the answer expires. A look-up has another answer once TMDB learns of a film."""


class _Named(Answer):
    name: Text = ""


class _SpokenLanguage(Answer):
    iso_639_1: Text = ""
    english_name: Text = ""


class _CastMember(_Named):
    order: int = 0
    """0 for the most important actor."""


class _CrewMember(_Named):
    job: Text = ""


def _leading(cast: tuple[_CastMember, ...]) -> tuple[_CastMember, ...]:
    return tuple(sorted(cast, key=lambda member: member.order)[:_MAX_CAST])


def _directing(crew: tuple[_CrewMember, ...]) -> tuple[_CrewMember, ...]:
    return tuple(member for member in crew if member.job == "Director")


class _Credits(Answer):
    """Leading cast and directors: the credits of a film can name a thousand people."""

    cast: Annotated[tuple[_CastMember, ...], AfterValidator(_leading)] = ()
    crew: Annotated[tuple[_CrewMember, ...], AfterValidator(_directing)] = ()


class _Keywords(Answer):
    keywords: tuple[_Named, ...] = ()


class _Release(Answer):
    certification: Text = ""
    type: int = 0


class _Country(Answer):
    iso_3166_1: Text = ""
    release_dates: tuple[_Release, ...] = ()


class _Releases(Answer):
    results: tuple[_Country, ...] = ()


class SearchResult(Answer):
    """A film in the lists of `/search/movie` and `/find`."""

    id: pydantic.PositiveInt
    title: Text = ""
    original_title: Text = ""
    release_date: Text = ""

    @property
    def year(self) -> int | None:
        year = self.release_date[:4]
        return int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else None


class SearchAnswer(Answer):
    """`GET /search/movie`, one page."""

    results: tuple[SearchResult, ...]
    total_pages: int


class FindAnswer(Answer):
    """`GET /find/{imdb_id}?external_source=imdb_id`."""

    movie_results: tuple[SearchResult, ...]


class MovieAnswer(SearchResult):
    """`GET /movie/{id}?append_to_response=credits,keywords,release_dates`."""

    days: ClassVar[int] = 180
    """TMDB's terms of use allow six months."""

    imdb_id: Text = ""
    overview: Text = ""
    runtime: int | None = None
    genres: tuple[_Named, ...] = ()
    original_language: Text = ""
    spoken_languages: tuple[_SpokenLanguage, ...] = ()
    production_countries: tuple[_Named, ...] = ()
    credits: _Credits = _Credits()
    keywords: _Keywords = _Keywords()
    release_dates: _Releases = _Releases()

    def film(self) -> Film:
        """The film as a row of a catalogue; its original language comes first."""
        runtime, imdb_id = self.runtime or 0, self.imdb_id.strip()
        countries = (country.name for country in self.production_countries)
        return Film(
            id=str(self.id),
            title=self.title.strip(),
            year=self.year,
            runtime=runtime if 0 < runtime <= _MAX_MINUTES else None,
            genres=_distinct(genre.name for genre in self.genres),
            certificate=self._certificate(),
            languages=self._languages(),
            countries=_distinct(_COUNTRIES.get(country, country) for country in countries),
            directors=_distinct(member.name for member in self.credits.crew),
            cast=_distinct(member.name for member in self.credits.cast),
            keywords=_distinct(keyword.name for keyword in self.keywords.keywords),
            overview=self.overview.strip(),
            imdb_id=imdb_id if _IMDB_ID.fullmatch(imdb_id) else "",
            tmdb_id=str(self.id),
        )

    def _languages(self) -> tuple[str, ...]:
        spoken = (each for each in self.spoken_languages if each.iso_639_1 != _NO_LANGUAGE)
        ordered = sorted(spoken, key=lambda each: each.iso_639_1 != self.original_language)
        return _distinct(language.english_name for language in ordered)

    def _certificate(self) -> str:
        """The certificate of the theatrical release in the first country that has any."""
        releases = {each.iso_3166_1: each.release_dates for each in self.release_dates.results}
        known = (
            (_CERTIFYING.index(country), _RELEASES.index(release.type), release.certification)
            for country in _CERTIFYING
            for release in releases.get(country, ())
            if release.type in _RELEASES and release.certification.strip().upper() in AGES
        )
        return min(known, default=(0, 0, ""))[2].strip()


Shape = TypeVar("Shape", bound=Answer)


def parsed(body: bytes, shape: type[Shape], path: str) -> Shape:
    """Reads an answer; `FetchError` if it is not JSON, or not of the documented shape."""
    try:
        return shape.model_validate_json(body)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FetchError(
            f"TMDB's answer to {path} is not as documented "
            f"({place + ': ' if place else ''}{first['msg']}); if MATINEE_TMDB_URL names a proxy, "
            "check what it answers"
        ) from None


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
