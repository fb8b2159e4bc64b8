"""Default ranges from the marks of a configuration."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.experiments.tuning.search_space import (
    Choice,
    Range,
    combinations,
    default_search,
    default_space,
)
from matinee.models import Config, search, span


class Everything(Config):
    """One option of each kind."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(50, 1000) | span(10, 5000, log=True))
    """Chosen by `evaluate`."""
    neighbours: PositiveInt = Field(50, json_schema_extra=span(50, 200))
    """Whole."""
    similarity: Literal["cosine", "jaccard"] = "cosine"
    """Named."""
    centred: bool = Field(default=False, json_schema_extra=search(False, True))
    """Yes or no."""
    rounds: int = Field(3, json_schema_extra=search(3) | span(1, 9))
    """A single value is no choice."""
    plain: float = 1.0
    """Not marked."""


class Plain(Config):
    """No option that `evaluate` chooses."""

    depth: int = Field(3, json_schema_extra=span(1, 9))
    """Marked."""
    plain: float = 1.0
    """Not marked."""


def test_numbers_have_the_range_of_their_mark_and_other_types_all_values() -> None:
    found = {option: default_search(Everything, option) for option in Everything.model_fields}
    assert found == {
        "l2": Range(10.0, 5000.0, log=True),
        "neighbours": Range(50, 200, whole=True),
        "similarity": Choice(("cosine", "jaccard")),
        "centred": Choice((False, True)),
        "rounds": Range(1, 9, whole=True),
        "plain": None,
    }


def test_the_default_search_is_over_the_options_that_evaluate_chooses() -> None:
    assert list(default_space(Everything)) == ["l2", "centred"]


def test_without_such_options_it_is_over_all_with_a_range() -> None:
    assert list(default_space(Plain)) == ["depth"]


@given(st.floats(0.07, 0.14))
def test_numbers_have_four_digits_and_stay_inside(drawn: float) -> None:
    value = Range(0.07, 0.14).rounded(drawn)
    assert 0.07 <= value <= 0.14
    assert value == float(f"{value:.4g}")
    assert value == pytest.approx(drawn, rel=1e-3)


def test_rounding_never_leaves_the_range() -> None:
    assert Range(1.00005, 2.0).rounded(1.00005) == 1.00005


def test_words() -> None:
    assert str(Range(50, 1000, log=True)) == "50 to 1000 (log)"
    assert Range(0, 1).spanned([0.2, 0.1, 0.4]) == "0.1 to 0.4"
    assert Range(0, 1).spanned([0.2]) == "0.2"
    assert Choice(("a", "b", "c")).spanned(["c", "a", "a"]) == "a, c"


def test_only_choices_have_combinations() -> None:
    choices = {"a": Choice((1, 2)), "b": Choice((True,))}
    assert combinations(choices, 2) == [{"a": 1, "b": True}, {"a": 2, "b": True}]
    assert combinations(choices, 1) is None
    assert combinations({**choices, "c": Range(0, 1)}, 9) is None
