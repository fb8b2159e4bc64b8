"""recommend, similar and search on planted data."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from tests.cli.conftest import Run

from matinee.data import Interactions
from matinee.service import fitted


def test_recommend_lists_unseen_films_of_the_viewers_taste(
    run: Run, planted_folder: Path, planted: Interactions
) -> None:
    outcome = run("recommend", "--user", "1", "--data", str(planted_folder), "--n", "5", "--json")
    films = [line["film"] for line in outcome.json["films"]]
    seen = set(planted.item_ids.ids[planted.history(0).items].tolist())
    assert len(films) == 5
    assert not seen & {film["id"] for film in films}
    assert all(film["genres"] == ["Comedy"] for film in films)


def test_recommend_gives_rated_films_as_reasons(run: Run, planted_folder: Path) -> None:
    outcome = run("recommend", "--like", "Horror 25", "--data", str(planted_folder))
    assert "Because you loved Horror 25 (2005)" in outcome.out


def test_recommend_by_genre_lists_only_that_genre(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    outcome = run("recommend", "--user", "1", "--genre", "horror", "--data", data, "--json")
    films = [line["film"] for line in outcome.json["films"]]
    assert films
    assert all(film["genres"] == ["Horror"] for film in films)


def test_a_viewer_without_history_is_answered_by_attributes(run: Run, planted_folder: Path) -> None:
    viewers = (planted_folder / "u.user").read_text().splitlines(keepends=True)
    half = len(viewers) // 2  # the first half likes comedies, the second horror films
    lines = [*viewers[:half], *(line.replace("|F|", "|M|") for line in viewers[half:])]
    (planted_folder / "u.user").write_text("".join(lines))
    command = ("recommend", "--model", "ials-content", "--data", str(planted_folder), "--json")
    answers = [run(*command, "--about", f"gender={gender}").json["films"] for gender in ("F", "M")]
    assert all(len(films) == 10 for films in answers)
    tastes = [{genre for film in films for genre in film["film"]["genres"]} for films in answers]
    assert tastes == [{"Comedy"}, {"Horror"}]
    assert answers[0][0]["reason"]["text"] == "Popular with viewers like you (gender F)"
    unknown = run(*command, "--about", "gender=X", status=2)
    assert "unknown gender 'X'; known: F, M" in unknown.err


def test_similar_films_have_the_same_genre(run: Run, planted_folder: Path) -> None:
    outcome = run("similar", "comedy 3", "--data", str(planted_folder), "--n", "6", "--json")
    films = [line["film"]["title"] for line in outcome.json["films"]]
    assert len(films) == 6
    assert "Comedy 3" not in films
    assert all(title.startswith("Comedy") for title in films)


def test_search_finds_films_or_says_there_are_none(run: Run, planted_folder: Path) -> None:
    data = str(planted_folder)
    assert "Horror 21" in run("search", "horror 21", "--data", data).out
    nothing = run("search", "qqqq", "--data", data)
    assert nothing.out == ""
    assert "no film with a title like 'qqqq'" in nothing.err


def test_a_saved_model_answers_like_the_one_fitted_on_the_spot(
    run: Run, planted_folder: Path
) -> None:
    data = ("--data", str(planted_folder))
    folder = run("train", "ease", *data, "-o", "l2=50").out.strip()
    saved = run("recommend", "--user", "1", *data, "--model", folder, "--json")
    document = saved.json
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
    outcome = run("recommend", "--user", "1", "--data", str(fewer), "--model", folder, status=2)
    assert "fitted on other films" in outcome.err


def test_the_columns_scale_and_times_of_own_ratings_can_be_said(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    rows = ("Horror 25,2005,4,3,5/1/2019", "Horror 26,2006,5,1,6/1/2019")
    mine.write_text("\n".join(("title,year,rating_x,rating_y,date", *rows)))
    command = ("recommend", "--ratings", str(mine), "--data", str(planted_folder), "--n", "3")
    refused = run(*command, status=2).err
    assert "'rating_x' and 'rating_y' could each be the rating; name it with --column" in refused
    outcome = run(*command, "--column", "rating=rating_x")
    assert "--scale says another" in outcome.err
    assert "--times day-first or --times month-first says which" in outcome.err
    options = ("--column", "rating=rating_x", "--scale", "1", "10", "--times", "day-first")
    outcome = run(*command, *options)
    assert "ratings rescaled linearly from 1-10 to 1-5\n" in outcome.err
    assert "--times" not in outcome.err
    assert "are for --ratings" in run("recommend", "--user", "1", "--scale", "1", "5", status=2).err


def test_every_malformed_row_of_own_ratings_is_counted(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("title,rating\nHorror 25,5\n" + "Horror 26,good\n" * 200)
    outcome = run("recommend", "--ratings", str(mine), "--data", str(planted_folder))
    assert "200 malformed lines left out (" in outcome.err


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_all_viewers_get_the_list_of_a_single_viewer(
    run: Run, planted_folder: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"lists.{suffix}"
    options = ("--data", str(planted_folder), "--model", "ease", "--n", "4")
    outcome = run("recommend", "--all", "--out", str(out), *options)
    assert outcome.out == ""
    assert f"240 recommendations for 60 viewers are in {out}" in outcome.err
    lists = pl.read_parquet(out) if suffix == "parquet" else pl.read_csv(out)
    one = run("recommend", "--user", "7", *options, "--json").json["films"]
    assert lists.filter(pl.col("user").cast(pl.String) == "7").select(
        "rank", pl.col("item").cast(pl.String), "title", "model"
    ).rows() == [(each["rank"], each["film"]["id"], each["film"]["title"], "ease") for each in one]


def test_the_rating_column_speaks_of_intervals_only_where_there_are_any(
    run: Run, planted_folder: Path
) -> None:
    outcome = run("recommend", "--user", "1", "--data", str(planted_folder), "--model", "svd")
    assert outcome.out.split("\n")[0].split() == ["title", "year", "rating", "why"]


def test_the_table_of_similar_films_has_their_scores(run: Run, planted_folder: Path) -> None:
    command = ("similar", "comedy 3", "--data", str(planted_folder), "--n", "2")
    header, first, _ = run(*command).out.splitlines()
    assert header.split() == ["title", "year", "score", "why"]
    score = run(*command, "--json").json["films"][0]["score"]
    assert f" {score:.3g} " in first


@pytest.mark.parametrize(
    "command",
    [
        ("recommend", "--user", "1", "--n", "3", "--model", "ease"),
        ("similar", "Comedy 3", "--n", "3"),
        ("similar", "--user", "1", "--n", "3", "--model", "ials"),
        ("search", "comedy", "--n", "3"),
    ],
)
def test_csv_has_a_header_and_a_row_per_line(
    run: Run, planted_folder: Path, command: tuple[str, ...]
) -> None:
    data = ("--data", str(planted_folder))
    frame = pl.read_csv(io.StringIO(run(*command, *data, "--csv").out))
    assert len(frame) == 3
    document = run(*command, *data, "--json").json
    if command[0] == "search":
        assert frame.columns == list(document[0])
        assert frame["title"].to_list() == [film["title"] for film in document]
    elif "--user" in command and command[0] == "similar":
        assert frame.columns == ["user", "similarity", "common"]
        viewers = document["viewers"]
        assert frame["user"].cast(pl.String).to_list() == [each["user"] for each in viewers]
    else:
        assert frame["title"].to_list() == [line["film"]["title"] for line in document["films"]]
        assert {"rank", "item_id", "title", "score", "reason"} <= set(frame.columns)
    assert "choose one of --json and --csv" in run(*command, "--json", "--csv", status=2).err


def test_viewers_like_one_are_listed_without_them(run: Run, planted_folder: Path) -> None:
    command = ("similar", "--user", "1", "--data", str(planted_folder), "--n", "4")
    outcome = run(*command)
    assert "auto compares no viewers; ials answers" in outcome.err
    assert "viewers like 1, by ials" in outcome.err
    header, *lines = outcome.out.splitlines()
    assert header.split() == ["viewer", "similarity", "films", "in", "common"]
    assert all(line.split()[0] != "1" for line in lines)
    assert len(lines) == 4
    assert "unknown viewer id 'x'" in run("similar", "--user", "x", *command[3:], status=2).err
    assert "does not compare viewers" in run(*command, "--model", "ease", status=2).err
    assert "name one film by its TITLE" in run("similar", status=2).err
    assert "name one film by its TITLE" in run("similar", "x", "--user", "1", status=2).err
    assert "--but compares films" in run("similar", "--user", "1", "--but", "newer", status=2).err
    assert "--model compares viewers" in run("similar", "x", "--model", "ease", status=2).err


def test_only_films_of_a_list_are_recommended(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    listed, out = tmp_path / "tonight.txt", tmp_path / "lists.csv"
    listed.write_text("Horror 25\nComedy 3\nComedy 4\n")
    options = ("--data", str(planted_folder), "--model", "ease", "--among", str(listed))
    films = run("recommend", "--like", "Comedy 3", *options, "--json").json["films"]
    assert films[0]["film"]["title"] == "Comedy 4"
    assert {line["film"]["title"] for line in films} == {"Comedy 4", "Horror 25"}
    run("recommend", "--all", "--out", str(out), *options, "--not-genre", "Horror")
    lists = pl.read_csv(out)
    assert set(lists["title"]) == {"Comedy 3", "Comedy 4"}
    assert lists.group_by("user").len()["len"].max() == 2
    listed.write_text("Nowhere\n")
    refused = run("recommend", "--all", "--out", str(out), *options, status=2).err
    assert "line 1: unknown film 'Nowhere'" in refused


def test_lists_of_everyone_heed_constraints(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "lists.csv"
    options = ("--data", str(planted_folder), "--model", "ease", "--n", "3")
    conditions = ("--since", "1990", "--genre", "horror")
    run("recommend", "--all", "--out", str(out), *options, *conditions)
    lists = pl.read_csv(out, schema_overrides={"user": pl.String, "item": pl.String})
    one = run("recommend", "--user", "40", *options, *conditions, "--json").json["films"]
    own = lists.filter(pl.col("user") == "40")
    assert own["item"].to_list() == [line["film"]["id"] for line in one]
    refused = run("recommend", "--all", "--out", str(out), *options, "--genre", "Noir", status=2)
    assert "unknown genre 'Noir'" in refused.err
    for more in (("--user", "1"), ("--json",), ("--csv",), ("--about", "age=3")):
        refused = run("recommend", "--all", "--out", str(out), *more, status=2)
        assert "--all goes with --out" in refused.err


def test_a_first_answer_says_that_it_fits(
    run: Run, planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("recommend", "--user", "1", "--data", str(planted_folder), "--model", "ease")
    assert run(*command).err == ""
    monkeypatch.setattr(fitted, "_MANY_RATINGS", 900)
    said = run(*command).err
    assert said.startswith("fitting ease on ")
    assert said.endswith("900 ratings ...\n")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("predict --user 1 --film #101 --model ease", "does not predict ratings"),
        ("similar --user 1 --model ease", "does not compare viewers"),
        ("embeddings popular --out v.csv", "has no vectors of films"),
    ],
)
def test_a_model_that_lacks_an_ability_is_refused_before_a_fit(
    run: Run,
    planted_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    complaint: str,
) -> None:
    monkeypatch.setattr(fitted, "_MANY_RATINGS", 0)  # every fit is announced
    refused = run(*command.split(), "--data", str(planted_folder), status=2).err
    assert complaint in refused
    assert "fitting" not in refused


def test_an_unknown_model_of_the_settings_is_not_replaced(
    run: Run, planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, complaint in (("eaze", "unknown model 'eaze'"), ("no/folder", "is not a folder")):
        monkeypatch.setenv("MATINEE_MODEL", name)
        command = ("predict", "--user", "1", "--film", "#101", "--data", str(planted_folder))
        assert complaint in run(*command, status=2).err


def test_an_empty_list_is_said(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "tonight.txt"
    listed.write_text("Comedy 3\n")
    command = ("recommend", "--like", "Comedy 3", "--data", str(planted_folder))
    outcome = run(*command, "--among", str(listed))
    assert outcome.out == ""
    assert "no unseen film is left for this viewer" in outcome.err
    both = run(*command, "--user", "1", "--group", "fair", "--among", str(listed))
    assert "no unseen film is left for this group" in both.err


def test_unknown_facts_are_counted_over_the_listed_films(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        "user,item,rating,title\n1,1,5,Alien (1979)\n1,2,4,Nowhere\n"
        "2,3,3,No Year\n2,1,4,Alien (1979)\n"
    )
    (tmp_path / "tonight.txt").write_text("1\n2\n")
    command = ("recommend", "--all", "--out", "all.csv", "--data", "r.csv", "--model", "popular")
    every = run(*command, "--since", "1970", status=1).err
    assert "2 films have no known year and cannot be shown" in every
    listed = run(*command, "--since", "1970", "--among", "tonight.txt", status=1).err
    assert "1 film has no known year and cannot be shown" in listed
