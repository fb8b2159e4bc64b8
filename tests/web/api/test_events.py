from __future__ import annotations

import httpx
import pytest
from tests.web.events import event, rating

from matinee.service.site import Site


def test_one_event_or_a_list_is_accepted(client: httpx.Client) -> None:
    one = client.post("/api/v1/events", json=rating("100", 3))
    many = client.post("/api/v1/events", json=[rating("101", 4), event("click", "102")])
    assert one.json() == {"received": 1, "written": 1}
    assert many.json() == {"received": 2, "written": 2}


def test_the_same_id_again_changes_nothing(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 3, "same-id-1"))
    again = client.post("/api/v1/events", json=rating("100", 3, "same-id-1"))
    assert again.json() == {"received": 1, "written": 0}
    assert client.get("/api/v1/viewers/me").json()["ratings"][0]["value"] == 3


def test_an_id_reused_with_other_content_is_a_conflict(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 3, "same-id-2"))
    for changed in (rating("100", 5, "same-id-2"), event("dismissal", "100", "same-id-2")):
        answer = client.post("/api/v1/events", json=[rating("101", 4), changed])
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
    ratings = client.get("/api/v1/viewers/me").json()["ratings"]
    assert [(each["film"]["id"], each["value"]) for each in ratings] == [("100", 3)]


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


def test_of_a_rating_and_a_dismissal_the_later_one_counts(client: httpx.Client) -> None:
    def state() -> tuple[list[float], list[str]]:
        me = client.get("/api/v1/viewers/me").json()
        return [each["value"] for each in me["ratings"]], me["dismissed"]

    for body, expected in (
        (rating("110", 5), ([5.0], [])),
        (event("dismissal", "110"), ([], ["110"])),
        (rating("110", 2), ([2.0], [])),
        (event("seen", "110"), ([2.0], [])),
        (event("removal", "110"), ([], [])),
    ):
        client.post("/api/v1/events", json=body)
        assert state() == expected


def test_an_event_keeps_its_request_id(client: httpx.Client, site: Site) -> None:
    client.post("/api/v1/events", json=rating("100", 4))
    request_id = client.get("/api/v1/recommendations").json()["request_id"]
    click = event("click", "111") | {"request_id": request_id}
    client.post("/api/v1/events", json=click)
    kept = [each for _, each in site._store.events(0, 10**6) if each.request_id == request_id]
    assert [each.type for each in kept] == ["impression", "click"]
    assert len({each.viewer for each in kept}) == 1


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (rating("nope", 3), 404, "unknown film id 'nope'"),
        (rating("100", 6), 422, "a rating must lie between 1 and 5"),
        (rating("100", 0), 422, "a rating must lie between 1 and 5"),
        (event("rating", "100"), 422, '"value" is required when "type" is "rating"'),
        (
            event("click", "100") | {"value": 3},
            422,
            '"value" is not allowed when "type" is "click"',
        ),
        (event("rating", "100") | {"value": True}, 422, '"value" must be a number'),
        (event("rating", "100") | {"value": "5"}, 422, '"value" must be a number'),
        (event("rating", "100") | {"value": [5]}, 422, '"value" must be a number'),
        (event("import", "100") | {"value": 3}, 422, "\"type\" must be 'rating', 'click'"),
        (event("impression", "100"), 422, "\"type\" must be 'rating', 'click'"),
        (event("click", "100") | {"viewer": "planted/1"}, 422, '"viewer" is not a field here'),
        (event("click", "100") | {"id": "short"}, 422, '"id" must have at least 8 characters'),
        ({"id": "12345678"}, 422, '"type" is required'),
        ([event("click", "100"), event("rating", "100")], 422, 'event 2: "value" is required'),
        ([event("click", "100"), {}], 422, 'event 2: "id" is required'),
        *(
            (body, 422, "the body must be an event, or a list of 1 to 100 events, as JSON")
            for body in ([], "text", 5, [event("click", "100") for _ in range(101)])
        ),
    ],
)
def test_a_wrong_event_is_refused_by_name(
    client: httpx.Client, body: object, status: int, message: str
) -> None:
    answer = client.post("/api/v1/events", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(message)


def test_a_list_with_one_wrong_event_writes_none(client: httpx.Client) -> None:
    answer = client.post("/api/v1/events", json=[rating("100", 3), rating("nope", 3)])
    assert answer.status_code == 404
    assert client.get("/api/v1/viewers/me").json()["ratings"] == []


@pytest.mark.parametrize(
    ("content", "media_type"), [(b"{", "application/json"), (b"x", "text/plain"), (b"", "")]
)
def test_a_body_that_is_not_json_is_refused(
    client: httpx.Client, content: bytes, media_type: str
) -> None:
    headers = {"content-type": media_type}
    answer = client.post("/api/v1/events", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the body ")
