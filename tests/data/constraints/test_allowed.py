"""Films that meet the constraints, compared with a plain check of every film."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Constraints, Film, Lacking
from matinee.data.certificates import AGES
from matinee.data.constraints.conditions import (
    ADULT_GENRES,
    CHILDRENS_GENRES,
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


def for_kids(*certificates: str) -> list[bool]:
    films = [Film(str(at), "Rage", certificate=each) for at, each in enumerate(certificates)]
    return Constraints(kids=True).allowed(Catalog.of(films)).tolist()


def test_films_for_kids_have_a_certificate_below_twelve_years() -> None:
    assert for_kids("G", "PG", "TV-Y7", "U", "FSK 6", "GP") == [True] * 6
    assert for_kids("PG-13", "R", "12A", "TV-14", "FSK 12", "G") == [False] * 5 + [True]
    assert for_kids("Approved", "Passed", "Not Rated", "", "G") == [False] * 4 + [True]
    with pytest.raises(InputError, match="known age rating"):
        for_kids("Approved", "")


def test_adult_genres_are_not_for_kids_with_any_certificate() -> None:
    genres = [("Horror",), ("Comedy", "Crime"), ("Children", "Crime"), ("family", "WAR"), ()]
    films = [Film(str(at), "Rage", genres=each, certificate="PG") for at, each in enumerate(genres)]
    allowed = Constraints(kids=True).allowed(Catalog.of(films))
    assert allowed.tolist() == [False, False, True, True, True]


def test_a_film_of_an_adult_genre_is_decided_without_a_certificate() -> None:
    films = [
        Film("1", "Rage", genres=("Comedy",), certificate="G"),
        Film("2", "Fear", genres=("Horror",)),
        Film("3", "Joy", genres=("Comedy",)),
    ]
    kids = conditions(Constraints(kids=True).terms, Catalog.of(films))
    assert lacking(kids, np.ones(3, dtype=np.bool_)) == (Lacking("age rating", 1, 1, 3),)
    with pytest.raises(InputError, match="known age rating"):
        Constraints(kids=True).allowed(Catalog.of(films[1:2]))


def test_films_made_for_children_are_preferred_for_kids() -> None:
    films = [
        Film("1", "Drama", genres=("Drama",), certificate="PG"),
        Film("2", "Family", genres=("Comedy", "Family"), certificate="PG"),
        Film("3", "Cartoon", genres=("Animation",), certificate="G"),
        Film("4", "Cartoon for older ones", genres=("Animation",), certificate="PG"),
        Film("5", "Unknown cartoon", genres=("Animation",)),
        Film("6", "Children's", genres=("children's",), certificate="U"),
        Film("7", "Nothing known", certificate="G"),
    ]
    catalog = Catalog.of(films)
    preferred = Constraints(kids=True).preferred(catalog)
    assert preferred is not None
    assert np.flatnonzero(preferred).tolist() == [1, 2, 5]
    assert Constraints(max_age=6).preferred(catalog) is None


def meets(film: Film, limits: Constraints) -> bool:
    """Whether one film meets the constraints, by comparisons alone."""
    age = AGES.get(film.certificate, -1)
    people = (*film.directors, *film.cast)
    checks = [
        not limits.kids or 0 <= age < 12,
        not limits.kids
        or not any(has(film.genres, each) for each in ADULT_GENRES)
        or any(has(film.genres, each) for each in CHILDRENS_GENRES),
        limits.max_age is None or 0 <= age <= limits.max_age,
        limits.max_runtime is None or 0 < (film.runtime or 0) < limits.max_runtime,
        limits.min_runtime is None or (film.runtime or 0) > limits.min_runtime >= 0,
        limits.since is None or (film.year or 0) >= limits.since,
        limits.until is None or 0 < (film.year or 0) <= limits.until,
        all(has(film.genres, each) for each in limits.genres),
        not limits.any_genres or any(has(film.genres, each) for each in limits.any_genres),
        not limits.not_genres or bool(film.genres),
        not any(has(film.genres, each) for each in limits.not_genres),
        not limits.languages or any(has(film.languages, each) for each in limits.languages),
        not limits.countries or any(has(film.countries, each) for each in limits.countries),
        all(has(people, each) for each in limits.people),
        not limits.not_people or bool(people),
        not any(has(people, each) for each in limits.not_people),
    ]
    return all(checks)


def has(names: tuple[str, ...], name: str) -> bool:
    return normalise(name) in map(normalise, names)


def some(rng: np.random.Generator, names: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(rng.permutation(names)[: rng.integers(0, most + 1)].tolist())


def random_catalog(rng: np.random.Generator, n: int) -> Catalog:
    """Films that sometimes lack facts; the first has every name."""
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


def test_ten_thousand_random_constraints_allow_the_films_that_meet_them() -> None:
    rng = np.random.default_rng(5)
    violations = met = 0
    for _ in range(1000):
        catalog = random_catalog(rng, int(rng.integers(1, 14)))
        films = catalog.films()
        for _ in range(10):
            limits = random_constraints(rng)
            allowed = limits.allowed(catalog)
            expected = [meets(film, limits) for film in films]
            violations += int((allowed != expected).sum())
            met += int(allowed.sum())
    assert violations == 0
    assert met > 5000  # an empty mask would be no test


def test_case_accents_and_punctuation_of_names_do_not_matter() -> None:
    catalog = Catalog.of([Film("1", "Cyrano", directors=("José Ferrer",), genres=("Children's",))])
    limits = Constraints(people=("jose FERRER",), genres=("childrens",))
    assert limits.allowed(catalog).tolist() == [True]


@pytest.mark.parametrize(
    ("limits", "kind", "near"),
    [
        (Constraints(people=("Hanks",)), "person", "Tom Hanks"),
        (Constraints(not_people=("Tom Hank",)), "person", "Tom Hanks"),
        (Constraints(genres=("Comdy",)), "genre", "Comedy"),
        (Constraints(not_genres=("Horor",)), "genre", "Horror"),
        (Constraints(languages=("Frensh",)), "language", "French"),
        (Constraints(countries=("Itly",)), "country", "Italy"),
    ],
)
def test_an_unknown_name_is_an_error_that_suggests_a_similar_one(
    limits: Constraints, kind: str, near: str
) -> None:
    catalog = random_catalog(np.random.default_rng(0), 3)
    with pytest.raises(UnknownNameError) as caught:
        limits.allowed(catalog)
    assert caught.value.kind == kind
    assert near in caught.value.suggestions
    assert f"did you mean '{near}'" in str(caught.value)


def test_films_are_lacking_a_fact_unless_they_miss_another_condition() -> None:
    catalog = Catalog.of(
        [
            Film("1", "Short", runtime=80, year=1990),
            Film("2", "No runtime", year=1990),
            Film("3", "No runtime, too old", year=1940),
            Film("4", "Nothing known"),
            Film("5", "Seen", year=1990),
        ]
    )
    both = conditions(Constraints(max_runtime=90, since=1980).terms, catalog)
    unseen = np.array([True, True, True, True, False])
    assert set(lacking(both, unseen)) == {Lacking("runtime", 2, 1, 5), Lacking("year", 1, 4, 5)}


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"max_runtime": 0}, "between 1 and"),
        ({"max_age": -1}, "between 0 and"),
        ({"genres": ("",)}, "genre needs a name"),
        ({"people": "Tom Hanks"}, r'people must be a list of names, as \["Comedy"\]'),
        ({"genres": None}, "genres must be a list of names"),
        ({"genres": [5]}, "genres must be a list of names"),
        ({"max_runtime": "90"}, "max_runtime must be a whole number, not '90'"),
        ({"since": True}, "since must be a whole number, not True"),
        ({"genres": tuple(map(str, range(33)))}, "at most 32"),
    ],
)
def test_invalid_constraints_are_refused(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        Constraints(**fields)  # type: ignore[arg-type]


def test_lists_of_names_are_taken_as_tuples() -> None:
    fields: dict[str, object] = {"any_genres": ["Comedy", "War"], "max_runtime": np.int32(90)}
    asked = Constraints(**fields)  # type: ignore[arg-type]
    assert asked == Constraints(any_genres=("Comedy", "War"), max_runtime=90)
    assert hash(asked)
    assert Constraints.parse(str(asked)) == asked


def test_no_constraints_allow_every_film() -> None:
    catalog = random_catalog(np.random.default_rng(1), 5)
    assert not Constraints()
    assert Constraints().allowed(catalog).all()


def test_merged_constraints_have_both_conditions_and_the_second_numbers() -> None:
    one = Constraints(max_runtime=90, genres=("Comedy",), kids=True)
    two = Constraints(max_runtime=100, genres=("Drama", "Comedy"), since=1990)
    both = Constraints(max_runtime=100, genres=("Comedy", "Drama"), kids=True, since=1990)
    assert one.merged(two) == both
