"""Films and catalogues: everything known about what is recommended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.outputs import film_html, film_text
from matinee.data.texts import TextLists, Texts
from matinee.data.vocabulary import Vocabulary
from matinee.display import formats
from matinee.display.poster import Poster, poster

__all__ = ["Catalog", "Film"]

_DECIMALS = 2
"""Of a mean rating, which is stored in single precision."""


@dataclass(frozen=True)
class Film:
    """One film. Unknown is `None`, an empty string or an empty tuple.

    Articles are in front ("The Usual Suspects"). People are in the order of their source, that
    of billing (Wikipedia, IMDb, TMDB) or of the alphabet (film table). Languages and countries have
    English names if the source has them.
    """

    id: str
    title: str
    year: int | None = None
    runtime: int | None = None
    """Minutes."""
    genres: tuple[str, ...] = ()
    certificate: str = ""
    """As printed in the country of release: "PG-13"."""
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    overview: str = ""
    imdb_id: str = ""
    tmdb_id: str = ""
    votes: int | None = None
    """Number of IMDb's voters."""
    mean: float | None = None
    """Their mean rating, from 1 to 10."""

    @property
    def label(self) -> str:
        """Title and year: "Toy Story (1995)"."""
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def poster(self) -> Poster:
        """A drawn poster with year, runtime and certificate, always the same one."""
        facts = (self.year, self.runtime and f"{self.runtime} min", self.certificate)
        return poster(self.id, self.title, self.genres, [str(each) for each in facts if each])

    def __repr__(self) -> str:
        return f"Film {self.id!r}: {film_text(self)}"

    def _repr_html_(self) -> str:
        return film_html(self)

    def filled(self, fact: Film, names: Iterable[str]) -> Film:
        """A copy with unknown facts filled from another film, for some fields."""
        changes: dict[str, Any] = {
            name: getattr(fact, name) for name in names if not getattr(self, name)
        }
        return replace(self, **changes)


