"""`data viewer`: a profile as tables and as JSON."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_profile_is_printed_as_tables(run: Run, planted_folder: Path) -> None:
    outcome = run("data", "viewer", "1", "--data", str(planted_folder))
    for line in ("attributes         age=25-34, gender=F, occupation=writer", "Comedy", "1980s"):
        assert line in outcome.out
    assert outcome.out.index("Liked most") < outcome.out.index("Liked least")


def test_json_has_the_complete_profile(run: Run, planted_folder: Path) -> None:
    profile = run("data", "viewer", "1", "--data", str(planted_folder), "--json").json
    assert len(profile["likes"]) + len(profile["dislikes"]) == profile["ratings"] > 10
    assert all(each["rating"] > profile["mean"] for each in profile["likes"])
    assert profile["genres"][0]["effect"] > 0 > profile["genres"][-1]["effect"]
