"""Rating, dismissing and forgetting in a real browser."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Browser, Page, expect
from tests.web.browser.visiting import rate, rate_from_search, shown_for_you, visiting


def test_the_front_page_follows_three_ratings(either: Page) -> None:
    either.goto("/")
    expect(either.get_by_role("heading", name="For you")).to_have_count(0)
    rate_from_search(either, "Horror 25", 5)
    either.get_by_role("link", name="See your recommendations").click()
    first = shown_for_you(either)
    assert len(first) == 12
    assert all(title.startswith("Horror") for title in map(str.title, first[:8]))
    rate_from_search(either, "Comedy 3", 5)
    rate(either, "125", 1)
    either.goto("/")
    assert shown_for_you(either) != first
    assert all(title.startswith("Comedy") for title in map(str.title, shown_for_you(either)[:8]))
    expect(either.locator("#first .reason").first).to_contain_text("Comedy 3")


def test_a_rating_on_the_front_page_changes_it_without_a_reload(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.sameDocument = true")
    star = page.locator("#invitation .stars button").nth(4)
    title = page.locator("#invitation .card .name").first.inner_text()
    star.click()
    expect(page.locator("#first .card")).to_have_count(12)
    expect(page.locator("#announce")).to_have_text("Rated 5.")
    assert page.evaluate("window.sameDocument") is True
    assert title not in page.locator("#invitation .card .name").all_inner_texts()


def test_opening_a_recommendation_sends_an_event(page: Page) -> None:
    rate(page, "103", 5)
    page.goto("/")
    link = page.locator("#first .card-link").first
    request_id = link.get_attribute("data-request")
    with page.expect_request("**/api/v1/events") as sent:
        link.click()
    body = json.loads(sent.value.post_data or "")
    assert body["type"] == "click"
    assert body["request_id"] == request_id
    page.wait_for_url(re.compile(r"/films/.+request="))


def test_a_refused_rating_shows_the_error_page(browser: Browser, address: str) -> None:
    with visiting(browser, address, complaints=2) as page:
        page.goto("/films/103")
        page.locator("#rate-103-5").evaluate("button => { button.value = '9'; }")
        page.locator("#rate-103-5").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wrong ticket")
