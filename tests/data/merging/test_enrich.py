"""Unknown facts filled from another catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matinee.data import Catalog, Film
from matinee.data.merging.enrich import EnrichReport, enrich


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


def matched(title: str, year: int | None, *facts: Film) -> tuple[str, EnrichReport]:
    """The imdb id that one film gets, and the report."""
    catalog, report = enrich(Catalog.of([Film(id="1", title=title, year=year)]), facts)
    return catalog.imdb_ids[0], report


@pytest.mark.parametrize(
    ("title", "of_the_fact"),
    [
        ("The Postman", "Postman, The"),
        ("Seven (Se7en)", "Se7en"),
        ("The City of Lost Children (La Cité des enfants perdus)", "LA CITE DES ENFANTS PERDUS!"),
        ("Three Colors: Blue", "Three Colours: Blue"),
        ("Night Flier", "The Night Flier"),
    ],
)
def test_spellings_of_one_title_match_in_the_same_year(title: str, of_the_fact: str) -> None:
    found, report = matched(title, 1995, fact(of_the_fact, 1995))
    assert found == "tt1"
    assert report == EnrichReport(films=1, exact=1, by_part=0, one_year_off=0, ambiguous=0)


@pytest.mark.parametrize(
    ("title", "of_the_fact"),
    [
        ("Star Wars", "Star Wars: Episode IV \u2013 A New Hope"),
        ("The Empire Strikes Back", "Star Wars: Episode V \u2013 The Empire Strikes Back"),
        ("Kids in the Hall: Brain Candy", "Brain Candy"),
    ],
)
def test_a_part_of_the_title_matches_in_the_same_year_only(title: str, of_the_fact: str) -> None:
    assert matched(title, 1977, fact(of_the_fact, 1977)) == (
        "tt1",
        EnrichReport(films=1, exact=0, by_part=1, one_year_off=0, ambiguous=0),
    )
    assert matched(title, 1977, fact(of_the_fact, 1978))[0] == ""


@pytest.mark.parametrize("year", [1994, 1996])
def test_a_title_one_year_off_matches_if_it_is_the_only_one(year: int) -> None:
    assert matched("Army of Darkness", 1995, fact("Army of Darkness", year)) == (
        "tt1",
        EnrichReport(films=1, exact=0, by_part=0, one_year_off=1, ambiguous=0),
    )


def test_a_title_two_years_off_or_without_a_year_does_not_match() -> None:
    assert matched("Army of Darkness", 1995, fact("Army of Darkness", 1993))[0] == ""
    assert matched("Army of Darkness", None, fact("Army of Darkness", 1993))[0] == ""


def test_a_loosely_equal_title_one_year_off_does_not_match() -> None:
    assert matched("The Fear", 1995, fact("Fear", 1996))[0] == ""


def test_the_same_year_is_preferred_to_the_next() -> None:
    emma = fact("Emma", 1996, "tt1"), fact("Emma", 1997, "tt2")
    assert matched("Emma", 1997, *emma)[0] == "tt2"


@pytest.mark.parametrize("years", [(1995, 1995), (1994, 1996)])
def test_two_candidates_are_ambiguous(years: tuple[int, int]) -> None:
    candidates = [fact("Rage", year, f"tt{row}") for row, year in enumerate(years)]
    assert matched("Rage", 1995, *candidates) == (
        "",
        EnrichReport(films=1, exact=0, by_part=0, one_year_off=0, ambiguous=1),
    )


def test_a_fact_matched_in_its_year_is_no_match_for_the_next_year() -> None:
    films = [Film(id="1", title="Rage", year=1995), Film(id="2", title="Rage", year=1996)]
    catalog, report = enrich(Catalog.of(films), [fact("Rage", 1996)])
    assert list(catalog.imdb_ids) == ["", "tt1"]
    assert (report.exact, report.one_year_off, report.ambiguous) == (1, 0, 0)


def test_a_fact_between_two_films_is_ambiguous() -> None:
    films = [Film(id="1", title="Rage", year=1994), Film(id="2", title="Rage", year=1996)]
    catalog, report = enrich(Catalog.of(films), [fact("Rage", 1995)])
    assert list(catalog.imdb_ids) == ["", ""]
    assert report.ambiguous == 2


def test_a_film_listed_twice_is_filled_twice() -> None:
    films = [Film(id=str(row), title="Rage", year=1995) for row in range(2)]
    catalog, report = enrich(Catalog.of(films), [fact("Rage", 1995)])
    assert list(catalog.imdb_ids) == ["tt1", "tt1"]
    assert report.matched == 2


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


def test_the_report_reads_as_a_sentence() -> None:
    report = EnrichReport(films=1682, exact=1300, by_part=9, one_year_off=70, ambiguous=3)
    assert str(report) == (
        "1,379 of 1,682 films matched to the film table by title and year (82.0 %: 1,300 exactly, "
        "9 by a part of the title, 70 one year off; 3 ambiguous and left alone)"
    )


def test_an_empty_catalogue_is_no_error() -> None:
    catalog, report = enrich(Catalog.of([]), [])
    assert len(catalog) == 0
    assert "0 of 0 films" in str(report)
