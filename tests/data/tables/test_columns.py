"""Columns are guessed if one fits best, never if two fit equally."""

from __future__ import annotations

import re

import pytest

from matinee.data.tables.columns import columns_by_role, film_columns, rating_columns, unit_of
from matinee.errors import DataError, OptionError


def test_the_likelier_of_two_names_counts() -> None:
    columns = rating_columns("r.csv", ["reviewer", "user_id", "movie", "stars"], has_names=True)
    assert (columns.user, columns.item, columns.rating) == ("user_id", "movie", "stars")


def test_two_spellings_of_one_name_are_ambiguous() -> None:
    names = ["user_id", "userId", "movieId"]
    message = r"r.csv: 'user_id' and 'userId' could each be the user; .*--column user=NAME.*"
    with pytest.raises(DataError, match=message):
        rating_columns("r.csv", names, has_names=True)
    assert rating_columns("r.csv", names, {"user": "userId"}, has_names=True).user == "userId"


def test_two_spellings_in_a_table_of_films_have_a_way_out() -> None:
    with pytest.raises(DataError, match=r"could each be the title; .*--column title=NAME"):
        film_columns("films.csv", ["movieId", "title", "Title"])


@pytest.mark.parametrize(
    "choice", [{"user": "a", "item": "a"}, {"item": "b", "title": "b", "rating": "b"}]
)
def test_a_column_has_one_role(choice: dict[str, str]) -> None:
    with pytest.raises(OptionError, match="cannot be both the"):
        rating_columns("r.csv", ["a", "b"], choice, has_names=True)


def test_a_title_may_identify_the_film() -> None:
    choice = {"user": "a", "item": "b", "title": "b"}
    columns = rating_columns("r.csv", ["a", "b"], choice, has_names=True)
    assert (columns.item, columns.title) == ("b", "b")


def test_the_error_names_the_missing_roles_and_the_way_out() -> None:
    with pytest.raises(DataError) as raised:
        rating_columns("r.csv", ["who", "what"], has_names=True)
    assert str(raised.value) == (
        "r.csv: cannot tell which column is the user and the item; it has 'who', 'what'; import it "
        'with --column user=NAME --column item=NAME, in Python columns={"user": NAME, "item": NAME}'
    )


@pytest.mark.parametrize(
    ("names", "rating"),
    [
        (["user", "film", "Rating", "Your Rating"], "Your Rating"),
        (["user", "film", "rating", "userRating"], "userRating"),
        (["user", "film", "score", "my_score"], "my_score"),
        (["user", "film", "average_rating", "rating_val"], "rating_val"),
        (["user", "film", "Rating (1-10)"], "Rating (1-10)"),
        (["user", "film", "Stars /5"], "Stars /5"),
        (["user", "film", "rating out of 10"], "rating out of 10"),
        (["user", "film", "rating_x"], "rating_x"),
        (["product/productId", "review/userId", "review/score"], "review/score"),
        (["user", "film", "price"], None),
    ],
)
def test_a_viewers_own_rating_is_found_by_its_name(names: list[str], rating: str | None) -> None:
    assert rating_columns("r.csv", names, has_names=True).rating == rating


@pytest.mark.parametrize(
    "names",
    [
        ["rating_x", "rating_y"],
        ["rating", "rating_right"],
        ["rating", "Rating (1-5)"],
        ["my_score", "user_rating"],
    ],
)
def test_two_ratings_of_equal_right_are_asked_about(names: list[str]) -> None:
    both = f"'{names[0]}' and '{names[1]}' could each be the rating; .*--column rating=NAME"
    with pytest.raises(DataError, match=re.escape(both).replace(r"\.\*", ".*")):
        rating_columns("r.csv", ["user", "film", *names], has_names=True)


@pytest.mark.parametrize("name", ["imdb_rating", "Book-Rating", "rating_percent"])
def test_a_column_that_could_be_a_rating_is_asked_about(name: str) -> None:
    message = f"'{name}' could be the rating; .*--column rating=NAME.*, or with --implicit"
    with pytest.raises(DataError, match=message):
        rating_columns("r.csv", ["user", "film", name], has_names=True)
    columns = rating_columns("r.csv", ["user", "film", name], has_names=True, rated=False)
    assert columns.rating is None


def test_a_plain_name_comes_before_one_from_a_join() -> None:
    names = ["user", "film", "title", "title_right", "year_x"]
    columns = rating_columns("r.csv", names, has_names=True)
    assert (columns.title, columns.year) == ("title", "year_x")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Rating (1-5)", (1, 5)),
        ("rating [0.5 to 5]", (0.5, 5)),
        ("Rating (out of 10)", (None, 10)),
        ("Stars /5", (None, 5)),
        ("stars (5)", (None, 5)),
        ("score (%)", (0, 100)),
        ("rating", None),
        ("rating 2019-2020", None),
        ("rating_2", None),
    ],
)
def test_a_header_states_the_scale(name: str, unit: tuple[float | None, float] | None) -> None:
    assert unit_of(name) == unit


def test_every_role_is_found_in_an_export() -> None:
    names = ["Const", "Your Rating", "Date Rated", "Title", "Title Type", "Year", "TMDB ID"]
    assert columns_by_role("e.csv", names) == {
        "title": "Title",
        "year": "Year",
        "rating": "Your Rating",
        "time": "Date Rated",
        "imdb_id": "Const",
        "tmdb_id": "TMDB ID",
        "type": "Title Type",
    }


def test_a_film_without_an_id_goes_by_another_role() -> None:
    assert rating_columns("r.csv", ["user", "title", "imdbId"], has_names=True).item == "imdbId"
    assert rating_columns("r.csv", ["user", "title", "year"], has_names=True).item == "title"
    assert film_columns("f.csv", ["id", "imdb_id", "title"]).item == "id"
    columns = film_columns("f.csv", ["1", "2", "3"], has_names=False)
    assert (columns.item, columns.title, columns.genres) == ("1", "2", "3")
