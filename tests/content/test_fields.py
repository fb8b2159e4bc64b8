"""Words of films by field."""

from __future__ import annotations

from matinee.content.fields import words_by_field
from matinee.data import Catalog, Film


def test_names_are_single_words_and_sentences_are_split() -> None:
    catalog = Catalog.of(
        [
            Film(
                "1",
                "Schindler\u2019s List",
                1993,
                genres=("Drama", "War"),
                languages=("English",),
                countries=("United States",),
                directors=("Steven Spielberg",),
                cast=("Liam Neeson", "Steven Spielberg"),
                keywords=("World War II",),
                overview="A businessman saves 1,100 lives.",
            ),
            Film("2", "X"),
        ]
    )
    fields = words_by_field(catalog)
    assert {field: words[0] for field, words in fields.items()} == {
        "title": ["schindler's", "list"],
        "overview": ["businessman", "saves", "100", "lives"],
        "genres": ["drama", "war"],
        "keywords": ["world war ii"],
        "people": ["steven spielberg", "liam neeson"],
        "decade": ["1980s", "1990s"],
        "origin": ["english", "united states"],
    }
    assert all(words[1] == [] for words in fields.values())


def test_neighbouring_years_share_a_decade() -> None:
    films = Catalog.of(Film(str(year), "", year) for year in (1979, 1980, 1995))
    near, next_to, far = map(set, words_by_field(films)["decade"])
    assert near & next_to
    assert not near & far
