from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import SECRET, Serve

from matinee.service.site import Site
from matinee.web.app import create_app


def test_a_site_with_a_live_model_is_ready(client: httpx.Client) -> None:
    assert client.get("/health/live").json()["status"] == "ok"
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["model"] == "ease"


def test_a_site_without_a_model_lives_but_is_not_ready(empty_site: Site, serve: Serve) -> None:
    with httpx.Client(base_url=serve(create_app(empty_site, secret=SECRET))) as client:
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        assert "no model is live" in ready.json()["detail"]
        assert int(ready.headers["retry-after"]) > 0
        assert client.get("/api/v1/recommendations").status_code == 503
        page = client.get("/")
        assert page.status_code == 503
        assert "There are no films here yet" in page.text
        assert client.get("/about").status_code == 200


@pytest.mark.parametrize("path", ["/health/ready", "/api/v1/search?q=x", "/"])
def test_a_broken_database_is_one_line_without_its_path(
    empty_site: Site,
    serve: Serve,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    with sqlite3.connect(tmp_path / "matinee.db") as connection:
        connection.execute("DROP TABLE promotions")
    connection.close()
    with httpx.Client(base_url=serve(create_app(empty_site, secret=SECRET))) as client:
        answer = client.get(path)
        assert answer.status_code == 503
        assert "atinee cannot answer now; try again soon" in answer.text
        assert str(tmp_path) not in answer.text
        assert int(answer.headers["retry-after"]) > 0
    assert f"GET {path.partition('?')[0]}: the database" in caplog.text  # for the operator


def is_answered(address: str) -> bool:
    try:
        return httpx.get(address, timeout=0.5).is_success
    except httpx.ReadTimeout:
        return False


def test_a_process_whose_threads_all_wait_is_still_alive(site: Site, serve: Serve) -> None:
    app = create_app(site, secret=SECRET)
    release = threading.Event()

    @app.get("/wait")
    def wait() -> None:
        release.wait(30)

    address = serve(app)

    def ask() -> None:
        httpx.get(f"{address}/wait", timeout=60)

    waiting = [threading.Thread(target=ask) for _ in range(60)]
    try:
        for thread in waiting:
            thread.start()
        while is_answered(f"{address}/about"):  # until every thread of the pool is taken
            pass
        start = time.monotonic()
        assert httpx.get(f"{address}/health/live", timeout=5).status_code == 200
        assert time.monotonic() - start < 1
    finally:
        release.set()
        for thread in waiting:
            thread.join()
