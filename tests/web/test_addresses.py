"""Films and viewers whose ids look like something else in an address."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from tests.web.events import rating
from tests.web.pages.forms import form_of, press, ratings_of
from tests.web.sites import client_of, site_of

from matinee.data import Film
from matinee.service.site import Site
from matinee.web.addresses import film_path, from_segment, to_segment

IDS = ["a", "a/similar", "a/similar/similar", "a/rating", ".", "..", "~.", "~~..", "~", "~x", "..."]
IDS += ["/", "//x", "a b", "?", "#x", "50%", "%2F", "%252E", "&=", "é", "🎬", "\\x", "a/../b", "+"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_of(
        tmp_path_factory.mktemp("odd"), [Film(each, f"Film {each}") for each in IDS]
    ) as site:
        yield site


@pytest.fixture(scope="module")
def client(odd: Site) -> Iterator[httpx.Client]:
    with client_of(odd) as client:
        yield client


@pytest.mark.parametrize("film", IDS)
def test_every_film_can_be_reached_and_rated(client: httpx.Client, film: str) -> None:
    assert client.get(f"/api/v1{film_path(film)}").json()["id"] == film
    page = client.get(film_path(film))
    assert page.status_code == 200
    action = f"{film_path(film)}/rating"
    fields = form_of(page.text, action) | {"value": "4"}
    assert press(client, action, fields).headers["location"] == film_path(film)
    assert ratings_of(client)[film] == 4
    assert client.post("/api/v1/events", json=rating(film, 3)).status_code == 200


@pytest.mark.parametrize("film", ["a", "a/similar"])
def test_similar_films_are_below_the_film(client: httpx.Client, film: str) -> None:
    answer = client.get(f"/api/v1{film_path(film)}/similar")
    assert answer.json()["recommendations"] == []  # a list, not the facts of one film


def test_an_id_with_unquoted_slashes_is_still_found(client: httpx.Client) -> None:
    assert client.get("/api/v1/films/a/rating").json()["id"] == "a/rating"


@pytest.mark.parametrize("film", [*IDS, "~...", "~~~.", "日本"])
def test_a_segment_can_be_read_back_and_is_never_resolved(film: str) -> None:
    segment = to_segment(film)
    assert from_segment(segment) == film
    assert segment not in {".", ".."}
    assert "/" not in segment


def test_plain_ids_are_only_quoted() -> None:
    for film in ("50", "tt0076759", "a/b", "~x", "a.b", "..."):
        assert to_segment(film) == quote(film, safe="")
