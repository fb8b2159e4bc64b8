"""recommend, similar and search over planted data."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

from matinee.data import Interactions


def test_recommend_lists_only_unseen_films_of_the_viewers_taste(
    run: Run, planted_folder: Path, planted: Interactions
) -> None:
    outcome = run("recommend", "--user", "1", "--data", str(planted_folder), "--n", "5", "--json")
    assert outcome.status == 0
    films = [line["film"] for line in json.loads(outcome.out)["films"]]
    seen = set(planted.item_ids.ids[planted.history(0).items].tolist())
    assert len(films) == 5
    assert not seen & {film["id"] for film in films}
    assert all(film["genres"] == ["Comedy"] for film in films)


def test_recommend_names_the_rated_films_it_rests_on(run: Run, planted_folder: Path) -> None:
    outcome = run("recommend", "--like", "Horror 25", "--data", str(planted_folder))
    assert outcome.status == 0
    assert "Because you loved Horror 25 (2005)" in outcome.out


def test_recommend_by_genre_gives_nothing_else(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    outcome = run("recommend", "--user", "1", "--genre", "horror", "--data", data, "--json")
    films = [line["film"] for line in json.loads(outcome.out)["films"]]
    assert films
    assert all(film["genres"] == ["Horror"] for film in films)


def test_recommend_asks_for_a_viewer_or_films_not_both(run: Run) -> None:
    outcome = run("recommend", "--user", "1", "--like", "Alien")
    assert outcome.status == 2
    assert "name a viewer with --user, films with --like, or your own ratings" in outcome.err


def test_what_a_stranger_is_like_is_refused_by_a_model_that_did_not_learn_of_it(
    run: Run, planted_folder: Path
) -> None:
    outcome = run("recommend", "--about", "age=34", "--data", str(planted_folder))
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert "'auto' learns from ratings alone" in outcome.err


def test_a_stranger_is_answered_by_what_they_are_like(run: Run, planted_folder: Path) -> None:
    viewers = (planted_folder / "u.user").read_text().splitlines(keepends=True)
    half = len(viewers) // 2  # who love comedies, before those who love horrors
    told = [*viewers[:half], *(line.replace("|F|", "|M|") for line in viewers[half:])]
    (planted_folder / "u.user").write_text("".join(told))
    asked = ("recommend", "--model", "ials-content", "--data", str(planted_folder), "--json")
    answers = [
        json.loads(run(*asked, "--about", f"gender={gender}").out)["films"] for gender in ("F", "M")
    ]
    assert all(len(films) == 10 for films in answers)
    tastes = [{genre for film in films for genre in film["film"]["genres"]} for films in answers]
    assert tastes == [{"Comedy"}, {"Horror"}]
    assert answers[0][0]["reason"]["text"] == "Popular with viewers like you (gender F)"
    unknown = run(*asked, "--about", "gender=X")
    assert unknown.status == 2
    assert "unknown gender 'X'; known: F, M" in unknown.err


def test_an_unknown_viewer_is_one_line_that_names_them(run: Run, planted_folder: Path) -> None:
    outcome = run("recommend", "--user", "999", "--data", str(planted_folder))
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert "unknown viewer id '999'" in outcome.err


def test_an_unknown_genre_lists_those_there_are(run: Run, planted_folder: Path) -> None:
    outcome = run("recommend", "--user", "1", "--genre", "Western", "--data", str(planted_folder))
    assert outcome.status == 2
    assert "known: Comedy, Horror" in outcome.err


def test_similar_keeps_to_the_kind_of_the_film(run: Run, planted_folder: Path) -> None:
    outcome = run("similar", "comedy 3", "--data", str(planted_folder), "--n", "6", "--json")
    films = [line["film"]["title"] for line in json.loads(outcome.out)["films"]]
    assert len(films) == 6
    assert "Comedy 3" not in films
    assert all(title.startswith("Comedy") for title in films)


def test_a_misspelt_title_gets_suggestions(run: Run, planted_folder: Path) -> None:
    outcome = run("similar", "Comdey 3", "--data", str(planted_folder))
    assert outcome.status == 2
    assert "did you mean 'Comedy 3 (1983)'" in outcome.err


def test_search_finds_films_and_says_when_there_is_none(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    assert "Horror 21" in run("search", "horror 21", "--data", data).out
    nothing = run("search", "qqqq", "--data", data)
    assert nothing.status == 0
    assert nothing.out == ""
    assert "no film is called anything like 'qqqq'" in nothing.err


def test_a_saved_model_answers_like_the_one_fitted_on_the_spot(
    run: Run, planted_folder: Path
) -> None:
    data = ("--data", str(planted_folder))
    folder = run("train", "ease", *data, "-o", "l2=50").out.strip()
    saved = run("recommend", "--user", "1", *data, "--model", folder, "--json")
    assert saved.status == 0
    document = json.loads(saved.out)
    assert document["model"] == "ease"
    assert Path(folder).name.startswith(document["version"])


def test_a_model_fitted_on_other_films_is_refused(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    folder = run("train", "ease", "--data", str(planted_folder)).out.strip()
    fewer = tmp_path / "fewer"
    fewer.mkdir()
    for name in ("u.data", "u.item", "u.user"):
        text = (planted_folder / name).read_text()
        (fewer / name).write_text(
            text + "900|New film (1999)|01-Jan-1999|||" + "0|" * 18 + "1\n"
            if name == "u.item"
            else text
        )
    outcome = run("recommend", "--user", "1", "--data", str(fewer), "--model", folder)
    assert outcome.status == 2
    assert "fitted on other films" in outcome.err
