"""The nearest films of planted films."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.content.similarity.test_audience import rated

from matinee.content.similarity import FilmSimilarity, table
from matinee.data import Catalog, Film, Interactions

WAR, TOYS = ("War",), ("Animation",)
FILMS = Catalog.of(
    [
        Film("0", "First", 1990, genres=WAR, cast=("Kim", "Lee"), directors=("Ray",)),
        Film("1", "Second", 2000, genres=WAR, cast=("Kim", "Lee"), directors=("Ray",)),
        Film("2", "Third", 2005, genres=WAR, cast=("Kim", "Poe"), directors=("Fox",)),
        Film("3", "Other war", 1990, genres=WAR, cast=("Poe",), directors=("Fox",)),
        Film("4", "Doll", 1990, genres=TOYS, cast=("Roy",)),
        Film("5", "Toy", 1991, genres=TOYS),
        Film("6", "Nothing known"),
    ]
)


def facts_alone(catalog: Catalog) -> FilmSimilarity:
    return FilmSimilarity.fit(Interactions.empty(catalog.item_ids), catalog)


def test_common_people_count_for_more_than_a_common_genre() -> None:
    items, values = facts_alone(FILMS).nearest(0)
    assert items.tolist() == [1, 2, 3]
    # .2 genres + .05 directors + .6 cast, over what is known of the first film; its cast is Kim and
    # Lee, that of the third Kim and Poe: a cosine of 1 / 2. Ten and fifteen years are between them.
    ten, fifteen = (0.75 + 0.25 * np.exp(-0.5 * (years / 20) ** 2) for years in (10, 15))
    expected = [ten, fifteen * (0.2 + 0.6 / 2) / 0.85, 0.2 / 0.85]
    assert np.allclose(values, expected, atol=1e-3)


def test_a_film_of_the_same_era_comes_first_and_one_of_unknown_year_last() -> None:
    years = {"0": 1950, "1": 2010, "2": 1960, "3": 0, "4": 1951}
    films = Catalog.of(Film(row, f"Film {row}", year, genres=WAR) for row, year in years.items())
    items, values = facts_alone(films).nearest(0)
    assert items.tolist() == [4, 2, 1, 3]
    assert np.allclose(values[[0, 2, 3]], [1, 0.75, 0.75], atol=0.01)
    assert np.allclose(facts_alone(films).nearest(3)[1], 1)  # of unknown year itself


def test_of_two_films_that_are_as_similar_the_one_that_was_watched_comes_first() -> None:
    films = Catalog.of(
        Film(str(row), f"Film {row}", genres=WAR if row < 4 else TOYS) for row in range(24)
    )
    assert facts_alone(films).nearest(0)[0].tolist() == [1, 2, 3]
    watched = np.zeros((40, 24))
    watched[:, 4:] = watched[:30, 3] = watched[:2, 2] = 5  # nobody watched the first two
    items, values = FilmSimilarity.fit(rated(watched), films).nearest(0)
    assert items.tolist() == [3, 2, 1]
    assert np.isclose(values[2], 0.75)


def test_a_genre_of_one_film_alone_speaks_against_the_two() -> None:
    drama = [("Drama",)] * 100 + [("War",)] * 40 + [("War", "Drama"), ("War", "Romance")]
    films = Catalog.of(Film(str(row), f"Film {row}", genres=g) for row, g in enumerate(drama))
    known = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1]])[[0] * 100 + [1] * 40 + [2, 3]]
    rows = known - known.sum(axis=0) / (142 + 100)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    items, values = facts_alone(films).nearest(140)  # Drama comes before Romance and War
    expected = (rows @ rows[140])[items]
    assert np.allclose(values, expected, atol=1e-3)
    assert set(items.tolist()) == set(np.flatnonzero(rows @ rows[140] > 0).tolist()) - {140}


def described(genre: str) -> Catalog:
    """220 films of two sorts by their plots, whose words are too common or unique otherwise."""
    nations = ("American", "French")
    return Catalog.of(
        Film(
            str(row),
            f"Title {row}",
            genres=(genre,) if genre else (),
            overview=f"It is an {nations[row % 2]} film about word{row}.",
        )
        for row in range(220)
    )


def test_of_films_of_a_genre_those_whose_plots_also_name_the_same_come_first() -> None:
    similarity = facts_alone(described("War"))
    for film in (6, 7):
        items, values = similarity.nearest(film)
        same = [row for row in range(film % 2, 220, 2) if row != film]
        assert items[:109].tolist() == same
        assert np.allclose(values[:109], 1, atol=1e-3)
        assert np.allclose(values[109:], 0.2 / (0.2 + 0.2), atol=1e-3)  # the genre alone


def test_films_are_not_listed_for_the_words_by_which_plots_name_a_genre() -> None:
    assert (facts_alone(described("")).items == -1).all()


def test_films_are_listed_for_a_similar_story_whatever_genre_their_plots_name() -> None:
    films = described("").films()
    for row, nation in ((6, "American"), (9, "French"), (11, "French")):
        text = f"It is an {nation} film about a shark{' hunt' if row < 11 else ''}."
        films[row] = replace(films[row], overview=text)
    items, values = facts_alone(Catalog.of(films)).nearest(6)
    assert items.tolist() == [9, 11]
    # of 1.5 for the plot and .2 for genre words
    assert np.isclose(values[0], 1.5 / 1.7, atol=1e-3)
    assert values[1] < values[0]


def test_films_with_nothing_in_common_are_never_listed() -> None:
    similarity = facts_alone(FILMS)
    assert similarity.nearest(4)[0].tolist() == [5]
    assert len(similarity.nearest(6)[0]) == 0
    assert not similarity.together.any()


def test_films_are_similar_by_audience_where_no_fact_is_known() -> None:
    rng = np.random.default_rng(0)
    taste = rng.random(60) < 0.5
    liked = np.stack([taste, taste, ~taste, ~taste], axis=1)
    table_ = np.where(liked & (rng.random((60, 4)) < 0.9), 5, 0)
    films = Catalog.of(Film(str(row), f"Film {row}") for row in range(4))
    similarity = FilmSimilarity.fit(rated(table_), films)
    assert similarity.nearest(0)[0].tolist() == [1]
    assert similarity.watched_together(0, np.array([1, 2, 0])).tolist() == [True, False, False]


def test_blocks_change_nothing(
    planted: Interactions, planted_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = FilmSimilarity.fit(planted.latest(), planted_catalog)
    monkeypatch.setattr(table, "_BLOCK", 150)  # three films of 40 at once
    parts = FilmSimilarity.fit(planted.latest(), planted_catalog)
    assert np.allclose(whole.values.astype(float), parts.values.astype(float), atol=1e-3)
    assert np.mean(whole.items == parts.items) > 0.99
    genres = np.arange(40) // 20
    assert (genres[whole.items[:, :5]] == genres[:, None]).all()


def test_values_are_between_0_and_1_and_descend(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    values = FilmSimilarity.fit(planted.latest(), planted_catalog).values.astype(float)
    assert (np.diff(values, axis=1) <= 0).all()
    assert 0 <= values.min() < values.max() <= 1


def test_only_the_nearest_films_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_NEAREST", (2, 2))
    similarity = facts_alone(FILMS)
    assert similarity.items.shape == (7, 2)
    assert similarity.nearest(0)[0].tolist() == [1, 2]
    assert similarity.nearest(4)[0].tolist() == [5]


def test_sentences_bring_plots_together_that_share_no_word() -> None:
    films = Catalog.of(
        Film(str(row), f"Film {row}", overview=text)
        for row, text in enumerate(
            ["A shark bites.", "Fish attack swimmers.", "Two lawyers marry."]
        )
    )
    assert len(facts_alone(films).nearest(0)[0]) == 0
    sentences = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    ratings = Interactions.empty(films.item_ids)
    items, values = FilmSimilarity.fit(ratings, films, sentences).nearest(0)
    assert items.tolist() == [1]
    assert np.allclose(values, [0.8], atol=1e-3)


def test_arrays_restore_it() -> None:
    similarity = facts_alone(FILMS)
    again = FilmSimilarity.from_arrays(similarity.to_arrays())
    assert again is not None
    assert again.nearest(0)[0].tolist() == similarity.nearest(0)[0].tolist()
    assert FilmSimilarity.from_arrays({}) is None


@pytest.mark.parametrize("n", [0, 1])
def test_a_catalogue_of_one_film_has_no_similar_films(n: int) -> None:
    similarity = facts_alone(Catalog.of(Film(str(row), "x", genres=WAR) for row in range(n)))
    assert len(similarity.items) == n
    assert (similarity.items == -1).all()
