"""What became of every film of a viewer's export, as a person reads it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Ambiguous", "MatchReport", "Missing"]

_SHOWN = 10


@dataclass(frozen=True)
class Ambiguous:
    """A film of the export that several films of the catalogue could be."""

    label: str
    candidates: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label} could be {' or '.join(self.candidates)}"


@dataclass(frozen=True)
class Missing:
    """A film of the export that the catalogue does not have; `nearest` may be empty."""

    label: str
    nearest: str = ""

    def __str__(self) -> str:
        return f"{self.label} (nearest: {self.nearest})" if self.nearest else self.label


@dataclass(frozen=True)
class MatchReport:
    """How an export was found in a catalogue.

    Attributes:
        format: of the export: "Letterboxd".
        catalogue_films: films there were to find.
        rated: films found with a rating.
        seen: films found that were seen and not rated.
        by: what rows were found by, and how many, from the surest on.
        ambiguous: rows that could be several films; none was taken.
        missing: rows that are in no film's place.
        repeated: ratings that gave way to a later one of the same film.
        from_scale: lowest and highest rating of the export.
        to_scale: and of the data set.
        scale_deduced: whether `from_scale` was concluded from the ratings.
    """

    format: str
    catalogue_films: int
    rated: int
    seen: int
    by: tuple[tuple[str, int], ...]
    ambiguous: tuple[Ambiguous, ...]
    missing: tuple[Missing, ...]
    repeated: int
    from_scale: tuple[float, float]
    to_scale: tuple[float, float]
    scale_deduced: bool

    @property
    def found(self) -> int:
        """Rows of the export that were found."""
        return sum(count for _, count in self.by)

    @property
    def rows(self) -> int:
        """All rows of the export."""
        return self.found + len(self.ambiguous) + len(self.missing)

    @property
    def lines(self) -> tuple[str, ...]:
        """The report, a statement a line; at most ten films are named of each kind."""
        by = ", ".join(f"{count:,} {how}" for how, count in self.by)
        said = [
            f"{self.format}: {self.found:,} of {self.rows:,} films found among "
            f"{self.catalogue_films:,}" + (f": {by}" if by else ""),
            (
                f"{_counted(self.rated, 'rating')} taken over; {_counted(self.seen, 'film')} "
                "seen without a rating, not to be recommended"
            ),
            self._scales(),
        ]
        if self.repeated:
            said.append(f"{_counted(self.repeated, 'rating')} left out for a later one of the film")
        if any("id alone" in how for how, _ in self.by):
            said.append(
                "film ids without a title cannot be checked: they are right only if the ratings "
                "are of this very data set"
            )
        if self.ambiguous:
            said.append(
                f"{len(self.ambiguous):,} ambiguous, not counted and none of them recommended: "
                + _listed(self.ambiguous)
            )
        if self.missing:
            said.append(f"{len(self.missing):,} not found: {_listed(self.missing)}")
        return tuple(said)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _scales(self) -> str:
        mine, theirs = (f"{low:g}-{high:g}" for low, high in (self.from_scale, self.to_scale))
        concluded = " (concluded from the ratings)" if self.scale_deduced else ""
        if mine == theirs:
            return f"ratings are on the scale of the data set, {mine}{concluded}"
        return f"ratings rescaled linearly from {mine}{concluded} to {theirs}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _listed(films: tuple[Ambiguous, ...] | tuple[Missing, ...]) -> str:
    rest = len(films) - _SHOWN
    return "; ".join(map(str, films[:_SHOWN])) + (f"; and {rest:,} more" if rest > 0 else "")
