"""The answers of the TMDB API that are read, as far as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, ClassVar, TypeVar

import pydantic
from pydantic import BaseModel, BeforeValidator, ConfigDict

from matinee.data.catalog import Film
from matinee.data.certificates import AGES
from matinee.errors import FetchError

__all__ = ["Answer", "FindAnswer", "MovieAnswer", "SearchAnswer", "SearchResult", "parsed"]

_MOST_CAST = 20
_MOST_MINUTES = 32_767
_COUNTRIES = {"United States of America": "United States"}
_NO_LANGUAGE = "xx"
_CERTIFYING = ("US", "GB", "DE")
"""Countries whose certificates tell an age (`AGES`); the first that gave one counts."""
_RELEASES = (3, 2, 1, 4, 5, 6)
"""TMDB's types of release: theatrical, limited, premiere, digital, physical, television."""
_IMDB_ID = re.compile(r"tt\d{7,10}")

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""TMDB writes unknown as null or as an empty string."""


class Answer(BaseModel):
    """What all answers share: fields that are not read are dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kept_days: ClassVar[int] = 30
    """For look-ups, which come out otherwise when TMDB learns of a film."""


class Named(Answer):
    """A genre, a keyword, a country."""

    name: Text = ""


class SpokenLanguage(Answer):
    """A language of the film; `name` would be in the language itself."""

    iso_639_1: Text = ""
    english_name: Text = ""


class CastMember(Answer):
    """An actor; the first in `order` is the most important."""

    name: Text = ""
    order: int = 0


class CrewMember(Answer):
    """Somebody behind the camera."""

    name: Text = ""
    job: Text = ""


class Credits(Answer):
    """Cast and crew; of these only who is used, since a film may have a thousand."""

    cast: tuple[CastMember, ...] = ()
    crew: tuple[CrewMember, ...] = ()

    @pydantic.field_validator("cast")
    @classmethod
    def _leading(cls, cast: tuple[CastMember, ...]) -> tuple[CastMember, ...]:
        return tuple(sorted(cast, key=lambda member: member.order)[:_MOST_CAST])

    @pydantic.field_validator("crew")
    @classmethod
    def _directing(cls, crew: tuple[CrewMember, ...]) -> tuple[CrewMember, ...]:
        return tuple(member for member in crew if member.job == "Director")


class Keywords(Answer):
    """The keywords of a film."""

    keywords: tuple[Named, ...] = ()


class Release(Answer):
    """One release in a country, with the certificate it was given there."""

    certification: Text = ""
    type: int = 0


class Country(Answer):
    """The releases in a country."""

    iso_3166_1: Text = ""
    release_dates: tuple[Release, ...] = ()


class Releases(Answer):
    """The releases everywhere."""

    results: tuple[Country, ...] = ()


class SearchResult(Answer):
    """A film as `/search/movie` and `/find` list it."""

    id: pydantic.PositiveInt
    title: Text = ""
    original_title: Text = ""
    release_date: Text = ""

    @property
    def year(self) -> int | None:
        return _year(self.release_date)


class SearchAnswer(Answer):
    """`GET /search/movie`, one page."""

    results: tuple[SearchResult, ...]
    total_pages: int


class FindAnswer(Answer):
    """`GET /find/{imdb_id}?external_source=imdb_id`."""

    movie_results: tuple[SearchResult, ...]


class MovieAnswer(SearchResult):
    """`GET /movie/{id}?append_to_response=credits,keywords,release_dates`."""

    kept_days: ClassVar[int] = 180
    """TMDB's terms of use allow six months."""

    imdb_id: Text = ""
    overview: Text = ""
    runtime: int | None = None
    genres: tuple[Named, ...] = ()
    original_language: Text = ""
    spoken_languages: tuple[SpokenLanguage, ...] = ()
    production_countries: tuple[Named, ...] = ()
    credits: Credits = Credits()
    keywords: Keywords = Keywords()
    release_dates: Releases = Releases()

    def film(self) -> Film:
        """The film as a catalogue has it; its original language comes first."""
        runtime = self.runtime or 0
        imdb_id = self.imdb_id.strip()
        return Film(
            id=str(self.id),
            title=self.title.strip(),
            year=self.year,
            runtime=runtime if 0 < runtime <= _MOST_MINUTES else None,
            genres=_names(genre.name for genre in self.genres),
            certificate=self._certificate(),
            languages=self._languages(),
            countries=_names(
                _COUNTRIES.get(country.name, country.name) for country in self.production_countries
            ),
            directors=_names(member.name for member in self.credits.crew),
            cast=_names(member.name for member in self.credits.cast),
            keywords=_names(keyword.name for keyword in self.keywords.keywords),
            overview=self.overview.strip(),
            imdb_id=imdb_id if _IMDB_ID.fullmatch(imdb_id) else "",
            tmdb_id=str(self.id),
        )

    def _languages(self) -> tuple[str, ...]:
        spoken = (each for each in self.spoken_languages if each.iso_639_1 != _NO_LANGUAGE)
        first = sorted(spoken, key=lambda each: each.iso_639_1 != self.original_language)
        return _names(language.english_name for language in first)

    def _certificate(self) -> str:
        """That of the theatrical release in the first country that has any."""
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
    """An answer read and checked.

    Raises:
        FetchError: it is no JSON, or not of the shape that TMDB documents.
    """
    try:
        return shape.model_validate_json(body)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FetchError(
            f"TMDB's answer to {path} is not as documented "
            f"({place + ': ' if place else ''}{first['msg']}); if MATINEE_TMDB_URL names a proxy, "
            "look at what it answers"
        ) from None


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _year(date: str) -> int | None:
    year = date[:4]
    return int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else None
