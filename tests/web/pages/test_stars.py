from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.web.events import event, rating
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


@pytest.mark.parametrize(
    ("scale", "value", "mark", "opinions"),
    [
        ((1, 5), 4, "★ 4", "Average 5.0 of 5"),
        ((-1, 1), 1, "Liked", "Liked by 1 of 1 viewer<"),
        ((0, 1), 1, "Liked", "Liked by 1 of 1 viewer<"),
        ((0, 1), 1, "Liked", "Watched by 1 viewer<"),
    ],
)
def test_a_film_that_is_not_for_the_viewer_has_its_share(
    tmp_path: Path, scale: tuple[float, float], value: float, mark: str, opinions: str
) -> None:
    films = [Film(str(n), f"Film {n}", genres=(f"Genre {n % 3}",)) for n in range(12)]
    counts = opinions.startswith("Watched")
    with (
        site_of(tmp_path, films, scale, "content", counts=counts) as site,
        client_of(site) as client,
    ):
        marks = [rating("3", value), event("dismissal", "6")]
        client.post("/api/v1/events", json=marks).raise_for_status()
        answer = client.get("/films/0/why")
        assert answer.status_code == 200
        given = re.findall(r'<td class="given">([^<]*)</td>', answer.text)
        assert sorted(given) == sorted([mark, "Not for you"])
        assert "What each of your ratings and “not for me” marks adds" in answer.text
        assert opinions in client.get("/films/0").text


def test_likes_are_counted_from_their_average() -> None:
    assert Stars.of((-1, 1)).likes(1 / 3, 3) == 2
    assert Stars.of((0, 1)).likes(0.66667, 3) == 2
    assert Stars.of((4, 4)).likes(4, 7) == 7
