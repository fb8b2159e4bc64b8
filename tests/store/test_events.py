from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from matinee.errors import InputError
from matinee.store import Event
from matinee.store.events import TYPES

GOOD: Mapping[str, Any] = {
    "id": "e1",
    "viewer": "ml-100k/196",
    "type": "rating",
    "item": "242",
    "value": 3.0,
    "time": 881_250_949,
}


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_accepted_with_item_and_value(type_: str) -> None:
    assert Event(**{**GOOD, "type": type_}).type == type_


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "x" * 129),
        ("id", "a\nb"),
        ("id", 7),
        ("viewer", "\x00"),
        ("type", "purchase"),
        ("item", None),
        ("item", ""),
        ("value", None),
        ("value", float("nan")),
        ("value", float("inf")),
        ("value", True),
        ("value", "5"),
        ("time", -1),
        ("time", 881_250_949_000),
        ("time", 1.5),
        ("time", True),
        ("request_id", "x" * 129),
        ("data", {"not json": object()}),
        ("data", {"not json": float("nan")}),
        ("data", {"long": "x" * 140_000}),
        ("data", {"half a letter": "\ud800"}),
        ("numbering", "x" * 129),
        ("data", [1, 2]),
    ],
)
def test_a_bad_field_is_refused_by_its_name_in_one_line(field: str, value: object) -> None:
    with pytest.raises(InputError, match=f"event {field}") as refused:
        Event(**{**GOOD, field: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("type_", ["click", "dismissal", "removal"])
def test_every_event_but_an_impression_needs_a_film(type_: str) -> None:
    assert Event("i", "ann", "impression", time=1).item is None
    with pytest.raises(InputError, match="event item is missing"):
        Event("i", "ann", type_, time=1)


def test_an_impression_of_the_most_films_with_the_longest_ids_fits() -> None:
    ids = ["\U0001f3ac" * 128] * 200
    assert Event("i", "ann", "impression", time=1, data={"items": ids}).data_as_json()
