"""Films of an export found in a catalogue, and not guessed."""

from __future__ import annotations

import pytest

from matinee.data import Catalog, Film
from matinee.data.exports import OwnRating
from matinee.data.exports.finding import OwnFilms
from matinee.data.titles.matcher import MatchedBy

FILMS = Catalog.of(
    [
        Film("0", "The Mirror (Zerkalo)", 1975, imdb_id="tt0072443", tmdb_id="1396"),
        Film("1", "Toy Story", 1995, imdb_id="tt0114709", tmdb_id="862"),
        Film("2", "Moonlight", 2016),
        Film("3", "Robin Hood: Prince of Thieves", 1991),
        Film("4", "Star Wars: Episode IV - A New Hope", 1977),
        Film("5", "X2: X-Men United", 2003),
        Film("6", "The Postman (Il Postino)", 1994),
        Film("7", "Chasing Amy", 1997, imdb_id="tt0118842"),
        Film("8", "Chasing Amy", 1997, imdb_id="tt0118842"),
        Film("9", "Clueless", 1995, imdb_id="tt0112697", tmdb_id="9603"),
        Film("10", "Return of the Jedi", 1983),
        Film("11", "The Raid: Redemption", 2011),
        Film("12", "The Raid", 2012),
    ]
)


def found(*rows: OwnRating) -> dict[int, str]:
    """Position of a film to the id of its row."""
    matches = OwnFilms(FILMS).find(rows)
    return {at: FILMS.film(row).id for at, row in matches.rows.items()}


def ambiguous(*rows: OwnRating) -> dict[int, list[int]]:
    return {at: [*each] for at, each in OwnFilms(FILMS).find(rows).ambiguous.items()}


@pytest.mark.parametrize(
    "own",
    [
        OwnRating("Breaking Bad", 2008, imdb_id="tt0903747", tmdb_id="1396"),
        OwnRating("Breaking Bad", 2008, tmdb_id="1396"),
        OwnRating("", imdb_id="tt0903747", tmdb_id="1396"),
        OwnRating("Clueless", 1995, imdb_id="tt0903747", tmdb_id="9603"),
    ],
)
def test_a_tmdb_number_is_not_believed_against_imdb_id_or_title_and_year(own: OwnRating) -> None:
    assert found(own) == {}


@pytest.mark.parametrize(
    "own",
    [
        OwnRating("The Mirror", 1990, tmdb_id="1396"),
        OwnRating("Der Spiegel", 1974, tmdb_id="1396"),
        OwnRating("Der Spiegel", tmdb_id="1396"),
        OwnRating("Der Spiegel", 1990, imdb_id="tt0072443", tmdb_id="7"),
    ],
)
def test_an_id_is_believed_with_another_title_or_another_year(own: OwnRating) -> None:
    assert found(own) == {0: "0"}


@pytest.mark.parametrize(
    ("own", "film"),
    [
        (OwnRating("Star Wars", 1977), "4"),
        (OwnRating("X2", 2003), "5"),
        (OwnRating("Il Postino: The Postman", 1994), "6"),
        (OwnRating("Star Wars: Episode VI - Return of the Jedi", 1983), "10"),
        (OwnRating("The Raid", 2011), "12"),  # a whole title one year off, before a part of one
    ],
)
def test_a_part_of_a_title_that_leaves_no_doubt_is_a_match(own: OwnRating, film: str) -> None:
    assert found(own) == {0: film}


def test_another_part_of_a_title_is_only_suggested() -> None:
    own = OwnRating("Robin Hood", 1991)
    assert not found(own)
    assert not ambiguous(own)
    (listed,) = OwnFilms(FILMS).missing([own])
    assert listed == "Robin Hood (1991) (nearest: Robin Hood: Prince of Thieves (1991) #3)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            OwnRating("Moonlight", 2016, value=5, page="https://boxd.it/aa"),
            OwnRating("Moonlight", 2016, value=1, page="https://boxd.it/bb"),
        ),
        (OwnRating("Moonlight", 2016, tmdb_id="1"), OwnRating("Moonlight", 2016, tmdb_id="2")),
        (OwnRating("Moonlight", 2016, imdb_id="tt1"), OwnRating("Moonlight", 2016, imdb_id="tt2")),
    ],
)
def test_two_films_of_an_export_with_one_match_are_ambiguous(
    one: OwnRating, other: OwnRating
) -> None:
    assert found(one, other) == {}
    assert ambiguous(one, other) == {0: [2], 1: [2]}
    assert found(one) == {0: "2"}


def test_one_film_twice_is_one_match_and_an_id_decides_between_two() -> None:
    same = OwnRating("Moonlight", 2016, page="https://boxd.it/aa")
    assert found(same, same, OwnRating("Moonlight", 2016)) == {0: "2", 1: "2", 2: "2"}
    sure = OwnRating("Toy Story", 1995, tmdb_id="862", page="https://boxd.it/cc")
    other = OwnRating("Toy Story", 1995, page="https://boxd.it/dd")
    assert found(sure, other) == {0: "1"}
    assert ambiguous(sure, other) == {1: [1]}


def test_a_film_of_two_ids_is_the_first_or_the_one_that_is_named() -> None:
    assert found(OwnRating("Chasing Amy", 1997)) == {0: "7"}
    assert found(OwnRating("Chasing Amy", 1997, movielens_id="8")) == {0: "8"}
    assert found(OwnRating("", imdb_id="tt0118842")) == {0: "7"}
    assert OwnFilms(FILMS).find([OwnRating("Chasing Amy", 1997)]).by == {MatchedBy.TITLE: 1}
