"""The scale of a viewer's own ratings."""

from __future__ import annotations

import pytest

from matinee.data.exports import Export, OwnRating
from matinee.data.exports.export import Scale, Unit
from matinee.data.exports.scales import OwnScale, on_scale
from matinee.errors import DataError, OptionError

SITE, HALVES = (1.0, 5.0), (0.5, 5.0)


def scaled(
    *values: float,
    site: Scale | None = None,
    unit: Unit | None = None,
    to_scale: Scale = SITE,
    choice: Scale | None = None,
) -> OwnScale:
    rows = tuple(
        OwnRating("Emma", 1996, value=value, place=f"r.csv, line {line}")
        for line, value in enumerate(values, start=2)
    )
    return on_scale(Export("test", rows, site, unit), to_scale, choice)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 5), (1.0, 5.0)),
        ((0.5, 5), (0.5, 5.0)),
        ((1, 7), (1.0, 10.0)),
        ((0, 4, 5), (0.0, 5.0)),
        ((0, 7, 10), (0.0, 10.0)),
        ((0.5, 7.5, 10), (0.5, 10.0)),
        ((0, 1, 1), (0.0, 1.0)),
        ((40, 85, 100), (0.0, 100.0)),
        ((), (1.0, 5.0)),
    ],
)
def test_an_unknown_scale_is_the_narrowest_common_one(
    values: tuple[float, ...], expected: Scale
) -> None:
    own = scaled(*values)
    assert (own.ends, own.is_guess, len(own.rows)) == (expected, True, len(values))


@pytest.mark.parametrize(
    ("to_scale", "expected"),
    [(HALVES, HALVES), ((1.0, 10.0), SITE), ((4.0, 5.0), SITE), ((0.0, 100.0), SITE)],
)
def test_a_scale_that_ends_as_that_of_the_data_set_is_that_one(
    to_scale: Scale, expected: Scale
) -> None:
    assert scaled(3, 5, to_scale=to_scale).ends == expected


def test_the_scale_of_the_site_holds_whatever_the_ratings() -> None:
    own = scaled(1, 2, site=(1.0, 10.0))
    assert (own.ends, own.is_guess) == ((1.0, 10.0), False)


@pytest.mark.parametrize(
    ("unit", "expected"), [((1.0, 10.0), (1.0, 10.0)), ((None, 10.0), (1.0, 10.0))]
)
def test_a_header_states_the_scale(unit: Unit, expected: Scale) -> None:
    own = scaled(3, 5, unit=unit)
    assert (own.ends, own.is_guess) == (expected, False)


def test_a_mark_for_not_rated_is_no_rating() -> None:
    own = scaled(0, 5, -1, site=SITE)
    assert [row.value for row in own.rows] == [None, 5, None]
    assert own.unrated == 2


def test_few_ratings_off_the_scale_of_a_site_are_left_out_with_their_places() -> None:
    own = scaled(*[4] * 18, 12, 11, site=SITE)
    assert len(own.rows) == 18
    assert own.off == (
        "r.csv, line 20: Emma (1996) is rated 12",
        "r.csv, line 21: Emma (1996) is rated 11",
    )


@pytest.mark.parametrize(
    ("site", "unit", "choice", "message"),
    [
        (SITE, None, None, r"r.csv, line 3: Emma \(1996\) is rated 7, outside 1 to 5 as 2 of 3"),
        (None, None, SITE, r"r.csv, line 3: Emma \(1996\) is rated 7, outside 1 to 5 as 2 of 3"),
        (None, SITE, None, r"r.csv, line 3: Emma \(1996\) is rated 7, outside 1 to 5 as 2 of 3"),
    ],
)
def test_another_scale_than_the_one_that_is_named_is_refused(
    site: Scale | None, unit: Unit | None, choice: Scale | None, message: str
) -> None:
    with pytest.raises(DataError, match=f"{message}.*; name their scale with --scale LOW HIGH"):
        scaled(3, 7, 8, site=site, unit=unit, choice=choice)
    assert scaled(3, 7, 8, site=site, unit=unit, choice=(1, 10)).ends == (1, 10)


def test_a_scale_from_high_to_low_is_refused() -> None:
    with pytest.raises(OptionError, match="from a lower to a higher rating"):
        scaled(3, choice=(5.0, 5.0))


def test_counts_of_plays_are_no_ratings() -> None:
    with pytest.raises(DataError, match=r"counts of plays, from 1 to 250; .* --scale LOW HIGH"):
        scaled(1, 2, 250)
    assert scaled(1, 2, 250, choice=(0, 500)).ends == (0, 500)