@dataclass(frozen=True, eq=False)
class Catalog:
    """The films of a data set, one row each, in columns of `len(item_ids)`; 0 or "" is unknown."""

    item_ids: Vocabulary
    titles: Texts
    years: NDArray[np.int16]
    runtimes: NDArray[np.int16]
    genres: TextLists
    certificates: Texts
    languages: TextLists
    countries: TextLists
    directors: TextLists
    cast: TextLists
    keywords: TextLists
    overviews: Texts
    imdb_ids: Texts
    tmdb_ids: Texts
    votes: NDArray[np.int32]
    means: NDArray[np.float32]

    @classmethod
    def of(cls, films: Iterable[Film]) -> Catalog:
        """A catalogue of films, in their order.

        Raises:
            DataError: two films share an id.
        """
        films = list(films)
        return cls(
            item_ids=Vocabulary.of("film", (film.id for film in films)),
            titles=Texts.of(film.title for film in films),
            years=np.array([film.year or 0 for film in films], dtype=np.int16),
            runtimes=np.array([film.runtime or 0 for film in films], dtype=np.int16),
            genres=TextLists.of(film.genres for film in films),
            certificates=Texts.of(film.certificate for film in films),
            languages=TextLists.of(film.languages for film in films),
            countries=TextLists.of(film.countries for film in films),
            directors=TextLists.of(film.directors for film in films),
            cast=TextLists.of(film.cast for film in films),
            keywords=TextLists.of(film.keywords for film in films),
            overviews=Texts.of(film.overview for film in films),
            imdb_ids=Texts.of(film.imdb_id for film in films),
            tmdb_ids=Texts.of(film.tmdb_id for film in films),
            votes=np.array([film.votes or 0 for film in films], dtype=np.int32),
            means=np.array([film.mean or 0 for film in films], dtype=np.float32),
        )

    def __len__(self) -> int:
        return len(self.item_ids)

    def film(self, row: int) -> Film:
        """The film in one row, as Python values."""
        return _film(*(column[row] for column in self._columns))

    def films(self, rows: Sequence[int] | NDArray[np.integer] | None = None) -> list[Film]:
        """The films of some rows, or of all rows."""
        if rows is None:
            return list(map(_film, *self._columns))
        return [self.film(int(row)) for row in rows]

    def __repr__(self) -> str:
        known = ", ".join(self.known_facts) or "nothing but titles"
        return f"Catalog of {formats.count(len(self), 'film')} with {known}"

    @cached_property
    def known(self) -> dict[str, int]:
        """Number of films with each fact, by column, without ids and titles, which all have."""
        counts = {}
        for column in fields(self)[2:]:
            values = getattr(self, column.name)
            known = np.diff(values.bounds) if isinstance(values, Texts | TextLists) else values
            counts[column.name] = int(np.count_nonzero(known))
        return counts

    @property
    def known_facts(self) -> list[str]:
        """The facts that some films have, in words: "years", "IMDb ids"."""
        words = [name.replace("_", " ") for name, films in self.known.items() if films]
        spelt = (each.replace("imdb", "IMDb").replace("tmdb", "TMDB") for each in words)
        return ["means of votes" if each == "means" else each for each in spelt]

    @cached_property
    def first_rows(self) -> NDArray[np.int32]:
        """`int32[n]`: for every row, the first row of the same film.

        A catalogue can list a film under several ids. Rows of one IMDb id are one film, and so are
        rows of one TMDB id as long as their IMDb ids do not differ. Titles decide nothing.
        """
        first = np.arange(len(self), dtype=np.int32)
        imdb_ids = list(self.imdb_ids)
        for rows in _rows_of_one_id(imdb_ids):
            first[rows] = rows[0]
        for rows in _rows_of_one_id(self.tmdb_ids):
            if len({imdb_ids[row] for row in rows} - {""}) <= 1:
                joined = np.isin(first, first[rows])
                first[joined] = first[joined].min()
        return first

    @cached_property
    def _columns(self) -> list[Any]:
        """All columns, in the order of the fields of `Film`."""
        return [self.item_ids.ids, *(getattr(self, field.name) for field in fields(self)[1:])]

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """All columns as named arrays, for an artefact."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, Vocabulary):
                arrays[field.name] = column.ids
            elif isinstance(column, Texts):
                arrays |= _texts_to_arrays(field.name, column)
            elif isinstance(column, TextLists):
                arrays[f"{field.name}.bounds"] = column.bounds
                arrays |= _texts_to_arrays(f"{field.name}.texts", column.texts)
            else:
                arrays[field.name] = column
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Catalog:
        """The inverse of `to_arrays`; memory-mapped arrays stay memory-mapped."""
        columns: dict[str, Any] = {}
        if "votes" not in arrays:  # stored by an older version, which did not know them
            n = len(arrays["item_ids"])
            unknown = {"votes": np.zeros(n, np.int32), "means": np.zeros(n, np.float32)}
            arrays = {**arrays, **unknown}
        for field in fields(cls):
            name = field.name
            if name == "item_ids":
                columns[name] = Vocabulary("film", arrays[name])
            elif f"{name}.utf8" in arrays:
                columns[name] = _texts_from_arrays(name, arrays)
            elif f"{name}.bounds" in arrays:
                texts = _texts_from_arrays(f"{name}.texts", arrays)
                columns[name] = TextLists(texts, arrays[f"{name}.bounds"])
            else:
                columns[name] = arrays[name]
        return cls(**columns)


def _film(item_id: str, title: str, year: int, runtime: int, *rest: Any) -> Film:
    *texts, votes, mean = rest
    facts = (*texts, int(votes) or None, round(float(mean), _DECIMALS) or None)
    return Film(str(item_id), title, int(year) or None, int(runtime) or None, *facts)


def _rows_of_one_id(ids: Iterable[str]) -> list[list[int]]:
    """Rows that share an id, two or more, ascending; an id without a digit above 0 is unknown."""
    ids = list(ids)
    several = (each for each, count in Counter(ids).items() if count > 1 and each.strip("t0"))
    rows_of: dict[str, list[int]] = {each: [] for each in several}
    if rows_of:
        for row, each in enumerate(ids):
            if each in rows_of:
                rows_of[each].append(row)
    return list(rows_of.values())


def _texts_to_arrays(name: str, texts: Texts) -> dict[str, NDArray[np.generic]]:
    return {f"{name}.utf8": texts.utf8, f"{name}.bounds": texts.bounds}


def _texts_from_arrays(name: str, arrays: Mapping[str, NDArray[Any]]) -> Texts:
    return Texts(arrays[f"{name}.utf8"], arrays[f"{name}.bounds"])
