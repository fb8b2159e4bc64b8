"""Events as weights: the documented table, values by hand, and what the rules promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Interactions, Vocabulary
from matinee.data.implicit import EVENT_WEIGHTS, Rule, combined, confidence, from_events
from matinee.errors import DataError, OptionError, UnknownNameError

PAGE = Path(__file__).parents[2] / "docs" / "implicit-feedback.md"
DAY = 86_400


def weights_of(*events: tuple[str, float, int], **options: Any) -> list[float]:
    types, values, times = zip(*events, strict=True) if events else ((), (), ())
    found = from_events(types, np.array(values), np.array(times, dtype=np.int64), **options)
    assert found.dtype == np.float32
    return [float(each) for each in found]


def of_pairs(rows: list[tuple[int, int, float]], rule: Rule = "noisy_or") -> Interactions:
    users, items, weights = zip(*rows, strict=True) if rows else ((), (), ())
    return combined(
        np.array(users, dtype=np.int32),
        np.array(items, dtype=np.int32),
        np.array(weights, dtype=np.float32),
        np.arange(len(rows), dtype=np.int64),
        Vocabulary.of("viewer", range(3)),
        Vocabulary.of("film", range(4)),
        rule=rule,
    )


def test_the_page_quotes_the_table() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: float(weight) for name, weight in rows} == EVENT_WEIGHTS


def test_a_watch_counts_by_its_fraction_and_nothing_else_does() -> None:
    assert weights_of(("watch", 0.5, 0), ("like", 7, 0), ("click", np.nan, 0)) == pytest.approx(
        [0.4, 0.9, 0.2]
    )
    assert weights_of() == []


def test_weight_halves_with_every_half_life() -> None:
    events = [("like", 0, 100 * DAY), ("like", 0, 90 * DAY), ("like", 0, 70 * DAY), ("like", 0, 0)]
    assert weights_of(*events, half_life=10) == pytest.approx([0.9, 0.45, 0.1125, 0.9])
    assert weights_of(*events, half_life=10, now=110 * DAY)[0] == pytest.approx(0.45)
    assert weights_of(*events, half_life=10, now=80 * DAY)[:2] == pytest.approx([0.9, 0.9])


@pytest.mark.parametrize(("rule", "expected"), [("noisy_or", 0.84), ("max", 0.8), ("sum", 1.0)])
def test_a_click_and_a_full_watch_by_each_rule(rule: Rule, expected: float) -> None:
    assert of_pairs([(0, 1, 0.2), (0, 1, 0.8)], rule).values.tolist() == pytest.approx([expected])
    assert f"{expected} |" in re.search(f"`{rule}`.*", PAGE.read_text(encoding="utf-8"))[0]  # type: ignore[index]


def test_pairs_come_in_order_with_the_time_of_their_last_event() -> None:
    data = of_pairs([(2, 0, 0.5), (0, 3, 0.1), (2, 0, 0.5), (0, 1, 1.0)])
    assert list(zip(data.users.tolist(), data.items.tolist(), strict=True)) == [
        (0, 1),
        (0, 3),
        (2, 0),
    ]
    assert data.values.tolist() == pytest.approx([1, 0.1, 0.75])
    assert data.times.tolist() == [3, 1, 2]
    assert data.matrix.shape == (3, 4)
    assert len(of_pairs([])) == 0


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.floats(0, 1, width=32)), min_size=1)
)
def test_noisy_or_lies_between_the_strongest_event_and_certainty(
    rows: list[tuple[int, int, float]],
) -> None:
    strongest = of_pairs(rows, "max").values
    together = of_pairs(rows).values
    assert (together >= strongest - 1e-6).all()
    assert (together <= 1).all()
    assert (together <= of_pairs(rows, "sum").values + 1e-5).all()


def test_confidence_is_that_of_hu_koren_and_volinsky() -> None:
    weights = np.array([0, 0.5, 1], dtype=np.float32)
    assert confidence(weights).tolist() == [1, 21, 41]
    assert confidence(weights, alpha=2, epsilon=0.5).tolist() == pytest.approx(
        [1, 1 + 2 * np.log(2), 1 + 2 * np.log(3)]
    )


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'click'"):
        weights_of(("clicks", 0, 0))
    with pytest.raises(DataError, match="event 1 is a watch of 85;"):
        weights_of(("click", 0, 0), ("watch", 85, 0))
    with pytest.raises(DataError, match="event 0"):
        weights_of(("watch", np.nan, 0))
    with pytest.raises(DataError, match="differ in length"):
        from_events(["click"], np.array([]), np.array([], dtype=np.int64))
    with pytest.raises(OptionError, match="half_life"):
        weights_of(("click", 0, 0), half_life=0)
    with pytest.raises(OptionError, match="weight of click"):
        weights_of(("click", 0, 0), weights={"click": 3})
    with pytest.raises(OptionError, match="max, noisy_or or sum"):
        of_pairs([(0, 0, 1)], "mean")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="between 0 and 1"):
        of_pairs([(0, 0, 2)])
    with pytest.raises(OptionError, match="alpha"):
        confidence(np.ones(1, dtype=np.float32), alpha=-1)
    with pytest.raises(OptionError, match="epsilon"):
        confidence(np.ones(1, dtype=np.float32), epsilon=0)
