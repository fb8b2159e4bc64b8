"""The library as a notebook uses it: short calls, plain ids, errors with a way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest

import matinee
from matinee import testing
from matinee.data import Constraints, Dataset, Query
from matinee.errors import (
    DataError,
    InputError,
    MatineeError,
    OptionError,
    UnknownNameError,
)
from matinee.pipeline.why import Why

CATALOG = testing.planted_catalog()
DATA = Dataset("planted", testing.planted_ratings(CATALOG), CATALOG, licence="")
EASE = matinee.train(DATA, "ease")
SVD = matinee.train(DATA, "svd", factors=5)
FRAME = pl.DataFrame(
    {"who": [1, 1, 2, 2, 3], "movieId": [10, 11, 10, 12, 11], "stars": [9, 3, 4, 1, 2]}
)


@pytest.fixture(scope="module")
def other() -> Dataset:
    """A data set of other films."""
    return matinee.load(FRAME, columns={"user": "who"}, scale=(1, 10))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved recommender."""
    return matinee.save(EASE, tmp_path_factory.mktemp("saved") / "ease")


# What works


@pytest.mark.parametrize("viewer", [7, "7", np.int64(7)])
def test_ids_are_taken_as_people_have_them(viewer: str | int) -> None:
    query = DATA.viewer("7")
    assert DATA.viewer(viewer).items.tolist() == query.items.tolist()
    assert EASE.recommend(viewer).items.tolist() == EASE.recommend(query).items.tolist()
    assert SVD.predict(viewer, "Comedy 3") == SVD.predict(query, 103)


def test_a_frame_is_a_data_set(other: Dataset) -> None:
    assert list(other.interactions.scale) == [1, 10]
    assert other.interactions.user_ids.ids.tolist() == ["1", "2", "3"]
    assert other.viewer(1).values.tolist() == [9, 3]


def test_ratings_are_added_and_taken_back_by_title() -> None:
    me = DATA.viewer(7).plus("Horror 39", 5).minus("Horror 39").plus("comedy 3 (1983)", 4)
    mine = dict(zip(me.items.tolist(), me.values.tolist(), strict=True))
    before = DATA.viewer(7)
    assert mine == dict(zip(before.items.tolist(), before.values.tolist(), strict=True)) | {3: 4.0}
    mapping: dict[str | int, float] = {"Horror 30": 5, 131: 4}
    assert EASE.recommend(mapping).items.tolist() == (
        EASE.recommend(DATA.history(mapping)).items.tolist()
    )


def test_conditions_and_lists_of_films_are_named_in_the_call() -> None:
    ranking = EASE.recommend(7, n=3, where="genre:horror under:110")
    assert [line.film.genres for line in ranking] == [("Horror",)] * 3
    assert ranking.items.tolist() == (
        EASE.recommend(7, 3, where=Constraints(genres=("horror",), max_runtime=110)).items.tolist()
    )
    unseen = [line.film.title for line in EASE.recommend(7, n=2)]
    assert {line.film.title for line in EASE.recommend(7, among=unseen)} == set(unseen)


def test_rows_without_a_catalogue_make_a_query() -> None:
    ranking = EASE.recommend(Query([1], [5]), n=4)  # type: ignore[arg-type]
    assert len(ranking) == 4


def test_similar_films_by_title_do_not_depend_on_the_model() -> None:
    rankings = [matinee.train(DATA, each).similar("Comedy 3", n=5) for each in ("svd", "popular")]
    assert len(rankings[0]) == 5
    assert 3 not in rankings[0].items
    assert rankings[0].items.tolist() == rankings[1].items.tolist()


def test_a_saved_recommender_is_opened_with_and_without_its_data(folder: Path) -> None:
    stranger = matinee.open(folder).recommend({"Comedy 3": 5})
    assert stranger.items.tolist() == EASE.recommend({"Comedy 3": 5}).items.tolist()
    assert matinee.open(str(folder), DATA).recommend(7).items.tolist() == (
        EASE.recommend(7).items.tolist()
    )
    assert matinee.save(EASE, folder) == folder


def test_answers_of_many_kinds_are_one_line_each() -> None:
    assert isinstance(EASE.why(7, "Comedy 3"), Why)
    assert SVD.item_vectors().shape == (40, 3)
    assert matinee.train(DATA, "ials").similar_users(7, n=3).height == 3
    assert EASE.recommend_all(n=2).height == 120
    assert SVD.predict_all(pl.DataFrame({"user": [7], "item": [103]})).height == 1
    assert matinee.evaluate("popular", DATA).results[0].name == "popular"


# What is refused, each in one sentence with the way out

