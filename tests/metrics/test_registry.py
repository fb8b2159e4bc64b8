"""Metrics by name, including those of other distributions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matinee import metrics
from matinee.errors import UnknownNameError


def test_the_usual_metrics_have_their_usual_names() -> None:
    usual = {"ndcg", "map", "mrr", "precision", "recall", "hit-rate", "rmse", "mae", "coverage"}
    assert usual <= set(metrics.names())


def test_an_unknown_metric_is_an_error_that_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown metric 'ndgc'; did you mean 'ndcg'"):
        metrics.get("ndgc")


def test_metrics_of_a_kind_are_only_of_that_kind() -> None:
    assert {"rmse", "mae"} <= {metric.name for metric in metrics.of_kind("rating")}
    assert all(metric.kind == "rating" for metric in metrics.of_kind("rating"))


def test_the_mean_ignores_viewers_without_a_value() -> None:
    values, weights = np.array([1.0, np.nan, 0.0]), np.array([1.0, 5.0, 3.0])
    assert metrics.get("ndcg").mean(values, weights) == 0.25
    assert np.isnan(metrics.get("ndcg").mean(np.array([np.nan]), np.ones(1)))


def test_another_distribution_adds_metrics_through_an_entry_point(tmp_path: Path) -> None:
    (tmp_path / "surprising.py").write_text(
        "from matinee.metrics import Metric\n"
        "METRICS = (Metric('surprise', len, 'ranking', True, 'how many', 'us'),)\n"
    )
    about = tmp_path / "surprising-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: surprising\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[matinee.metrics]\nsurprising = surprising\n")
    program = "from matinee import metrics; print(metrics.get('surprise').definition)"
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == "how many\n"
