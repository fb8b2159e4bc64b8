"""Figures have colours instead of their names, and stand on a ground of their own."""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from typing import Any

import pytest
from tests.web.contrast import colours

from matinee.display.charts import Chart, bars, dots, figure, heat, line, series
from matinee.display.figure import figure as drawn
from matinee.errors import FailureError, InputError

LIGHT = colours((files("matinee.display") / "colours.css").read_text(encoding="utf-8"), "light")


def chart(name: str, *, wide: bool = False) -> Chart:
    trace = bars({"x": ["a", "b"], "y": [1, 2]}, "%{x}: %{y}")
    body = figure([trace], {"title": name, "type": "category"}, {"title": "films"})
    return Chart(name, f"The {name}", "Long words. " * 20, body, wide=wide)


def texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [each for value in part.values() for each in texts(value)]
    if isinstance(part, list | tuple):
        return [each for value in part for each in texts(value)]
    return [part] if isinstance(part, str) else []


def test_one_chart_has_its_caption_and_the_colours_of_the_light_scheme() -> None:
    plot = drawn([chart("ratings")]).to_dict()
    assert plot["layout"]["title"]["text"] == "The ratings"
    assert plot["layout"]["title"]["subtitle"]["text"].startswith("Long words.")
    assert max(map(len, plot["layout"]["title"]["subtitle"]["text"].split("<br>"))) <= 110
    assert plot["layout"]["paper_bgcolor"] == LIGHT["surface"]
    assert plot["data"][0]["marker"]["color"] == LIGHT["red"]
    assert not [each for each in texts(plot) if "var(" in each]


def test_a_mouse_may_zoom_where_a_thumb_may_not() -> None:
    assert chart("ratings").figure["layout"]["xaxis"]["fixedrange"] is True
    assert "fixedrange" not in drawn([chart("ratings")]).to_dict()["layout"]["xaxis"]


def test_several_charts_are_a_grid_in_which_a_wide_one_has_a_row() -> None:
    plot = drawn([chart("one"), chart("two"), chart("three", wide=True), chart("four")], "All")
    plot = plot.to_dict()
    assert [each["text"] for each in plot["layout"]["annotations"]] == [
        "The one",
        "The two",
        "The three",
        "The four",
    ]
    axes = [plot["layout"][f"xaxis{number}"]["domain"] for number in ("", 2, 3, 4)]
    widths = [end - start for start, end in axes]
    assert widths == pytest.approx([0.45, 0.45, 1, 0.45])
    assert plot["layout"]["xaxis3"]["title"]["text"] == "three"
    assert plot["layout"]["title"]["text"] == "All"


def test_a_legend_names_the_lines() -> None:
    looks = series(["svd", "ease"])
    lines = [line(look, [1, 2], [3, 4], "%{y}", dots=True) for look in looks]
    plot = drawn([Chart("c", "Curve", "", figure(lines, {}, {}), legend=looks)]).to_dict()
    assert plot["layout"]["showlegend"] is True
    assert [each["name"] for each in plot["data"]] == ["svd", "ease"]
    assert dots(looks[0], [1], [1], "")["name"] == "svd"


def test_a_heat_map_has_two_names_for_each_cell() -> None:
    body = heat(["A", "B"], [[1, 0.2], [0.2, 1]])
    (trace,) = drawn([Chart("h", "Heat", "", body)]).to_dict()["data"]
    assert trace["customdata"][0][1] == "A<br>B"
    assert (trace["zmin"], trace["zmax"]) == (0, 0.2)
    assert heat(["A", "B"], [[1, -0.2], [-0.2, 1]])["data"][0]["zmin"] == -0.2


def test_nothing_to_draw_is_an_error_of_one_line() -> None:
    with pytest.raises(InputError, match="there is nothing to draw for an empty data set"):
        drawn([], "an empty data set")


def test_without_plotly_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)  # as if it were not installed
    with pytest.raises(FailureError, match=re.escape("pip install 'matinee[report]'")):
        drawn([chart("ratings")])
