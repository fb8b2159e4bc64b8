"""Search spaces from marks of a configuration, and those of every model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, PositiveFloat, PositiveInt

from matinee import plugins
from matinee.experiments.tuning.search_space import Choice, Range, search_space
from matinee.models import Config, Model, search


class Everything(Config):
    """One option of each kind."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(50, 1000))
    """Wide: a factor of twenty."""
    decay: float = Field(0.3, json_schema_extra=search(0.1, 0.3, 0.5))
    """Narrow."""
    shrinkage: float = Field(0.0, json_schema_extra=search(30, 0, 10))
    """From zero."""
    neighbours: PositiveInt = Field(50, json_schema_extra=search(50, 200))
    """Whole."""
    similarity: str = Field("cosine", json_schema_extra=search("cosine", "jaccard"))
    """Named."""
    centred: bool = Field(default=False, json_schema_extra=search(False, True))
    """Yes or no."""
    rounds: int = Field(3, json_schema_extra=search(3))
    """A single value is no choice."""
    plain: float = 1.0
    """Not marked."""


def test_numbers_become_ranges_and_the_rest_choices() -> None:
    assert search_space(Everything) == {
        "l2": Range(50.0, 1000.0),
        "decay": Range(0.1, 0.5),
        "shrinkage": Range(0.0, 30.0),
        "neighbours": Range(50, 200, whole=True),
        "similarity": Choice(("cosine", "jaccard")),
        "centred": Choice((False, True)),
    }


def test_fixed_options_are_not_searched() -> None:
    assert "l2" not in search_space(Everything, {"l2"})


def test_wide_positive_ranges_are_searched_by_ratio() -> None:
    space = search_space(Everything)
    logarithmic = [name for name, where in space.items() if isinstance(where, Range) and where.log]
    assert logarithmic == ["l2"]


@given(st.floats(0.07, 0.14))
def test_numbers_have_four_digits_and_stay_inside(drawn: float) -> None:
    value = Range(0.07, 0.14).rounded(drawn)
    assert 0.07 <= value <= 0.14
    assert value == float(f"{value:.4g}")
    assert value == pytest.approx(drawn, rel=1e-3)


def test_rounding_never_leaves_the_range() -> None:
    assert Range(1.00005, 2.0).rounded(1.00005) == 1.00005


def test_words() -> None:
    assert str(Range(50, 1000)) == "50 to 1000 (log)"
    assert Range(0, 1).spanned([0.2, 0.1, 0.4]) == "0.1 to 0.4"
    assert Range(0, 1).spanned([0.2]) == "0.2"
    assert Choice(("a", "b", "c")).spanned(["c", "a", "a"]) == "a, c"


@pytest.mark.parametrize("name", plugins.names("models"))
def test_the_ends_of_every_models_ranges_are_allowed(name: str) -> None:
    kind: type[Model] = plugins.get("models", name)
    for option, where in search_space(kind.Config).items():
        ends = (where.low, where.high) if isinstance(where, Range) else where.values
        for end in ends:
            kind.Config.model_validate({option: end})
