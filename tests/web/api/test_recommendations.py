from __future__ import annotations

import re

import httpx
import pytest
from tests.web.events import rating

from matinee.service.site import Site


def test_a_client_without_cookie_gets_recommendations_and_leaves_no_trace(
    client: httpx.Client, site: Site
) -> None:
    before = site._store.counts()
    answer = client.get("/api/v1/recommendations")
    body = answer.json()
    assert answer.status_code == 200
    assert body["history_size"] == 0
    assert len(body["recommendations"]) == 10
    assert body["request_id"] is None
    client.head("/api/v1/recommendations")
    client.options("/api/v1/recommendations")
    assert not client.cookies
    assert site._store.counts() == before


def test_films_count_as_shown_to_a_known_viewer_who_looks(client: httpx.Client, site: Site) -> None:
    def impressions() -> int:
        site._store.drain()
        return len(client.get("/api/v1/viewers/me").json()["log"]["impressions"])

    client.post("/api/v1/events", json=rating("100", 5))
    for path in ("/", "/more/popular", "/api/v1/recommendations", "/api/v1/rows"):
        client.head(path)
        client.get(path, headers={"sec-purpose": "prefetch;prerender"})
        client.get(path, headers={"purpose": "prefetch"})
    assert (
        client.get("/api/v1/recommendations", headers={"sec-purpose": "prefetch"}).json()[
            "request_id"
        ]
        is None
    )
    assert impressions() == 0
    request_id = client.get("/api/v1/recommendations").json()["request_id"]
    assert len(request_id) == 32
    assert impressions() == 1
    rows = client.get("/api/v1/rows").json()["rows"]
    assert impressions() == 1 + len(rows)  # each row is one
    requests = set(re.findall(r'data-request="(\w+)"', client.get("/").text))
    assert impressions() == 1 + len(rows) + len(requests) > 5


def test_a_rating_counts_from_the_next_request_on(client: httpx.Client) -> None:
    for film in ("120", "121", "122"):
        client.post("/api/v1/events", json=rating(film, 5))
        body = client.get("/api/v1/recommendations", params={"n": 5}).json()
        shown = [line["film"]["id"] for line in body["recommendations"]]
        assert film not in shown
        assert all(line["film"]["genres"] == ["Horror"] for line in body["recommendations"])
    assert body["history_size"] == 3


def test_every_line_has_a_rank_a_film_a_score_and_a_reason(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=[rating("100", 5), rating("101", 4)])
    body = client.get("/api/v1/recommendations", params={"n": 3}).json()
    lines = body["recommendations"]
    assert [line["rank"] for line in lines] == [1, 2, 3]
    assert [line["score"] for line in lines] == sorted((x["score"] for x in lines), reverse=True)
    assert body["model"] == "ease"
    assert body["version"] == client.get("/health/ready").json()["version"]
    first = lines[0]
    assert first["film"]["directors"]
    assert first["reason"]["text"] == "Because you liked Comedy 0 (1980) and Comedy 1 (1981)"
    assert first["reason"]["kind"] == "history"
    films = first["reason"]["films"]
    assert [(each["id"], each["rating"]) for each in films] == [("100", 5), ("101", 4)]
    assert sum(each["share"] for each in films) == pytest.approx(1, abs=0.16)


def test_recommendations_of_an_imported_viewer_leave_no_trace(
    client: httpx.Client, site: Site
) -> None:
    before = site._store.counts().events
    params = {"viewer": "planted/1", "query": "genre:horror"}
    answer = client.get("/api/v1/recommendations", params=params)
    lines = answer.json()["recommendations"]
    assert all(line["film"]["genres"] == ["Horror"] for line in lines)
    assert answer.json()["history_size"] == 15
    assert answer.json()["request_id"] is None
    assert site._store.counts().events == before
    assert "matinee" not in client.cookies


