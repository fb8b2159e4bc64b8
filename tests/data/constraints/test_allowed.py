"""What is let through: masks against a plain look at every film, and what is said of the rest."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Constraints, Film, Lacking
from matinee.data.certificates import AGES
from matinee.data.constraints.conditions import (
    CHILDRENS_GENRES,
    GROWN_UP_GENRES,
    conditions,
    lacking,
)
from matinee.data.spelling import normalise
from matinee.errors import InputError, OptionError, UnknownNameError

GENRES = ("Comedy", "Horror", "Drama", "Children's")
PEOPLE = ("Tom Hanks", "José Ferrer", "Ann O'Dea", "Kim")
LANGUAGES = ("French", "Italian")
COUNTRIES = ("Italy", "Japan")
CERTIFICATES = ("", "G", "PG", "PG-13", "R", "Approved", "FSK 12")


def offered(*certificates: str) -> list[bool]:
    films = [Film(str(at), "Rage", certificate=each) for at, each in enumerate(certificates)]
    return Constraints(kids=True).allowed(Catalog.of(films)).tolist()  # type: ignore[no-any-return]


def test_children_are_offered_what_asks_for_less_than_twelve_years() -> None:
    assert offered("G", "PG", "TV-Y7", "U", "FSK 6", "GP") == [True] * 6
    assert offered("PG-13", "R", "12A", "TV-14", "FSK 12", "G") == [False] * 5 + [True]


def test_what_frightens_is_not_for_children_whatever_its_certificate_says() -> None:
    genres = [("Horror",), ("Comedy", "Crime"), ("Children", "Crime"), ("family", "WAR"), ()]
    films = [Film(str(at), "Rage", genres=each, certificate="PG") for at, each in enumerate(genres)]
    allowed = Constraints(kids=True).allowed(Catalog.of(films))
    assert allowed.tolist() == [False, False, True, True, True]


def test_a_film_ruled_out_by_its_genres_is_not_said_to_lack_a_certificate() -> None:
    films = [
        Film("1", "Rage", genres=("Comedy",), certificate="G"),
        Film("2", "Fear", genres=("Horror",)),
        Film("3", "Joy", genres=("Comedy",)),
    ]
    held = conditions(Constraints(kids=True).terms, Catalog.of(films))
    (found,) = lacking(held, np.ones(3, dtype=np.bool_))
    assert found == Lacking("certificate that tells an age", 1)


def test_grown_up_genres_alone_do_not_make_ages_known() -> None:
    with pytest.raises(InputError, match="certificate that tells an age"):
        Constraints(kids=True).allowed(Catalog.of([Film("1", "Fear", genres=("Horror",))]))


def test_what_tells_no_age_is_not_for_children() -> None:
    assert offered("Approved", "Passed", "Not Rated", "", "G") == [False] * 4 + [True]


def test_without_an_age_there_is_nothing_to_decide_by() -> None:
    with pytest.raises(InputError, match="certificate that tells an age"):
        offered("Approved", "")


def meets(film: Film, asked: Constraints) -> bool:
    """The same question to one film, with nothing but comparisons."""
    age = AGES.get(film.certificate, -1)
    people = (*film.directors, *film.cast)
    checks = [
        not asked.kids or 0 <= age < 12,
        not asked.kids
        or not any(has(film.genres, each) for each in GROWN_UP_GENRES)
        or any(has(film.genres, each) for each in CHILDRENS_GENRES),
        asked.max_age is None or 0 <= age <= asked.max_age,
        asked.max_runtime is None or 0 < (film.runtime or 0) < asked.max_runtime,
        asked.min_runtime is None or (film.runtime or 0) > asked.min_runtime >= 0,
        asked.since is None or (film.year or 0) >= asked.since,
        asked.until is None or 0 < (film.year or 0) <= asked.until,
        all(has(film.genres, each) for each in asked.genres),
        not asked.any_genres or any(has(film.genres, each) for each in asked.any_genres),
        not asked.not_genres or bool(film.genres),
        not any(has(film.genres, each) for each in asked.not_genres),
        not asked.languages or any(has(film.languages, each) for each in asked.languages),
        not asked.countries or any(has(film.countries, each) for each in asked.countries),
        all(has(people, each) for each in asked.people),
        not asked.not_people or bool(people),
        not any(has(people, each) for each in asked.not_people),
    ]
    return all(checks)


def has(names: tuple[str, ...], wanted: str) -> bool:
    return normalise(wanted) in map(normalise, names)


def some(rng: np.random.Generator, names: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(rng.permutation(names)[: rng.integers(0, most + 1)].tolist())


def random_catalog(rng: np.random.Generator, n: int) -> Catalog:
    """Films that lack any of their facts now and then; the first has every name there is."""
    films = [
        Film(
            str(row),
            f"Film {row}",
            year=int(rng.integers(1950, 1956)) if rng.random() < 0.9 else None,
            runtime=int(rng.integers(80, 100)) if rng.random() < 0.8 else None,
            genres=some(rng, GENRES, 3),
            certificate=str(rng.choice(CERTIFICATES)),
            languages=some(rng, LANGUAGES, 2),
            countries=some(rng, COUNTRIES, 2),
            directors=some(rng, PEOPLE, 1),
            cast=some(rng, PEOPLE, 2),
        )
        for row in range(1, n)
    ]
    first = Film("0", "All", 1950, 80, GENRES, "G", LANGUAGES, COUNTRIES, PEOPLE)
    return Catalog.of([first, *films])


def random_constraints(rng: np.random.Generator) -> Constraints:
    def maybe(low: int, high: int) -> int | None:
        return int(rng.integers(low, high)) if rng.random() < 0.3 else None

    def names(known: tuple[str, ...]) -> tuple[str, ...]:
        spelt = [each.upper().replace("É", "e") for each in known]
        return some(rng, tuple(spelt), 2) if rng.random() < 0.3 else ()

    return Constraints(
        kids=bool(rng.random() < 0.2),
        max_age=maybe(0, 19),
        max_runtime=maybe(78, 102),
        min_runtime=maybe(78, 102),
        since=maybe(1948, 1958),
        until=maybe(1948, 1958),
        genres=names(GENRES),
        any_genres=names(GENRES),
        not_genres=names(GENRES),
        languages=names(LANGUAGES),
        countries=names(COUNTRIES),
        people=names(PEOPLE),
        not_people=names(PEOPLE),
    )


def test_of_ten_thousand_random_questions_none_lets_a_forbidden_film_through() -> None:
    rng = np.random.default_rng(5)
    violations = kept = 0
    for _ in range(1000):
        catalog = random_catalog(rng, int(rng.integers(1, 14)))
        films = catalog.films()
        for _ in range(10):
            asked = random_constraints(rng)
            allowed = asked.allowed(catalog)
            expected = [meets(film, asked) for film in films]
            violations += int((allowed != expected).sum())
            kept += int(allowed.sum())
    assert violations == 0
    assert kept > 5000  # so that not everything was refused


def test_names_are_found_whatever_their_case_accents_and_signs() -> None:
    catalog = Catalog.of([Film("1", "Cyrano", directors=("José Ferrer",), genres=("Children's",))])
    asked = Constraints(people=("jose FERRER",), genres=("childrens",))
    assert asked.allowed(catalog).tolist() == [True]


@pytest.mark.parametrize(
    ("asked", "kind", "near"),
    [
        (Constraints(people=("Hanks",)), "person", "Tom Hanks"),
        (Constraints(not_people=("Tom Hank",)), "person", "Tom Hanks"),
        (Constraints(genres=("Comdy",)), "genre", "Comedy"),
        (Constraints(not_genres=("Horor",)), "genre", "Horror"),
        (Constraints(languages=("Frensh",)), "language", "French"),
        (Constraints(countries=("Itly",)), "country", "Italy"),
    ],
)
def test_an_unknown_name_is_an_error_with_the_nearest(
    asked: Constraints, kind: str, near: str
) -> None:
    catalog = random_catalog(np.random.default_rng(0), 3)
    with pytest.raises(UnknownNameError) as caught:
        asked.allowed(catalog)
    assert caught.value.kind == kind
    assert near in caught.value.suggestions
    assert f"did you mean '{near}'" in str(caught.value)


def test_films_lacking_a_fact_are_counted_where_nothing_else_speaks_against_them() -> None:
    catalog = Catalog.of(
        [
            Film("1", "Short", runtime=80, year=1990),
            Film("2", "No runtime", year=1990),
            Film("3", "No runtime, too old", year=1940),
            Film("4", "Nothing known"),
            Film("5", "Seen", year=1990),
        ]
    )
    held = conditions(Constraints(max_runtime=90, since=1980).terms, catalog)
    before = np.array([True, True, True, True, False])
    assert set(lacking(held, before)) == {Lacking("runtime", 2), Lacking("year", 1)}


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"max_runtime": 0}, "between 1 and"),
        ({"max_age": -1}, "between 0 and"),
        ({"genres": ("",)}, "genre needs a name"),
        ({"people": "Tom Hanks"}, "tuple of names"),
        ({"genres": tuple(map(str, range(33)))}, "at most 32"),
    ],
)
def test_what_cannot_be_asked_is_refused(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        Constraints(**fields)  # type: ignore[arg-type]


def test_an_empty_question_allows_everything_and_says_so() -> None:
    catalog = random_catalog(np.random.default_rng(1), 5)
    assert not Constraints()
    assert Constraints().allowed(catalog).all()


def test_two_questions_are_one_and_the_second_has_the_last_word_on_numbers() -> None:
    one = Constraints(max_runtime=90, genres=("Comedy",), kids=True)
    two = Constraints(max_runtime=100, genres=("Drama", "Comedy"), since=1990)
    both = Constraints(max_runtime=100, genres=("Comedy", "Drama"), kids=True, since=1990)
    assert one.merged(two) == both
