from __future__ import annotations

import httpx
import pytest
from tests.web.events import event, rating

from matinee.service.site import Site


def test_one_event_and_a_list_are_both_taken(client: httpx.Client) -> None:
    one = client.post("/api/v1/events", json=rating("100", 3))
    many = client.post("/api/v1/events", json=[rating("101", 4), event("click", "102")])
    assert one.json() == {"received": 1, "written": 1}
    assert many.json() == {"received": 2, "written": 2}


def test_the_same_id_again_changes_nothing(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 3, "same-id-1"))
    again = client.post("/api/v1/events", json=rating("100", 5, "same-id-1"))
    assert again.json() == {"received": 1, "written": 0}
    assert client.get("/api/v1/viewers/me").json()["ratings"][0]["value"] == 3


def test_two_viewers_may_use_the_same_id(client: httpx.Client, address: str) -> None:
    client.post("/api/v1/events", json=rating("100", 3, "shared-id"))
    with httpx.Client(base_url=address) as other:
        written = other.post("/api/v1/events", json=rating("100", 3, "shared-id")).json()["written"]
    assert written == 1


def test_a_dismissed_film_is_not_recommended_until_it_is_taken_back(client: httpx.Client) -> None:
    def shown() -> list[str]:
        body = client.get("/api/v1/recommendations", params={"n": 100}).json()
        return [line["film"]["id"] for line in body["recommendations"]]

    client.post("/api/v1/events", json=event("dismissal", "110"))
    assert "110" not in shown()
    assert client.get("/api/v1/viewers/me").json()["dismissed"] == ["110"]
    client.post("/api/v1/events", json=event("removal", "110"))
    assert "110" in shown()


def test_an_event_keeps_the_answer_it_is_a_reaction_to(client: httpx.Client, site: Site) -> None:
    request_id = client.get("/api/v1/recommendations").json()["request_id"]
    click = event("click", "111") | {"request_id": request_id}
    client.post("/api/v1/events", json=click)
    kept = [each for _, each in site.store.events(0, 10**6) if each.request_id == request_id]
    assert [each.type for each in kept] == ["impression", "click"]
    assert len({each.viewer for each in kept}) == 1


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (rating("nope", 3), 404, "'nope'"),
        (rating("100", 6), 422, "between 1 and 5"),
        (rating("100", 0), 422, "between 1 and 5"),
        (event("rating", "100"), 422, "needs a value"),
        (event("click", "100") | {"value": 3}, 422, "needs a value"),
        (event("import", "100") | {"value": 3}, 422, "type"),
        (event("impression", "100"), 422, "type"),
        (event("click", "100") | {"viewer": "planted/1"}, 422, "viewer"),
        (event("click", "100") | {"id": "short"}, 422, "id"),
        ({"id": "12345678"}, 422, "type"),
        ([], 422, ""),
        ("text", 422, ""),
    ],
)
def test_a_wrong_event_is_refused_by_name(
    client: httpx.Client, body: object, status: int, said: str
) -> None:
    answer = client.post("/api/v1/events", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_list_with_one_wrong_event_writes_none(client: httpx.Client) -> None:
    answer = client.post("/api/v1/events", json=[rating("100", 3), rating("nope", 3)])
    assert answer.status_code == 404
    assert client.get("/api/v1/viewers/me").json()["ratings"] == []


def test_more_than_a_hundred_events_are_refused(client: httpx.Client) -> None:
    answer = client.post("/api/v1/events", json=[event("click", "100") for _ in range(101)])
    assert answer.status_code == 422


def test_a_body_that_is_no_json_is_refused(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    assert client.post("/api/v1/events", content=b"{", headers=headers).status_code == 422
