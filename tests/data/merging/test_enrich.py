"""Unknown facts filled from another catalogue."""

from __future__ import annotations

from dataclasses import replace

from matinee.data import Catalog, Film
from matinee.data.merging.enrich import enrich


def fact(title: str, year: int, imdb_id: str = "tt1") -> Film:
    return Film(
        id=imdb_id,
        title=title,
        year=year,
        runtime=90,
        genres=("Thriller",),
        certificate="PG",
        languages=("French",),
        countries=("France",),
        directors=("Ada Birch",),
        cast=("Cleo Moss",),
        imdb_id=imdb_id,
    )


def test_matches_are_counted_by_how_they_were_found() -> None:
    titles = [("Rage", 1995), ("Emma", 1996), ("Calm", 1990), ("Twice", 1999), ("Nowhere", 1999)]
    films = [Film(id=title, title=title, year=year) for title, year in titles]
    facts = [fact("Rage", 1995), fact("Emma: A Story", 1996), fact("Calm", 1991)]
    catalog, report = enrich(Catalog.of(films), [*facts, *[fact("Twice", 1999)] * 2])
    assert list(catalog.imdb_ids) == ["tt1", "tt1", "tt1", "", ""]
    assert report == (
        "3 of 5 films matched to the film table by title and year (60.0 %: 1 exactly, 1 by a part "
        "of the title, 1 one year off; 1 ambiguous and left alone)"
    )


def test_a_film_listed_twice_is_filled_twice() -> None:
    films = [Film(id=str(row), title="Rage", year=1995) for row in range(2)]
    catalog, _ = enrich(Catalog.of(films), [fact("Rage", 1995)])
    assert list(catalog.imdb_ids) == ["tt1", "tt1"]


def test_only_unknown_fields_are_filled_and_genres_never() -> None:
    known = Film(id="7", title="Rage", year=1995, runtime=88, directors=("Noor Vale",))
    catalog, _ = enrich(Catalog.of([known]), [fact("Rage", 1995)])
    assert catalog.film(0) == replace(
        known,
        certificate="PG",
        languages=("French",),
        countries=("France",),
        cast=("Cleo Moss",),
        imdb_id="tt1",
    )


def test_an_empty_catalogue_is_no_error() -> None:
    catalog, report = enrich(Catalog.of([]), [])
    assert len(catalog) == 0
    assert "0 of 0 films" in report
