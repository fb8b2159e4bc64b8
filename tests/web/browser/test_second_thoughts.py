"""Changing, removing and losing ratings in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.web.browser.visiting import rate, visiting
from tests.web.conftest import SECRET, Serve

from matinee.service.site import Site
from matinee.web.app import create_app


def test_a_rating_changed_after_back_counts(browser: Browser, address: str) -> None:
    with visiting(browser, address, javascript=False) as page:
        page.goto("/films/103")
        for stars in (3, 4, 3):
            page.get_by_role("button", name=f"{stars} of 5").click()
            expect(page.get_by_text(f"You rated it {stars}.")).to_be_visible()
            page.go_back()
        page.goto("/you")
        expect(page.locator("#rate-103-3")).to_have_attribute("aria-pressed", "true")


class NoCookies:
    """As if the browser kept no cookie: it never sees one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [each for each in message["headers"] if each[0] != b"set-cookie"]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, without)


@pytest.mark.parametrize(("javascript", "complaints"), [(True, 2), (False, 1)])
def test_blocked_cookies_are_told(
    browser: Browser, site: Site, serve: Serve, *, javascript: bool, complaints: int
) -> None:
    app = create_app(site, secret=SECRET)
    app.add_middleware(NoCookies)
    address = serve(app)
    with visiting(browser, address, javascript=javascript, complaints=complaints) as page:
        page.goto("/films/103")
        page.locator("#rate-103-5").click()
        expect(page.get_by_text("Your browser did not keep our cookie")).to_be_visible()


def test_ratings_can_be_changed_removed_and_forgotten(page: Page) -> None:
    rate(page, "103", 2)
    rate(page, "104", 4)
    page.goto("/about")
    page.get_by_role("link", name="You", exact=True).click()
    expect(page.locator(".stub")).to_have_count(2)
    page.locator(".stub", has_text="Comedy 3").get_by_role("button", name="5 of 5").click()
    expect(page.locator("#rate-103-5")).to_have_attribute("aria-pressed", "true")
    page.locator(".stub", has_text="Comedy 4").get_by_role("button", name="Remove").click()
    expect(page.locator(".stub")).to_have_count(1)
    page.get_by_label("Yes, delete everything").check()
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_text("We keep nothing about you")).to_be_visible()
    assert page.context.cookies() == []
