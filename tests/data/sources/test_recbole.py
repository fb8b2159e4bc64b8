from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.data.sources.ml_100k import MovieLens100K
from matinee.data.sources.recbole import RecBole, write_recbole
from matinee.data.spelling import natural_title
from matinee.errors import DataError, InputError

FIXTURE = Path(__file__).parent / "fixtures" / "recbole"
WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters="\xa0"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())
TITLES = WORDS.filter(lambda text: natural_title(text) == text)
LISTS = st.lists(WORDS, max_size=3, unique=True).map(tuple)


def test_every_name_and_form_of_the_layout_is_read(folder: Path) -> None:
    data = RecBole().read(folder, Cleaning(strict=True))
    assert data.catalog.film(0) == Film(
        id="f1", title="The Lantern Maker", year=1987, genres=("Drama", "Film-Noir")
    )
    assert data.catalog.film(2) == Film(id="f3", title="The Last Ferry Home")
    assert data.interactions.to_frame().rows() == [
        ("ada", "f1", 4.0, 881250949),
        ("ada", "f2", 2.5, 881250950),
        ("ben", "f1", 5.0, 881250951),
        ("ben", "f3", 1.0, 0),
        ("cyd", "f2", 3.0, 881250953),
    ]
    assert data.interactions.scale == (1.0, 5.0)
    assert data.demographics is not None
    assert data.demographics.rows() == [("ada", "31", "F"), ("ben", "44", "M"), ("cyd", "", "F")]
    assert data.notes == ()


def test_rows_without_ratings_count_as_one(folder: Path) -> None:
    (folder / "lantern.inter").write_text("user_id:token\titem_id:token\nada\tf1\nben\tf2\n")
    data = RecBole().read(folder, Cleaning())
    assert data.interactions.values.tolist() == [1.0, 1.0]
    assert data.interactions.times.tolist() == [0, 0]
    assert data.interactions.scale == (0.0, 1.0)
    assert data.interactions.user_ids.ids.tolist() == ["ada", "ben", "cyd"]
    assert data.notes == ("lantern.inter has no ratings: every row counts as 1.0",)


def test_ratings_alone_are_a_data_set(folder: Path) -> None:
    (folder / "lantern.item").unlink()
    (folder / "lantern.user").unlink()
    data = RecBole().read(folder, Cleaning())
    assert [film.title for film in data.catalog.films()] == ["f1", "f2", "f3"]
    assert data.demographics is None
    assert data.notes == ("there is no lantern.item: films are called by their ids",)


def test_defects_are_left_out_and_counted(folder: Path) -> None:
    with (folder / "lantern.inter").open("a") as file:
        file.write(
            "ada\tf1\t2\t881250999\n\tf1\t2\t1\nada\t\t2\t1\nada\tf1\tx\t1\nada\tf1\tnan\t1\n"
        )
        file.write("ada\tf1\t2\tnoon\nada\tf1\nben\tf9\t3\t5\n")
    with (folder / "lantern.item").open("a") as file:
        file.write("f1\tAnother\t1990\tDrama\nf4\tWrong Year\tV\tDrama\n")
    with (folder / "lantern.user").open("a") as file:
        file.write("\nada\t99\tM\n")
    cleaning = Cleaning()
    data = RecBole().read(folder, cleaning)
    assert {finding.kind: finding.count for finding in cleaning.findings} == {
        "malformed lines left out": 5,
        "impossible times, taken as unknown": 1,
        "times before 1994, taken for Unix seconds; --times says what they are": 1,
        "repeated films, the first kept": 1,
        "impossible years, left unknown": 1,
        "repeated viewers, the first kept": 1,
        "rated films without a line of facts, called by their ids": 1,
        "repeated ratings, the last kept": 1,
        "rows that give the same rating again, the last kept": 1,
    }
    assert ("ada", "f1", 2.0, 881250999) in data.interactions.to_frame().rows()
    assert len(data.interactions) == 6
    assert data.catalog.film(4) == Film(id="f9", title="f9")
    with pytest.raises(DataError, match=r"lantern\.inter, line 13: 2 fields instead of 4"):
        RecBole().read(folder, Cleaning(strict=True))
    with pytest.raises(DataError, match="more than 2 malformed lines"):
        RecBole().read(folder, Cleaning(limit=2))


def test_an_id_that_ends_in_a_zero_byte_is_named(folder: Path) -> None:
    with (folder / "lantern.inter").open("a") as file:
        file.write("ben\tf7\0\t3\t5\n")
    with pytest.raises(DataError, match=r"lantern\.inter: the id 'f7\\x00' ends in a zero byte"):
        RecBole().read(folder, Cleaning())


def test_missing_and_repeated_columns_are_named(folder: Path) -> None:
    (folder / "lantern.inter").write_text("who:token\titem_id:token\nada\tf1\n")
    with pytest.raises(DataError, match=r"lantern\.inter, line 1: there is no column user_id"):
        RecBole().read(folder, Cleaning())
    (folder / "lantern.inter").write_text("user_id:token\tuser_id:float\nada\t1\n")
    with pytest.raises(DataError, match=r"lantern\.inter, line 1: column names must differ"):
        RecBole().read(folder, Cleaning())


