"""A report in a browser: attacks, colours, print, and without JavaScript or mouse."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser
from tests.service.browsing import opened, until


def test_an_attack_is_shown_as_text(attacked: str, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "report.html", attacked, 360) as page:
        assert page.title() != "owned"
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_injected_script_does_not_run(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    changed = pages["alone"].replace("<h1>", "<h1><script>document.title = 'owned'</script>")
    (tmp_path / "report.html").write_text(changed, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_selector(".chart .main-svg")
    assert page.title() != "owned"
    page.close()


def test_colours_follow_the_scheme_and_print_is_light(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    ink = "getComputedStyle(document.querySelector('#chart-intervals .xtick text')).fill"
    with opened(browser, tmp_path / "report.html", pages["alone"], scheme="dark") as page:
        assert page.evaluate(ink) == "rgb(246, 234, 214)"
        page.emulate_media(color_scheme="light")
        until(page, f"{ink} === 'rgb(42, 22, 24)'")
        page.emulate_media(color_scheme="dark")
        until(page, f"{ink} === 'rgb(246, 234, 214)'")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(ink) == "rgb(42, 22, 24)"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(ink) == "rgb(246, 234, 214)"


def test_print_fits_charts_and_opens_examples(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "report.html", pages["ranked"], 1600) as page:
        widths = """[...document.querySelectorAll(".chart svg.main-svg:first-of-type")].map(
            (each) => each.getBoundingClientRect().width)"""
        closed = page.locator("details.printed:not([open])").count()
        assert closed == 4
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert set(page.evaluate(widths)) == {620}
        assert page.locator("details.printed:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details.printed:not([open])").count() == closed
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_without_javascript_the_numbers_are_there(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    with opened(browser, file, pages["ranked"], 360, javascript=False) as page:
        assert page.locator("noscript p").is_visible()
        assert page.locator("#chart-genres").is_hidden()
        page.locator("#genres summary").click()
        assert page.locator("#genres table").is_visible()
        assert page.locator("#genres table").inner_text().count("%") == 2 * 3


def test_the_keyboard_reaches_tables_that_scroll_and_opens_what_is_folded(
    pages: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "report.html", pages["ranked"], 360) as page:
        table = page.get_by_role("region", name="Models by other measures")
        table.focus()
        page.keyboard.press("ArrowRight")
        until(page, "document.activeElement.scrollLeft > 0")
        page.locator("#genres summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("#genres table").is_visible()
