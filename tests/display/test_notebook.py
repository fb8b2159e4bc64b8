"""Outputs in a browser: posters as on the site, and nothing of the page around them is changed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from matinee.display import notebook
from matinee.display.poster import poster
from matinee.display.table import Table

ATTACK = "<script>document.title = 'owned'</script>"


def test_every_text_is_escaped() -> None:
    table = notebook.table(Table((ATTACK, ATTACK), ((ATTACK, ATTACK),)))
    cards = notebook.wall([notebook.Card(poster("1", ATTACK, [ATTACK]), ATTACK, [ATTACK])])
    html = notebook.output(
        ATTACK,
        table,
        cards,
        notebook.paragraph(ATTACK),
        notebook.facts([(ATTACK, ATTACK)]),
        notebook.fold(ATTACK, ""),
        notebook.columns([notebook.section(ATTACK, "")]),
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 13


def test_the_best_row_is_marked_and_a_table_without_names_has_no_head() -> None:
    table = notebook.table(Table(("model", "NDCG"), (("a", "1"), ("b", "2"))), best=1)
    assert re.findall(r"<tr( class=best)?><th scope=\"row\">(\w)", table) == [
        ("", "a"),
        (" class=best", "b"),
    ]
    assert "<thead" not in notebook.facts([("films", "5")])


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_posters_are_drawn_and_the_notebook_around_keeps_its_look(
    browser: Browser, ground: str
) -> None:
    text = "#eeeeee" if ground == "#111111" else "#222222"
    card = notebook.Card(poster("1", "Jaws", ["Horror"], ["1975"]), "1. Jaws (1975)", ["Horror"])
    html = notebook.output("Films", notebook.wall([card]))
    plain = "<p class='name'>name</p><table><tr><td>cell</td></tr></table>"
    with browser.new_context(viewport={"width": 900, "height": 700}) as context:
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda each: requests.append(each.url))
        style = "(each) => JSON.stringify({...getComputedStyle(document.querySelector(each))})"
        body = f"<body style='background:{ground};color:{text}'>"
        page.set_content(body + plain)
        before = [page.evaluate(style, each) for each in ("p", "td")]
        page.set_content(body + plain + html)
        assert [page.evaluate(style, each) for each in ("p", "td")] == before
        box = page.locator(".poster").bounding_box()
        assert box is not None
        assert box["height"] / box["width"] == pytest.approx(1.5, abs=0.01)
        teeth = page.evaluate(
            "getComputedStyle(document.querySelector('.art'), '::before').clipPath"
        )
        assert teeth.startswith("polygon(")
        assert page.evaluate("document.title") == ""
        assert requests == []


def test_without_its_style_a_card_is_lines_of_text(browser: Browser) -> None:
    """As in a notebook that Jupyter does not trust."""
    card = notebook.Card(poster("1", "Jaws", ["Horror"], ["1975"]), "1. Jaws (1975)", ["Horror"])
    html = notebook.output("Films", notebook.wall([card]))
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(re.sub("<style>.*?</style>", "", html, flags=re.DOTALL))
        assert page.locator("li").inner_text() == "1. Jaws (1975)\nHorror"