def test_the_scale_is_guessed_from_the_ratings(folder: Path) -> None:
    for low, high, scale in (
        (1, 5, (1.0, 5.0)),
        (0, 1, (0.0, 1.0)),
        (0.5, 5, (0.5, 5.0)),
        (2, 9, (1.0, 10.0)),
        (-3, 7, (-10.0, 10.0)),
    ):
        text = f"user_id:token\titem_id:token\trating:float\nada\tf1\t{low}\nben\tf1\t{high}\n"
        (folder / "lantern.inter").write_text(text)
        assert RecBole().read(folder, Cleaning()).interactions.scale == scale


def test_marks_for_not_rated_and_doubtful_times_are_said(folder: Path) -> None:
    text = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
    (folder / "lantern.inter").write_text(text + "ada\tf1\t-1\t20190131\nben\tf1\t8\t20190131\n")
    cleaning = Cleaning()
    ratings = RecBole().read(folder, cleaning).interactions
    assert (ratings.scale, ratings.values.tolist()) == ((1.0, 10.0), [8])
    assert ratings.times.tolist() == [1548892800]
    assert 'ratings of -1 left out as "not rated"' in [each.kind for each in cleaning.findings]


def test_movielens_100k_keeps_its_own_files(folder: Path) -> None:
    assert RecBole().recognises(folder)
    for ending in ("inter", "item", "user"):
        (folder / f"lantern.{ending}").rename(folder / f"ml-100k.{ending}")
    assert not RecBole().recognises(folder)
    assert MovieLens100K().recognises(folder)
    with pytest.raises(InputError, match="'ml-100k' cannot be the name"):
        write_recbole(RecBole().read(FIXTURE, Cleaning()), folder / "new", "ml-100k")


def test_a_folder_of_two_data_sets_is_refused(folder: Path) -> None:
    shutil.copy(folder / "lantern.inter", folder / "other.inter")
    assert not RecBole().recognises(folder)
    with pytest.raises(DataError, match=r"exactly one \.inter"):
        RecBole().read(folder, Cleaning())


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_every_data_set_reads_back_as_written(data: st.DataObject) -> None:
    users = data.draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    items = data.draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    films = [data.draw(_films(film_id)) for film_id in items]
    rating = st.tuples(
        *(st.integers(0, len(users) - 1), st.integers(0, len(items) - 1)),
        *(st.floats(1, 5, width=32), st.just(0) | st.integers(757_382_400, 4_102_444_800)),
    )
    rows = data.draw(st.lists(rating, min_size=1, unique_by=lambda row: row[:2]))
    columns = zip(*rows, strict=True)
    catalog = Catalog.of(films)
    written = Dataset(
        name="drawn",
        interactions=Interactions(
            users=np.array(next(columns), dtype=np.int32),
            items=np.array(next(columns), dtype=np.int32),
            values=np.array(next(columns), dtype=np.float32),
            times=np.array(next(columns), dtype=np.int64),
            user_ids=Vocabulary.of("viewer", users),
            item_ids=catalog.item_ids,
        ),
        catalog=catalog,
        licence="None.",
        demographics=pl.DataFrame({"user_id": users, "age": ["31"] * len(users)}),
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_recbole(written, Path(temporary) / "drawn", "drawn")
        read = RecBole().read(folder, Cleaning(strict=True))
    assert read.catalog.films() == films
    assert read.interactions.content_hash == written.interactions.content_hash
    assert read.demographics is not None
    assert written.demographics is not None
    assert read.demographics.equals(written.demographics)


@st.composite
def _films(draw: st.DrawFn, film_id: str) -> Film:
    return Film(
        id=film_id,
        title=draw(TITLES),
        year=draw(st.none() | st.integers(1871, 2099)),
        runtime=draw(st.none() | st.integers(1, 32_000)),
        genres=draw(LISTS),
        certificate=draw(st.just("") | WORDS),
        languages=draw(LISTS),
        countries=draw(LISTS),
        directors=draw(LISTS),
        cast=draw(LISTS),
        keywords=draw(LISTS),
        overview=draw(st.just("") | WORDS),
        imdb_id=draw(st.just("") | WORDS),
        tmdb_id=draw(st.just("") | WORDS),
        votes=draw(st.none() | st.integers(1, 3_000_000)),
        mean=draw(st.none() | st.integers(10, 100).map(lambda tenths: tenths / 10)),
    )


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    data = RecBole().read(FIXTURE, Cleaning())
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"full exists already; name a new folder"):
        write_recbole(data, full, "lantern")
    for name in ("", "a/b", ".hidden"):
        with pytest.raises(InputError, match="cannot be the name"):
            write_recbole(data, tmp_path / "new", name)
    tabbed = Catalog.of([Film(id="a\tb", title="A")])
    bad = Dataset("bad", Interactions.empty(tabbed.item_ids), tabbed, "None.")
    with pytest.raises(DataError, match=r"film id 'a\\tb' cannot be written"):
        write_recbole(bad, tmp_path / "new", "bad")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_a_written_data_set_loads_by_path(tmp_path: Path) -> None:
    data = RecBole().read(FIXTURE, Cleaning())
    write_recbole(data, tmp_path / "sets" / "copy", "copy")
    names = sorted(path.name for path in (tmp_path / "sets").rglob("*"))
    assert names == ["copy", "copy.inter", "copy.item", "copy.user"]
    again = load(str(tmp_path / "sets" / "copy"), Cache(tmp_path))
    assert again.interactions.content_hash == data.interactions.content_hash
    assert again.catalog.films() == data.catalog.films()
