"""Searching, filters and critiques in a real browser, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web.browser.visiting import rate, shown_for_you


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


def test_filters_without_a_match_can_be_relaxed(either: Page) -> None:
    rate(either, "103", 5)
    either.goto("/")
    either.get_by_label("Max. minutes").fill("90")
    either.get_by_label("Genre").select_option("Horror")
    either.get_by_role("button", name="Find films").click()
    expect(either.get_by_text("Nothing fits exactly")).to_be_visible()
    expect(either.locator("#first .card")).to_have_count(0)
    either.get_by_role("link", name="11 minutes longer (under 101)").click()
    expect(either.locator("#first .card")).to_have_count(1)
    expect(either.get_by_label("Max. minutes")).to_have_value("101")
    either.get_by_role("link", name="under 101 minutes").click()
    expect(either.locator("#first .card")).to_have_count(12)
    assert all(title.startswith("Horror") for title in map(str.title, shown_for_you(either)))
    either.locator("#first").get_by_role("button", name="Not for me").first.click()
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
