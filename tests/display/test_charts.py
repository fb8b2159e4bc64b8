"""Charts are visible on both grounds, differ from each other, and contain no markup of the data."""

from __future__ import annotations

from importlib.resources import files

import pytest
from tests.web.contrast import colours, contrast

from matinee.display.charts import figure, label, series

STYLE = (files("matinee.display") / "colours.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("drawn", [f"series-{place}" for place in range(1, 9)] + ["soft", "red"])
def test_lines_and_marks_stand_out_from_their_card(scheme: str, drawn: str) -> None:
    palette = colours(STYLE, scheme)
    assert contrast(palette[drawn], palette["surface"]) >= 4.5


def test_night_has_colours_of_its_own() -> None:
    light, dark = colours(STYLE, "light"), colours(STYLE, "dark")
    assert light.keys() == dark.keys()
    assert [name for name in light if light[name] == dark[name]] == []


def test_no_two_of_24_look_the_same_and_none_is_told_by_colour_alone() -> None:
    looks = series([f"model {n}" for n in range(24)])
    assert len({(each.colour, each.shape) for each in looks}) == 24
    assert len({(each.colour, each.dash) for each in looks}) == 24


def test_a_label_is_no_markup_and_is_broken_where_it_is_long() -> None:
    assert label("<b>bold</b>") == "&lt;b&gt;bold&lt;/b&gt;"
    assert label("ials (factors=32, iterations=5)") == "ials (factors=32,<br>iterations=5)"
    assert label("") == "-"


def test_a_figure_cannot_be_zoomed_by_a_thumb() -> None:
    layout = figure([], x={"title": "k"}, y={"range": [0, 1]})["layout"]
    assert layout["xaxis"]["fixedrange"] is layout["yaxis"]["fixedrange"] is True
    assert layout["xaxis"]["title"]["text"] == "k"
    assert layout["yaxis"]["range"] == [0, 1]
