from __future__ import annotations

import httpx
from tests.web.events import event, rating

from matinee.service.site import Site


def test_reading_without_a_cookie_sets_none(client: httpx.Client) -> None:
    body = client.get("/api/v1/viewers/me").json()
    log = body.pop("log")
    assert body == {"viewer": None, "ratings": [], "dismissed": [], "seen": []}
    assert not any(log[kind] for kind in ("ratings", "removals", "clicks", "impressions"))
    assert "matinee" not in client.cookies


def test_the_history_has_current_ratings_newest_first(client: httpx.Client) -> None:
    client.post("/api/v1/events", json=rating("100", 2))
    client.post("/api/v1/events", json=rating("101", 4))
    client.post("/api/v1/events", json=rating("102", 1))
    client.post("/api/v1/events", json=event("removal", "102"))
    ratings = client.get("/api/v1/viewers/me").json()["ratings"]
    assert [(each["film"]["title"], each["value"]) for each in ratings] == [
        ("Comedy 1", 4),
        ("Comedy 0", 2),
    ]


def test_everything_that_was_recorded_can_be_read(client: httpx.Client, site: Site) -> None:
    client.post("/api/v1/events", json=rating("100", 2))
    client.post("/api/v1/events", json=rating("100", 4))
    shown = client.get("/api/v1/recommendations", params={"n": 3}).json()
    film = shown["recommendations"][0]["film"]["id"]
    click = event("click", film) | {"request_id": shown["request_id"]}
    marks = [event(kind, film) for kind in ("dismissal", "removal", "seen")]
    client.post("/api/v1/events", json=[click, *marks])
    site._store.drain()
    log = client.get("/api/v1/viewers/me").json()["log"]
    assert [each["value"] for each in log["ratings"]] == [4, 2]
    assert [each["film"]["id"] for each in log["clicks"]] == [film]
    assert [each["film"]["id"] for each in log["dismissals"]] == [film]
    assert [each["film"]["id"] for each in log["removals"]] == [film]
    assert [each["film"]["id"] for each in log["seen"]] == [film]
    assert client.get("/api/v1/viewers/me").json()["seen"] == [film]
    (impression,) = log["impressions"]
    assert impression["request_id"] == shown["request_id"]
    assert [each["id"] for each in impression["films"]] == [
        line["film"]["id"] for line in shown["recommendations"]
    ]
    assert impression["films"][0]["title"].endswith(")")
    assert log["complete"] is True


def test_being_forgotten_deletes_every_event_and_the_cookie(client: httpx.Client) -> None:
    assert client.delete("/api/v1/viewers/me").json() == {"events": 0}
    client.post("/api/v1/events", json=[rating("100", 5), event("dismissal", "101")])
    signed = client.cookies["matinee"]
    assert client.delete("/api/v1/viewers/me").json() == {"events": 2}
    assert "matinee" not in client.cookies
    client.cookies.set("matinee", signed)
    assert client.get("/api/v1/viewers/me").json()["ratings"] == []
