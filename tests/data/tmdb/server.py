"""A server on loopback with the documented part of the TMDB API, over films of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from matinee.data import Film
from matinee.data.spelling import normalise

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0cyJ9.c2lnbmVkLWJ5LW5vYm9keQ"  # noqa: S105
V3_KEY = "0123456789abcdef0123456789abcdef"
KEYS = (TOKEN, V3_KEY)

NO_FILM = {"status_code": 34, "status_message": "The resource could not be found."}
NO_KEY = {"status_code": 7, "status_message": "Invalid API key."}
LAMP = Film(
    id="7",
    title="The Lamp",
    year=1999,
    runtime=97,
    genres=("Drama", "Thriller"),
    certificate="PG-13",
    languages=("French", "English"),
    countries=("France", "United States"),
    directors=("Ada Birch",),
    cast=("Ivo Hart", "Cleo Moss"),
    keywords=("lighthouse", "storm"),
    overview="What happens in The Lamp.",
    imdb_id="tt0000007",
    tmdb_id="7",
)
"""The film of `movie(7, "The Lamp", 1999, "tt0000007")`."""


def movie(tmdb_id: int, title: str, year: int, imdb_id: str = "", **changed: Any) -> dict[str, Any]:
    """The answer to `/movie/ID` with everything that is appended to it."""
    return {
        "id": tmdb_id,
        "title": title,
        "original_title": title,
        "release_date": f"{year}-03-04",
        "imdb_id": imdb_id or None,
        "adult": False,
        "budget": 0,
        "overview": f"What happens in {title}.",
        "runtime": 97,
        "genres": [{"id": 18, "name": "Drama"}, {"id": 53, "name": "Thriller"}],
        "original_language": "fr",
        "spoken_languages": [
            {"english_name": "English", "iso_639_1": "en", "name": "English"},
            {"english_name": "French", "iso_639_1": "fr", "name": "Français"},
        ],
        "production_countries": [
            {"iso_3166_1": "FR", "name": "France"},
            {"iso_3166_1": "US", "name": "United States of America"},
        ],
        "credits": {
            "cast": [{"name": "Cleo Moss", "order": 1}, {"name": "Ivo Hart", "order": 0}],
            "crew": [
                {"name": "Uma Grey", "job": "Producer"},
                {"name": "Ada Birch", "job": "Director"},
            ],
        },
        "keywords": {"keywords": [{"id": 1, "name": "lighthouse"}, {"id": 2, "name": "storm"}]},
        "release_dates": {
            "results": [
                {"iso_3166_1": "GB", "release_dates": [{"certification": "12A", "type": 3}]},
                {
                    "iso_3166_1": "US",
                    "release_dates": [
                        {"certification": "", "type": 1},
                        {"certification": "PG-13", "type": 3},
                    ],
                },
            ]
        },
        **changed,
    }


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    query: Mapping[str, str]
    authorization: str


@dataclass
class FakeTmdb:
    """State of the server: its films, the requests so far, and answers to give out of turn.

    Attributes:
        movies: by id.
        pages: search results on a page.
        instead: (status, body, headers) of the answers to the next requests.
        requests: all requests so far.
    """

    movies: dict[int, dict[str, Any]] = field(default_factory=dict)
    pages: int = 20
    instead: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def know(self, *movies: Mapping[str, Any]) -> None:
        self.movies |= {each["id"]: dict(each) for each in movies}

    def fail(self, status: int, body: bytes = b"", times: int = 1, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.instead += [(status, body, named)] * times

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.requests]

    def answer(self, request: Request) -> tuple[int, bytes, dict[str, str]]:
        self.requests.append(request)
        if self.instead:
            return self.instead.pop(0)
        if request.authorization != f"Bearer {TOKEN}" and request.query.get("api_key") != V3_KEY:
            return 401, json.dumps(NO_KEY).encode(), {}
        found = self._found(request)
        return (404 if found is NO_FILM else 200), json.dumps(found).encode(), {}

    def _found(self, request: Request) -> dict[str, Any]:
        kind, last = request.path.split("/")[-2:]
        if request.path.endswith("/search/movie"):
            return self._search(request.query)
        if kind == "find" and request.query.get("external_source") == "imdb_id":
            return {"movie_results": self._listed("imdb_id", last), "tv_results": []}
        if kind == "movie" and last.isdecimal():
            film = self.movies.get(int(last), NO_FILM)
            appended = request.query.get("append_to_response", "").split(",")
            left_out = {"credits", "keywords", "release_dates"}.difference(appended)
            return film if film is NO_FILM else {k: film[k] for k in film if k not in left_out}
        return NO_FILM

    def _search(self, query: Mapping[str, str]) -> dict[str, Any]:
        words = normalise(query["query"]).split()
        found = [
            _listed(each)
            for each in self.movies.values()
            if each["release_date"].startswith(query["primary_release_year"])
            and all(word in normalise(each["title"]) for word in words)
        ]
        page = int(query["page"])
        start = (page - 1) * self.pages
        return {
            "page": page,
            "results": found[start : start + self.pages],
            "total_pages": -(-len(found) // self.pages),
            "total_results": len(found),
        }

    def _listed(self, name: str, value: str) -> list[dict[str, Any]]:
        return [_listed(each) for each in self.movies.values() if each[name] == value]


def _listed(film: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "title", "original_title", "release_date", "overview", "original_language")
    return {name: film[name] for name in names}


@contextmanager
def serving(fake: FakeTmdb) -> Iterator[FakeTmdb]:
    """Serves on a free port while the block runs; `fake.url` is the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            request = Request(
                parts.path, dict(parse_qsl(parts.query)), self.headers.get("Authorization", "")
            )
            status, body, headers = fake.answer(request)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Ignores clients that hang up on a large answer."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/3"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
