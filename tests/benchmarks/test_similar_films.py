"""The measurements of similar films, on lists whose value is known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from benchmarks.similar_films.measurements import (
    JUDGEMENTS,
    Judgement,
    Measurements,
    best_ten,
    judgements,
    tags_of,
)
from benchmarks.similar_films.series import series_by_plots, series_by_titles
from numpy.typing import NDArray

from matinee.data import Catalog, Film
from matinee.data.titles.index import TitleIndex

N = 30


def nearest_by_row(films: NDArray[np.int64]) -> NDArray[np.float32]:
    """The nearest films are the next rows: those of film 3 are 4, 5, 6, ..."""
    behind = (np.arange(N) - films[:, None]) % N
    return (N - behind).astype(np.float32)


def test_recall_counts_parts_among_ten() -> None:
    measurements = Measurements(
        years=np.full(N, 1990),
        series={0: frozenset({1, 11}), 5: frozenset(range(6, 20))},
        named_series={2: frozenset({29})},
    )
    values = measurements.measure(nearest_by_row)
    assert measurements.films.tolist() == [0, 2, 5]
    assert np.array_equal(values["series"], [0.5, np.nan, 1.0], equal_nan=True)
    assert np.array_equal(values["named series"], [np.nan, 0.0, np.nan], equal_nan=True)
    assert np.isnan(values["tags"]).all()


def test_judgements_are_recalled_and_counted() -> None:
    judged = Judgement(4, frozenset({5, 6, 29}), frozenset({7, 8, 28}))
    values = Measurements(years=np.full(N, 1990), series={}, judged=(judged,)).measure(
        nearest_by_row
    )
    assert np.isclose(values["similar"][0], 2 / 3)
    assert values["different"].tolist() == [2]


def test_the_season_is_the_share_of_the_ten_from_within_a_year() -> None:
    measurements = Measurements(years=1990 + np.arange(N), series={0: frozenset({1})})
    assert measurements.measure(nearest_by_row)["season"].tolist() == [0.1]


def test_tags_of_a_film_and_of_its_ten_are_compared(tmp_path: Path) -> None:
    films = Catalog.of(Film(str(row), f"Film {row}") for row in range(N))
    file = tmp_path / "tags.csv"
    file.write_text("userId,movieId,tag,timestamp\n1,3,A,0\n1,4,b,0\n2,3,B ,0\n2,3,b,0\n")
    lists = tags_of(films, file)
    assert lists[3:6] == [["a", "b"], ["b"], []]
    rows = np.zeros((N, 2), dtype=np.float32)
    rows[3], rows[4], rows[14] = (0.6, 0.8), (0, 1), (0, 1)  # the last is not among the ten
    measurements = Measurements(
        years=np.full(N, 1990), series={}, tags=sp.csr_array(rows), tagged=frozenset({3})
    )
    assert measurements.films.tolist() == [3]
    assert np.allclose(measurements.measure(nearest_by_row)["tags"], 0.08)


def test_ties_go_by_row_and_the_film_is_left_out() -> None:
    assert best_ten(np.ones(N, dtype=np.float32), 2).tolist() == [0, 1, *range(3, 11)]


def test_series_are_found_by_titles_and_by_plots() -> None:
    films = Catalog.of(
        [
            Film("0", "Alien", overview="It is the first film in the Alien franchise."),
            Film("1", "Alien 3"),
            Film("2", "Heat"),
            Film("3", "The Heat"),
            Film("4", "Aliens", overview="The second part of the Alien film series."),
        ]
    )
    assert series_by_titles(films) == {0: {1}, 1: {0}}
    assert series_by_plots(films) == {0: {4}, 4: {0}}


def test_a_hundred_films_are_judged_with_three_to_six_and_two_to_four_others() -> None:
    named = tomllib.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    assert len(named) == 100
    for film, lists in named.items():
        similar, different = set(lists["similar"]), set(lists["different"])
        assert 3 <= len(similar) <= 6, film
        assert 2 <= len(different) <= 4, film
        assert not (similar | {film}) & different, film
        assert film not in similar


def test_a_judged_film_that_is_missing_is_named(tmp_path: Path) -> None:
    titles = TitleIndex(Catalog.of([Film("0", "Alien", 1979), Film("1", "Aliens", 1986)]))
    file = tmp_path / "judged.toml"
    file.write_text('["Alien (1979)"]\nsimilar = ["Aliens (1986)"]\ndifferent = []\n')
    assert judgements(titles, file) == (Judgement(0, frozenset({1}), frozenset()),)
    file.write_text('["Alien (1979)"]\nsimilar = ["Heat (1995)"]\ndifferent = []\n')
    with pytest.raises(Exception, match="unknown film 'Heat \\(1995\\)'"):
        judgements(titles, file)
