"""An export of another site: films a viewer has seen, their ratings, and when they gave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from matinee.data.titles.matcher import FilmKey

__all__ = ["Export", "OwnRating", "of_other_films"]

Scale = tuple[float, float]
Unit = tuple[float | None, float]


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
        page: address of the film on the site the export is from.
        is_film: false for a series, an episode or a game.
        place: file and line, for messages.
    """

    title: str
    year: int | None = None
    imdb_id: str = ""
    tmdb_id: str = ""
    movielens_id: str = ""
    value: float | None = None
    time: int = 0
    original_title: str = ""
    page: str = ""
    is_film: bool = True
    place: str = field(default="", compare=False)

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

    def is_other_film(self, other: OwnRating) -> bool:
        """Whether two rows are of two films: the first kind of id that both have differs."""
        for own, their in (
            (self.imdb_id, other.imdb_id),
            (self.tmdb_id, other.tmdb_id),
            (self.page, other.page),
            (self.movielens_id, other.movielens_id),
        ):
            if own and their:
                return own != their
        return False


@dataclass(frozen=True)
class Export:
    """The films of one export, in the order of its files.

    Attributes:
        format: name of the format for people: "Letterboxd".
        rows: ratings, and films seen without one.
        scale: lowest and highest rating that the site gives; `None` where the format does not say.
        unit: lowest and highest rating that the header of a table states, see `unit_of`.
        others: labels of rows that are no films: series, episodes, games.
        counts: whether the values are counts of plays.
    """

    format: str
    rows: tuple[OwnRating, ...]
    scale: Scale | None
    unit: Unit | None = None
    others: tuple[str, ...] = ()
    counts: bool = False

    @classmethod
    def of(
        cls,
        format_: str,
        rows: Iterable[OwnRating],
        scale: Scale | None,
        unit: Unit | None = None,
        *,
        counts: bool = False,
    ) -> Export:
        """An export of some rows, which can include other things than films."""
        rows = tuple(rows)
        films = tuple(own for own in rows if own.is_film)
        others = tuple(own.label for own in rows if not own.is_film)
        return cls(format_, films, scale, unit, others, counts)


def of_other_films(rows: Iterable[OwnRating], known: Iterable[OwnRating]) -> list[OwnRating]:
    """The last row of each film that has no row in `known`."""
    films = {own.identity for own in known}
    last = {own.identity: own for own in rows}
    return [own for film, own in last.items() if film not in films]
