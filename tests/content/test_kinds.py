"""Kinds of films, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.content.kinds import FilmKinds, kinds_in_words
from matinee.data import Catalog, Film

FILMS = (
    Film("1", "Alien", genres=("Horror", "Sci-Fi"), directors=("Ridley Scott",), cast=("A", "B")),
    Film("2", "Gladiator", genres=("Action",), directors=("Ridley Scott",), keywords=("rome",)),
    Film("3", "Aliens", genres=("Action", "Sci-Fi"), cast=("A", "C", "D", "E")),
    Film("4", "Heat", genres=("Action",), cast=("B", "C", "D", "E"), keywords=("heist",)),
)


def test_a_kind_has_at_least_two_films_and_a_rare_one_weighs_more() -> None:
    kinds = FilmKinds.of(Catalog.of(FILMS))
    assert kinds.names == (
        "action films",
        "science fiction films",
        "films by Ridley Scott",
        *("films with A", "films with B", "films with C", "films with D"),  # E is no star
    )
    assert kinds.films.toarray()[:, :3].tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0], [1, 0, 0]]
    rarity = [np.log(4 / 3), np.log(2), *[0.3 * np.log(2)] * 5]
    np.testing.assert_allclose(kinds.weights, rarity, rtol=1e-6)


@pytest.mark.parametrize(
    ("genre", "films"),
    [
        ("Animation", "animated films"),
        ("Children's", "children's films"),
        ("Children", "children's films"),
        ("Film-Noir", "films noirs"),
        ("Musical", "musicals"),
        ("Romance", "romantic films"),
        ("Science Fiction", "science fiction films"),
        ("War", "war films"),
        ("Heist", "heist films"),  # of somebody's own file
    ],
)
def test_kinds_read_well(genre: str, films: str) -> None:
    two = (Film("1", "A", genres=(genre,)), Film("2", "B", genres=(genre,)))
    assert FilmKinds.of(Catalog.of(two)).names == (films,)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("crime films",), "crime films"),
        (("crime films", "drama films"), "crime and drama films"),
        (("crime films", "musicals"), "crime films and musicals"),
        (("films noirs", "war films"), "films noirs and war films"),
        (("war films", "films by Fritz Lang"), "war films and films by Fritz Lang"),
        (("war films", "films tagged cult films"), "war films and films tagged cult films"),
    ],
)
def test_genres_share_the_word_films(names: tuple[str, ...], words: str) -> None:
    assert kinds_in_words(names) == words


def test_films_without_facts_have_no_kinds() -> None:
    assert len(FilmKinds.of(Catalog.of([Film("1", "Alien"), Film("2", "Heat")]))) == 0
    assert len(FilmKinds.of(Catalog.of([]))) == 0
