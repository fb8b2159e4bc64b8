"""Movies: MovieLens latest-small with facts from Wikidata and plots from Wikipedia."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.merging.datasets import merge_data
from matinee.data.provenance import Provenance
from matinee.data.sources import Source
from matinee.data.sources._movielens import RATINGS, MovieLens
from matinee.data.sources._movielens_csv import layout_of
from matinee.data.sources.film_table import FilmTable
from matinee.data.sources.ml_latest_small import MovieLensLatestSmall
from matinee.data.sources.wikipedia_movie_data import WikipediaMovieData
from matinee.data.tables.film_lines import read_film_lines, write_film_lines
from matinee.errors import FetchError, UnreachableError

__all__ = ["Movies"]

_RATINGS, _FILMS = "ratings.csv", "films.jsonl"
_FACTS = {
    "film-table": "runtimes, certificates, languages, countries and directors",
    "wikipedia-movie-data": "plots and the order of the cast",
}
"""What is unknown without a part."""


@dataclass(frozen=True)
class Movies(MovieLens):
    """Three data sets in one, merged when they are fetched: merging takes some ten seconds.

    Without one of the two that add facts the films lack those, and a note says which and how to get
    them.
    """

    about = "MovieLens latest-small with people, runtimes, certificates and plots of its films"
    licence = " ".join(
        each.licence for each in (MovieLensLatestSmall, FilmTable, WikipediaMovieData)
    )
    homepage = MovieLensLatestSmall.homepage
    size = MovieLensLatestSmall.size + FilmTable.size + WikipediaMovieData.size
    layouts = (frozenset({_RATINGS, _FILMS}),)

    ratings: MovieLensLatestSmall = field(default_factory=MovieLensLatestSmall)
    facts: tuple[Source, ...] = field(default_factory=lambda: (FilmTable(), WikipediaMovieData()))
    """The most trusted first."""

    def download(self, cache: Cache, folder: Path) -> None:
        rated = self._ratings(cache)
        datasets = {self.ratings.name: self.ratings.completed(rated, cache, Cleaning())}
        missing = []
        for source in self.facts:
            try:
                datasets[source.name] = source.load(cache)
            except FetchError as error:
                missing.append(
                    f"{_FACTS[source.name]} are unknown: {error}; then remove "
                    f"{cache.folder(self.name)} and run matinee fetch {self.name}"
                )
        merged = merge_data(datasets, self.name).films
        notes = [*_notes(datasets, merged.provenance), *missing]
        write_film_lines(folder / _FILMS, merged.catalog, merged.provenance, notes)
        shutil.copyfile(rated / _RATINGS, folder / _RATINGS)

    def _ratings(self, cache: Cache) -> Path:
        """The folder of the ratings; without them there is no data set."""
        try:
            folder = self.ratings.fetch(cache)
        except UnreachableError as error:
            raise FetchError(
                f"{error}; ml-100k is in the package index, for those who reach nothing else"
            ) from None
        if not (folder / _RATINGS).is_file():
            raise FetchError(f"{folder} has no {_RATINGS}; remove it, and fetch {self.name} again")
        return folder

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        catalog, provenance, notes = read_film_lines(folder / _FILMS)
        file = folder / _RATINGS
        layout = layout_of(file, RATINGS)
        dataset = self.dataset(catalog, file, layout, cleaning, notes=notes)
        return replace(dataset, provenance=provenance)


def _notes(datasets: Mapping[str, Dataset], provenance: Provenance) -> Iterator[str]:
    """How many films each part has facts for, and what the parts say of themselves."""
    rated, *others = datasets
    films = provenance.films()
    for each in others:
        yield f"{films[each]:,} of {films[rated]:,} films have facts from {each}"
        yield from (f"{each}: {note}" for note in datasets[each].notes)
