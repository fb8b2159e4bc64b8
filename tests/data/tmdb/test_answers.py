"""Answers of TMDB translated to films."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.tmdb.server import LAMP, movie

from matinee.data import Catalog, Film
from matinee.data.tmdb.answers import FindAnswer, MovieAnswer, SearchAnswer, parsed
from matinee.errors import FetchError


def film(**changed: Any) -> Film:
    answer = movie(7, "The Lamp", 1999, "tt0000007") | changed
    return parsed(json.dumps(answer).encode(), MovieAnswer, "/movie/7").film()


def test_the_documented_answer_is_a_film() -> None:
    assert film() == LAMP


def test_missing_fields_are_unknown() -> None:
    bare = parsed(b'{"id": 7, "title": "The Lamp"}', MovieAnswer, "/movie/7").film()
    assert bare == Film(id="7", title="The Lamp", tmdb_id="7")
    empty = dict.fromkeys(("overview", "imdb_id", "runtime", "original_language"))
    lists: dict[str, list[Any]] = {"genres": [], "spoken_languages": [], "production_countries": []}
    unknown = film(
        **empty, **lists, release_date="", credits={}, keywords={}, release_dates={"results": []}
    )
    assert unknown == bare


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("runtime", 0, "runtime", None),
        ("runtime", 51_420, "runtime", None),  # there is such a film, and no room for it
        ("runtime", 32_767, "runtime", 32_767),
        ("release_date", "soon", "year", None),
        ("release_date", "199", "year", None),
        ("release_date", "\u0661\u0669\u0669\u0669-01-01", "year", None),
        ("imdb_id", "nm0000007", "imdb_id", ""),
        ("imdb_id", "tt0000007/../8", "imdb_id", ""),
        ("genres", [{"id": 1, "name": " "}, {"id": 2, "name": "War"}], "genres", ("War",)),
        ("genres", [{"id": 2, "name": "War"}] * 2, "genres", ("War",)),
        ("spoken_languages", [{"iso_639_1": "xx", "english_name": "No Language"}], "languages", ()),
    ],
)
def test_odd_values_are_unknown(field: str, value: object, name: str, read: object) -> None:
    read_film = film(**{field: value})
    assert getattr(read_film, name) == read
    assert len(Catalog.of([read_film])) == 1


@pytest.mark.parametrize(
    ("releases", "certificate"),
    [
        ({"US": [("R", 4), ("PG", 3)]}, "PG"),
        ({"US": [("R", 4), ("", 3)]}, "R"),
        ({"US": [("NR", 3)], "GB": [("15", 3)]}, "15"),
        ({"DE": [("12", 3)], "GB": [("PG", 6)]}, "PG"),
        ({"DE": [(" 16 ", 3)]}, "16"),
        ({"FR": [("TP", 3)]}, ""),
        ({"US": [("PG", 9)]}, ""),
        ({}, ""),
    ],
)
def test_the_certificate_is_from_the_first_country_that_names_an_age(
    releases: dict[str, list[tuple[str, int]]], certificate: str
) -> None:
    results = [
        {
            "iso_3166_1": country,
            "release_dates": [{"certification": each, "type": kind} for each, kind in listed],
        }
        for country, listed in releases.items()
    ]
    assert film(release_dates={"results": results}).certificate == certificate


def test_only_the_leading_cast_and_the_directors_are_read() -> None:
    cast = [{"name": f"Actor {order}", "order": order} for order in reversed(range(300))]
    crew = [{"name": f"Gaffer {each}", "job": "Gaffer"} for each in range(300)]
    answer = parsed(
        json.dumps(movie(7, "The Lamp", 1999, credits={"cast": cast, "crew": crew})).encode(),
        MovieAnswer,
        "/movie/7",
    )
    assert answer.film().cast == tuple(f"Actor {order}" for order in range(20))
    assert len(answer.credits.cast) == 20
    assert answer.credits.crew == ()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not as documented"),
        (b"<html>log in</html>", "not as documented"),
        (b"[]", "not as documented"),
        (b'{"id": 0, "title": "x"}', "id"),
        (b'{"id": 7, "title": "x", "runtime": "long"}', "runtime"),
        (b'{"id": 7, "title": "x", "credits": {"cast": [{"name": 3}]}}', r"credits\.cast\.0\.name"),
        (b'{"id": 7, "title": "\\ud800"}', "not as documented"),
        (b'{"id": 7, "title": "\xff"}', "not as documented"),
        (b"[" * 100_000, "not as documented"),
    ],
)
def test_an_undocumented_answer_is_an_error_that_names_the_field(body: bytes, message: str) -> None:
    with pytest.raises(FetchError, match=rf"TMDB's answer to /movie/7 .*{message}") as raised:
        parsed(body, MovieAnswer, "/movie/7")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("shape", [SearchAnswer, FindAnswer])
def test_a_look_up_must_have_results(shape: type[SearchAnswer | FindAnswer]) -> None:
    with pytest.raises(FetchError, match="results"):
        parsed(b"{}", shape, "/look-up")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*sorted(movie(1, "x", 1999)), "cast", "name", "results"]), inner),
))  # fmt: skip
def test_any_json_is_a_film_or_an_error(value: object) -> None:
    body = json.dumps({"id": 7, **value} if isinstance(value, dict) else value).encode()
    try:
        answer = parsed(body, MovieAnswer, "/movie/7")
    except FetchError:
        return
    assert len(Catalog.of([answer.film()])) == 1
