"""A model of another library on one task: it gets splits without targets, and our code measures."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from split_columns import histories_columns, training_columns

from matinee.data import Catalog, Interactions, Query
from matinee.data.splits import Division, Split
from matinee.errors import FailureError
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.models import Model
from model_table.peers import Peer
from model_table.rows import Row
from model_table.tasks import Task, figure

__all__ = ["peer_row"]

_ROOT = Path(__file__).parents[2]
_SCRIPT = _ROOT / "benchmarks" / "peers" / "every_model.py"


class Answered(Model):
    """The answers of a peer for a split, measured like a model."""

    def __init__(self, answers: NDArray[np.float32]) -> None:
        super().__init__()
        self._answers = answers

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Answered:
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        raise FailureError("a peer's answers are for a whole split")

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._answers

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        return self._answers


def peer_row(task: Task, peer: Peer) -> Row:
    """Fits every combination for validation and the best for the test; measures the first."""
    if task.data in peer.left_out:
        reason = peer.left_out[task.data]
        return Row(task=task.name, name=peer.name, source=peer.source, failed=reason)
    python = _python(peer)
    if not python.is_file():
        reason = f"its environment is not installed ({python.relative_to(_ROOT)})"
        return Row(task=task.name, name=peer.name, source=peer.source, failed=reason)
    dataset, divisions = task.divided()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, (_, division) in enumerate(divisions):
            for part, split in zip(("validation", "test"), division, strict=True):
                np.savez(folder / f"{part}-{number}.npz", **columns(split, ranks=bool(task.k)))
        only = [division for _, division in divisions]
        chosen = _chosen(task, peer, python, folder, only, dataset.catalog)
        steps = [
            _step(folder, "test", number, options, measured=number == 0)
            for number, options in enumerate(chosen)
        ]
        cost = _run(peer, python, folder, steps)
        measured = [
            _measure(task, division.test, dataset.catalog, np.load(step["out"]))
            for division, step in zip(only, steps, strict=True)
        ]
    quality = figure(task, [division.test.users for division in only], measured)
    return Row(
        task=task.name,
        name=peer.name,
        mean=quality.mean,
        low=quality.low,
        high=quality.high,
        options={option: chosen[0][option] for option in peer.grid},
        tried=len(peer.combinations) if len(peer.combinations) > 1 else 0,
        source=peer.source,
        **cost,
    )


def columns(split: Split, *, ranks: bool) -> dict[str, NDArray[Any]]:
    """The part of a split a peer may see: no targets, but the ratings to predict."""
    shown = split.histories.ratings
    found = training_columns(split.train) | histories_columns(split.users, shown)
    if not ranks:
        found["wanted_indices"] = split.targets.indices
        found["wanted_indptr"] = split.targets.indptr
        found["wanted_times"] = split.wanted.data
    return found


def _chosen(
    task: Task,
    peer: Peer,
    python: Path,
    folder: Path,
    divisions: Sequence[Division],
    catalog: Catalog,
) -> list[dict[str, Any]]:
    """The best options on the validation of each division, the first of equals."""
    tried = peer.combinations
    if len(tried) == 1:
        return tried * len(divisions)
    if peer.one_by_one and len(divisions) > 1:
        return _chosen(task, peer, python, folder, divisions[:1], catalog) * len(divisions)
    steps = [
        [_step(folder, "validation", number, options, measured=False) for options in tried]
        for number in range(len(divisions))
    ]
    for place, each in enumerate(step for some in steps for step in some):
        each["out"] = str(folder / f"tried-{place}.npy")
    _run(peer, python, folder, [step for some in steps for step in some])
    sign = 1 if task.metric_set.decides.higher_is_better else -1
    chosen = []
    for division, some in zip(divisions, steps, strict=True):
        reached = [
            sign
            * _measure(task, division.validation, catalog, np.load(step["out"])).means[
                task.metric_set.label
            ]
            for step in some
        ]
        chosen.append(tried[int(np.argmax(reached))])
    return chosen


def _measure(task: Task, split: Split, catalog: Catalog, answers: NDArray[np.float32]) -> Any:
    return task.metric_set.measure(
        Answered(answers), split, TrainingStatistics(split.train, catalog)
    )


def _step(
    folder: Path, part: str, number: int, options: dict[str, Any], *, measured: bool
) -> dict[str, Any]:
    return {
        "file": str(folder / f"{part}-{number}.npz"),
        "out": str(folder / f"{part}-{number}.npy"),
        "options": options,
        "measured": measured,
    }


def _run(peer: Peer, python: Path, folder: Path, steps: list[dict[str, Any]]) -> dict[str, Any]:
    job = folder / "job.json"
    said = {"module": peer.module, "algorithm": peer.algorithm, "steps": steps}
    job.write_text(json.dumps(said), encoding="utf-8")
    command = [str(python), str(_SCRIPT), str(job)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        raise FailureError(f"{peer.name}: {process.stderr.strip()[-600:]}")
    return json.loads(process.stdout.splitlines()[-1])


def _python(peer: Peer) -> Path:
    return _ROOT / ".venv-peers" / peer.own_environment / "bin" / "python"
