"""Recipes: their values, their checks, and their files, whose mistakes are reported by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from matinee.errors import DataError, InputError, OptionError, UnknownNameError
from matinee.experiments.recipes import Recipe, read_recipe

WHOLE = """
data = "ml-100k"
protocol = "random"
k = [5, 10]
min_rating = 4
candidates = 100
seeds = [0, 1]
defaults = true
audit = true

[[model]]
name = "ease"
options = { l2 = 300, min_rating = 3.5 }

[[model]]
name = "popular"

[[model]]
name = "item-knn"
options = {}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "comparison.toml"


def test_a_file_can_set_every_field(file: Path) -> None:
    file.write_text(WHOLE)
    assert read_recipe(file) == Recipe(
        data="ml-100k",
        protocol="random",
        k=(5, 10),
        min_rating=4,
        candidates=100,
        seeds=(0, 1),
        defaults=True,
        audit=True,
        models=(
            ("ease", {"l2": 300, "min_rating": 3.5}),
            "popular",  # options are chosen on validation
            ("item-knn", {}),  # default options
        ),
    )


def test_one_number_stands_for_a_list(file: Path) -> None:
    file.write_text("k = 5\nseeds = 3\n")
    assert read_recipe(file) == Recipe(k=(5,), seeds=(3,))


def test_a_file_can_ask_for_folds_of_ratings(file: Path) -> None:
    file.write_text('protocol = "ratings"\nfolds = 4\n')
    assert read_recipe(file) == Recipe(protocol="ratings", folds=4)
    file.write_text('protocol = "strong"\nfolds = 4\n')
    with pytest.raises(DataError, match=r"line 2: folds does not apply to protocol 'strong'"):
        read_recipe(file)


def test_a_file_can_set_how_ratings_are_cut(file: Path) -> None:
    file.write_text(
        'protocol = "time"\nuntil = 2000-12-31\nrelevant_from = 4\nmin_rating = 3.5\n'
        'min_per_viewer = 5\nmin_per_film = 2\namong = "films.txt"\n'
    )
    recipe = read_recipe(file)
    assert recipe == Recipe(
        protocol="time",
        until="2000-12-31",
        relevant_from=4,
        min_rating=3.5,
        min_per_viewer=5,
        min_per_film=2,
        among="films.txt",
    )
    assert recipe.until == "2000-12-31"
    file.write_text('data = "a.csv"\ntest = "b.csv"\nprotocol = "files"\n')
    assert read_recipe(file) == Recipe(data="a.csv", test="b.csv", protocol="files")
    file.write_text('protocol = "last"\nlast = 0.2\n')
    assert read_recipe(file) == Recipe(protocol="last", last=0.2)


def test_a_date_and_a_path_are_stored_as_text() -> None:
    recipe = Recipe(protocol="time", until=date(2000, 12, 31), among=Path("films.txt"))
    assert (recipe.until, recipe.among) == ("2000-12-31", "films.txt")
    with pytest.raises(
        OptionError, match="until must be a date, as '2000-12-31', not '2000-12-31 "
    ):
        Recipe(protocol="time", until=datetime(2000, 12, 31, 8, tzinfo=UTC))


def test_a_test_of_ones_own_is_ranked_where_no_protocol_is_named(file: Path) -> None:
    assert Recipe("ease").protocol == "random"
    assert Recipe("ease", test="b.csv").protocol == "files"
    assert Recipe("ease", test="b.csv", protocol="ratings").protocol == "ratings"
    file.write_text('data = "a.csv"\ntest = "b.csv"\n')
    assert read_recipe(file).protocol == "files"


