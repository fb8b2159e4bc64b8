"""Audiences on disk: complete, labelled, and equal for every batch size."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Catalog
from matinee.errors import DataError, InputError
from matinee.experiments.audience import AudienceConfig, audience, generate, read_audience
from matinee.experiments.audience.viewers import BLOCK

SMALL = AudienceConfig(40, 60, 900, seed=11)


def test_files_and_memory_have_the_same_ratings(tmp_path: Path) -> None:
    summary = generate(tmp_path / "crowd", SMALL)
    read, drawn = read_audience(summary.path), audience(SMALL)
    assert read.interactions.content_hash == drawn.interactions.content_hash
    assert read.catalog.films() == drawn.catalog.films()
    assert read.notes == drawn.notes == summary.notes
    assert summary.interactions == 900
    assert summary.rated == len(np.unique(drawn.interactions.items))
    assert summary.mean_rating == pytest.approx(drawn.interactions.values.mean())
    files = [each for each in summary.path.rglob("*") if each.is_file()]
    assert summary.bytes == sum(each.stat().st_size for each in files)


def test_the_batch_size_changes_only_the_number_of_files(tmp_path: Path) -> None:
    config = AudienceConfig(2 * BLOCK + 5, 50, 3 * BLOCK, fewest=1)
    one = generate(tmp_path / "one", config, batch=1).path
    all_in_one = generate(tmp_path / "all", config, batch=50).path
    assert len(list((one / "ratings").iterdir())) == 3
    assert len(list((all_in_one / "ratings").iterdir())) == 1
    first, second = read_audience(one), read_audience(all_in_one)
    assert first.interactions.content_hash == second.interactions.content_hash


def test_every_file_is_marked_as_generated(tmp_path: Path, planted_catalog: Catalog) -> None:
    config = AudienceConfig(20, 40, 200, seed=77)
    path = generate(tmp_path / "crowd", config, planted_catalog).path
    label = json.loads((path / "audience.json").read_text())
    assert label["generated_by"] == "matinee"
    assert label["options"]["seed"] == label["seed"] == 77
    for file in path.rglob("*.parquet"):
        assert json.loads(pl.read_parquet_metadata(file)["matinee"]) == label
    assert read_audience(path).catalog.films() == planted_catalog.films()


def test_every_fact_of_a_film_is_kept(tmp_path: Path, planted_catalog: Catalog) -> None:
    """Also a number of votes that needs more than 16 bits."""
    first, *others = planted_catalog.films()
    films = Catalog.of([replace(first, votes=2_900_000, mean=8.7), *others])
    path = generate(tmp_path / "crowd", AudienceConfig(20, 40, 200), films).path
    assert read_audience(path).catalog.films() == films.films()


def test_progress_counts_to_all_ratings(tmp_path: Path) -> None:
    steps: list[tuple[int, ...]] = []
    config = AudienceConfig(BLOCK + 1, 50, 2 * BLOCK)
    generate(
        tmp_path / "crowd",
        config,
        batch=1,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert len(steps) == 2
    assert steps[-1] == (2 * BLOCK, 2 * BLOCK)


def test_an_interrupted_run_leaves_no_files(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "crowd", SMALL, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_replacement_leaves_the_former_audience(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    path = generate(tmp_path / "crowd", SMALL).path
    with pytest.raises(KeyboardInterrupt):
        generate(path, AudienceConfig(5, 5, 5), overwrite=True, progress=interrupt)
    assert len(read_audience(path).interactions) == 900


def test_a_replacement_that_fails_at_the_last_step_leaves_the_former_audience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = generate(tmp_path / "crowd", SMALL).path
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "folder":
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(InputError, match="No space left"):
        generate(path, AudienceConfig(5, 5, 5), overwrite=True)
    assert len(read_audience(path).interactions) == 900
    assert list(tmp_path.iterdir()) == [path]


def test_only_an_audience_is_overwritten_and_only_on_request(tmp_path: Path) -> None:
    path = generate(tmp_path / "crowd", SMALL).path
    with pytest.raises(InputError, match=r"crowd exists; .* --overwrite"):
        generate(path, SMALL)
    generate(path, AudienceConfig(5, 8, 30), overwrite=True)
    assert len(read_audience(path).interactions) == 30
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(InputError, match=r"letters is not a generated audience"):
        generate(tmp_path / "letters", SMALL, overwrite=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_an_unwritable_path_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no folder .*nowhere"):
        generate(tmp_path / "nowhere" / "crowd", SMALL)
    with pytest.raises(InputError, match=r"cannot be written"):
        generate(Path("/proc/crowd"), SMALL)
    with pytest.raises(InputError, match=r"batch must be at least 1"):
        generate(tmp_path / "crowd", SMALL, batch=0)


@pytest.mark.parametrize("damage", ["audience.json", "films.parquet", "ratings/part-00000.parquet"])
def test_a_damaged_audience_is_an_error_that_names_the_folder(tmp_path: Path, damage: str) -> None:
    path = generate(tmp_path / "crowd", SMALL).path
    (path / damage).write_bytes(b"{}")
    with pytest.raises(DataError, match=r"crowd is not a complete generated audience"):
        read_audience(path)
    (path / damage).unlink()
    with pytest.raises(DataError, match=r"crowd is not a complete generated audience"):
        read_audience(path)


def test_a_missing_part_is_an_error_with_counts(tmp_path: Path) -> None:
    config = AudienceConfig(BLOCK + 1, 50, 2 * BLOCK + 2, fewest=2)
    path = generate(tmp_path / "crowd", config, batch=1).path
    (path / "ratings" / "part-00001.parquet").unlink()
    with pytest.raises(DataError, match=r"8,192 ratings of 8,194.*generate it again"):
        read_audience(path)
