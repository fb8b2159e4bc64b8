"""import, export, data describe, generate, and recommendations from your own ratings."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.service import fitted


@pytest.fixture
def ratings_csv(tmp_path: Path) -> Path:
    file = tmp_path / "Our Ratings.csv"
    lines = [
        f"{user},{item},{1 + (user * item) % 5},97{user:03}{item:04}"
        for user in range(1, 9)
        for item in range(1, 6)
    ]
    file.write_text("userId,movieId,rating,timestamp\n" + "\n".join(lines) + "\n")
    return file


def test_an_imported_table_is_known_by_its_name(run: Run, ratings_csv: Path) -> None:
    outcome = run("import", str(ratings_csv))
    assert "our-ratings: 40 ratings of 5 films by 8 viewers; use it with --data our-ratings" in (
        outcome.out
    )
    assert "'userId'" in outcome.err
    run("recommend", "--user", "1", "--data", "our-ratings", "--model", "popular")


def test_defects_are_counted_and_named_by_line(run: Run, ratings_csv: Path) -> None:
    with ratings_csv.open("a") as file:
        file.write("9,3,many,970000000\n1,1,5,980000000\n")
    document = run("import", str(ratings_csv), "--json").json
    kinds = {each["kind"]: each for each in document["findings"]}
    assert document["ratings"] == 40
    assert sum(each["count"] for each in kinds.values()) == 2
    assert any("line 42" in example for each in kinds.values() for example in each["examples"])


def test_strict_import_stops_at_the_first_defect_and_saves_nothing(
    run: Run, ratings_csv: Path, home: Path
) -> None:
    with ratings_csv.open("a") as file:
        file.write("9,3,many,970000000\n")
    outcome = run("import", str(ratings_csv), "--strict", status=2)
    assert "line 42" in outcome.err
    assert not (home / "imported").exists()


def test_columns_can_be_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("who,what,liked\na,x,1\nb,y,5\n")
    columns = ("--column", "user=who", "--column", "item=what", "--column", "rating=liked")
    outcome = run("import", str(file), *columns)
    assert "2 ratings of 2 films by 2 viewers" in outcome.out


def test_times_and_the_columns_of_films_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("user,item,rating,date\na,x,1,1/2/2019\nb,y,5,3/4/2019\n")
    (tmp_path / "films.csv").write_text("key,what\nx,Alien (1979)\ny,Heat (1995)\n")
    films = ("--films", str(tmp_path / "films.csv"), "--column", "title=what")
    outcome = run("import", str(tmp_path / "odd.csv"), *films, status=2)
    assert "--column item=NAME" in outcome.err
    named = [*films, "--column", "item=key"]
    outcome = run("import", str(tmp_path / "odd.csv"), *named)
    assert "--times day-first or --times month-first says which" in outcome.err
    outcome = run("import", str(tmp_path / "odd.csv"), *named, "--times", "day-first")
    assert "--times" not in outcome.err
    assert "Heat   1995" in run("search", "Heat", "--data", "odd").out


def test_events_are_imported_as_values_and_can_be_recommended_from(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "plays.csv"
    file.write_text(
        "user,movie,event\n"
        + "".join(f"{n % 7},{n % 11},watch\n" for n in range(60))
        + "1,3,trailer\n"
    )
    outcome = run("import", str(file), "--as", "events", "--weight", "trailer=0.3")
    assert "61 events became 60 values from 0 to 1" in outcome.err
    answer = run("recommend", "--user", "1", "--data", "plays", "--model", "popular", "--json")
    assert len(answer.json["films"]) == 2


def test_a_folder_is_imported_by_its_format(run: Run, planted_folder: Path) -> None:
    outcome = run("import", str(planted_folder), "--as", "ml-100k")
    assert "planted: 900 ratings of 40 films by 60 viewers" in outcome.out


def test_describe_prints_sections_json_and_a_page(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    outcome = run("data", "describe", str(planted_folder), "--html", str(page))
    assert "Long tail" in outcome.out
    assert "plotly" in page.read_text(encoding="utf-8").lower()
    document = run("data", "describe", str(planted_folder), "--json").json
    assert (document["viewers"], document["films"], document["ratings"]) == (60, 40, 900)


def test_an_unwritable_page_is_one_line(run: Run, planted_folder: Path) -> None:
    page = planted_folder / "u.data" / "page.html"
    outcome = run("data", "describe", str(planted_folder), "--html", str(page), status=1)
    assert "page.html cannot be written" in outcome.err


def test_a_generated_audience_is_labelled_and_can_be_evaluated(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "audience"
    counts = ("--users", "80", "--items", "60", "--interactions", "1600")
    outcome = run("generate", *counts, "--out", str(folder))
    assert "generated" in outcome.err
    assert "1,600 ratings" in outcome.out
    described = run("data", "describe", str(folder)).out
    assert "generated by matinee" in described
    run("evaluate", "popular", "--data", str(folder))


def test_recommendations_from_own_ratings_report_the_matches(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2026-01-02,Horror 22,2002,https://example.org/a,5\n"
        "2026-01-03,Horror 23,2003,https://example.org/b,4.5\n"
        "2026-01-04,No Such Film,1999,https://example.org/c,1\n"
    )
    outcome = run("recommend", "--ratings", str(own), "--data", str(planted_folder), "--json")
    assert "No Such Film" in outcome.err
    titles = [line["film"]["title"] for line in outcome.json["films"]]
    assert not {"Horror 22", "Horror 23"} & set(titles)
    assert all(title.startswith("Horror") for title in titles[:5])


def test_export_prints_all_ratings_of_a_viewer(run: Run, planted_folder: Path) -> None:
    run("train", "popular", "--data", str(planted_folder), "--promote")
    outcome = run("export", "1")
    assert len(outcome.out.splitlines()) == 16
    assert len(run("export", "1", "--format", "json").json) == 15
    run("export", "999", status=2)
    run("export", "1", "--format", "xml", status=2)


def test_export_all_is_read_back(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    run("train", "popular", "--data", str(planted_folder), "--promote")
    file = tmp_path / "all.csv"
    outcome = run("export", "--all", "--out", str(file))
    assert f"ratings written to {file}" in outcome.err
    assert "scale 1 to 5, as given" in run("import", str(file), "--name", "back").err
    for options, complaint in (
        (("--all",), "--all needs --out FILE.csv, .parquet or .jsonl"),
        ((), "name a viewer, or all of them with --all"),
        (("1", "--all", "--out", str(file)), "name a viewer, or all of them with --all"),
        (("--all", "--format", "csv", "--out", str(file)), "and no --format"),
        (("--all", "--out", str(tmp_path / "a.txt")), "must end in"),
    ):
        assert complaint in run("export", *options, status=2).err


@pytest.fixture
def plays_csv(tmp_path: Path) -> Path:
    """Plays of two tastes with a long tail."""
    file = tmp_path / "plays.csv"
    lines = [
        f"A{user},{item},{1 + (60 if user == item else (user + item) % 3)}"
        for user in range(40)
        for item in range(user % 2, 40, 2)
        if (3 * user + item) % 7 or user == item
    ]
    file.write_text("customer_uid,shop_id,num_tx\n" + "\n".join(lines) + "\n")
    return file


def test_counts_are_imported_evaluated_and_explained(run: Run, plays_csv: Path) -> None:
    ids = ("--column", "user=customer_uid", "--column", "item=shop_id")
    asked = run("import", str(plays_csv), *ids, "--column", "rating=num_tx", status=2).err
    assert "--column count='num_tx'" in asked
    assert "--scale LOW HIGH" in asked
    counted = run("import", str(plays_csv), *ids, "--column", "count=num_tx", "--name", "tx")
    assert "counts of 40 films by" in counted.out
    run("import", str(plays_csv), *ids, "--implicit", "--name", "ones")
    answer = run("recommend", "--user", "A5", "--data", "tx", "--model", "ease", "--json").json
    assert "watched Film 5 61 times" in answer["films"][0]["reason"]["text"]
    refused = run("evaluate", "popular", "--data", "tx", "--protocol", "ratings", status=2).err
    assert "has counts, and protocol 'ratings' predicts ratings; rank" in refused
    assert (
        "learns from ratings, and these are counts"
        in run("train", "svd", "--data", "tx", status=2).err
    )
    run("evaluate", "popular", "--data", "tx", "--protocol", "random", "--defaults")


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("--implicit", "--implicit counts every row as 1, --as events gives each event a weight"),
        ("--viewers users.csv", "--viewers goes with ratings and counts, not with --as events"),
        ("--scale 1 5", "--scale is for ratings; the values of events are from 0 to 1"),
    ],
)
def test_events_take_no_options_of_ratings(
    run: Run, plays_csv: Path, option: str, complaint: str
) -> None:
    refused = run("import", str(plays_csv), "--as", "events", *option.split(), status=2).err
    assert complaint in refused


def test_counts_have_no_ratings_to_predict_and_nothing_is_fitted(
    run: Run, plays_csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ("user=customer_uid", "item=shop_id", "count=num_tx")
    run("import", str(plays_csv), *(f"--column={each}" for each in columns), "--name", "tx")
    monkeypatch.setattr(fitted, "_MANY_RATINGS", 0)  # every fit is announced
    for model in ((), ("--model", "popular"), ("--model", "ease")):
        refused = run("predict", "--user", "A5", "--film", "#5", "--data", "tx", *model, status=2)
        assert "the data are counts, so there is no rating to predict; rank films" in refused.err
        assert "fitting" not in refused.err


def test_own_viewers_are_groups_and_attributes(run: Run, ratings_csv: Path, tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    lines = [f"{user},{15 + 5 * user},{'FM'[user % 2]}" for user in range(1, 9)]
    users.write_text("userId,age,gender\n" + "\n".join(lines) + "\n")
    outcome = run("import", str(ratings_csv), "--viewers", str(users), "--name", "ours")
    assert "viewers: 8 of 8 are described" in outcome.err
    assert "attributes of viewers: age, gender" in outcome.err
    viewer = run("data", "viewer", "3", "--data", "ours", "--json").json
    assert viewer["attributes"] == ["age=25-34", "gender=M"]
    options = ("--about", "age=34", "--data", "ours", "--model", "ials-content", "--json")
    assert run("recommend", *options).json["films"]
