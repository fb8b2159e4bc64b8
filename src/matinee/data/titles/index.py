"""Finding films by title, as people type it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from matinee.data.catalog import Catalog
from matinee.data.spelling import loose, natural_title, normalise, split_year, title_keys
from matinee.data.titles.rows import TitleRows
from matinee.errors import InputError, UnknownNameError

__all__ = ["TitleIndex", "find_title", "natural_title", "search_titles", "title_keys"]

_BARE_YEAR = re.compile(r"(?P<title>.+) (?P<year>(?:18|19|20)\d\d)")
_LIKE_WORDS = 70.0
"""Least likeness, of 100, of a typed word and a word of a title."""
_LIKE_TITLES = 60.0
"""Least likeness, of 100, of a typed text and a title worth suggesting."""


class TitleIndex:
    """The titles of one catalogue, prepared so that many look-ups are cheap.

    Building it takes about 10 microseconds a film; keep it beside the catalogue.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._rows = TitleRows(catalog.titles, catalog.years.tolist())
        self._whole, self._years = self._rows.whole, self._rows.years

    def find(self, text: str) -> int:
        """Row of the one film with this title; case, accents, punctuation and articles forgiven.

        A year narrows it down: "Emma (1996)" or "emma 1996". "#246" is the film with id 246.

        Raises:
            InputError: several films have the title; lists them.
            UnknownNameError: no film has it; names the nearest titles.
        """
        text = text.strip()
        if text.startswith("#") and text[1:] in self.catalog.item_ids:
            return self.catalog.item_ids.row(text[1:])
        for rows in self._equal(text):
            if len(rows) == 1:
                return rows[0]
            if rows:
                raise InputError(self._several(text, rows))
        near = [self.catalog.film(row).label for row in self.search(text, 3)]
        raise UnknownNameError(
            "film", text, suggestions=near, hint="" if near else "no title is anything like it"
        )

    def search(self, text: str, n: int = 10) -> list[int]:
        """Rows of at most `n` films: equal titles, then beginnings, then all words, then likeness.

        Within each of these, films of the year that was typed come first; then the catalogue's
        order decides.
        """
        found: dict[int, None] = {}
        for rows in self._tiers(text):
            found.update(dict.fromkeys(rows))
            if len(found) >= n:
                break
        return list(found)[:n]

    def _equal(self, text: str) -> Iterator[list[int]]:
        """Rows whose title equals the text, from the strictest reading of it to the loosest."""
        title, year = split_year(text)
        readings = [(title, year)]
        bare = _BARE_YEAR.fullmatch(title)
        if year is None and bare:
            readings.append((bare["title"], int(bare["year"])))
        for wanted, of_year in readings:
            keys = title_keys(wanted)
            for rows_by, forms in (
                (self._rows.by_whole, {normalise(natural_title(wanted))}),
                (self._rows.by_form, keys),
                (self._rows.by_loose_form, {loose(key) for key in keys}),
            ):
                equal = self._rows.of_any_year(rows_by, forms)
                yield sorted(row for row in equal if of_year in (None, self._years[row]))

    def _tiers(self, text: str) -> Iterator[Iterable[int]]:
        title, year = split_year(text)
        bare = _BARE_YEAR.fullmatch(title)
        year = year or (int(bare["year"]) if bare else None)

        def ordered(rows: Iterable[int]) -> list[int]:
            return sorted(rows, key=lambda row: (self._years[row] != year, row))

        for reading in (text, title, bare["title"] if bare else title):
            for rows in self._equal(reading):
                yield ordered(rows)
        wanted = normalise(natural_title(title))
        if not wanted:
            return
        starts = (wanted, *(f"{article} {wanted}" for article in ("the", "a", "an")))
        for begins in (tuple(f"{start} " for start in starts), starts):
            yield ordered(row for row, each in enumerate(self._whole) if each.startswith(begins))
        joined = "".join(wanted.split())
        yield ordered(row for row, each in enumerate(self._joined) if each.startswith(joined))
        words = [f" {word}" for word in wanted.split()]
        yield ordered(
            row
            for row, each in enumerate(self._whole)
            if all(word in f" {each} {self._years[row]}" for word in words)
        )
        yield self._alike(normalise(bare["title"]) if bare else wanted)

    @cached_property
    def _joined(self) -> list[str]:
        return [title.replace(" ", "") for title in self._whole]

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """Rows by every word of their titles."""
        rows = defaultdict(list)
        for row, title in enumerate(self._whole):
            for word in set(title.split()):
                rows[word].append(row)
        return dict(rows)

    def _alike(self, wanted: str) -> list[int]:
        """Rows of titles most of whose typed words they have, give or take a letter or two."""
        # Slow to import, and most look-ups never come here.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        typed = wanted.split()
        likeness: dict[int, float] = defaultdict(float)
        for word in typed:
            near = process.extract(
                word, self._words.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE_WORDS, limit=20
            )
            best: dict[int, float] = {}
            for known, score, _ in reversed(near):
                best.update(dict.fromkeys(self._words[known], score))
            for row, score in best.items():
                likeness[row] += score / len(typed)
        scored = [
            ((score + fuzz.ratio(wanted, self._whole[row])) / 2, -row)
            for row, score in likeness.items()
            if score >= _LIKE_TITLES
        ]
        scored += [
            (score, -row)
            for _, score, row in process.extract(
                wanted, self._whole, scorer=fuzz.ratio, score_cutoff=_LIKE_TITLES, limit=20
            )
        ]
        return [-row for _, row in sorted(scored, reverse=True)]

    def _several(self, text: str, rows: list[int]) -> str:
        films = self.catalog.films(rows)
        by_year = len({film.year for film in films}) == len(films)
        named = ", ".join(film.label if by_year else f"{film.label} #{film.id}" for film in films)
        way_out = (
            "add the year in brackets" if by_year else f"name one by its number: '#{films[0].id}'"
        )
        return f"{len(films)} films are called {text!r}: {named}; {way_out}"


def find_title(catalog: Catalog, text: str) -> int:
    """Row of one film by title; see `TitleIndex.find`, which serves many look-ups better."""
    return TitleIndex(catalog).find(text)


def search_titles(catalog: Catalog, text: str, n: int = 10) -> list[int]:
    """Rows of films by title; see `TitleIndex.search`, which serves many look-ups better."""
    return TitleIndex(catalog).search(text, n)
