"""Marking films as seen or dismissed in a real browser, and taking it back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.browser.visiting import DESK, PHONE, rate, shown_for_you, visiting, width_of


@pytest.mark.parametrize(
    ("button", "words"), [("Seen it", "Marked as seen."), ("Not for me", "Not for you.")]
)
def test_a_mark_stands_where_the_film_stood_until_undone(
    either: Page, button: str, words: str
) -> None:
    rate(either, "103", 5)
    either.goto("/")
    before = shown_for_you(either)
    either.locator("#first").get_by_role("button", name=button).nth(2).click()
    note = either.locator("#first .card").nth(2)
    expect(note).to_contain_text(words)
    assert before[2] not in shown_for_you(either)
    assert shown_for_you(either)[:2] == before[:2]
    note.get_by_role("button", name="Undo").click()
    expect(either.locator("#first .note")).to_have_count(0)
    assert shown_for_you(either) == before


def test_nothing_else_moves_and_the_keyboard_keeps_its_place(page: Page) -> None:
    rate(page, "103", 5)
    page.goto("/")
    page.evaluate("window.sameDocument = true")
    before = shown_for_you(page)
    for name, place in (("Seen it", 0), ("Not for me", 1)):
        page.locator("#first .card").nth(place).get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        undo = page.locator("#first .card").nth(place).get_by_role("button", name="Undo")
        expect(undo).to_be_focused()
    assert shown_for_you(page) == before[2:]
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_have_text("Undone.")
    card = page.locator("#first .card").nth(1)
    expect(card.get_by_role("button", name="Not for me")).to_be_focused()
    page.keyboard.press("Enter")  # the same button again
    expect(card).to_contain_text("Not for you.")
    assert page.evaluate("window.sameDocument") is True
    page.reload()
    assert not set(before[:2]) & set(shown_for_you(page))


def test_a_stranger_gets_a_cookie_with_the_first_mark(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Seen it").first.click()
    expect(page.locator("#first .note")).to_contain_text("Marked as seen.")
    assert len(page.context.cookies()) == 1
    page.goto("/you")
    expect(page.get_by_role("heading", name="Seen, not rated")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_rows_fit_the_window_and_headings_are_in_order(
    browser: Browser, address: str, viewport: dict[str, int]
) -> None:
    with visiting(browser, address, viewport=viewport) as page:  # type: ignore[arg-type]
        rate(page, "103", 5)
        for path in ("/", "/more/for-you", "/films/104", "/films/104/why", "/you"):
            page.goto(path)
            assert width_of(page) == viewport["width"], path
            levels = page.evaluate(
                "[...document.querySelectorAll('h1, h2, h3')].map((each) => +each.tagName[1])"
            )
            assert levels[0] == 1, path
            assert all(b <= a + 1 for a, b in pairwise(levels)), path
        page.goto("/")
        last = page.locator("#rows .strip").first.locator("a.card-link").last
        last.focus()  # the keyboard reaches what lies beyond the edge of a phone
        expect(last).to_be_in_viewport()
