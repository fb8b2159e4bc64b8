from __future__ import annotations

from matinee.content.billing import billed
from matinee.data import Catalog, Film


def casts(*lists: tuple[str, ...]) -> list[tuple[str, ...]]:
    catalog = Catalog.of(Film(str(n), "A film", cast=cast) for n, cast in enumerate(lists))
    return list(billed(catalog).cast)


def test_an_alphabetical_cast_starts_with_the_actors_of_most_films() -> None:
    alphabetical = ("Ann", "Bob", "Humphrey", "Ingrid", "Zoe")
    ordered, *_ = casts(alphabetical, ("Ingrid", "Humphrey"), ("Ingrid",))
    assert ordered == ("Ingrid", "Humphrey", "Ann", "Bob", "Zoe")


def test_an_order_of_billing_is_kept() -> None:
    by_billing = ("Zoe", "Ann", "Bob", "Cher")
    assert casts(by_billing, ("Cher",), ("Cher",))[0] == by_billing


def test_a_short_list_may_be_alphabetical_by_chance() -> None:
    assert casts(("Ann", "Bob", "Cher"), ("Cher",), ("Cher",))[0] == ("Ann", "Bob", "Cher")


def test_a_film_without_cast_and_an_actor_named_twice_are_harmless() -> None:
    assert casts((), ("Ann", "Ann", "Bob", "Cher"), ("Cher",)) == [
        (),
        ("Cher", "Ann", "Ann", "Bob"),
        ("Cher",),
    ]


def test_the_other_columns_stay() -> None:
    catalog = Catalog.of([Film("1", "Jaws", 1975, directors=("B", "A"), genres=("Horror",))])
    assert billed(catalog).film(0) == catalog.film(0)
