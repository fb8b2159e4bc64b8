from __future__ import annotations

import httpx
import pytest
from tests.web.conftest import SECRET, Serve

from matinee.service.site import Site
from matinee.web.app import create_app


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/nope", 404), ("/api/v1/films/nope", 404), ("/api/v1/search", 422)],
)
def test_every_problem_of_the_api_has_one_shape(
    client: httpx.Client, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nope", 404), ("/films/nope", 404), ("/as/planted/nobody", 403), ("/as", 422)],
)
def test_every_problem_of_a_page_is_a_page(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert 'role="search"' in answer.text
    assert f"Error {status}" in answer.text


def test_a_wrong_method_names_the_right_one(client: httpx.Client) -> None:
    answer = client.put("/api/v1/viewers/me")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, DELETE, HEAD, OPTIONS"
    assert client.head("/api/v1/events").status_code == 405


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/api/v1/viewers/me", "GET, DELETE, HEAD, OPTIONS"),
        ("/api/v1/events", "POST, OPTIONS"),
        ("/you/forget", "POST, OPTIONS"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_tells_the_methods_of_an_address(
    client: httpx.Client, path: str, allow: str
) -> None:
    answer = client.options(path)
    assert answer.status_code == 204
    assert answer.headers["allow"] == allow
    assert answer.content == b""


def test_there_are_no_options_of_nothing(client: httpx.Client) -> None:
    assert client.options("/nope").status_code == 404


@pytest.mark.parametrize(
    ("path", "location"),
    [("/you/", "/you"), ("/about///", "/about"), ("/search/?q=x", "/search?q=x")],
)
def test_a_slash_too_many_is_redirected_within_the_site(
    client: httpx.Client, path: str, location: str
) -> None:
    answer = client.get(path, headers={"host": "evil.example"})
    assert answer.status_code == 308
    assert answer.headers["location"] == location


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/nope/", "/api/v1/films", "/%5Cevil.example/"]
)
def test_other_addresses_are_not_redirected(client: httpx.Client, path: str) -> None:
    assert client.build_request("GET", f"http://x{path}").url.raw_path.decode() == path
    answer = client.get(f"{client.base_url}".rstrip("/") + path)
    assert answer.status_code == 404


def test_a_bug_shows_no_traceback_and_has_the_headers(site: Site, serve: Serve) -> None:
    app = create_app(site, secret=SECRET)

    @app.get("/api/v1/bug")
    @app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError("secret detail")

    address = serve(app)
    for path in ("/api/v1/bug", "/bug"):
        answer = httpx.get(f"{address}{path}")
        assert answer.status_code == 500
        assert "secret detail" not in answer.text
        assert "Traceback" not in answer.text
        assert "content-security-policy" in answer.headers


def test_the_path_in_a_message_is_escaped(client: httpx.Client) -> None:
    answer = client.get("/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/", "/about", "/health/live", "/api/v1/search?q=comedy"])
def test_head_answers_as_get_without_the_body(client: httpx.Client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/films/99999", "We have no film “99999”; search for it by its title."),
        ("/more/nothing", "We have no row “nothing”; the front page shows those we have."),
        ("/more/genre:Nope", "We have no genre “Nope”; the front page shows those we have."),
        ("/nope", "There is nothing at /nope."),
        ("/as/nobody", "There is no viewer “nobody” in the data; try planted/1."),
        ("/search?q=" + "x" * 101, "&#34;q&#34; may have at most 100 characters."),
        ("/films/" + "x" * 129, "&#34;film_id&#34; may have at most 128 characters."),
        ("/as?viewer=", "&#34;viewer&#34; must not be empty."),
        ("/you?page=0", "&#34;page&#34; must be at least 1."),
    ],
)
def test_messages_on_pages_are_sentences(client: httpx.Client, path: str, message: str) -> None:
    assert message in client.get(path).text
