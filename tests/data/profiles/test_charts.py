from __future__ import annotations

import pytest

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.profiles.profile import profile
from matinee.errors import InputError


def test_a_plot_has_a_chart_of_every_part_that_can_be_drawn(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    measured = profile(Dataset("planted", planted, planted_catalog, "ours"))
    plot = measured.plot()
    assert [each.text for each in plot.layout.annotations] == [
        "Ratings",
        "The long tail",
        "Ratings over time",
        "Ratings per viewer",
        "Unknown facts about films",
    ]
    assert list(plot.data[0].y) == [count for _, count in measured.values]


def test_films_alone_have_one_chart_and_no_films_have_none(planted_catalog: Catalog) -> None:
    def films(catalog: Catalog) -> Dataset:
        return Dataset("films", Interactions.empty(catalog.item_ids), catalog, "ours")

    plot = profile(films(planted_catalog)).plot()
    assert plot.layout.title.text == "Unknown facts about films"
    with pytest.raises(InputError, match="there is nothing to draw for films"):
        profile(films(Catalog.of([]))).plot()
