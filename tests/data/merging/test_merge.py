"""Several catalogues merged into one."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data import Catalog, Film
from matinee.data.merging.merge import Merged, OtherFilms, enrich, merge
from matinee.errors import InputError, OptionError, UnknownNameError

FACTS = [field.name for field in fields(Film) if field.name != "id"]


def merged(*catalogs: list[Film], **trust: list[str]) -> Merged:
    """Catalogues a, b, c ... in one."""
    named = {"abc"[at]: Catalog.of(films) for at, films in enumerate(catalogs)}
    return merge(named, trust)


def film(film_id: str = "1", title: str = "Rage", year: int | None = 1995) -> Film:
    return Film(id=film_id, title=title, year=year)


@st.composite
def catalogs(draw: st.DrawFn) -> list[Film]:
    """Up to five films out of few titles, years and ids, so that they meet."""
    films = [
        Film(
            id=str(row),
            title=draw(st.sampled_from(["Rage", "The Rage", "Calm", "Calm: Part II", "!!!"])),
            year=draw(st.sampled_from([None, 1994, 1995, 1996])),
            runtime=draw(st.sampled_from([None, 88, 90])),
            genres=draw(st.sampled_from([(), ("Drama",), ("Drama", "War")])),
            overview=draw(st.sampled_from(["", "Anger.", "Peace."])),
            imdb_id=draw(st.sampled_from(["", "", "tt1", "tt2"])),
            tmdb_id=draw(st.sampled_from(["", "", "1", "2"])),
            votes=draw(st.sampled_from([None, 7, 4_200])),
            mean=draw(st.sampled_from([None, 7.3])),
        )
        for row in range(draw(st.integers(0, 5)))
    ]
    return draw(st.permutations(films))


@given(catalogs())
def test_a_catalogue_merged_with_itself_does_not_change(films: list[Film]) -> None:
    twice = merged(films, films)
    assert twice.catalog.films() == films
    assert twice.report.conflicts == ()
    assert set(twice.provenance.chosen.ravel().tolist()) <= {0, -1}


@settings(max_examples=60)
@given(catalogs(), catalogs(), catalogs(), st.permutations("abc"))
def test_every_film_stays_and_every_fact_is_from_its_most_trusted_source(
    a: list[Film], b: list[Film], c: list[Film], runtime_order: list[str]
) -> None:
    sources = {"a": a, "b": b, "c": c}
    found = merged(a, b, c, runtime=runtime_order)
    provenance = found.provenance
    for row, made in enumerate(found.catalog.films()):
        of = {
            name: sources[name][at]
            for name, at in zip("abc", provenance.rows[row].tolist(), strict=True)
            if at >= 0
        }
        assert made.id.rpartition(":")[2] == next(iter(of.values())).id
        for field in FACTS:
            order = runtime_order if field == "runtime" else "abc"
            knowing = [name for name in order if name in of and getattr(of[name], field)]
            assert provenance.of(row, field) == (knowing[0] if knowing else "")
            source = of[knowing[0]] if knowing else Film(id="", title="")
            assert getattr(made, field) == getattr(source, field)
    for at, films in enumerate(sources.values()):
        assert set(provenance.rows[:, at].tolist()) - {-1} == set(range(len(films)))


@given(catalogs(), catalogs())
def test_films_of_one_catalogue_are_not_joined(a: list[Film], b: list[Film]) -> None:
    assert merged(a, b).catalog.item_ids.ids[: len(a)].tolist() == [each.id for each in a]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (replace(film(), imdb_id="tt1"), replace(film("9", "Fury", 1997), imdb_id="tt1")),
        (replace(film(), tmdb_id="5"), replace(film("9", "Fury", None), tmdb_id="5")),
        (film("7", "!!!", None), film("7", "!!!", None)),
        (film(), film("9", "RAGE!")),
        (film(), film("9", "Rage: The Beginning")),
        (film(), film("9", "Rage", 1996)),
    ],
    ids=["imdb", "tmdb", "film id and title", "title", "part of the title", "one year off"],
)
def test_one_film_is_found_in_two_catalogues(mine: Film, theirs: Film) -> None:
    found = merged([mine], [replace(theirs, overview="Anger.")])
    assert len(found.catalog) == 1
    assert found.catalog.film(0).title == mine.title
    assert found.catalog.overviews[0] == "Anger."
    assert found.provenance.of(0, "overview") == "b"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (replace(film(), imdb_id="tt1"), replace(film("9"), imdb_id="tt2")),
        (replace(film(), tmdb_id="1"), replace(film("9"), tmdb_id="2")),
        (film("7"), film("7", "Calm")),
        (film(), film("9", "Rage", 1997)),
        (film(year=None), film("9", "Rage", None)),
    ],
    ids=["imdb", "tmdb", "film id alone", "two years off", "no year"],
)
def test_different_films_are_not_joined(mine: Film, theirs: Film) -> None:
    found = merged([mine], [theirs])
    assert len(found.catalog) == 2
    assert found.provenance.rows.tolist() == [[0, -1], [-1, 0]]


def test_a_film_id_is_enough_between_catalogues_with_one_numbering() -> None:
    two = {"ml-1m": Catalog.of([film("7")]), "ml-25m": Catalog.of([film("7", "Fury", 1990)])}
    assert len(merge(two).catalog) == 2
    assert len(merge(two, movielens=["ml-1m", "ml-25m"]).catalog) == 1


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ([film()], [film("8"), film("9")]),
        ([film("2"), film("3")], [film("8")]),
        (
            [replace(film(), imdb_id="tt1")],
            [replace(film("8"), imdb_id="tt1"), replace(film("9"), imdb_id="tt1")],
        ),
        (
            [replace(film(), imdb_id="tt1", tmdb_id="2")],
            [replace(film("8"), imdb_id="tt1"), replace(film("9"), tmdb_id="2")],
        ),
    ],
    ids=["two of theirs", "two of mine", "two of one id", "two ids"],
)
def test_several_candidates_are_ambiguous(mine: list[Film], theirs: list[Film]) -> None:
    found = merged(mine, theirs)
    assert len(found.catalog) == 3
    assert found.report.joined[1].ambiguous == len(mine)
    assert sum(len(each.ids) for each in found.report.duplicates) >= 2


def test_a_later_catalogue_that_has_both_ids_joins_the_earlier_two() -> None:
    imdb = replace(film("tt1", "Rage"), imdb_id="tt1")
    tmdb = replace(film("5", "La Rage", 1999), tmdb_id="5", overview="Anger.")
    links = replace(film("70", "Rage"), imdb_id="tt1", tmdb_id="5")
    found = merged([imdb], [tmdb], [links])
    assert found.provenance.rows.tolist() == [[0, 0, 0]]
    assert found.catalog.film(0) == replace(
        film("tt1"), imdb_id="tt1", tmdb_id="5", overview="Anger."
    )


@pytest.mark.parametrize(
    ("cast", "of_another", "merged_cast"),
    [
        (("Ann", "Bob", "Zoë"), ("Zoe", "Bob"), ("Zoë", "Bob", "Ann")),
        (("Ann", "Bob", "Zoë"), ("Bob", "Zoë"), ("Ann", "Bob", "Zoë")),
        (("Bob", "Ann"), ("Zoë", "Ann"), ("Bob", "Ann")),
        ((), ("Zoë", "Ann"), ("Zoë", "Ann")),
    ],
    ids=["billed elsewhere", "billed nowhere", "billed", "unknown"],
)
def test_a_cast_takes_the_order_of_billing(
    cast: tuple[str, ...], of_another: tuple[str, ...], merged_cast: tuple[str, ...]
) -> None:
    found = merged([replace(film(), cast=cast)], [replace(film(), cast=of_another)])
    assert found.catalog.film(0).cast == merged_cast
    assert found.provenance.of(0, "cast") == ("a" if cast else "b")


def test_a_merge_can_keep_the_films_of_one_catalogue_only() -> None:
    known = {"a": Catalog.of([film()]), "b": Catalog.of([film("8", "Calm"), film("9")])}
    found = merge({**known, "c": Catalog.of([film("7", "Calm", 1990)])}, films_of="b")
    assert found.catalog.item_ids.ids.tolist() == ["1", "8"]
    assert found.provenance.rows.tolist() == [[0, 1, -1], [-1, 0, -1]]
    assert (found.report.films, found.report.left_out) == (2, 1)
    assert "2 films of 3 catalogues, 1 left out (a: " in str(found.report)


@pytest.mark.parametrize(
    ("others", "ids"),
    [
        (OtherFilms(), ["1", "8", "9", "7"]),
        (OtherFilms(since=2025), ["1", "8", "9"]),
        (OtherFilms(min_votes=100), ["1", "8", "7"]),
        (OtherFilms(2025, 100), ["1", "8"]),
        (OtherFilms(2027), ["1"]),
        (None, ["1"]),
    ],
    ids=str,
)
def test_other_films_join_within_bounds(others: OtherFilms | None, ids: list[str]) -> None:
    new = [
        replace(film("8", "New", 2025), votes=100),
        replace(film("9", "Unknown", 2026), votes=99),
        replace(film("7", "Well known", None), votes=5_000),
    ]
    found = merge({"a": Catalog.of([film()]), "b": Catalog.of(new)}, films_of="a", others=others)
    assert found.catalog.item_ids.ids.tolist() == ids
    assert found.report.left_out == 4 - len(ids)


def test_bounds_read_as_words_and_are_checked() -> None:
    assert str(OtherFilms(2025, 1_000)) == "of 2025 or later with 1,000 votes or more"
    assert str(OtherFilms()) == ""
    with pytest.raises(OptionError, match="min_votes must be 1 or more, not 0"):
        OtherFilms(min_votes=0)


def test_a_repeated_id_gets_the_name_of_its_catalogue_and_no_film_is_no_error() -> None:
    found = merged([film("2")], [film("2", "Calm")])
    assert found.catalog.item_ids.ids.tolist() == ["2", "b:2"]
    assert merged([], []).provenance.rows.shape == (0, 2)
    assert "0 of 0 films" in enrich(Catalog.of([]), [])[1]


def test_conflicts_are_counted_with_the_value_of_each_catalogue() -> None:
    mine = replace(film(), runtime=90, genres=("Drama", "War"), overview="Anger.")
    theirs = replace(film("9", "The Rage"), runtime=88, genres=("war", "drama"), overview="anger")
    found = merged([mine], [theirs], runtime=["b"])
    conflicts = {each.field: each for each in found.report.conflicts}
    assert set(conflicts) == {"title", "runtime"}
    assert conflicts["runtime"].films == 1
    assert conflicts["runtime"].examples == ("Rage (1995): 88 (b), 90 (a)",)
    assert found.catalog.film(0).runtime == 88
    assert found.provenance.counts()["runtime"] == {"a": 0, "b": 1}
    assert found.provenance.chosen.dtype == np.int8


def test_the_report_reads_as_a_sentence() -> None:
    assert str(merged([film()], [film("9"), film("8", "Calm")]).report) == (
        "2 films of 2 catalogues (a: 1 films, 0 joined by id, 0 by title and year, 0 ambiguous and "
        "left alone, 1 new; b: 2 films, 0 joined by id, 1 by title and year, 0 ambiguous and left "
        "alone, 1 new)"
    )


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown field 'runtme'.*'runtime'"):
        merged([film()], runtme=["a"])
    for options in ({"trust": {"runtime": ["z"]}}, {"movielens": ["z"]}, {"films_of": "z"}):
        with pytest.raises(UnknownNameError, match="unknown catalogue 'z'"):
            merge({"a": Catalog.of([])}, **options)
    with pytest.raises(UnknownNameError, match="unknown field 'id'"):
        merged([film()]).provenance.of(0, "id")
    with pytest.raises(InputError, match="1 to 127 catalogues"):
        merge({})


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
    titles = [("Rage", 1995)] * 2 + [("Emma", 1996), ("Calm", 1990), ("Twice", 1999), ("No", 1999)]
    films = [film(str(row), *each) for row, each in enumerate(titles)]
    facts = [fact("Rage", 1995), fact("Emma: A Story", 1996), fact("Calm", 1991)]
    catalog, report = enrich(Catalog.of(films), [*facts, *[fact("Twice", 1999)] * 2])
    assert list(catalog.imdb_ids) == ["tt1", "tt1", "tt1", "tt1", "", ""]
    assert report == (
        "4 of 6 films matched to the film table by title and year (66.7 %: 2 exactly, 1 by a part "
        "of the title, 1 one year off; 1 ambiguous and left alone)"
    )


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
