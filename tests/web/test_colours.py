from __future__ import annotations

import re

import pytest
from tests.web.contrast import contrast

from matinee.web.assets import FOLDER

BASE = (FOLDER / "base.css").read_text(encoding="utf-8")


def colours(scheme: str) -> dict[str, str]:
    """The custom properties that are colours, as they are by day or by night."""
    day, night = BASE.split("@media (prefers-color-scheme: dark)", 1)
    by_day, by_night = (dict(re.findall(r"--([\w-]+): (#\w{6});", each)) for each in (day, night))
    return by_day if scheme == "light" else by_day | by_night


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
@pytest.mark.parametrize(
    ("drawn", "least"),
    [("text", 4.5), ("soft", 4.5), ("red", 4.5), ("red-strong", 4.5), ("lit", 3), ("unlit", 3)],
)
def test_text_and_controls_have_enough_contrast(
    scheme: str, ground: str, drawn: str, least: float
) -> None:
    palette = colours(scheme)
    assert contrast(palette[drawn], palette[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("button", ["red", "red-strong"])
def test_buttons_have_enough_contrast(scheme: str, button: str) -> None:
    palette = colours(scheme)
    assert contrast(palette["on-red"], palette[button]) >= 4.5


def test_dark_scheme_differs_from_light_scheme() -> None:
    assert colours("light")["ground"] != colours("dark")["ground"]
