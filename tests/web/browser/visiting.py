"""A page in a real browser, and what visitors do on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize, expect

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}


@contextmanager
def visiting(
    browser: Browser,
    address: str,
    *,
    javascript: bool = True,
    viewport: ViewportSize = DESK,
    complaints: int = 0,
) -> Iterator[Page]:
    """A page that must log `complaints` messages and request nothing from other hosts."""
    context = browser.new_context(
        base_url=address, java_script_enabled=javascript, viewport=viewport
    )
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    try:
        yield page
        assert len(messages) == complaints, messages
        assert [url for url in requests if not url.startswith(address)] == []
    finally:
        context.close()


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def shown_for_you(page: Page) -> list[str]:
    return page.locator("#first .card .name").all_inner_texts()


def rate(page: Page, film: str, stars: int) -> None:
    """What the form of a film's page sends, without opening it."""
    fields = {"value": str(stars), "event": secrets.token_hex(8)}
    page.context.request.post(f"/films/{film}/rating", form=fields)  # type: ignore[arg-type]


def rate_from_search(page: Page, title: str, stars: int) -> None:
    page.goto("/")
    page.get_by_label("Search films by title").fill(title)
    page.get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name=f"{stars} of 5").click()
    expect(page.get_by_text(f"You rated it {stars}.")).to_be_visible()
