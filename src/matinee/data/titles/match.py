"""Which films of two catalogues are one, by title and year, without guessing between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from matinee.data.catalog import Film
from matinee.data.spelling import loose, title_keys, title_parts
from matinee.data.titles.external_ids import contradict
from matinee.data.titles.rows import TitleRows

__all__ = ["TitleMatches", "match_titles"]


@dataclass(frozen=True)
class TitleMatches:
    """Films found among others.

    Attributes:
        found: position of a film to position of what it is among the others.
        exact: matched by title in the same year.
        by_part: matched in the same year by what stands before or after a colon or dash.
        one_year_off: matched by title in the year before or after.
        ambiguous: several could be it, so none was taken.
    """

    found: Mapping[int, int]
    exact: int
    by_part: int
    one_year_off: int
    ambiguous: int


def match_titles(
    films: Sequence[Film],
    others: Sequence[Film],
    known: Mapping[int, int] | None = None,
    undecided: Collection[int] = (),
) -> TitleMatches:
    """The films among the others, by title and year (see `title_keys`).

    There are three passes: by title in the same year; by a part of the title in the same year
    ("Star Wars" is "Star Wars: Episode IV"); by title one year off. A later pass takes none that
    an earlier one took, nothing is taken where two could be meant, and never a film whose id
    contradicts. Two films of one title and year can be the same other.

    Args:
        films: what to find.
        others: what to find it among.
        known: matches that are there already: neither side is looked at again.
        undecided: positions of films that are not to be looked for.
    """
    known = known or {}
    waiting = set(range(len(films))) - set(known) - set(undecided)
    among = others if waiting else ()
    index = TitleRows((film.title for film in among), (film.year for film in among))
    found: dict[int, int] = {}
    counts: list[int] = []
    ambiguous = 0
    for candidates_of in (_in_year, _by_part, _one_year_off):
        taken = {*known.values(), *found.values()}
        could_be = {
            row: {
                each
                for each in candidates_of(index, films[row]) - taken
                if not contradict(films[row], others[each])
            }
            for row in waiting
        }
        could_be = {row: candidates for row, candidates in could_be.items() if candidates}
        contested = _contested(films, could_be)
        sure = {
            row: min(candidates)
            for row, candidates in could_be.items()
            if len(candidates) == 1 and not candidates & contested
        }
        found |= sure
        counts.append(len(sure))
        ambiguous += len(could_be) - len(sure)
        waiting -= could_be.keys()
    exact, by_part, one_year_off = counts
    return TitleMatches(found, exact, by_part, one_year_off, ambiguous)


def _in_year(index: TitleRows, film: Film) -> set[int]:
    """By equal titles, or else by loosely equal ones."""
    keys = title_keys(film.title)
    equal = index.in_year(index.by_form, keys, film.year)
    return equal or index.in_year(index.by_loose_form, map(loose, keys), film.year)


def _by_part(index: TitleRows, film: Film) -> set[int]:
    """By a whole title that is a part of the other."""
    keys, parts = map(loose, title_keys(film.title)), map(loose, title_parts(film.title))
    holding = index.in_year(index.by_loose_part, keys, film.year)
    return holding | index.in_year(index.by_loose_form, parts, film.year)


def _one_year_off(index: TitleRows, film: Film) -> set[int]:
    """By equal titles alone: with the year loose too, "The Fear" would be "Fear"."""
    if film.year is None:
        return set()
    keys = title_keys(film.title)
    before = index.in_year(index.by_form, keys, film.year - 1)
    return before | index.in_year(index.by_form, keys, film.year + 1)


def _contested(films: Sequence[Film], found: Mapping[int, set[int]]) -> set[int]:
    """Films that ones of different years claim: they cannot be both."""
    years: dict[int, set[int | None]] = defaultdict(set)
    for row, candidates in found.items():
        for each in candidates:
            years[each].add(films[row].year)
    return {each for each, claimed in years.items() if len(claimed) > 1}
