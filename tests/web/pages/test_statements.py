"""A page is one visit: it reads few facts, each once, and answers without a write."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, event
from tests.web.events import rating

from matinee.service.site import Site


@pytest.fixture
def statements() -> Iterator[list[tuple[str, str]]]:
    """Thread and text of every SQL statement, without those that begin transactions."""
    seen: list[tuple[str, str]] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith("BEGIN"):
            seen.append((threading.current_thread().name, statement))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        ("/", 3),  # the promotion, the ratings, the marks
        ("/more/for-you", 3),
        ("/?genre=Comedy", 3),
        ("/films/105", 3),
        ("/you", 3),
        ("/search?q=comedy", 2),
        ("/films/105/why", 3),
        ("/api/v1/recommendations", 3),
        ("/api/v1/rows", 3),
    ],
)
def test_a_page_of_a_known_viewer_reads_each_fact_once(
    client: httpx.Client,
    site: Site,
    statements: list[tuple[str, str]],
    page: str,
    facts: int,
) -> None:
    client.post("/api/v1/events", json=rating("125", 5))
    client.get("/")
    site._store.drain()
    statements.clear()
    assert client.get(page).status_code == 200
    site._store.drain()
    own = [statement for thread, statement in statements if "matinee-writer" not in thread]
    assert len(own) == facts
    assert len(own) == len(set(own))
    assert all(statement.startswith("SELECT") for statement in own)
