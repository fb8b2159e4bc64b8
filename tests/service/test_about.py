"""Attributes viewers state about themselves."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.errors import InputError, OptionError, UnknownNameError
from matinee.models import Model, create
from matinee.service.about import MOST_ATTRIBUTES, about

WRONG = ("age", "=34", "age=", " = ")


@pytest.fixture
def model() -> Model:
    """It has learned ages and genders."""
    model = create("popular")
    model.arrays["attributes"] = np.array(["age=18-24", "age=25-34", "gender=F", "gender=M"])
    return model


def test_an_age_in_years_becomes_its_band(model: Model) -> None:
    assert about(model, ["age=34", " gender = F "]) == ("age=25-34", "gender=F")
    assert about(model, ["age=18-24"]) == ("age=18-24",)


def test_a_stated_attribute_replaces_the_known_one(model: Model) -> None:
    known = ("age=18-24", "gender=F", "occupation=writer")
    assert about(model, ["age=30"], known) == ("gender=F", "occupation=writer", "age=25-34")


def test_without_statements_the_known_attributes_remain() -> None:
    assert about(create("popular"), [], ("gender=F",)) == ("gender=F",)


def test_a_model_of_ratings_alone_uses_no_attributes() -> None:
    with pytest.raises(InputError, match=r"'ease' learns from ratings alone .* use ials-content"):
        about(create("ease"), ["age=34"])


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        *(([each], "not of the form COLUMN=VALUE, for instance age=34") for each in WRONG),
        (["gender=F", "gender=M"], "attribute gender appears twice"),
        (["age=34"] * (MOST_ATTRIBUTES + 1), f"at most {MOST_ATTRIBUTES}"),
    ],
)
def test_malformed_attributes_are_refused(model: Model, stated: list[str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        about(model, stated)


def test_unknown_columns_and_values_are_refused_by_name(model: Model) -> None:
    with pytest.raises(UnknownNameError, match="unknown attribute 'gendre'; did you mean 'gender'"):
        about(model, ["gendre=F"])
    with pytest.raises(UnknownNameError, match="unknown age '70'; known: 18-24, 25-34"):
        about(model, ["age=70"])
