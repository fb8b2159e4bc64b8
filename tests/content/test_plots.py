"""Plots without the titles of their films, and the genres they name."""

from __future__ import annotations

import pytest

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


def test_genre_words_are_those_before_film_or_movie() -> None:
    plots = {
        "Fargo": "Fargo is a 1996 black comedy crime film written by two brothers.",
        "Rock": "Rock is an American direct-to-video action movie, directed by nobody.",
        "Later": "A thief plans a robbery, and his wife is a cop. Later is a heist film.",
        "Stars": "Stars is a film about a movie star.",
        "None": "",
    }
    films = Catalog.of(Film(title, title, overview=text) for title, text in plots.items())
    direct = ["american", "direct", "to", "video", "action"]
    assert genre_words(films) == [["black", "comedy", "crime"], direct, ["heist"], [], []]


@pytest.mark.parametrize(
    "plot",
    [
        "Kim is a struggling filmmaker.",
        "Kim is a struggling moviegoer in Rome.",
        "Kim is a cop, and his wife hates horror films.",
        "Kim is a cop, and his wife is afraid of every horror film.",
        "Kim is a critic who hates every horror film.",
        "Kim is an aging movie star.",
        "Kim is a lonely film-maker.",
        "Kim is a young filmmaker at work on a horror film.",
        "Kim is a movie star in love with a horror film.",
        "Kim is a robot named Heat movie fans love.",
        "Heat is an epic, directed by nobody. It is a film.",
        "A thief plans a robbery.",
    ],
)
def test_other_sentences_name_no_genre(plot: str) -> None:
    assert genre_words(Catalog.of([Film("0", "Heat", overview=plot)])) == [[]]


def test_words_of_many_plots_are_left_out() -> None:
    films = Catalog.of(
        Film(str(row), f"Title {row}", overview=f"american word{row % 60}") for row in range(240)
    )
    assert plot_words(films)[7] == ["word7"]
    few = Catalog.of(films.films()[:90])
    assert plot_words(few)[7] == ["american", "word7"]