def test_one_model_stands_for_a_list() -> None:
    assert Recipe("ease").models == ("ease",)
    one = ("ease", {"l2": 3})
    assert Recipe(one).models == (one,)  # type: ignore[arg-type]
    assert Recipe([one, "svd"]).models == (one, "svd")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"share": 1.0}, "share must be a share between 0 and 1, as 0.8, not 1.0"),
        ({"share": 1}, "share must be a share between 0 and 1"),
        (
            {"protocol": "last", "share": 0.5},
            "share .* 'last'; use --protocol ratings or random or",
        ),
        ({"until": "2000-12-31"}, "until does not apply to protocol 'random'; use --protocol time"),
        ({"protocol": "time", "until": "31.12.2000"}, "until must be a date, as '2000-12-31', not"),
        ({"protocol": "time", "until": "2000-12-31", "share": 0.7}, "share and until exclude each"),
        ({"protocol": "ratings", "folds": 3, "share": 0.7}, "share and folds exclude each other"),
        ({"protocol": "ratings", "folds": 3, "test": "a.csv"}, "test and folds exclude each other"),
        (
            {"protocol": "last", "last": 0.5},
            "last must be a whole number of at least 1, or a share",
        ),
        ({"protocol": "last", "last": 0}, "last must be a whole number of at least 1, or a share"),
        ({"last": 2}, "last does not apply to protocol 'random'; use --protocol last"),
        ({"test": "a.csv"}, "test does not apply to .*'random'; use --protocol ratings or files"),
        ({"min_per_viewer": 0}, "min_per_viewer must be a whole number of at least 1, not 0"),
        ({"min_per_film": 2.5}, "min_per_film must be a whole number"),
        ({"relevant_from": "4"}, "relevant_from must be a number, not '4'"),
        ({"relevant_from": 3, "min_rating": 4}, "relevant_from 3 is below min_rating 4"),
        ({"protocol": "folds", "relevant_from": 3}, "relevant_from does not apply to protocol"),
        ({"protocol": "folds", "among": "a.txt"}, "among does not apply to protocol 'folds'"),
        ({"among": 3}, "among must be the path of a file of films, not 3"),
        ({"k": ()}, r"k must be one or more list lengths from 1 to 1000, not \(\)"),
        ({"k": 0}, "k must be one or more list lengths from 1 to 1000, not 0"),
        ({"k": 1001}, "k must be one or more list lengths from 1 to 1000, not 1001"),
        ({"k": True}, "k must be .* not True"),
        ({"seeds": ()}, "seeds must be one or more whole numbers"),
        ({"seeds": -1}, "seeds must be .* at least 0, not -1"),
        ({"candidates": 0}, "candidates must be a whole number of at least 1, not 0"),
        ({"min_rating": float("nan")}, "min_rating must be a number, not nan"),
        ({"defaults": 1}, "defaults must be true or false, not 1"),
        ({"protocol": "folds", "candidates": 5}, "candidates does not apply to protocol 'folds'"),
        ({"folds": 3}, "folds does not apply to protocol 'random'; use --protocol ratings"),
        ({"protocol": "ratings", "folds": 1}, "folds must be a whole number from 2 to 100, not 1"),
        ({"protocol": "ratings", "folds": 101}, "folds must be a whole number from 2 to 100"),
        ({"protocol": "ratings", "folds": True}, "folds must be a whole number from 2 to 100"),
        ({"protocol": "folds", "audit": True}, "audit does not apply to protocol 'folds'"),
    ],
)
def test_wrong_values_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        replace(Recipe(["ease"]), **change)


def test_names_are_checked_before_any_data_is_loaded() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'random'"):
        Recipe(protocol="randon")
    with pytest.raises(UnknownNameError, match="did you mean 'ease'"):
        Recipe(["eaze"]).candidate_models()
    with pytest.raises(InputError, match="named twice"):
        Recipe(["ease", "ease"]).candidate_models()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data = 'x'\nprotocl = 'random'\n", "line 2: unknown key 'protocl'; did you mean 'proto"),
        ("[[model]]\nname = 'ease'\noptoins = {}\n", "line 3: unknown key 'optoins'; did you"),
        ("metric = 'ndcg'\n", "known: model, data, test, protocol, k, min_rating"),
        ("seeds = 'a'\n", "line 1: seeds must be one or more whole numbers of at least 0, not 'a'"),
        ("\nk = [5.5]\n", "line 2: k must be one or more list lengths from 1 to 1000, not 5.5"),
        ("protocol = 'randon'\n", "unknown protocol 'randon'; did you mean 'random'?"),
        ("[[model]]\noptions = {}\n", "line 1: model needs a name"),
        ("[[model]]\nname='a'\noptions = {x = [1]}\n", "line 3: options: x must be a number"),
        ("[[model]]\nname='a'\noptions = 3.5j\n", "is not valid TOML"),
        ("min_rating = nan\n", "line 1: min_rating must be a number, not nan"),
        ("k = [5\n", "is not valid TOML"),
        ("model = 'ease'\n", "line 1: model must be [[model]] tables"),
    ],
)
def test_a_mistake_in_a_file_is_reported_with_its_line(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(DataError) as caught:
        read_recipe(file)
    assert str(file) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unreadable_files_are_refused(file: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_recipe(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        read_recipe(file)
    file.write_text("# " + "x" * 2**20)
    with pytest.raises(DataError, match="larger than a recipe"):
        read_recipe(file)
