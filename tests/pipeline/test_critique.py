"""Like this film, but shorter, newer, lighter ..."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pipeline.test_similar_films import alike

from matinee.data import Catalog, Film
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline import critique
from matinee.pipeline.critique import CRITIQUES, opposite
from matinee.pipeline.tones import DARK, LIGHT, darker, lighter


@pytest.fixture(scope="module")
def films() -> Catalog:
    return Catalog.of(
        [
            Film("0", "Middle", 1990, 100, ("Crime", "Comedy"), "PG-13", cast=("Kim",)),
            Film("1", "Long and old", 1970, 150, ("Drama",), "R"),
            Film("2", "Short and new", 1995, 95, ("Comedy",), "PG", cast=("Kim",)),
            Film("3", "Very short", 1990, 60, ("Horror",), ""),
            Film("4", "Unknown"),
            Film("5", "Musical", 1991, 100, ("Comedy", "Musical"), "G"),
            Film("6", "Unlike", 1999, 50, ("Comedy",), "G"),
        ]
    )


SCORES = [0.9, 0.8, 0.1, 0.4, 0.7, 0.3, 0]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("shorter", [3, 2]),
        ("longer", [1]),
        ("newer", [5, 2]),
        ("older", [1]),
        ("lighter", [5, 2]),
        ("darker", [3]),
        ("kids", [5, 2]),
        ("better-known", []),
        ("lesser-known", [1, 4, 3, 5, 2]),
        (("shorter", "newer"), [2]),
        (("longer", "kids"), []),
    ],
)
def test_films_that_meet_a_critique_are_ranked_by_similarity(
    films: Catalog, kind: str | tuple[str, ...], expected: list[int]
) -> None:
    ranking = critique(0, kind, alike(films, SCORES))
    assert ranking.items.tolist() == expected
    assert len(ranking.reasons) == len(expected)
    assert critique(0, kind, alike(films, SCORES), 2).items.tolist() == expected[:2]


def test_better_known_films_score_higher_for_an_empty_history(
    films: Catalog,
) -> None:
    recommender = alike(films, [1, 1, 1, 1, 1, 1, 0], [2.0, 1, 4, 3, 0, 5, 6])
    assert critique(0, "better-known", recommender).items.tolist() == [2, 3, 5]
    assert critique(0, "lesser-known", recommender).items.tolist() == [1, 4]


def test_the_reason_names_differences_and_shared_facts(films: Catalog) -> None:
    recommender = alike(films, SCORES)
    reason = critique(0, ["shorter", "newer", "kids"], recommender).reasons[0]
    assert reason.text() == "5 minutes shorter, 5 years newer, rated PG. Kim in both; Comedy."
    assert [film.label for film in reason.films] == ["Middle (1990)"]
    assert critique(0, "newer", recommender).reasons[0].text() == ("1 year newer. Comedy.")


@pytest.mark.parametrize("kind", ["shorter", "longer", "newer", "older", "lighter", "darker"])
def test_a_critique_needs_the_fact_it_starts_from(films: Catalog, kind: str) -> None:
    with pytest.raises(InputError, match=r"of Unknown is unknown, so no film can be called \w+"):
        critique(4, kind, alike(films, SCORES))


def test_contradictions_and_unknown_critiques_are_refused(films: Catalog) -> None:
    recommender = alike(films, SCORES)
    with pytest.raises(InputError, match="no film is both shorter and longer"):
        critique(0, ["shorter", "longer"], recommender)
    with pytest.raises(UnknownNameError, match="did you mean 'shorter'"):
        critique(0, "shorte", recommender)
    with pytest.raises(InputError, match="at least 1"):
        critique(0, "shorter", recommender, 0)


def test_opposites_are_opposites() -> None:
    for kind in CRITIQUES:
        other = opposite(kind)
        assert other is None or opposite(other) == kind
    assert opposite("kids") is None


def test_no_film_is_both_lighter_and_darker_than_another() -> None:
    genres = [*LIGHT, *DARK, "Drama", "Action"]
    rng = np.random.default_rng(0)
    catalog = Catalog.of(
        Film(str(row), "x", genres=tuple(rng.permutation(genres)[: row % 5].tolist()))
        for row in range(60)
    )
    tones = np.array(
        [sum((g in LIGHT) - (g in DARK) for g in film.genres) for film in catalog.films()]
    )
    is_light = np.array([bool(set(film.genres) & set(LIGHT)) for film in catalog.films()])
    for item, tone in enumerate(tones):
        up, down = lighter(catalog, item), darker(catalog, item)
        assert not (up & down).any()
        assert up.tolist() == ((tones > tone) & is_light).tolist()


def test_a_plain_drama_is_neither_lighter_nor_darker() -> None:
    catalog = Catalog.of(
        Film(str(row), "x", genres=each)
        for row, each in enumerate([("Crime",), ("Drama",), ("Comedy",)])
    )
    assert lighter(catalog, 0).tolist() == [False, False, True]
    assert darker(catalog, 2).tolist() == [True, False, False]
