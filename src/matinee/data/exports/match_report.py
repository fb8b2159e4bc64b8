"""Reports which films of a viewer's export were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matinee.display import formats

__all__ = ["MatchReport"]

_LISTED = 10


@dataclass(frozen=True)
class MatchReport:
    """How the films of an export were matched to a catalogue.

    Attributes:
        format: of the export: "Letterboxd".
        catalogue_films: number of films in the catalogue.
        rated: films found with a rating.
        seen: films found that were seen and not rated.
        by: kind of match and number of rows, from the surest on.
        ambiguous: rows with several candidates, which were not matched, with the candidates.
        missing: rows without a candidate, with the most similar title if there is one.
        others: rows that are series, episodes or games.
        repeated: ratings replaced by a later one of the same film.
        from_scale: lowest and highest rating of the export; `None` if it has counts.
        to_scale: those of the data set.
        to_counts: whether the data set has counts.
        scale_guessed: whether `from_scale` was concluded from the ratings.
        unrated: ratings that were a mark for "not rated"; these films count as seen.
        off_scale: ratings that were left out because they are not on the scale, with their places.
    """

    format: str
    catalogue_films: int
    rated: int
    seen: int
    by: tuple[tuple[str, int], ...]
    ambiguous: tuple[str, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]
    repeated: int
    from_scale: tuple[float, float] | None
    to_scale: tuple[float, float]
    to_counts: bool
    scale_guessed: bool
    unrated: int
    off_scale: tuple[str, ...]

    @property
    def found(self) -> int:
        """Rows of the export that were matched."""
        return sum(count for _, count in self.by)

    @property
    def rows(self) -> int:
        """All films of the export."""
        return self.found + len(self.ambiguous) + len(self.missing)

    @property
    def lines(self) -> tuple[str, ...]:
        """The report, one statement a line; lists name ten films at most."""
        by = ", ".join(f"{count:,} {how}" for how, count in self.by)
        lines = [
            f"{self.format}: {self.found:,} of {self.rows:,} films found among "
            f"{self.catalogue_films:,}" + (f": {by}" if by else ""),
            (
                f"{formats.count(self.rated, 'rating')} imported; "
                f"{formats.count(self.seen, 'film')} seen without a rating will not be recommended"
            ),
            self._scales(),
        ]
        if self.unrated:
            lines.append(f'{formats.count(self.unrated, "rating")} taken as "not rated"')
        if self.off_scale:
            lines.append(
                f"{len(self.off_scale):,} left out, not on the scale: {_listed(self.off_scale)}"
            )
        if self.repeated:
            replaced = formats.count(self.repeated, "rating")
            lines.append(f"{replaced} replaced by a later rating of the same film")
        if any("id alone" in how for how, _ in self.by):
            lines.append(
                "film ids without a title cannot be checked: they are right only if the ratings "
                "are of this very data set"
            )
        if self.ambiguous:
            lines.append(
                f"{len(self.ambiguous):,} ambiguous, left out and not recommended: "
                + _listed(self.ambiguous)
            )
        if self.others:
            lines.append(
                f"{len(self.others):,} series, episodes or games left out: {_listed(self.others)}"
            )
        if self.missing:
            lines.append(f"{len(self.missing):,} not found: {_listed(self.missing)}")
        return tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _scales(self) -> str:
        if self.from_scale is None:
            return "counts are taken as they are"
        source, target = (f"{low:g}-{high:g}" for low, high in (self.from_scale, self.to_scale))
        guessed = " (by the ratings; --scale says another)" if self.scale_guessed else ""
        if self.to_counts:
            return f"the data set has counts: a like on {source}{guessed} counts 1, a dislike 0"
        if source == target:
            return f"ratings are on the scale of the data set, {source}{guessed}"
        return f"ratings rescaled linearly from {source}{guessed} to {target}"


def _listed(films: Sequence[str]) -> str:
    rest = len(films) - _LISTED
    return "; ".join(films[:_LISTED]) + (f"; and {rest:,} more" if rest > 0 else "")
