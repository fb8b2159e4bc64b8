from __future__ import annotations

import httpx
import pytest
from tests.web.conftest import SECRET, Serve
from tests.web.events import rating

from matinee.errors import InputError
from matinee.service.site import Site
from matinee.web.app import create_app


def test_browsing_sets_no_cookie(client: httpx.Client) -> None:
    paths = ["/", "/films/100", "/search?q=comedy", "/you", "/about", "/as/planted/1"]
    for path in [*paths, "/api/v1/recommendations", "/api/v1/viewers/me"]:
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 204
    assert not client.cookies


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(client: httpx.Client) -> None:
    cookie = client.post("/api/v1/events", json=rating("100", 5)).headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert "secure" not in parts


def test_over_https_the_cookie_is_bound_to_the_host(site: Site, serve: Serve) -> None:
    app = create_app(site, secret=SECRET, secure_cookies=True)
    event = httpx.post(f"{serve(app)}/api/v1/events", json=rating("100", 5))
    cookie = event.headers["set-cookie"]
    assert cookie.startswith("__Host-matinee=")
    assert "secure" in cookie.lower()


def test_two_browsers_are_two_viewers(client: httpx.Client, address: str) -> None:
    client.post("/api/v1/events", json=rating("100", 5))
    with httpx.Client(base_url=address) as other:
        other.post("/api/v1/events", json=rating("101", 5))
        theirs = other.get("/api/v1/viewers/me").json()
    mine = client.get("/api/v1/viewers/me").json()
    assert mine["viewer"] != theirs["viewer"]
    assert len(mine["viewer"]) == 32
    assert len(mine["ratings"]) == len(theirs["ratings"]) == 1


@pytest.mark.parametrize("change", ["id", "signature", "bare id", "other viewer", "nothing", "é"])
def test_a_cookie_that_was_tampered_with_is_a_new_viewer(
    client: httpx.Client, address: str, change: str
) -> None:
    client.post("/api/v1/events", json=rating("100", 5))
    viewer, signature = client.cookies["matinee"].split(".")
    forged = {
        "id": f"{'0' * 32}.{signature}",
        "signature": f"{viewer}.{signature[:-2]}xx",
        "bare id": viewer,
        "other viewer": f"planted/1.{signature}",
        "nothing": "",
        "é": "%C3%A9.x",
    }[change]
    answer = httpx.get(f"{address}/api/v1/viewers/me", headers={"cookie": f"matinee={forged}"})
    assert answer.json()["viewer"] is None
    assert answer.json()["ratings"] == []


def test_a_cookie_of_another_secret_is_a_new_viewer(
    client: httpx.Client, site: Site, serve: Serve
) -> None:
    client.post("/api/v1/events", json=rating("100", 5))
    other = serve(create_app(site, secret=SECRET[::-1]))
    cookie = f"matinee={client.cookies['matinee']}"
    answer = httpx.get(f"{other}/api/v1/viewers/me", headers={"cookie": cookie})
    assert answer.json()["viewer"] is None


def test_a_short_secret_is_refused(site: Site) -> None:
    with pytest.raises(InputError, match="at least 16"):
        create_app(site, secret=SECRET[:15])
