from __future__ import annotations

import httpx
import pytest
from tests.web.conftest import NASTY
from tests.web.events import rating

from matinee.pipeline.critique import CRITIQUES


def test_a_film_has_all_its_facts(client: httpx.Client) -> None:
    assert client.get("/api/v1/films/103").json() == {
        "id": "103",
        "title": "Comedy 3",
        "year": 1983,
        "runtime": 83,
        "genres": ["Comedy"],
        "certificate": "PG",
        "languages": ["English"],
        "countries": ["United States"],
        "directors": ["Director 0"],
        "cast": ["Actor 3", "Actor 1"],
        "overview": "Friends plan a wedding party and everything goes wrong",
        "imdb_id": "",
        "tmdb_id": "",
        "ratings": 23,
        "mean_rating": 4.09,
        "overview_from": "planted",
        "votes": None,
        "mean": None,
    }


def test_unknown_facts_are_null_or_empty_and_ids_may_need_quoting(client: httpx.Client) -> None:
    film = client.get("/api/v1/films/x%2F1%20%3F").json()
    assert film["title"] == NASTY
    assert film["year"] is None
    assert film["directors"] == []


def test_similar_films_leave_out_the_film_itself(client: httpx.Client) -> None:
    body = client.get("/api/v1/films/125/similar", params={"n": 8}).json()
    found = [line["film"] for line in body["recommendations"]]
    assert len(found) == 8
    assert "125" not in [film["id"] for film in found]
    assert body["request_id"] is None
    assert "matinee" not in client.cookies


def test_critiques_restrict_similar_films(client: httpx.Client) -> None:
    params = {"but": ["shorter", "older"]}
    body = client.get("/api/v1/films/125/similar", params=params).json()
    assert body["recommendations"]
    for line in body["recommendations"]:
        assert line["film"]["runtime"] < 105
        assert line["film"]["year"] < 2005
        assert "shorter" in line["reason"]["text"]


@pytest.mark.parametrize(
    ("film", "but", "message"),
    [
        ("125", ["funnier"], "\"but\" must be 'shorter', "),
        ("125", ["shorter", "longer"], "no film is both shorter and longer"),
        ("x%2F1%20%3F", ["shorter"], "is unknown, so no film can be called shorter"),
    ],
)
def test_a_critique_that_cannot_be_made_is_a_422(
    client: httpx.Client, film: str, but: list[str], message: str
) -> None:
    answer = client.get(f"/api/v1/films/{film}/similar", params={"but": but})
    assert answer.status_code == 422
    assert message in answer.json()["detail"]


def test_the_description_lists_every_critique(client: httpx.Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    parameters = document["paths"]["/api/v1/films/{film_id}/similar"]["get"]["parameters"]
    but = next(each for each in parameters if each["name"] == "but")
    assert but["schema"]["items"]["enum"] == list(CRITIQUES)


@pytest.mark.parametrize("path", ["/api/v1/films/nope", "/api/v1/films/nope/similar"])
def test_an_unknown_film_is_a_404_that_names_it(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404
    assert "'nope'" in answer.json()["detail"]


def test_search_finds_films_by_a_part_of_their_title(client: httpx.Client) -> None:
    films = client.get("/api/v1/search", params={"q": "comedy 7", "n": 3}).json()["films"]
    assert films[0]["title"] == "Comedy 7"
    assert len(films) <= 3
    assert client.get("/api/v1/search", params={"q": "qqqqxxzz"}).json()["films"] == []


@pytest.mark.parametrize("params", [{}, {"q": ""}, {"q": "x" * 101}, {"q": "x", "n": "0"}])
def test_search_is_bounded(client: httpx.Client, params: dict[str, str]) -> None:
    assert client.get("/api/v1/search", params=params).status_code == 422


def test_why_a_film_stands_where_it_stands(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=[rating("100", 5), rating("101", 4)])
    first = client.get("/api/v1/recommendations").json()["recommendations"][0]
    body = client.get(f"/api/v1/films/{first['film']['id']}/why").json()
    assert (body["rank"], body["obstacle"], body["rating"]) == (1, "", None)
    assert body["film"] == first["film"]
    assert body["reason"] == first["reason"]
    assert {each["id"] for each in body["parts"]} == {"100", "101"}
    assert sum(each["part"] for each in body["parts"]) == pytest.approx(body["score"], rel=1e-4)
    assert body["text"].startswith(
        f"{first['film']['title']} ({first['film']['year']}) is number 1"
    )
    seen = client.get("/api/v1/films/100/why").json()
    assert (seen["rank"], seen["rating"]) == (None, 5)
    assert seen["text"] == "Comedy 0 (1980) is not recommended to you: you rated it 5."


def test_a_visitor_without_ratings_gets_an_answer_and_no_cookie(client: httpx.Client) -> None:
    body = client.get("/api/v1/films/125/why").json()
    assert body["rank"] >= 1
    assert body["parts"] == []
    assert "matinee" not in client.cookies
    assert client.get("/api/v1/films/nope/why").status_code == 404


def test_every_answer_names_model_and_version(client: httpx.Client) -> None:
    film = client.get("/api/v1/search", params={"q": "comedy 7"}).json()["films"][0]["id"]
    paths = ("recommendations", "search?q=comedy", f"films/{film}/similar", f"films/{film}/why")
    answers = [client.get(f"/api/v1/{path}").json() for path in paths]
    answers += [row["ranking"] for row in client.get("/api/v1/rows").json()["rows"]]
    ready = client.get("/health/ready").json()
    named = {(each["model"], each["version"]) for each in answers}
    assert named == {(ready["model"], ready["version"])}
