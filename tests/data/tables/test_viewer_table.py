"""Tables of viewers become attributes."""

from __future__ import annotations

import polars as pl
import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError

RATINGS = pl.DataFrame({"user": [1, 2, 3, 1], "item": [1, 1, 2, 2], "rating": [5, 4, 1, 2]})
VIEWERS = pl.DataFrame(
    {
        "id": ["3", "1", "9", "2"],
        "Age": ["17", "34", "50", " "],
        "Home Country": ["FR", "NULL", "DE", "FR"],
        "income": ["10.5", "20", "1", "10.5"],
    }
)


def read(viewers: object, **options: object) -> Dataset:
    cleaning = options.pop("cleaning", Cleaning(strict=True))
    return read_ratings(RATINGS, viewers=viewers, cleaning=cleaning, **options)  # type: ignore[arg-type]


def test_columns_are_attributes_and_ages_are_bands() -> None:
    data = read(VIEWERS)
    assert data.demographics is not None
    assert data.demographics.rows() == [
        ("1", 34, None, 20.0),
        ("2", None, "FR", 10.5),
        ("3", 17, "FR", 10.5),
    ]
    assert data.demographics.columns == ["user_id", "age", "home_country", "income"]
    assert data.viewer("1").attributes == ("age=25-34", "income=20.0")
    assert data.viewer("3").attributes == ("age=under 18", "home_country=FR", "income=10.5")
    assert "viewers: 3 of 3 are described; 1 without ratings left out" in data.notes


def test_only_the_age_of_the_viewer_is_an_age() -> None:
    ids = {"user": [1, 2, 3]}
    for name in ("Age", "user_age", "Customer Age"):
        data = read(pl.DataFrame({**ids, name: [17, 34, 50]}))
        assert data.viewer("1").attributes == ("age=under 18",)
    data = read(pl.DataFrame({**ids, "account_age": [1, 2, 2], "house_age": [90, 200, 90]}))
    assert data.viewer("2").attributes == ("account_age=2", "house_age=200")


def test_a_repeated_viewer_is_refused_by_line() -> None:
    again = pl.concat([VIEWERS, VIEWERS.head(1)])
    with pytest.raises(DataError, match="line 5: viewer 3 is described a second time"):
        read(again)


def test_a_column_of_too_many_values_is_left_out_and_said() -> None:
    many = pl.DataFrame({"user": range(1, 40), "zip": [f"z{n}" for n in range(39)], "sex": "F"})
    data = read(many)
    assert data.demographics is not None
    assert data.demographics.columns == ["user_id", "sex"]
    note = "viewers' 'zip' left out: 39 different values, more than 30; write classes instead"
    assert note in data.notes
    ages = many.select("user", age=pl.col("user") + 10)
    assert read(ages).interactions.attributes is not None
    with pytest.raises(DataError, match="has no attribute of viewers"):
        read(many.select("user", "zip"))


def test_impossible_ages_are_unknown_and_counted() -> None:
    viewers = pl.DataFrame({"user": [1, 2, 3], "user_age": [0, 34, 230]})
    cleaning = Cleaning()
    data = read(viewers, cleaning=cleaning)
    assert data.demographics is not None
    assert data.demographics["age"].to_list() == [None, 34, None]
    (finding,) = cleaning.findings
    assert (finding.kind, finding.count) == ("ages of viewers left out, not from 1 to 120", 2)


@pytest.mark.parametrize(
    ("viewers", "message"),
    [
        (VIEWERS.with_columns(id=pl.lit("x") + pl.col("id")), "no id in 'id' is that of a viewer"),
        (VIEWERS.rename({"id": "what"}), "cannot tell which column is the viewer's id"),
        (VIEWERS.with_columns(age=pl.lit(1)), "two columns are the viewers' 'age'"),
    ],
)
def test_what_is_no_table_of_viewers_is_refused(viewers: pl.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(viewers)


def test_the_column_of_ids_can_be_chosen() -> None:
    named = VIEWERS.rename({"id": "who"})
    assert read(named, columns={"user": "who"}).demographics is not None
    ratings = RATINGS.rename({"user": "who"})
    cleaning = Cleaning(strict=True)
    both = read_ratings(ratings, viewers=named, columns={"user": "who"}, cleaning=cleaning)
    assert both.demographics is not None
    elsewhere = read_ratings(ratings, viewers=VIEWERS, columns={"user": "who"}, cleaning=cleaning)
    assert elsewhere.demographics is not None


def test_a_row_without_an_id_is_malformed() -> None:
    cleaning = Cleaning()
    read(VIEWERS.with_columns(id=pl.Series(["3", "1", None, "2"])), cleaning=cleaning)
    assert "line 3: no viewer id" in cleaning.findings[0].examples[0]
