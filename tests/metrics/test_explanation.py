"""Docstrings are printed by the command and the docs, and their examples hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

from matinee import metrics, plugins


@pytest.mark.parametrize("family", plugins.modules("metrics"))
def test_every_value_worked_by_hand_is_correct(family: str) -> None:
    module = importlib.import_module(f"matinee.metrics.{family.replace('-', '_')}")
    result = doctest.testmod(module, raise_on_error=True)
    assert result.attempted
    assert not result.failed


def test_sections_for_callers_are_left_out() -> None:
    explained = metrics.get("percentile-rank").explanation
    assert explained.summary == (
        "Mean percentile of the targets' ranks: 0 is first of all films, 1 is last."
    )
    assert explained.text.startswith("Hu, Koren and Volinsky")
    assert "positions: `int[t]`" not in explained.text + explained.example
    assert explained.example.startswith("Targets at ranks 1 and 3 of 5:")


def test_an_option_has_its_default_and_its_choices() -> None:
    options = metrics.get("recall-capped").options
    assert options["denominator"].default == "capped"
    assert options["denominator"].choices == ("targets", "capped")
    assert metrics.get("miscalibration").options["alpha"].choices == ()
    assert metrics.get("precision").options == {}