Call = Callable[[], object]
# wrong on purpose, so without types
library: Any = matinee
data: Any = DATA
ease: Any = EASE
svd: Any = SVD
query: Any = Query
ANY: tuple[tuple[str, type[MatineeError], str, Callable[..., object]], ...] = (
    ("viewer", UnknownNameError, r"'99'; there are 60 viewer ids", lambda: data.viewer(99)),
    ("viewer's type", InputError, r'text or a whole number, as "196"', lambda: data.viewer(1.5)),
    ("film", UnknownNameError, r"did you mean 'Comedy 3 \(1983\)'", lambda: data.film("Comedi 3")),
    ("film's type", InputError, "text or a whole number", lambda: ease.similar(["Comedy 3"])),
    (
        "interactions",
        InputError,
        r"name the films as well: Dataset\(",
        lambda: library.train(data.interactions, "ials"),
    ),
    (
        "name as data",
        InputError,
        r'load it first: matinee.load\("ml-100k"\)',
        lambda: library.train("ml-100k", "svd"),
    ),
    ("frame as data", InputError, r"matinee.load\(", lambda: library.train(FRAME, "svd")),
    ("model", UnknownNameError, "did you mean 'svd'", lambda: library.train(data, "svdd")),
    ("model's type", InputError, 'a name, as "ease"', lambda: library.train(data, 5)),
    ("class of model", InputError, 'a name, as "ease"', lambda: library.train(data, query)),
    (
        "option",
        OptionError,
        "no option 'factors_'; did you mean 'factors'",
        lambda: library.train(data, "svd", factors_=3),
    ),
    ("value", OptionError, "greater than 0", lambda: library.train(data, "svd", factors=0)),
    ("seed", InputError, "seed must be a whole", lambda: library.train(data, "svd", seed="x")),
    ("seed's sign", InputError, "0 or more", lambda: library.train(data, "svd", seed=-1)),
    ("titles", InputError, "one by one", lambda: data.liking(["Comedy 3"])),
    ("history", InputError, r'as \{"Toy Story": 5\}', lambda: data.history(["Comedy 3"])),
    ("rating", InputError, "between 1 and 5", lambda: data.history({"Comedy 3": 9})),
    ("text rating", InputError, "is a number", lambda: data.history({"Comedy 3": "five"})),
    ("rating twice", InputError, "rated twice", lambda: data.history({"Comedy 3": 4, 103: 5})),
    (
        "unrated film",
        InputError,
        "not in this viewer's history of 1 rating",
        lambda: data.history({"Comedy 3": 5}).minus("Comedy 4"),
    ),
    (
        "prediction",
        InputError,
        "does not predict ratings; models that do: baseline,",
        lambda: ease.predict(7, "Comedy 3"),
    ),
    ("time", InputError, "whole number", lambda: svd.predict(7, "Comedy 3", time="x")),
    ("viewers", InputError, "use recommend_group", lambda: ease.recommend(["7", "8"])),
    ("number", InputError, "whole number, not 'ten'", lambda: ease.recommend(7, n="ten")),
    ("no film", InputError, "at least 1", lambda: ease.recommend(7, n=0)),
    ("where", InputError, 'as where="', lambda: ease.recommend(7, where=5)),
    (
        "genre",
        UnknownNameError,
        "known: Comedy, Horror",
        lambda: ease.recommend(7, where="genre:x"),
    ),
    ("among", InputError, r"a list, as \['x'\]", lambda: ease.recommend(7, among="x")),
    ("among's type", InputError, "are a list", lambda: ease.recommend(7, among=5)),
    ("diverse", InputError, "between 0 and 1", lambda: ease.recommend(7, diverse="x")),
    ("diverse's truth", InputError, "not True", lambda: ease.recommend(7, diverse=True)),
    ("critique", InputError, 'as but="shorter"', lambda: ease.similar("Comedy 3", but=5)),
    ("critiques", InputError, 'as but="shorter"', lambda: ease.similar("Comedy 3", but=[5])),
    ("rule", InputError, 'as rule="average"', lambda: ease.recommend_group([7, 8], rule=None)),
    ("rules", InputError, "a word", lambda: ease.recommend_group([7, 8], rule=["fair"])),
    (
        "rule's name",
        UnknownNameError,
        "known: average",
        lambda: ease.recommend_group([7, 8], rule="x"),
    ),
    ("map", InputError, r"films are a list, as \['Fargo'\]", lambda: ease.plot_similar("Fargo")),
    ("columns", OptionError, r'as \{"user": "who"\}', lambda: library.load(FRAME, columns="user")),
    ("list of columns", OptionError, "roles", lambda: library.load(FRAME, columns=["user"])),
    (
        "columns of pairs",
        OptionError,
        "columns map roles",
        lambda: svd.predict_all(FRAME, columns="user"),
    ),
    ("rows", InputError, "row 1000 of 40 films", lambda: ease.recommend(query([1000], [5]))),
    ("lengths", InputError, "2 films, 1 ratings", lambda: query([1, 2], [5])),
    ("a model to save", InputError, "only a recommender", lambda: library.save(ease.model, "x")),
    ("path to save", InputError, "text or a Path", lambda: library.save(ease, None)),
    ("path to open", InputError, "matinee.save write one", lambda: library.open("/nowhere")),
    ("path's type", InputError, "text or a Path", lambda: library.open(5)),
    (
        "data set",
        UnknownNameError,
        "did you mean 'ml-100k'",
        lambda: library.load("ml-100"),
    ),
    ("file", DataError, "no file or folder", lambda: library.load("nowhere.csv")),
    ("no table", DataError, "polars or pandas frame", lambda: library.load(5)),
    ("scale", OptionError, r"as \(1, 5\)", lambda: library.load(FRAME, scale=5)),
    ("role", OptionError, "known: user, item", lambda: library.load(FRAME, columns={"x": "who"})),
    (
        "options of tables",
        OptionError,
        "ml-100k is not a file; name a table, or leave them out",
        lambda: library.load("ml-100k", scale=(1, 5)),
    ),
)


