"""Forms of a search: as text and as Python values."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import OptionError
from matinee.experiments.tuning.forms import read_form
from matinee.experiments.tuning.search_space import Choice, Range


@pytest.mark.parametrize(
    ("model", "option", "form", "expected"),
    [
        ("svd", "factors", "20..200", Range(20, 200, whole=True)),
        ("svd", "factors", " 20 .. 200 , log ", Range(20, 200, whole=True, log=True)),
        ("svd", "factors", (20, 200, "log"), Range(20, 200, whole=True, log=True)),
        ("svd", "l2", "1e-2..1,log", Range(0.01, 1, log=True)),
        ("svd", "l2", (0.01, 1), Range(0.01, 1)),
        ("ease", "lowest_weight", "-1..-.5", Range(-1, -0.5)),
        ("ials", "min_rating", "0..4", Range(0, 4)),
        ("ials", "min_rating", (3, 4), Range(3, 4)),
        ("ials", "min_rating", "none,3,4", Choice((None, 3, 4))),
        ("ials", "min_rating", "none", None),
        ("svd", "factors", "..", Range(10, 300, whole=True, log=True)),
        ("item-knn", "weighting", "..", Choice(("cosine", "tfidf", "bm25"))),
        ("slim", "negative", "..", Choice((False, True))),
        ("svd", "epochs", "5,10,20", Choice((5, 10, 20))),
        ("svd", "epochs", [5, 10, 10], Choice((5, 10))),
        ("svd", "epochs", range(5, 20, 5), Choice((5, 10, 15))),
        ("item-knn", "weighting", "tfidf, bm25", Choice(("tfidf", "bm25"))),
        ("slim", "negative", "true,false", Choice((True, False))),
        ("blend", "parts", ["ease + popular", "ials"], Choice(("ease + popular", "ials"))),
        ("svd", "epochs", "20", None),
        ("svd", "epochs", 20, None),
        ("slim", "negative", False, None),
    ],
)
def test_a_form(model: str, option: str, form: object, expected: Range | Choice | None) -> None:
    assert read_form(model, option, form) == expected


def test_a_path_with_dots_is_one_value(tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    assert read_form("content", "encoder", f"{tmp_path}/encoder/../encoder") is None


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["", ",log"]))
def test_text_and_tuple_say_the_same(one: int, other: int, scale: str) -> None:
    low, high = sorted((one, other + 10**6))
    text = read_form("svd", "factors", f"{low}..{high}{scale}")
    python = (low, high, "log") if scale else (low, high)
    assert text == read_form("svd", "factors", python) == Range(low, high, True, bool(scale))


@pytest.mark.parametrize(
    ("option", "form", "message"),
    [
        ("factrs", "1..3", "did you mean 'factors'"),
        ("factors", "0..20", "option 'factors': .*greater than 0, not '0' in factors=0..20"),
        ("factors", "1.5..3", "must be a whole number, not '1.5' in factors=1.5..3"),
        ("factors", "20..x", "'x' in factors=20..x"),
        ("learning_rate", "0.1..2", "must be at most 0.5, not '2' in learning_rate=0.1..2"),
        ("factors", "20..10", "factors=20..10: a range goes from a lower to a higher"),
        ("factors", "20..", "factors=20.."),
        ("factors", "1..9,lin", "factors=1..9,lin: this is not a range; write LOW..HIGH or"),
        ("factors", (1, 2, 3), r"factors=\(1, 2, 3\): this is not a range"),
        ("factors", (1,), r"factors=\(1,\): this is not a range"),
        ("factors", (), r"factors=\(\): this is not a range"),
        ("factors", [], r"factors=\[\]: there is no value to choose"),
        ("factors", "5,", "not '' in factors=5,"),
        ("factors", {5: 6}, "factors={5: 6}: this is not a list of values"),
        ("factors", [5, Fraction(1, 2)], "in factors="),
    ],
)
def test_refused_forms_name_option_and_form(option: str, form: object, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        read_form("svd", option, form)


@pytest.mark.parametrize(
    ("model", "option", "form", "message"),
    [
        ("ease", "lowest_weight", "-1..1,log", "a logarithmic range starts above 0"),
        ("item-knn", "weighting", ("bm25", "tfidf"), "write its values, as in A,B"),
        ("item-knn", "weighting", "bm25..tfidf", "not a range; write its values, as in A,B"),
        ("ials", "min_rating", "none..4", "a range goes from one number to another"),
        ("ials", "min_rating", "..", "no range of its own; write one, as in min_rating=1..4"),
        ("blend", "parts", "..", "no range of its own; write one, as in parts=A,B"),
    ],
)
def test_forms_that_an_option_does_not_have(
    model: str, option: str, form: object, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        read_form(model, option, form)
