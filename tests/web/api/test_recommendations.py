from __future__ import annotations

import httpx
import pytest
from tests.web.events import rating

from matinee.service.site import Site


def test_a_stranger_is_answered_and_gets_a_cookie_to_come_back_with(client: httpx.Client) -> None:
    answer = client.get("/api/v1/recommendations")
    body = answer.json()
    assert answer.status_code == 200
    assert body["history_size"] == 0
    assert len(body["recommendations"]) == 10
    assert len(body["request_id"]) == 32
    assert "matinee" in client.cookies


def test_a_posted_rating_is_in_effect_with_the_next_request(client: httpx.Client) -> None:
    for film in ("120", "121", "122"):
        client.post("/api/v1/events", json=rating(film, 5))
        body = client.get("/api/v1/recommendations", params={"n": 5}).json()
        shown = [line["film"]["id"] for line in body["recommendations"]]
        assert film not in shown
        assert all(line["film"]["genres"] == ["Horror"] for line in body["recommendations"])
    assert body["history_size"] == 3


def test_every_line_says_its_rank_its_film_its_score_and_its_reason(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=[rating("100", 5), rating("101", 4)])
    body = client.get("/api/v1/recommendations", params={"n": 3}).json()
    lines = body["recommendations"]
    assert [line["rank"] for line in lines] == [1, 2, 3]
    assert [line["score"] for line in lines] == sorted((x["score"] for x in lines), reverse=True)
    assert body["model"] == "ease"
    assert body["version"] == client.get("/health/ready").json()["version"]
    first = lines[0]
    assert first["film"]["directors"]
    assert first["reason"]["text"].startswith("because you rated ")
    assert {each["id"] for each in first["reason"]["films"]} <= {"100", "101"}
    assert sum(each["share"] for each in first["reason"]["films"]) == pytest.approx(1, abs=0.16)


def test_an_imported_viewer_may_be_looked_at_without_leaving_a_trace(
    client: httpx.Client, site: Site
) -> None:
    before = site.store.counts().events
    answer = client.get("/api/v1/recommendations", params={"viewer": "planted/1"})
    assert answer.json()["history_size"] == 15
    assert answer.json()["request_id"] is None
    assert site.store.counts().events == before
    assert "matinee" not in client.cookies


def test_nobody_else_may_be_looked_at(client: httpx.Client, address: str) -> None:
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
    assert answer.json()["detail"].startswith("n: ")