@pytest.mark.parametrize(
    ("kind", "message", "call"), [each[1:] for each in ANY], ids=[each[0] for each in ANY]
)
def test_a_mistake_is_one_sentence_with_the_way_out(
    kind: type[MatineeError], message: str, call: Call
) -> None:
    with pytest.raises(kind, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_columns_that_cannot_be_guessed_are_named_as_load_takes_them() -> None:
    with pytest.raises(DataError, match=r'in Python columns=\{"user": NAME\}'):
        matinee.load(FRAME.rename({"who": "x"}))


def test_a_folder_of_a_recommender_is_no_data_set(folder: Path) -> None:
    with pytest.raises(InputError, match=r"is a saved recommender .* open it with matinee\.open"):
        matinee.load(str(folder))


def test_nothing_but_a_recommender_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for path in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(InputError, match="is no saved recommender; choose another path"):
            matinee.save(EASE, path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_zip_and_a_folder_are_loaded_by_text_and_by_path_and_take_no_options(
    tmp_path: Path,
) -> None:
    table, zipped = tmp_path / "one" / "ratings.csv", tmp_path / "one.zip"
    table.parent.mkdir()
    FRAME.rename({"who": "user"}).write_csv(table)
    with ZipFile(zipped, "w") as archive:
        archive.write(table, "ratings.csv")
    for path in (table.parent, zipped, table):
        by_path, by_text = matinee.load(path), matinee.load(str(path))
        assert len(by_path.interactions) == 5
        assert by_path.interactions.content_hash == by_text.interactions.content_hash
    for path, kind in ((table.parent, "a folder"), (zipped, "a zip")):
        for source in (path, str(path)):
            with pytest.raises(OptionError, match=f"is {kind}; name the table in it, or leave"):
                matinee.load(source, scale=(1, 10))
    assert matinee.load(table, scale=(1, 20)).interactions.scale == (1, 20)


def test_there_is_no_rating_to_predict_from_counts() -> None:
    plays = matinee.load(FRAME, columns={"user": "who", "count": "stars"})
    fitted = matinee.train(plays, "popular")
    pairs = pl.DataFrame({"user": [1], "item": [10]})
    for ask in (lambda: fitted.predict(1, 10), lambda: fitted.predict_all(pairs)):
        with pytest.raises(InputError, match="the data are counts, so there is no rating to pred"):
            ask()
    assert not fitted.recommend(1).expected


def test_a_list_of_ids_has_no_titles_and_diverse_is_any_number() -> None:
    films = pl.DataFrame({"item": [10, 11, 12], "title": ["A", "B", "10"]})
    fitted = matinee.train(matinee.load(FRAME, columns={"user": "who"}, films=films), "popular")
    assert fitted.recommend({"B": 9}, among=["10"]).items.tolist() == [0]
    assert fitted.recommend({"B": 9}, among=[10, "12"]).items.size == 2
    with pytest.raises(InputError, match="have the title or id '10'"):
        fitted.recommend({"B": 9}, among=["A", "10"])
    varied = EASE.recommend(7, diverse=np.float32(0.25))  # type: ignore[arg-type]
    assert varied.items.tolist() == EASE.recommend(7, diverse=0.25).items.tolist()


def test_data_of_other_films_are_refused(folder: Path, other: Dataset) -> None:
    with pytest.raises(InputError, match=r"use the data set it was fitted on \(data=, on the"):
        matinee.open(folder, other)
    for ask in (EASE.recommend, lambda viewer: EASE.why(viewer, "Comedy 3")):
        with pytest.raises(InputError, match="over the 3 films of another data set than the 40"):
            ask(other.viewer(1))


def test_without_data_viewers_have_no_ids(folder: Path) -> None:
    bare = matinee.open(folder)
    for ask in (
        lambda: bare.recommend(7),
        bare.recommend_all,
        lambda: bare.similar_users({"Comedy 3": 5}),
    ):
        with pytest.raises(InputError, match=r"open it with one, matinee.open\(path, data\)"):
            ask()
