"""Films and catalogues."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Film
from matinee.errors import DataError

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
FILM = st.builds(
    Film,
    id=TEXT,
    title=TEXT,
    year=st.none() | st.integers(1874, 2100),
    runtime=st.none() | st.integers(1, 5000),
    genres=NAMES,
    certificate=TEXT,
    languages=NAMES,
    countries=NAMES,
    directors=NAMES,
    cast=NAMES,
    keywords=NAMES,
    overview=TEXT,
    imdb_id=TEXT,
    tmdb_id=TEXT,
    votes=st.none() | st.integers(1, 2**31 - 1),
    mean=st.none() | st.integers(10, 100).map(lambda tenths: tenths / 10),
)
FILMS = st.lists(FILM, unique_by=lambda film: film.id, max_size=5)


@given(FILMS)
def test_a_catalogue_returns_its_films_also_from_its_arrays(films: list[Film]) -> None:
    catalog = Catalog.of(films)
    assert len(catalog) == len(films)
    assert catalog.films() == films
    assert catalog.films([*range(len(films))][::-1]) == films[::-1]
    arrays = catalog.to_arrays()
    assert all(array.dtype != object for array in arrays.values())
    assert Catalog.from_arrays(arrays).films() == films


def test_arrays_of_an_older_version_have_neither_votes_nor_their_mean() -> None:
    film = Film("1", "Emma", 1996, votes=40_000, mean=6.6)
    arrays = Catalog.of([film]).to_arrays()
    del arrays["votes"], arrays["means"]
    assert Catalog.from_arrays(arrays).films() == [replace(film, votes=None, mean=None)]


def test_arrays_restore_the_catalogue_from_memory_mapped_files(
    planted_catalog: Catalog, tmp_path: Path
) -> None:
    for name, array in planted_catalog.to_arrays().items():
        np.save(tmp_path / f"{name}.npy", array, allow_pickle=False)
    mapped = {
        file.stem: np.load(file, mmap_mode="r", allow_pickle=False) for file in tmp_path.iterdir()
    }
    restored = Catalog.from_arrays(mapped)
    assert restored.films() == planted_catalog.films()
    assert isinstance(restored.years, np.memmap)


def test_a_repeated_id_is_refused() -> None:
    with pytest.raises(DataError, match="film id '1' occurs twice"):
        Catalog.of([Film(id="1", title="A"), Film(id="1", title="B")])


def test_a_label_has_the_year_if_known_and_a_filled_film_keeps_its_facts() -> None:
    assert Film(id="1", title="Alien").label == "Alien"
    film = Film(id="1", title="Alien", year=1979)
    fact = Film(id="2", title="Aliens", year=1986, runtime=137, genres=("Action",))
    assert film.filled(fact, ("year", "runtime")) == Film("1", "Alien", 1979, 137)
    assert film.label == "Alien (1979)"


@pytest.mark.parametrize(
    ("ids", "first"),
    [
        ([("tt1", ""), ("tt2", ""), ("tt1", "")], [0, 1, 0]),
        ([("tt1", "5"), ("", "5"), ("tt1", "6")], [0, 0, 0]),
        ([("", "5"), ("tt1", "7"), ("tt1", "5")], [0, 0, 0]),
        ([("tt1", "5"), ("tt2", "5"), ("", "5")], [0, 1, 2]),  # its IMDb ids contradict the TMDB id
        ([("tt1", "5"), ("tt1", "6")], [0, 0]),
        ([("", ""), ("", "")], [0, 1]),
        ([("tt0000000", "0"), ("tt0000000", "0")], [0, 1]),
        ([], []),
    ],
)
def test_the_first_row_of_a_film_is_known_by_its_ids(
    ids: list[tuple[str, str]], first: list[int]
) -> None:
    films = (
        Film(str(row), "Emma", 1996, imdb_id=imdb_id, tmdb_id=tmdb_id)
        for row, (imdb_id, tmdb_id) in enumerate(ids)
    )
    assert Catalog.of(films).first_rows.tolist() == first
