from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.web.events import rating
from tests.web.sites import client_of, site_of

from matinee.data import Film
from matinee.web.pages.stars import Stars


@pytest.mark.parametrize(
    ("scale", "kind", "choices"),
    [
        ((1, 5), "stars", [1, 2, 3, 4, 5]),
        ((0, 5), "stars", [1, 2, 3, 4, 5]),
        ((0.5, 5), "halves", [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]),
        ((0.5, 4), "halves", [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]),
        ((-1, 1), "thumbs", [-1, 1]),
        ((0, 1), "thumbs", [0, 1]),
        ((1, 10), "stars", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ((0, 100), "stars", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        ((1, 13), "stars", [1, 3, 5, 7, 9, 11, 13]),
        ((-10, 10), "stars", [-10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10]),
        ((4, 4), "thumbs", [4]),
    ],
)
def test_the_choices_fit_the_scale(
    scale: tuple[float, float], kind: str, choices: list[float]
) -> None:
    stars = Stars.of(scale)
    assert (stars.kind, list(stars.choices)) == (kind, choices)


def test_a_count_beyond_the_thumbs_is_how_often_a_film_was_watched() -> None:
    stars = Stars.of((0, 1))
    assert (stars.verdict(12), stars.mark(12)) == ("watched it 12 times", "12 times")
    assert (stars.verdict(1), stars.mark(0)) == ("liked it", "Disliked")


@pytest.mark.parametrize(
    "scale", [(0, 3), (0, 1e9), (-5, 1), (0.5, 10), (1, 7), (0.1, 77.7), (-1e300, 1e300)]
)
def test_every_choice_is_on_the_scale_and_there_are_few(scale: tuple[float, float]) -> None:
    stars = Stars.of(scale)
    for choices, most in ((stars.choices, 11), (stars.few, 5)):
        assert 1 <= len(choices) <= most
        assert all(scale[0] <= each <= scale[1] for each in choices)
        assert choices[-1] == scale[1]
        assert list(choices) == sorted(set(choices))


@pytest.mark.parametrize(
    ("scale", "value", "pressed", "verdict", "mark"),
    [
        ((0.5, 5), 3.5, "3.5", "You rated it 3.5.", "★ 3.5"),
        ((-1, 1), -1, "-1", "You disliked it.", "Disliked"),
        ((0, 100), 65, None, "You rated it 65.", "★ 65"),
    ],
)
def test_pages_offer_and_show_ratings_of_the_scale(
    tmp_path: Path,
    scale: tuple[float, float],
    value: float,
    pressed: str | None,
    verdict: str,
    mark: str,
) -> None:
    films = [Film(str(n), f"Film {n}", genres=(f"Genre {n}",)) for n in range(40)]
    with site_of(tmp_path, films, scale) as site, client_of(site) as client:
        client.post("/api/v1/events", json=rating("3", value)).raise_for_status()
        film = client.get("/films/3").text
        assert verdict in film
        assert re.findall(r'value="([^"]+)" id="[^"]+"\s+aria-pressed="true"', film) == (
            [pressed] if pressed else []
        )
        assert mark in client.get("/search?q=film 3").text
        home = client.get("/").text
        few = [f"{each:g}" for each in Stars.of(scale).few]
        assert re.findall(r'id="rate-\d+-([^"]+)"', home)[: len(few)] == few
