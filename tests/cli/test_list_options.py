"""Varied lists, and lists for groups."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from matinee.service import fitted

RULES = ("average", "least-misery", "fair")


def test_a_varied_list_has_both_genres(run: Run, planted_folder: Path) -> None:
    ask = ("recommend", "--user", "1", "--data", str(planted_folder), "--n", "4", "--json")
    plain, zero, varied = (
        {tuple(line["film"]["genres"]) for line in run(*ask, *options).json["films"]}
        for options in ((), ("--diverse", "0"), ("--diverse", "0.9"))
    )
    assert plain == zero == {("Comedy",)}
    assert varied == {("Comedy",), ("Horror",)}
    assert "is not in the range" in run(*ask, "--diverse", "2", status=2).err


@pytest.mark.parametrize("rule", RULES)
def test_a_group_of_viewers_and_files(
    run: Run, planted_folder: Path, tmp_path: Path, rule: str
) -> None:
    (tmp_path / "ann.csv").write_text("title,rating\nComedy 3,5\nHorror 25,1\n")
    (tmp_path / "bob.csv").write_text("title,rating\nHorror 30,5\n")
    ask = ("recommend", "--data", str(planted_folder), "--n", "3", "--group", rule)
    files = ("--ratings", "ann.csv", "--ratings", "bob.csv")
    films = run(*ask, "--user", "7", *files, "--json").json["films"]
    assert [each["name"] for each in films[0]["members"]] == ["7", "ann", "bob"]
    assert films[0]["reason"]["kind"] == "group"
    table = run(*ask, "--user", "7", *files).out
    assert all(f"{name}: " in table for name in ("7", "ann", "bob"))
    assert "bob: because they loved Horror 30" in table


def test_files_of_one_name_go_by_their_paths(
    run: Run, planted_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, film in (("ann", "Comedy 3"), ("bob", "Horror 30")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ratings.csv").write_text(f"title,rating\n{film},5\n")
    ask = ("recommend", "--data", str(planted_folder), "--n", "3", "--group", "fair")
    files = ("--ratings", "ann/ratings.csv", "--ratings", "bob/ratings.csv")
    films = run(*ask, *files, "--json").json["films"]
    names = [each["name"] for each in films[0]["members"]]
    assert names == ["ann/ratings.csv", "bob/ratings.csv"]
    monkeypatch.setattr(fitted, "_MANY_RATINGS", 0)  # every fit is announced
    refused = run(*ask, *files, *files[:2], status=2).err
    assert "ann/ratings.csv is in the group twice" in refused
    assert "fitting" not in refused


def test_one_viewer_is_a_group_as_well(run: Run, planted_folder: Path) -> None:
    ask = ("recommend", "--user", "7", "--model", "ease", "--data", str(planted_folder), "--json")
    assert run(*ask, "--group", "fair").json == run(*ask).json


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--user", "1", "--user", "2"], "2 viewers are a group; add --group average"),
        (["--user", "1", "--like", "Comedy 3"], "2 viewers are a group"),
        (["--user", "1", "--user", "1", "--group", "fair"], "1 is in the group twice"),
        (["--user", "1", "--user", "2", "--group", "worst"], "not one of 'average'"),
        (["--user", "1", "--user", "2", "--group", "fair", "--about", "age=3"], "for one viewer"),
        (["--group", "fair"], "name a viewer"),
        (["--all", "--out", "x.csv", "--group", "fair"], "--all goes with"),
    ],
)
def test_groups_that_are_none_are_refused(
    run: Run, planted_folder: Path, options: list[str], complaint: str
) -> None:
    assert complaint in run("recommend", *options, "--data", str(planted_folder), status=2).err
