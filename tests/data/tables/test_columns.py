"""Columns are guessed if one fits best, never if two fit equally."""

from __future__ import annotations

import pytest

from matinee.data.tables.columns import film_columns, rating_columns
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
