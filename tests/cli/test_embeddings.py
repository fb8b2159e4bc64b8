"""`embeddings` on planted data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from tests.cli.conftest import Run


def test_vectors_are_written_in_three_forms(run: Run, planted_folder: Path, tmp_path: Path) -> None:
    data = ("--data", str(planted_folder))
    folder = run("train", "svd", *data, "-o", "factors=5").out.strip()
    paths = [tmp_path / f"v.{suffix}" for suffix in ("parquet", "csv", "npy")]
    for path in paths:
        outcome = run("embeddings", folder, *data, "--out", str(path))
        assert outcome.out == ""
        assert f"40 vectors of 5 numbers are in {path}" in outcome.err
    frame, table, numbers = pl.read_parquet(paths[0]), pl.read_csv(paths[1]), np.load(paths[2])
    assert frame.columns == ["item", "title", "vector"]
    assert table.columns == ["item", "title", "v0", "v1", "v2", "v3", "v4"]
    np.testing.assert_array_equal(frame["vector"].to_numpy(), numbers)
    np.testing.assert_allclose(table.select(pl.col("^v.$")).to_numpy(), numbers, rtol=1e-6)


def test_a_model_without_vectors_and_another_ending_are_refused(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    command = ("embeddings", "popular", "--data", str(planted_folder), "--out")
    assert "must end in .parquet, .csv, .jsonl or .npy" in run(*command, "v.txt", status=2).err
    refused = run(*command, str(tmp_path / "v.csv"), status=2).err
    assert "model 'popular' has no vectors of films; models that have: bayes-fm" in refused
    assert not (tmp_path / "v.csv").exists()
