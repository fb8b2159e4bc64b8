"""An export of another site: films a viewer has seen, their ratings, and when they gave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matinee.data.titles.matcher import FilmKey

__all__ = ["Export", "OwnRating", "of_other_films"]


@dataclass(frozen=True)
class OwnRating:
    """One film of an export; unknown is `None`, 0 or an empty string.

    Attributes:
        title: as the export writes it.
        imdb_id: with its "tt" and at least seven digits.
        movielens_id: film id in the data set the export is from, which may be another than the one
            in use.
        value: rating on the scale of the export; `None` if the film was seen and not rated.
        time: Unix seconds.
        original_title: in the language of the film, where the export has both.
    """

    title: str
    year: int | None = None
    imdb_id: str = ""
    tmdb_id: str = ""
    movielens_id: str = ""
    value: float | None = None
    time: int = 0
    original_title: str = ""

    @property
    def key(self) -> FilmKey:
        """What the film is matched by."""
        titles = tuple(title for title in (self.title, self.original_title) if title)
        return FilmKey(titles, self.year, self.imdb_id, self.tmdb_id)

    @property
    def identity(self) -> str:
        """Equal for two rows of one film in one export."""
        return self.imdb_id or self.tmdb_id or self.label

    @property
    def label(self) -> str:
        """Title and year, or else an id, for people."""
        if self.title:
            return f"{self.title} ({self.year})" if self.year else self.title
        return self.imdb_id or (f"TMDB {self.tmdb_id}" if self.tmdb_id else f"#{self.movielens_id}")


@dataclass(frozen=True)
class Export:
    """The films of one export, in the order of its files.

    Attributes:
        format: name of the format for people: "Letterboxd".
        rows: ratings, and films seen without one.
        scale: lowest and highest possible rating; `None` where the format does not say.
    """

    format: str
    rows: tuple[OwnRating, ...]
    scale: tuple[float, float] | None


def of_other_films(rows: Iterable[OwnRating], known: Iterable[OwnRating]) -> list[OwnRating]:
    """The last row of each film that has no row in `known`."""
    films = {own.identity for own in known}
    last = {own.identity: own for own in rows}
    return [own for film, own in last.items() if film not in films]
