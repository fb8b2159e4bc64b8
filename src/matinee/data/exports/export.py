"""What a viewer takes along from another site: films, the ratings they gave, and when."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Export", "OwnRating"]


@dataclass(frozen=True)
class OwnRating:
    """One film as an export names it; unknown is `None`, 0 or an empty string.

    Attributes:
        title: as the export writes it.
        year: of release.
        imdb_id: with its "tt" and at least seven digits.
        tmdb_id: digits.
        movielens_id: of the data set the export is from, which need not be the one in use.
        value: on the scale of the export; `None` where the film was seen and not rated.
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
    def label(self) -> str:
        """How a person recognises it: title and year, or else an id."""
        if self.title:
            return f"{self.title} ({self.year})" if self.year else self.title
        return self.imdb_id or (f"TMDB {self.tmdb_id}" if self.tmdb_id else f"#{self.movielens_id}")


@dataclass(frozen=True)
class Export:
    """Everything one export says about films that were seen, in the order of its files.

    Attributes:
        format: its name for people: "Letterboxd".
        rows: ratings, and films seen without one.
        scale: lowest and highest rating that can be given; `None` where the format leaves it open.
    """

    format: str
    rows: tuple[OwnRating, ...]
    scale: tuple[float, float] | None
