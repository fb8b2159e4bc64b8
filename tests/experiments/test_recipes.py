"""Recipes: what they say is what is evaluated, and every mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.errors import DataError
from matinee.experiments.recipes import read_recipe

WHOLE = """
data = "ml-100k"
protocol = "random"
k = [5, 10]
min_rating = 4
candidates = 100
seeds = [0, 1]
defaults = true

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
def recipe(tmp_path: Path) -> Path:
    return tmp_path / "comparison.toml"


def test_everything_can_be_said(recipe: Path) -> None:
    recipe.write_text(WHOLE)
    found = read_recipe(recipe)
    assert found.data == "ml-100k"
    assert found.protocol == "random"
    assert found.k == (5, 10)
    assert found.min_rating == 4
    assert found.candidates == 100
    assert found.seeds == (0, 1)
    assert found.defaults is True
    assert found.entries == (
        ("ease", {"l2": 300, "min_rating": 3.5}),
        "popular",  # options are chosen on validation
        ("item-knn", {}),  # the defaults, as they are
    )


def test_one_number_need_not_be_a_list(recipe: Path) -> None:
    recipe.write_text("k = 5\nseeds = 3\n")
    found = read_recipe(recipe)
    assert (found.k, found.seeds, found.entries) == ((5,), (3,), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data = 'x'\nprotocl = 'random'\n", "line 2: unknown key 'protocl'; did you mean 'proto"),
        ("[[model]]\nname = 'ease'\noptoins = {}\n", "line 3: unknown key 'optoins'; did you"),
        ("seeds = 'a'\n", "line 1: seeds: Input should be a valid integer, not 'a'"),
        ("\nk = [5.5]\n", "line 2: k: Input should be a valid integer, not 5.5"),
        ("[[model]]\noptions = {}\n", "model.name is missing"),
        ("[[model]]\nname='a'\noptions = {x = [1]}\n", "line 3: model.options: x must be a number"),
        ("min_rating = nan\n", "line 1: min_rating: Input should be a finite number"),
        ("k = [5\n", "is no TOML"),
        ("model = 'ease'\n", "line 1: model"),
    ],
)
def test_a_mistake_is_told_with_its_line(recipe: Path, text: str, said: str) -> None:
    recipe.write_text(text)
    with pytest.raises(DataError) as caught:
        read_recipe(recipe)
    assert str(recipe) in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_keys_are_answered_with_the_known_ones(recipe: Path) -> None:
    recipe.write_text("metric = 'ndcg'\n")
    with pytest.raises(DataError, match="known: data, protocol, k, min_rating"):
        read_recipe(recipe)


def test_a_file_that_cannot_be_one_is_refused(recipe: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_recipe(recipe)
    recipe.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        read_recipe(recipe)
    recipe.write_text("# " + "x" * 2**20)
    with pytest.raises(DataError, match="larger than a recipe"):
        read_recipe(recipe)
