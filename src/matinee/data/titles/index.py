"""Looks up and searches films by a title that somebody typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from matinee.data.catalog import Catalog
from matinee.data.spelling import (
    loose,
    loose_words,
    natural_title,
    normalise,
    split_year,
    title_keys,
)
from matinee.data.titles.rows import RowsBy, TitleRows, rows_by
from matinee.data.vocabulary import id_text
from matinee.errors import InputError, UnknownNameError

__all__ = ["TitleIndex"]

_BARE_YEAR = re.compile(r"(?P<title>.+) (?P<year>(?:18|19|20)\d\d)")
_SIMILAR_WORDS = 70.0
"""Spelling similarity, of 100, from which a typed word matches a word of a title."""
_SIMILAR_TITLES = 60.0
"""Spelling similarity, of 100, from which a title is suggested."""


class TitleIndex:
    """The titles of one catalogue, indexed for look-ups.

    Building it takes about 10 microseconds a film, so keep it with the catalogue.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._rows = TitleRows(catalog.titles, catalog.years.tolist())
        self._titles, self._years = self._rows.normalised, self._rows.years

    def find(self, film: str | int) -> int:
        """Row of the one film with this title or id.

        Case, accents, punctuation and articles do not matter. A year narrows the title down: "Emma
        (1996)" or "emma 1996". 246, "246" and "#246" are the film with id 246. Of a film listed
        under several ids (see `Catalog.first_rows`), the first row is the answer to a title.

        Raises:
            InputError: several films have the title, or one has it as its id; lists them.
            UnknownNameError: no film has it; names the most similar titles.
        """
        ids = self.catalog.item_ids
        if not isinstance(film, str):
            return ids.row(film)
        text = film.strip()
        if text.startswith("#") and text[1:] in ids:
            return ids.row(text[1:])
        by_id = [ids.row(text)] if text in ids else []
        for rows in self._equal(text):
            found = list(dict.fromkeys((*rows, *by_id)))
            if rows and len({self.catalog.first_rows[row] for row in found}) == 1:
                return rows[0]
            if rows:
                raise InputError(self._several(text, found, with_id=bool(by_id)))
        if by_id:
            return by_id[0]
        near = [self.catalog.film(row).label for row in self.search(text, 3)]
        raise UnknownNameError(
            "film", text, suggestions=near, hint="" if near else "no title is similar"
        )

    def finder(self, films: Iterable[str | int]) -> Callable[[str | int], int]:
        """How to find each film of a list: by id if all of them are ids, else by `find`.

        A single "300" can be a title or an id; among ids it is an id.
        """
        ids = self.catalog.item_ids
        return ids.row if all(id_text(each, "film") in ids for each in films) else self.find

    def search(self, text: str, n: int = 10) -> list[int]:
        """Rows of at most `n` films: equal titles, then beginnings, all words, similar spellings.

        A number begins a title also without its "part" or "episode": "star wars 4" finds "Star
        Wars: Episode IV - A New Hope". Within each of these, films of the typed year come first,
        and then the catalogue's order decides. A film listed under several ids stands once.
        """
        first_rows = self.catalog.first_rows
        rows: dict[int, int] = {}
        for tier in self._tiers(text):
            for row in tier:
                rows.setdefault(int(first_rows[row]), row)
            if len(rows) >= n:
                break
        return list(rows.values())[:n]

    def _equal(self, text: str) -> Iterator[list[int]]:
        """Rows whose title equals the text, from the strictest reading to the loosest."""
        title, year = split_year(text)
        readings = [(title, year)]
        bare = _BARE_YEAR.fullmatch(title)
        if year is None and bare:
            readings.append((bare["title"], int(bare["year"])))
        for reading, of_year in readings:
            keys = title_keys(reading)
            for index, forms in (
                (self._rows.by_title, {normalise(natural_title(reading))}),
                (self._rows.by_form, keys),
                (self._rows.by_loose_form, {loose(key) for key in keys}),
            ):
                equal = self._rows.of_any_year(index, forms)
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
        typed = normalise(natural_title(title))
        if not typed:
            return
        starts = (typed, *(f"{article} {typed}" for article in ("the", "a", "an")))
        for begins in (tuple(f"{start} " for start in starts), starts):
            yield ordered(row for row, each in enumerate(self._titles) if each.startswith(begins))
        numbered = " ".join(loose_words(typed)) + " "
        if any(word.isdecimal() for word in numbered.split()):
            yield ordered(row for row, each in enumerate(self._loose) if each.startswith(numbered))
        joined = "".join(typed.split())
        yield ordered(row for row, each in enumerate(self._joined) if each.startswith(joined))
        words = [f" {word}" for word in typed.split()]
        yield ordered(
            row
            for row, each in enumerate(self._titles)
            if all(word in f" {each} {self._years[row]}" for word in words)
        )
        yield self._similar(normalise(bare["title"]) if bare else typed)

    @cached_property
    def _joined(self) -> list[str]:
        return [title.replace(" ", "") for title in self._titles]

    @cached_property
    def _loose(self) -> list[str]:
        """The words of the looser form of every title, with a space behind each."""
        return ["".join(f"{word} " for word in loose_words(title)) for title in self._titles]

    @cached_property
    def _words(self) -> RowsBy:
        """Rows by each word of their titles."""
        return rows_by(set(title.split()) for title in self._titles)

    def _similar(self, typed: str) -> list[int]:
        """Rows of titles with most of the typed words, give or take a letter or two."""
        # Slow to import, and most look-ups end before.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        words = typed.split()
        similarity: dict[int, float] = defaultdict(float)
        for word in words:
            near = process.extract(
                word, self._words.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR_WORDS, limit=20
            )
            best: dict[int, float] = {}
            for known, score, _ in reversed(near):
                best.update(dict.fromkeys(self._words[known], score))
            for row, score in best.items():
                similarity[row] += score / len(words)
        scored = [
            ((score + fuzz.ratio(typed, self._titles[row])) / 2, -row)
            for row, score in similarity.items()
            if score >= _SIMILAR_TITLES
        ]
        scored += [
            (score, -row)
            for _, score, row in process.extract(
                typed, self._titles, scorer=fuzz.ratio, score_cutoff=_SIMILAR_TITLES, limit=20
            )
        ]
        return [-row for _, row in sorted(scored, reverse=True)]

    def _several(self, text: str, rows: list[int], *, with_id: bool) -> str:
        films = self.catalog.films(rows)
        by_year = not with_id and len({film.year for film in films}) == len(films)
        labels = ", ".join(film.label if by_year else f"{film.label} #{film.id}" for film in films)
        way_out = "add the year in brackets" if by_year else f"choose one by id: '#{films[0].id}'"
        called = "have the title or id" if with_id else "are called"
        return f"{len(films)} films {called} {text!r}: {labels}; {way_out}"
