from __future__ import annotations

import pytest
from tests.web.contrast import colours, contrast

from matinee.web.assets import FOLDERS

BASE = (FOLDERS[0] / "base.css").read_text(encoding="utf-8")


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
    palette = colours(BASE, scheme)
    assert contrast(palette[drawn], palette[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("button", ["red", "red-strong"])
def test_buttons_have_enough_contrast(scheme: str, button: str) -> None:
    palette = colours(BASE, scheme)
    assert contrast(palette["on-red"], palette[button]) >= 4.5


def test_dark_scheme_differs_from_light_scheme() -> None:
    assert colours(BASE, "light")["ground"] != colours(BASE, "dark")["ground"]
