"""The main job on real data, as a new user runs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run


@pytest.fixture
def printed(
    run: Run, home: Path, mirror: Path, film_table: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    (home / "datasets" / "film-table").unlink()
    (home / "datasets" / "film-table").symlink_to(film_table)
    outcome = run("demo", "--once")
    return outcome.out


def test_demo_once_describes_compares_recommends_and_ends(printed: str, home: Path) -> None:
    assert "943 viewers gave 1,682 films 100,000 ratings from 1 to 5" in printed
    assert "Licence: MovieLens 100K is for research" in printed
    means = {
        (model, measure): float(mean)
        for model, measure, mean in re.findall(r"^(\S+) +(NDCG@10|RMSE) +(0\.\d+)", printed, re.M)
    }
    assert means["ease", "NDCG@10"] > means["item-knn", "NDCG@10"] > means["popular", "NDCG@10"]
    assert means["svd", "RMSE"] < 0.938 < means["popular", "RMSE"]
    assert "For viewer 196, who rated 39 films" in printed
    assert "Because you loved" in printed
    assert "Films like Toy Story" in printed
    assert re.search(r"Done in \d+\.\d s", printed)
    assert (home / "matinee.db").is_file()