def test_other_viewers_are_private(client: httpx.Client, address: str) -> None:
    with httpx.Client(base_url=address) as other:
        other.post("/api/v1/events", json=rating("100", 5))
        somebody = other.get("/api/v1/viewers/me").json()["viewer"]
    for viewer in (somebody, "planted/nobody"):
        answer = client.get("/api/v1/recommendations", params={"viewer": viewer})
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("n", ["0", "101", "-1", "many"])
def test_the_number_of_films_is_bounded(client: httpx.Client, n: str) -> None:
    answer = client.get("/api/v1/recommendations", params={"n": n})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith('"n" must be ')


def test_every_film_meets_the_query_and_the_query_is_repeated_in_its_shortest_form(
    client: httpx.Client,
) -> None:
    client.post("/api/v1/events", json=rating("125", 5))
    query = "  genre:COMEDY   kids under:95 since:1985 "
    body = client.get("/api/v1/recommendations", params={"query": query}).json()
    assert body["query"] == "kids under:95 since:1985 genre:COMEDY"
    films = [line["film"] for line in body["recommendations"]]
    assert len(films) == 10
    assert all(film["genres"] == ["Comedy"] and film["runtime"] < 95 for film in films)
    assert body["recommendations"][0]["reason"]["text"].startswith(
        "Comedy, 1985, 85 minutes, rated PG. "
    )
    assert body["relaxations"] == []
    # The film whose title is an attack is a comedy of which nothing else is known.
    assert {"fact": "runtime", "films": 1, "known": 40, "total": 41} in body["lacking"]


def test_a_query_can_be_in_words(client: httpx.Client) -> None:
    ask = "/api/v1/recommendations"
    body = client.get(ask, params={"query": "comedy since 1985, under 95 minutes"}).json()
    assert body["query"] == "under:95 since:1985 genre:comedy"
    assert body == client.get(ask, params={"query": body["query"]}).json() | {
        "request_id": body["request_id"]
    }


def test_too_few_films_come_with_queries_for_more(client: httpx.Client) -> None:
    params = {"query": "genre:horror under:90", "n": "2"}
    body = client.get("/api/v1/recommendations", params=params).json()
    assert body["recommendations"] == []
    assert body["relaxations"][0] == {
        "query": "under:101 genre:horror",
        "text": "11 minutes longer (under 101)",
        "films": 1,
    }
    for offer in body["relaxations"]:
        again = {"query": offer["query"], "n": "100"}
        lines = client.get("/api/v1/recommendations", params=again).json()["recommendations"]
        assert len(lines) == offer["films"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("under:soon", "query: under needs a whole number"),
        ("no horror, comedy", "query: 'comedy' after 'no horror' has two meanings"),
        ("genre:comdy", "query: unknown genre 'comdy'; did you mean 'Comedy'?"),
        ('with:"Actr 3"', "query: unknown person 'Actr 3'; did you mean 'Actor 3'"),
        ("x" * 501, '"query" may have at most 500 characters'),
    ],
)
def test_a_bad_query_is_a_422_that_names_the_error(
    client: httpx.Client, query: str, message: str
) -> None:
    answer = client.get("/api/v1/recommendations", params={"query": query})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(message)
    assert "matinee" not in client.cookies


def test_a_model_of_ratings_alone_refuses_attributes(client: httpx.Client) -> None:
    answer = client.get("/api/v1/recommendations", params={"about": ["age=34", "gender=F"]})
    assert answer.status_code == 422
    assert "'ease' learns from ratings alone" in answer.json()["detail"]
    assert client.get("/api/v1/recommendations", params={"about": "a" * 101}).status_code == 422
    many = [f"column{n}=1" for n in range(21)]
    assert client.get("/api/v1/recommendations", params={"about": many}).status_code == 422


def test_the_name_of_the_data_set_may_be_left_out(client: httpx.Client) -> None:
    whole = client.get("/api/v1/recommendations", params={"viewer": "planted/1"}).json()
    assert client.get("/api/v1/recommendations", params={"viewer": "1"}).json() == whole
    answer = client.get("/api/v1/recommendations", params={"viewer": "nobody"})
    assert answer.status_code == 403
    assert answer.json()["detail"] == "there is no viewer “nobody” in the data; try planted/1"
