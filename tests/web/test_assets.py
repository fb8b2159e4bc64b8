from __future__ import annotations

import re

import httpx

from matinee.web.assets import FOLDERS


def test_static_files_are_linked_typed_and_cacheable(client: httpx.Client) -> None:
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(linked) == sum(len(list(folder.iterdir())) for folder in FOLDERS)
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    for path in linked:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith(types[path.rpartition(".")[2]])


def test_a_plain_name_or_an_old_hash_is_not_found(client: httpx.Client) -> None:
    assert client.get("/static/base.css").status_code == 404
    assert client.get("/static/base.000000000000.css").status_code == 404
    assert client.get("/static/..%2Fapp.py").status_code == 404


def test_icon_and_robots_are_at_their_usual_addresses(client: httpx.Client) -> None:
    assert client.get("/favicon.ico", follow_redirects=True).status_code == 200
    assert "Disallow: /as/" in client.get("/robots.txt").text
