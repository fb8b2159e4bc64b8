"""The site in a real browser: with JavaScript, without, and by keyboard alone."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


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


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visiting(browser, address) as page:
        yield page


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def either(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with JavaScript, then one without."""
    with visiting(browser, address, javascript=request.param) as page:
        yield page


def shown_for_you(page: Page) -> list[str]:
    return page.locator("#personal .card .name").all_inner_texts()


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


def test_the_front_page_follows_three_ratings(either: Page) -> None:
    either.goto("/")
    expect(either.locator("#personal .card")).to_have_count(0)
    rate_from_search(either, "Horror 25", 5)
    either.get_by_role("link", name="See your recommendations").click()
    first = shown_for_you(either)
    assert len(first) == 12
    assert all(title.startswith("Horror") for title in map(str.title, first))
    rate_from_search(either, "Comedy 3", 5)
    rate(either, "125", 1)
    either.goto("/")
    assert shown_for_you(either) != first
    assert all(title.startswith("Comedy") for title in map(str.title, shown_for_you(either)))
    expect(either.locator("#personal .reason").first).to_contain_text("Comedy 3")


def test_a_rating_on_the_front_page_changes_it_without_a_reload(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.sameDocument = true")
    star = page.locator("#invitation .stars button").nth(4)
    title = page.locator("#invitation .card .name").first.inner_text()
    star.click()
    expect(page.locator("#personal .card")).to_have_count(12)
    expect(page.locator("#announce")).to_have_text("Rated 5.")
    assert page.evaluate("window.sameDocument") is True
    assert title not in page.locator("#invitation .card .name").all_inner_texts()


def test_a_dismissed_film_leaves_the_row_at_once(page: Page) -> None:
    rate(page, "103", 5)
    page.goto("/")
    first = shown_for_you(page)[0]
    page.locator("#personal").get_by_role("button", name="Not for me").first.click()
    expect(page.locator("#personal .card .name").first).not_to_have_text(first)
    assert first not in shown_for_you(page)


def test_opening_a_recommendation_sends_an_event(page: Page) -> None:
    rate(page, "103", 5)
    page.goto("/")
    link = page.locator("#personal .card-link").first
    request_id = link.get_attribute("data-request")
    with page.expect_request("**/api/v1/events") as sent:
        link.click()
    body = json.loads(sent.value.post_data or "")
    assert body["type"] == "click"
    assert body["request_id"] == request_id
    page.wait_for_url(re.compile(r"/films/.+request="))


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


def test_the_keyboard_alone_searches_opens_and_rates(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the films")).to_be_focused()
    tab_to(page, "#search")
    page.keyboard.type("horror 25")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=horror+25")
    tab_to(page, "main .card-link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Horror 25")
    tab_to(page, "#rate-125-4")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_text("You rated it 4.")).to_be_visible()
    expect(page.locator("#rate-125-4")).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not within 60 tabs")


def test_titles_are_suggested_and_chosen_with_the_arrows(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("search").get_by_role("combobox")
    field.press_sequentially("comedy 1")
    options = page.get_by_role("search").get_by_role("option")
    expect(options.first).to_be_visible()
    assert options.count() == 6
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press_sequentially("2")
    expect(options.first).to_have_text("Comedy 12 (1992)")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Comedy 12")


def test_a_title_that_is_an_attack_does_nothing(page: Page) -> None:
    page.goto("/films/x%2F1%20%3F")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
    page.get_by_role("search").get_by_role("combobox").press_sequentially("script")
    expect(page.get_by_role("option").first).to_contain_text("<script>")
    page.get_by_role("button", name="3 of 5").click()
    expect(page.get_by_text("You rated it 3.")).to_be_visible()
    assert "owned" not in page.title()[:5]


def test_a_refused_rating_shows_the_error_page(browser: Browser, address: str) -> None:
    with visiting(browser, address, complaints=2) as page:
        page.goto("/films/103")
        page.locator("#rate-103-5").evaluate("button => { button.value = '9'; }")
        page.locator("#rate-103-5").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wrong ticket")


def test_filters_without_a_match_can_be_relaxed(either: Page) -> None:
    rate(either, "103", 5)
    either.goto("/")
    either.get_by_label("Max. minutes").fill("90")
    either.get_by_label("Genre").select_option("Horror")
    either.get_by_role("button", name="Find films").click()
    expect(either.get_by_text("Nothing fits exactly")).to_be_visible()
    expect(either.locator("#personal .card")).to_have_count(0)
    either.get_by_role("link", name="11 minutes longer (under 101)").click()
    expect(either.locator("#personal .card")).to_have_count(1)
    expect(either.get_by_label("Max. minutes")).to_have_value("101")
    either.get_by_role("link", name="under 101 minutes").click()
    expect(either.locator("#personal .card")).to_have_count(12)
    assert all(title.startswith("Horror") for title in map(str.title, shown_for_you(either)))
    either.locator("#personal").get_by_role("button", name="Not for me").first.click()
    expect(either.get_by_role("heading", name="Films that fit")).to_be_visible()
    either.get_by_role("link", name=re.compile("^horror.*remove")).click()
    expect(either.get_by_role("heading", name="For you", exact=True)).to_be_visible()


def test_critiques_can_be_added_and_removed(either: Page) -> None:
    either.goto("/films/125")
    chips = either.get_by_role("list", name="Like this, but")
    chips.get_by_role("link", name="shorter").click()
    expect(either.get_by_role("heading", name="Like this, but shorter")).to_be_visible()
    expect(either.locator(".card .reason").first).to_contain_text("shorter")
    chips.get_by_role("link", name="newer").click()
    expect(either.get_by_text("No similar film is shorter and newer.")).to_be_visible()
    chips.get_by_role("link", name="newer").click()
    chips.get_by_role("link", name="shorter").click()
    expect(either.get_by_role("heading", name="More like this")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, scheme: str) -> None:
    with visiting(browser, address, viewport=PHONE, complaints=2) as page:  # two are refused
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        rate(page, "103", 5)
        paths = ["/", "/films/103", "/films/x%2F1%20%3F", "/search?q=comedy", "/you"]
        paths += ["/?query=genre:horror%20under:90", f"/?with={'w' * 100}&under=90&kids=1"]
        paths += [f"/?query=-genre:horror%20language:{'w' * 100}", "/films/125?but=shorter"]
        for path in [*paths, "/as/planted/1", "/about", f"/search?q={'w' * 100}"]:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") == 360, path
