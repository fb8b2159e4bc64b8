from __future__ import annotations

import re

import pytest
from tests.web.contrast import contrast

from matinee.data import Film
from matinee.web.assets import FOLDER
from matinee.web.pages.posters import COLOURS, MOTIFS, poster

POSTERS = (FOLDER / "poster.css").read_text(encoding="utf-8")
DRAWINGS = (FOLDER / "motifs.css").read_text(encoding="utf-8")


def test_the_same_film_always_gets_the_same_poster() -> None:
    film = Film("1", "Toy Story", genres=("Animation", "Comedy"))
    assert poster(film) == poster(Film("1", "Toy Story", genres=("Comedy", "Animation")))
    assert poster(film).motif == "bubbles"


def test_posters_of_one_genre_differ() -> None:
    drawn = {poster(Film(str(n), "A title", genres=("Drama",))) for n in range(1000)}
    assert len(drawn) == 45  # five colours, three layouts, three takes


def test_an_unknown_or_missing_genre_has_a_poster() -> None:
    assert (
        poster(Film("1", "A")).motif == poster(Film("1", "A", genres=("Zither",))).motif == "reel"
    )


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
    assert poster(Film("1", title, genres=("Action",))).size == size
    assert f".size-{size} .name" in POSTERS


def test_an_empty_title_has_a_poster() -> None:
    assert poster(Film("1", "")).size == 24
