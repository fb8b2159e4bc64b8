from __future__ import annotations

import re

import pytest
from tests.web.contrast import contrast

from matinee.display.poster import COLOURS, MOTIFS, STYLES, poster

POSTERS = (STYLES / "poster.css").read_text(encoding="utf-8")
DRAWINGS = (STYLES / "motifs.css").read_text(encoding="utf-8")


def test_the_same_key_always_gets_the_same_poster() -> None:
    drawn = poster("1", "Toy Story", ("Animation", "Comedy"))
    assert drawn == poster("1", "Toy Story", ("Comedy", "Animation"))
    assert drawn.motif == "bubbles"


def test_posters_of_one_genre_differ() -> None:
    drawn = {poster(str(n), "A title", ("Drama",)) for n in range(1000)}
    assert len(drawn) == 45  # five colours, three layouts, three takes


def test_an_unknown_or_missing_genre_has_a_poster() -> None:
    assert poster("1", "A", ()).motif == poster("1", "A", ("Zither",)).motif == "reel"


def test_a_poster_is_elements_with_classes_of_the_style_sheets_and_escaped_texts() -> None:
    drawn = poster("1", "<b>Jaws</b>", ("Horror",), ("1975", "A&B")).__html__()
    assert "&lt;b&gt;Jaws&lt;/b&gt;" in drawn
    assert '<span class="credits"><span>1975</span><span>A&amp;B</span></span>' in drawn
    assert "credits" not in poster("1", "Jaws", ()).__html__()
    styles = POSTERS + DRAWINGS
    for name in " ".join(re.findall(r'class="([^"]+)"', drawn)).split():
        if not name.endswith(("take-plain", "layout-below")):  # as the others are without a rule
            assert f".{name}" in styles


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_is_drawn(motif: str) -> None:
    assert f".motif-{motif} .art" in DRAWINGS


@pytest.mark.parametrize("colours", COLOURS)
def test_ink_on_paper_has_enough_contrast(colours: str) -> None:
    line = re.search(rf"\.colours-{colours} {{(.+)}}", POSTERS)
    assert line is not None
    ink, paper = (re.search(rf"--{part}: (#\w{{6}});", line[1]) for part in ("ink", "paper"))
    assert ink is not None
    assert paper is not None
    assert contrast(ink[1], paper[1]) >= 4.5


@pytest.mark.parametrize(
    ("title", "size"),
    [("Jaws", 24), ("The Empire Strikes Back", 15), ("Supercalifragilisticexpialidocious", 4)],
)
def test_long_titles_are_set_smaller(title: str, size: int) -> None:
    assert poster("1", title, ("Action",)).size == size
    assert f".size-{size} .name" in POSTERS


def test_an_empty_title_has_a_poster() -> None:
    assert poster("1", "", ()).size == 24
