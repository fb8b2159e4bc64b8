"""Plots without the titles of their films."""

from __future__ import annotations

from matinee.content.plots import plot_words
from matinee.data import Catalog, Film


def test_the_title_of_a_film_is_masked_where_it_is_no_part_of_a_word() -> None:
    films = Catalog.of(
        [
            Film("0", "Heat", overview="Heat is about Heathrow. In Heat, a thief."),
            Film("1", "The Thief", overview="The thief of heat."),
            Film("2", "Unknown"),
        ]
    )
    heat, thief, unknown = plot_words(films)
    assert heat == ["this", "film", "is", "about", "heathrow", "in", "this", "film", "thief"]
    assert thief == ["the", "thief", "of", "heat"]
    assert unknown == []


def test_words_of_many_plots_are_left_out() -> None:
    films = Catalog.of(
        Film(str(row), f"Title {row}", overview=f"american word{row % 60}") for row in range(240)
    )
    assert plot_words(films)[7] == ["word7"]
    few = Catalog.of(films.films()[:90])
    assert plot_words(few)[7] == ["american", "word7"]
