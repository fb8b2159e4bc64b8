"""Plots without the titles of their films, and the kinds they name."""

from __future__ import annotations

from matinee.content.plots import genre_words, plot_words
from matinee.data import Catalog, Film


def test_the_first_mention_of_the_title_is_masked_where_it_is_no_part_of_a_word() -> None:
    films = Catalog.of(
        [
            Film("0", "Heat", overview="Heathrow: Heat is about a thief. In Heat, it rains."),
            Film("1", "The Thief", overview="The thief of heat."),
            Film("2", "Unknown"),
        ]
    )
    heat, thief, unknown = plot_words(films)
    about = ["heathrow", "this", "film", "is", "about", "thief"]
    assert heat == [*about, "in", "heat", "it", "rains"]
    assert thief == ["the", "thief", "of", "heat"]
    assert unknown == []


def test_years_are_left_out_and_other_numbers_are_not() -> None:
    films = Catalog.of([Film("0", "Ship", overview="In 1912, after 1850s of 12 angry 20000 men")])
    assert plot_words(films) == [["in", "after", "1850s", "of", "12", "angry", "20000", "men"]]


def test_the_kind_of_a_film_is_what_its_plot_says_it_is() -> None:
    plots = {
        "Fargo": "Fargo is a 1996 black comedy crime film written by two brothers.",
        "Epic": "Epic is an epic, directed by nobody. It is a film.",
        "Film": "Film is a movie.",
        "Heat": "A thief plans a robbery.",
        "None": "",
    }
    films = Catalog.of(Film(title, title, overview=text) for title, text in plots.items())
    assert genre_words(films) == [["black", "comedy", "crime"], [], [], [], []]


def test_words_of_many_plots_are_left_out() -> None:
    films = Catalog.of(
        Film(str(row), f"Title {row}", overview=f"american word{row % 60}") for row in range(240)
    )
    assert plot_words(films)[7] == ["word7"]
    few = Catalog.of(films.films()[:90])
    assert plot_words(few)[7] == ["american", "word7"]
